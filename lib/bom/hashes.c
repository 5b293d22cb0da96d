/* SPDX-License-Identifier: MIT */
/*
 * What is pinned, for other programs: "PURL ALG HEX" a line, with the files of
 * which any one will do, too; h1 in base64, as Go writes it.
 */
#include "base/encode.h"
#include "bom/bom.h"

static void write_digest(const bulla_digest *digest, bu_buf *out)
{
    char hex[BULLA_DIGEST_HEX_MAX];
    if (digest->alg == BULLA_ALG_H1)
        bu_base64_encode((bulla_bytes){ digest->bytes, digest->len }, out);
    else
        bu_buf_add_text(out, bulla_digest_hex(digest, hex));
}

static void write_digests(const char *purl, bulla_digests digests, bu_buf *out)
{
    for (uint32_t i = 0; i < digests.count; i++) {
        bu_buf_add_text(out, purl);
        bu_buf_add_byte(out, ' ');
        bu_buf_add_text(out, bulla_alg_name(digests.items[i].alg));
        bu_buf_add_byte(out, ' ');
        write_digest(&digests.items[i], out);
        bu_buf_add_byte(out, '\n');
    }
}

static void write_pins(const bulla_component *component, bu_buf *out)
{
    write_digests(component->purl, component->digests, out);
    for (size_t i = 0; i < component->file_count; i++)
        write_digests(component->purl, component->files[i].digests, out);
}

static bulla_status write_hashes(const bu_graph *graph, const bu_bom_options *options, bu_buf *out,
                                 bulla_error *err)
{
    (void)options;
    for (size_t i = 0; i < graph->count; i++)
        if (i != graph->root)
            write_pins(&graph->components[i], out);
    return out->broken ? bu_no_memory(err) : BU_OK;
}

extern const bu_bom bu_bom_hashes;
const bu_bom bu_bom_hashes = { .id = "hashes", .title = "pinned digests", .write = write_hashes };
