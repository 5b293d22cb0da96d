/* SPDX-License-Identifier: MIT */
/*
 * Hashes of TUF metadata. Refused are algorithms that we do not know, and
 * bytes that lack any one of the digests.
 */
#include "trust/tuf_file.h"

#include "base/bytes.h"

static bulla_status read_digest(void *context, bulla_bytes key, const bu_json *value,
                                bulla_error *err)
{
    bulla_bytes hex;
    bulla_digest digest;
    bulla_alg alg = bu_alg_of(key);
    if (alg == BULLA_ALG_NONE)
        return bu_fail(err, BULLA_E_UNSUPPORTED_HASH, "unknown algorithm %.*s", (int)key.len,
                       (const char *)key.ptr);
    if (!bu_json_text(value, &hex))
        return bu_fail(err, BULLA_E_TYPE_MISMATCH, "a digest is not a string");
    BU_TRY(bu_digest_from_hex(alg, hex, &digest, err));
    return bu_digest_set_add(context, &digest, err);
}

bulla_status bu_tuf_hashes_read(const bu_json *object, bulla_digest_set *out, bulla_error *err)
{
    return bu_json_each(object, read_digest, out, err);
}

static bulla_status mismatch(const bulla_digest *want, const bulla_digest *have, bulla_error *err)
{
    char expected[BULLA_DIGEST_HEX_MAX], got[BULLA_DIGEST_HEX_MAX];
    return bu_expected(err, bu_fail(err, BULLA_E_HASH_MISMATCH, "is not the file that was signed"),
                       bu_bytes_of(bulla_digest_hex(want, expected)),
                       bu_bytes_of(have == NULL ? "" : bulla_digest_hex(have, got)));
}

bulla_status bu_tuf_hashes_check(const bulla_digest_set *set, bulla_bytes bytes, bu_hasher *hasher,
                                 bulla_error *err)
{
    bulla_digest_set got = { 0 };
    bu_algs algs = 0;
    for (uint32_t i = 0; i < set->count; i++)
        algs |= BU_ALGS(set->items[i].alg);
    BU_TRY(bu_hasher_start(hasher, algs, err));
    BU_TRY(bu_hasher_add(hasher, bytes, err));
    BU_TRY(bu_hasher_finish(hasher, &got, err));
    for (uint32_t i = 0; i < set->count; i++) {
        const bulla_digest *have = bulla_digest_set_get(&got, set->items[i].alg);
        if (have == NULL || !bulla_digest_equal(&set->items[i], have))
            return mismatch(&set->items[i], have, err);
    }
    return BU_OK;
}
