/* SPDX-License-Identifier: MIT */
/*
 * Files as TUF metadata pins them. Refused are bytes of another length or that
 * lack any one of the digests, and lists that forget or lower what was listed.
 */
#include "trust/tuf_file.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/bytes.h"

typedef struct reading {
    bu_tuf_manner manner;
    bulla_digest_set *digests;
} reading;

static bulla_status read_digest(void *context, bulla_bytes key, const bu_json *value,
                                bulla_error *err)
{
    const reading *r = context;
    bulla_bytes hex;
    bulla_digest digest;
    bulla_alg alg = bu_alg_of(key);
    if (alg == BULLA_ALG_NONE && r->manner == BU_TUF_FOREIGN)
        return BU_OK;
    if (alg == BULLA_ALG_NONE)
        return bu_fail(err, BULLA_E_UNSUPPORTED_HASH, "unknown algorithm %.*s", (int)key.len,
                       (const char *)key.ptr);
    if (!bu_json_text(value, &hex))
        return bu_fail(err, BULLA_E_TYPE_MISMATCH, "a digest is not a string");
    BU_TRY(bu_digest_from_hex(alg, hex, &digest, err));
    return bu_digest_set_add(r->digests, &digest, err);
}

static bool has_strong(const bulla_digest_set *set)
{
    /* They are in order of rising strength. */
    return set->count > 0 && bulla_alg_is_strong(set->items[set->count - 1].alg);
}

bulla_status bu_tuf_hashes_read(const bu_json *object, bu_tuf_manner manner, bulla_digest_set *out,
                                bulla_error *err)
{
    BU_TRY(bu_json_each(object, read_digest, &(reading){ manner, out }, err));
    if (manner == BU_TUF_FOREIGN && !has_strong(out))
        return bu_fail(err, BULLA_E_UNSUPPORTED_HASH, "no digest of a strong kind that we know");
    return BU_OK;
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

static bulla_status check_length(const bu_tuf_file *file, bulla_bytes bytes, bulla_error *err)
{
    if (!file->has_length || file->length == bytes.len)
        return BU_OK;
    return bu_fail(err, BULLA_E_HASH_MISMATCH, "has %zu bytes, %" PRIu64 " were signed", bytes.len,
                   file->length);
}

bulla_status bu_tuf_file_check(const bu_tuf_file *file, bulla_bytes bytes, bulla_error *err)
{
    BU_AUTO(bu_hasher) hasher = NULL;
    BU_TRY(check_length(file, bytes, err));
    if (file->digests.count == 0)
        return BU_OK;
    BU_TRY(bu_hasher_new(&hasher, err));
    return bu_tuf_hashes_check(&file->digests, bytes, hasher, err);
}

static bulla_status read_length(const bu_json *value, const char *where, bu_tuf_file *out,
                                bulla_error *err)
{
    int64_t length;
    BU_TRY(bu_json_need_integer(value, "length", where, &length, err));
    if (length < 0)
        return bu_fail(err, BULLA_E_BAD_NUMBER, "a negative length");
    out->has_length = true;
    out->length = (uint64_t)length;
    return BU_OK;
}

static bulla_status read_hashes(const bu_json *value, const char *where, bu_tuf_file *out,
                                bulla_error *err)
{
    const bu_json *hashes;
    BU_TRY(bu_json_need_object(value, "hashes", where, &hashes, err));
    return bu_tuf_hashes_read(hashes, BU_TUF_FOREIGN, &out->digests, err);
}

/* TUF 4.4: VERSION must be there, LENGTH and HASHES may. */
static bulla_status read_meta(const bu_json *value, const char *where, bu_tuf_file *out,
                              bulla_error *err)
{
    *out = (bu_tuf_file){ 0 };
    BU_TRY(bu_json_need_integer(value, "version", where, &out->version, err));
    if (out->version < 1)
        return bu_fail(err, BULLA_E_BAD_NUMBER, "a version less than 1");
    if (bu_json_get(value, "length") != NULL)
        BU_TRY(read_length(value, where, out, err));
    if (bu_json_get(value, "hashes") != NULL)
        BU_TRY(read_hashes(value, where, out, err));
    return BU_OK;
}

static bulla_status find_meta(const bu_metadata *m, const char *name, bu_tuf_file *out,
                              bulla_error *err)
{
    const bu_json *meta;
    BU_TRY(bu_json_need_object(m->body, "meta", m->name, &meta, err));
    const bu_json *value = bu_json_get(meta, name);
    if (value == NULL)
        return bu_fail(err, BULLA_E_MISSING_FILE, "does not list %s", name);
    return bu_within(err, read_meta(value, m->name, out, err), "%s", name);
}

bulla_status bu_tuf_meta_find(const bu_metadata *metadata, const char *name, bu_tuf_file *out,
                              bulla_error *err)
{
    return bu_in_file(err, find_meta(metadata, name, out, err), metadata->name);
}

static bulla_status rolled_back(int64_t before, int64_t after, bulla_error *err)
{
    char expected[48], got[32];
    (void)snprintf(expected, sizeof expected, "version %" PRId64 " or later", before);
    (void)snprintf(got, sizeof got, "version %" PRId64, after);
    return bu_expected(err, bu_fail(err, BULLA_E_ROLLBACK, "an older version than one seen before"),
                       bu_bytes_of(expected), bu_bytes_of(got));
}

typedef struct comparing {
    const bu_metadata *before, *after;
    const bu_json *meta; /* of `after` */
} comparing;

static bulla_status need_no_older(void *context, bulla_bytes key, const bu_json *value,
                                  bulla_error *err)
{
    const comparing *c = context;
    const char *name = (const char *)key.ptr; /* NUL-terminated, as every text of a JSON value */
    const bu_json *now = bu_json_get(c->meta, name);
    bu_tuf_file old, new;
    if (now == NULL)
        return bu_fail(err, BULLA_E_ROLLBACK, "does not list %s any more", name);
    BU_TRY(read_meta(value, c->before->name, &old, err));
    BU_TRY(read_meta(now, c->after->name, &new, err));
    if (new.version >= old.version)
        return BU_OK;
    return bu_within(err, rolled_back(old.version, new.version, err), "%s", name);
}

bulla_status bu_tuf_meta_no_older(const bu_metadata *before, const bu_metadata *after,
                                  bulla_error *err)
{
    const bu_json *old;
    comparing c = { .before = before, .after = after };
    BU_TRY(bu_json_need_object(before->body, "meta", before->name, &old, err));
    BU_TRY(bu_json_need_object(after->body, "meta", after->name, &c.meta, err));
    return bu_in_file(err, bu_json_each(old, need_no_older, &c, err), after->name);
}

static bulla_status read_target(const bu_json *value, const char *where, bu_tuf_file *out,
                                bulla_error *err)
{
    *out = (bu_tuf_file){ 0 };
    BU_TRY(read_length(value, where, out, err));
    return read_hashes(value, where, out, err);
}

bulla_status bu_tuf_target_find(const bu_metadata *metadata, const char *name, bool *found,
                                bu_tuf_file *out, bulla_error *err)
{
    const bu_json *targets;
    BU_TRY(bu_in_file(err,
                      bu_json_need_object(metadata->body, "targets", metadata->name, &targets, err),
                      metadata->name));
    const bu_json *value = bu_json_get(targets, name);
    *found = value != NULL;
    if (value == NULL)
        return BU_OK;
    bulla_status status = read_target(value, metadata->name, out, err);
    return bu_in_file(err, bu_within(err, status, "target %s", name), metadata->name);
}
