/* SPDX-License-Identifier: MIT */
/*
 * What is pinned, for other programs: "PURL ALG HEX" a line. Lines are sorted,
 * because components are and a digest set is in the order of its names.
 */
#include "bom/bom.h"

static void write_pins(const bulla_component *component, bu_buf *out)
{
    for (uint32_t i = 0; i < component->digests.count; i++) {
        const bulla_digest *digest = &component->digests.items[i];
        char hex[BULLA_DIGEST_HEX_MAX];
        bu_buf_add_text(out, component->purl);
        bu_buf_add_byte(out, ' ');
        bu_buf_add_text(out, bulla_alg_name(digest->alg));
        bu_buf_add_byte(out, ' ');
        bu_buf_add_text(out, bulla_digest_hex(digest, hex));
        bu_buf_add_byte(out, '\n');
    }
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
