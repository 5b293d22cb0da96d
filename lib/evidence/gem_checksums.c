/* SPDX-License-Identifier: MIT */
/*
 * checksums.yaml of a gem: an algorithm, and below it a digest in hex for each
 * part. Ruby 2.0 and before wrote them as `!binary` in base64.
 */
#include "base/encode.h"
#include "digest/digest.h"
#include "evidence/gem.h"
#include "evidence/gem_text.h"

typedef struct reading {
    bu_gem_text text;
    bulla_alg alg; /* of the lines that follow */
    bulla_digest_set *sets;
} reading;

static bulla_status refuse(const reading *r, bulla_code code, const char *why, bulla_error *err)
{
    return bu_gem_refuse(&r->text, code, why, err);
}

static bulla_status decode(const reading *r, bulla_bytes base64, bu_buf *out, bulla_error *err)
{
    bulla_status status = bu_base64_decode(base64, BU_BASE64_STANDARD, out, err);
    return bulla_ok(status) ? status : bu_at(err, status, r->text.number, 1);
}

/* `SHA256`, or `!binary "U0hBMjU2"`. */
static bulla_status read_algorithm(reading *r, bulla_error *err)
{
    BU_CLEAR(bu_buf) decoded = { 0 };
    bulla_bytes name = r->text.line.key;
    if (bu_bytes_starts(name, "!binary \"") && bu_bytes_ends(name, "\"")) {
        name = (bulla_bytes){ name.ptr + 9, name.len - 10 };
        BU_TRY(decode(r, name, &decoded, err));
        name = bu_buf_bytes(&decoded);
    }
    r->alg = bu_alg_of(name);
    if (r->alg == BULLA_ALG_NONE)
        return refuse(r, BULLA_E_UNSUPPORTED_HASH, "a digest algorithm that is not known", err);
    if (r->text.line.value.len > 0)
        return refuse(r, BULLA_E_BAD_SYNTAX, "something behind an algorithm", err);
    return BU_OK;
}

/* The lines of a block scalar below a key: base64, broken into lines. */
static bulla_status read_block(reading *r, bu_buf *hex, bulla_error *err)
{
    BU_CLEAR(bu_buf) base64 = { 0 };
    size_t indent = r->text.line.indent;
    for (bu_gem_line ahead = bu_gem_ahead(&r->text); ahead.indent > indent;
         ahead = bu_gem_ahead(&r->text)) {
        (void)bu_gem_next(&r->text);
        bu_buf_add(&base64, ahead.text);
    }
    return decode(r, bu_buf_bytes(&base64), hex, err);
}

static bulla_status read_digest(reading *r, bulla_digest_set *set, bulla_error *err)
{
    BU_CLEAR(bu_buf) decoded = { 0 };
    bulla_bytes hex;
    bulla_digest digest;
    if (bulla_digest_set_get(set, r->alg) != NULL)
        return refuse(r, BULLA_E_DUPLICATE_KEY, "the same part twice", err);
    if (bu_bytes_is(r->text.line.value, "!binary |-")) {
        BU_TRY(read_block(r, &decoded, err));
        hex = bu_buf_bytes(&decoded);
    } else
        BU_TRY(bu_gem_word(&r->text, r->text.line.value, &hex, err));
    bulla_status status = bu_digest_from_hex(r->alg, hex, &digest, err);
    if (!bulla_ok(status))
        return bu_at(err, status, r->text.number, 1);
    return bu_digest_set_add(set, &digest, err);
}

static bulla_status read_line(reading *r, bulla_error *err)
{
    static const char *const parts[] = { "metadata.gz", "data.tar.gz" };
    const bu_gem_line *line = &r->text.line;
    if (!line->has_key)
        return refuse(r, BULLA_E_BAD_SYNTAX, "not a key", err);
    if (line->indent == 0)
        return read_algorithm(r, err);
    for (size_t i = 0; i < BU_GEM_PARTS; i++)
        if (bu_bytes_is(line->key, parts[i]) && r->alg != BULLA_ALG_NONE)
            return read_digest(r, &r->sets[i], err);
    return refuse(r, BULLA_E_BAD_SYNTAX, "a checksum of no part", err);
}

bulla_status bu_gem_checksums_read(bulla_bytes text, bulla_digest_set out[BU_GEM_PARTS],
                                   bulla_error *err)
{
    reading r = { .text = { .rest = text }, .sets = out };
    memset(out, 0, BU_GEM_PARTS * sizeof *out);
    BU_TRY(bu_gem_begin(&r.text, "", err));
    while (bu_gem_next(&r.text))
        BU_TRY(read_line(&r, err));
    for (size_t i = 0; i < BU_GEM_PARTS; i++)
        if (out[i].count == 0 || out[i].count != out[0].count)
            return bu_fail(err, BULLA_E_MISSING_HASH, "a part without its checksum");
    return BU_OK;
}
