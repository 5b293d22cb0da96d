/* SPDX-License-Identifier: MIT */
/*
 * Digests and digest sets: names, sizes, strict parsing (hex; Subresource
 * Integrity section 3.5 as npm writes it).
 */
#include "digest/digest.h"

#include <string.h>
#include <strings.h>

#include "base/bytes.h"
#include "base/encode.h"

static const struct {
    const char *name;
    uint32_t size;
    bool strong, of_bytes;
} algs[] = {
    { "none", 0, false, false },
#define BULLA_ALG(id, name, ossl, size, strong) { name, size, strong, (ossl) != NULL },
#include "bulla/algs.def"
#undef BULLA_ALG
};

const char *bulla_alg_name(bulla_alg alg)
{
    return algs[alg < BULLA_ALG_COUNT ? alg : BULLA_ALG_NONE].name;
}

uint32_t bulla_alg_size(bulla_alg alg)
{
    return algs[alg < BULLA_ALG_COUNT ? alg : BULLA_ALG_NONE].size;
}

bool bulla_alg_is_strong(bulla_alg alg)
{
    return algs[alg < BULLA_ALG_COUNT ? alg : BULLA_ALG_NONE].strong;
}

bool bulla_alg_is_of_bytes(bulla_alg alg)
{
    return algs[alg < BULLA_ALG_COUNT ? alg : BULLA_ALG_NONE].of_bytes;
}

bulla_alg bu_alg_of(bulla_bytes name)
{
    char plain[8] = { 0 }; /* "SHA-512" without its dash */
    size_t len = 0;
    for (size_t i = 0; i < name.len; i++) {
        if (name.ptr[i] == '-')
            continue;
        if (len + 1 >= sizeof plain)
            return BULLA_ALG_NONE;
        plain[len++] = (char)name.ptr[i];
    }
    for (bulla_alg alg = BULLA_ALG_NONE + 1; alg < BULLA_ALG_COUNT; alg++)
        if (algs[alg].of_bytes && strcasecmp(plain, algs[alg].name) == 0)
            return alg;
    return BULLA_ALG_NONE;
}

bool bulla_digest_equal(const bulla_digest *a, const bulla_digest *b)
{
    return a->alg != BULLA_ALG_NONE && a->alg == b->alg && a->len == b->len &&
           memcmp(a->bytes, b->bytes, a->len) == 0;
}

const char *bulla_digest_hex(const bulla_digest *digest, char out[BULLA_DIGEST_HEX_MAX])
{
    static const char hex[] = "0123456789abcdef";
    for (uint32_t i = 0; i < digest->len; i++) {
        out[2 * i] = hex[digest->bytes[i] >> 4];
        out[2 * i + 1] = hex[digest->bytes[i] & 15];
    }
    out[2 * digest->len] = '\0';
    return out;
}

const bulla_digest *bulla_digests_get(bulla_digests digests, bulla_alg alg)
{
    for (uint32_t i = 0; i < digests.count; i++)
        if (digests.items[i].alg == alg)
            return &digests.items[i];
    return NULL;
}

const bulla_digest *bulla_digests_strongest(bulla_digests digests)
{
    return digests.count == 0 ? NULL : &digests.items[digests.count - 1];
}

const bulla_digest *bulla_digest_set_get(const bulla_digest_set *set, bulla_alg alg)
{
    return bulla_digests_get(bu_digests_of(set), alg);
}

const bulla_digest *bulla_digest_set_strongest(const bulla_digest_set *set)
{
    return bulla_digests_strongest(bu_digests_of(set));
}

bulla_status bu_digests_keep(const bulla_digest_set *set, bu_arena *arena, bulla_digests *out,
                             bulla_error *err)
{
    *out = (bulla_digests){ 0 };
    if (set->count == 0)
        return BU_OK;
    bulla_digest *items = bu_arena_get_array(arena, set->count, sizeof *items);
    if (items == NULL)
        return bu_no_memory(err);
    memcpy(items, set->items, set->count * sizeof *items);
    *out = (bulla_digests){ items, set->count };
    return BU_OK;
}

bulla_status bu_digest_from_hex(bulla_alg alg, bulla_bytes hex, bulla_digest *out, bulla_error *err)
{
    bulla_digest digest = { .alg = alg, .len = bulla_alg_size(alg) };
    BU_TRY(bu_within(err, bu_hex_decode(hex, digest.bytes, digest.len, err), "%s",
                     bulla_alg_name(alg)));
    *out = digest;
    return BU_OK;
}

bulla_status bu_digest_set_add(bulla_digest_set *set, const bulla_digest *digest, bulla_error *err)
{
    const bulla_digest *known = bulla_digest_set_get(set, digest->alg);
    if (known != NULL && bulla_digest_equal(known, digest))
        return BU_OK;
    if (known != NULL)
        return bu_fail(err, BULLA_E_AMBIGUOUS_HASH, "two different %s digests",
                       bulla_alg_name(digest->alg));
    uint32_t at = set->count++;
    for (; at > 0 && set->items[at - 1].alg > digest->alg; at--)
        set->items[at] = set->items[at - 1];
    set->items[at] = *digest;
    return BU_OK;
}

bulla_status bu_digest_from_base64(bulla_alg alg, bulla_bytes base64, bulla_digest *out,
                                   bulla_error *err)
{
    BU_CLEAR(bu_buf) raw = { 0 };
    BU_TRY(bu_base64_decode(base64, BU_BASE64_STANDARD, &raw, err));
    *out = (bulla_digest){ .alg = alg, .len = bulla_alg_size(alg) };
    if (raw.len != out->len)
        return bu_fail(err, BULLA_E_BAD_ENCODING, "a %s value of %zu bytes", bulla_alg_name(alg),
                       raw.len);
    memcpy(out->bytes, raw.ptr, raw.len);
    return BU_OK;
}

/* One `alg-base64[?options]`. An algorithm we do not know is left out, as the specification asks. */
static bulla_status add_integrity(bulla_bytes part, bulla_digest_set *out, bulla_error *err)
{
    size_t dash = bu_bytes_find(part, '-');
    bulla_digest digest = { .alg = bu_alg_of(bu_bytes_first(part, dash)) };
    if (dash == part.len)
        return bu_fail(err, BULLA_E_BAD_ENCODING, "an integrity value without \"-\"");
    if (digest.alg == BULLA_ALG_NONE)
        return BU_OK;
    bulla_bytes value = bu_bytes_from(part, dash + 1);
    value = bu_bytes_first(value, bu_bytes_find(value, '?'));
    BU_TRY(bu_digest_from_base64(digest.alg, value, &digest, err));
    return bu_digest_set_add(out, &digest, err);
}

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bulla_status bu_digest_parse_sri(bulla_bytes text, bulla_digest_set *out, bulla_error *err)
{
    bulla_digest_set set = *out;
    size_t parts = 0;
    for (size_t at = 0; at < text.len;) {
        if (is_blank(text.ptr[at])) {
            at++;
            continue;
        }
        size_t end = at;
        while (end < text.len && !is_blank(text.ptr[end]))
            end++;
        BU_TRY(add_integrity((bulla_bytes){ text.ptr + at, end - at }, &set, err));
        parts++;
        at = end;
    }
    if (parts == 0)
        return bu_fail(err, BULLA_E_BAD_ENCODING, "an empty integrity value");
    if (set.count == 0)
        return bu_fail(err, BULLA_E_UNSUPPORTED_HASH, "no digest algorithm that is known");
    *out = set;
    return BU_OK;
}

void bu_digest_format_sri(const bulla_digest *digest, bu_buf *out)
{
    bu_buf_add_text(out, bulla_alg_name(digest->alg));
    bu_buf_add_byte(out, '-');
    bu_base64_encode((bulla_bytes){ digest->bytes, digest->len }, out);
}
