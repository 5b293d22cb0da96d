/* SPDX-License-Identifier: MIT */
/*
 * TUF metadata: the frame, keys and signatures, read and written. Refused are
 * another _type or major version, one keyid signing twice, too few distinct
 * keys, and in our own any signature of a known key that does not verify.
 */
#include "trust/metadata.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/bytes.h"
#include "base/encode.h"
#include "base/limits.h"
#include "base/time.h"
#include "digest/hasher.h"

#define SIGNATURE_BYTES_MAX 1024

void bu_metadata_clear(bu_metadata *metadata)
{
    bu_json_free(metadata->json);
    bu_buf_clear(&metadata->canonical);
    *metadata = (bu_metadata){ 0 };
}

static bulla_status need_is(const bu_json *body, const char *key, const char *want,
                            const char *name, bulla_error *err)
{
    bulla_bytes got;
    BU_TRY(bu_json_need_text(body, key, name, &got, err));
    if (bu_bytes_is(got, want))
        return BU_OK;
    return bu_expected(err, bu_fail(err, BULLA_E_BAD_TYPE, "metadata of another kind"),
                       bu_bytes_of(want), got);
}

/* TUF: "clients MUST verify that spec_version matches the expected version number": any 1.x. */
static bulla_status need_known_version(const bu_json *body, const char *name, bulla_error *err)
{
    bulla_bytes got;
    BU_TRY(bu_json_need_text(body, "spec_version", name, &got, err));
    if (bu_bytes_starts(got, "1."))
        return BU_OK;
    return bu_expected(err, bu_fail(err, BULLA_E_UNSUPPORTED_VERSION, "unknown spec_version"),
                       BULLA_LIT("1.x"), got);
}

static bulla_status read_common(bu_metadata *m, const char *type, bulla_error *err)
{
    bulla_bytes expires;
    BU_TRY(need_is(m->body, "_type", type, m->name, err));
    BU_TRY(need_known_version(m->body, m->name, err));
    BU_TRY(bu_json_need_integer(m->body, "version", m->name, &m->version, err));
    if (m->version < 1)
        return bu_fail(err, BULLA_E_BAD_NUMBER, "version is less than 1");
    BU_TRY(bu_json_need_text(m->body, "expires", m->name, &expires, err));
    return bu_within(err, bu_time_parse(expires, &m->expires, err), "expires");
}

static bulla_status keyid_at(const bu_metadata *m, size_t index, bulla_bytes *out, bulla_error *err)
{
    return bu_json_need_text(bu_json_at(m->signatures, index), "keyid", m->name, out, err);
}

/* TUF: "The keyid MUST be unique in the signatures array". */
static bulla_status need_unique_keyids(const bu_metadata *m, bulla_error *err)
{
    size_t count = bu_json_count(m->signatures);
    if (count > BU_LIMIT_SIGNATURES)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "more than %u signatures", BU_LIMIT_SIGNATURES);
    for (size_t i = 0; i < count; i++) {
        bulla_bytes a, b;
        BU_TRY(keyid_at(m, i, &a, err));
        for (size_t k = 0; k < i; k++) {
            BU_TRY(keyid_at(m, k, &b, err));
            if (bu_bytes_equal(a, b))
                return bu_fail(err, BULLA_E_DUPLICATE_ENTRY, "%.*s signs twice", (int)a.len,
                               (const char *)a.ptr);
        }
    }
    return BU_OK;
}

static bulla_status take_apart(bu_metadata *m, bulla_bytes text, const char *type, bulla_error *err)
{
    BU_TRY(bu_json_parse(text, m->name, &m->json, err));
    BU_TRY(bu_json_need_object(m->json, "signed", m->name, &m->body, err));
    BU_TRY(bu_json_need_array(m->json, "signatures", m->name, &m->signatures, err));
    BU_TRY(read_common(m, type, err));
    BU_TRY(need_unique_keyids(m, err));
    return bu_json_write(m->body, BU_JSON_CANONICAL, &m->canonical, err);
}

bulla_status bu_metadata_parse(bulla_bytes text, const char *name, const char *type,
                               bu_metadata *out, bulla_error *err)
{
    BU_CLEAR(bu_metadata) m = { .name = name };
    BU_TRY(bu_in_file(err, take_apart(&m, text, type, err), name));
    *out = m;
    m = (bu_metadata){ 0 };
    return BU_OK;
}

/* One value has one text: lower-case hex, so that no byte of a file can change unseen. */
static bulla_status decode_signature(bulla_bytes hex, uint8_t out[SIGNATURE_BYTES_MAX], size_t *len,
                                     bulla_error *err)
{
    for (size_t i = 0; i < hex.len; i++)
        if (hex.ptr[i] >= 'A' && hex.ptr[i] <= 'F')
            return bu_fail(err, BULLA_E_BAD_ENCODING, "a signature in upper-case hex");
    if (hex.len % 2 != 0 || hex.len / 2 > SIGNATURE_BYTES_MAX)
        return bu_fail(err, BULLA_E_BAD_ENCODING, "a signature of %zu hex digits", hex.len);
    *len = hex.len / 2;
    return bu_hex_decode(hex, out, *len, err);
}

static const bu_tuf_key *key_of(const bu_tuf_role *role, bulla_bytes id)
{
    for (size_t i = 0; i < role->count; i++)
        if (bu_bytes_is(id, role->keys[i]->id))
            return role->keys[i];
    return NULL;
}

static bulla_status check_signature(const bu_metadata *m, size_t index, const bu_tuf_key *key,
                                    bulla_error *err)
{
    uint8_t sig[SIGNATURE_BYTES_MAX];
    size_t len = 0;
    bulla_bytes hex;
    BU_TRY(bu_json_need_text(bu_json_at(m->signatures, index), "sig", m->name, &hex, err));
    BU_TRY(decode_signature(hex, sig, &len, err));
    return bu_verify(key->key, key->algorithm, bu_buf_bytes(&m->canonical),
                     (bulla_bytes){ sig, len }, err);
}

/* The keys whose signatures hold; the same key under another id is not counted again. */
typedef struct holding {
    const bu_key *keys[BU_LIMIT_SIGNATURES];
    size_t count;
} holding;

static void add_holding(holding *have, const bu_key *key)
{
    for (size_t i = 0; i < have->count; i++)
        if (bu_key_equal(have->keys[i], key))
            return;
    have->keys[have->count++] = key;
}

static bulla_status check_nth(const bu_metadata *m, size_t index, const bu_tuf_role *role,
                              holding *have, bulla_error *err)
{
    bulla_bytes id;
    BU_TRY(keyid_at(m, index, &id, err));
    const bu_tuf_key *key = key_of(role, id);
    if (key == NULL || key->key == NULL)
        return BU_OK;
    bulla_status status = check_signature(m, index, key, err);
    if (bulla_ok(status))
        add_holding(have, key->key);
    else if (role->manner == BU_TUF_OURS || status.code == BULLA_E_NO_MEMORY)
        return bu_within(err, status, "key %s", key->id);
    return BU_OK;
}

static bulla_status too_few(const bu_tuf_role *role, size_t have, bulla_error *err)
{
    char expected[32], got[32];
    (void)snprintf(expected, sizeof expected, "%" PRIu32 " distinct keys", role->threshold);
    (void)snprintf(got, sizeof got, "%zu", have);
    bulla_status status = bu_fail(err, BULLA_E_THRESHOLD, "too few keys of the role signed");
    (void)bu_next(err, status,
                  role->manner == BU_TUF_OURS
                      ? "change it with the keys of more owners: --key for each of them"
                      : "ask the repository's owners; nothing was changed");
    return bu_expected(err, status, bu_bytes_of(expected), bu_bytes_of(got));
}

bulla_status bu_metadata_check(const bu_metadata *metadata, const bu_tuf_role *role,
                               bulla_error *err)
{
    holding have = { 0 };
    for (size_t i = 0; i < bu_json_count(metadata->signatures); i++)
        BU_TRY(bu_in_file(err, check_nth(metadata, i, role, &have, err), metadata->name));
    if (have.count >= role->threshold)
        return BU_OK;
    return bu_in_file(err, too_few(role, have.count, err), metadata->name);
}

bulla_status bu_metadata_fresh(const char *name, int64_t expires, int64_t now, bulla_error *err)
{
    if (expires > now)
        return BU_OK;
    char end[BU_TIME_TEXT], at[BU_TIME_TEXT];
    bulla_status status =
        bu_fail(err, BULLA_E_EXPIRED, "expired at %s", bu_time_format(expires, end));
    status = bu_expected(err, status, BULLA_LIT("an expiry in the future"),
                         bu_bytes_of(bu_time_format(now, at)));
    return bu_in_file(err, status, name);
}

bulla_status bu_metadata_begin(const char *type, int64_t version, int64_t expires, bu_json **out,
                               bulla_error *err)
{
    char text[BU_TIME_TEXT];
    bu_time_format(expires, text);
    BU_AUTO(bu_json) body = bu_json_object();
    BU_TRY(bu_json_set(body, "_type", bu_json_string(bu_bytes_of(type)), err));
    BU_TRY(bu_json_set(body, "spec_version", bu_json_string(BULLA_LIT(BU_TUF_VERSION)), err));
    BU_TRY(bu_json_set(body, "version", bu_json_integer(version), err));
    BU_TRY(bu_json_set(body, "expires", bu_json_string(bu_bytes_of(text)), err));
    *out = BU_STEAL(body);
    return BU_OK;
}

bulla_status bu_metadata_sign(const bu_secret_key *key, bulla_bytes message, bu_json *signatures,
                              bulla_error *err)
{
    BU_CLEAR(bu_buf) sig = { 0 };
    BU_CLEAR(bu_buf) hex = { 0 };
    BU_AUTO(bu_json) object = NULL;
    BU_AUTO(bu_json) row = bu_json_object();
    char id[BU_KEYID_TEXT];
    const bu_key *public = bu_secret_key_public(key);
    BU_TRY(bu_tuf_key_write(public, &object, id, err));
    BU_TRY(bu_sign(key, bu_algorithm_of_key(public), message, &sig, err));
    bu_hex_encode(bu_buf_bytes(&sig), &hex);
    if (hex.broken)
        return bu_no_memory(err);
    BU_TRY(bu_json_set(row, "keyid", bu_json_string(bu_bytes_of(id)), err));
    BU_TRY(bu_json_set(row, "sig", bu_json_string(bu_buf_bytes(&hex)), err));
    return bu_json_append(signatures, BU_STEAL(row), err);
}

bulla_status bu_metadata_seal(const bu_json *body, bu_secret_key *const *keys, size_t count,
                              bu_buf *out, bulla_error *err)
{
    BU_AUTO(bu_json) file = bu_json_object();
    BU_AUTO(bu_json) signatures = bu_json_array();
    BU_CLEAR(bu_buf) canonical = { 0 };
    BU_TRY(bu_json_write(body, BU_JSON_CANONICAL, &canonical, err));
    for (size_t i = 0; i < count; i++)
        BU_TRY(bu_metadata_sign(keys[i], bu_buf_bytes(&canonical), signatures, err));
    BU_TRY(bu_json_set(file, "signed", bu_json_copy(body), err));
    BU_TRY(bu_json_set(file, "signatures", BU_STEAL(signatures), err));
    return bu_json_write(file, BU_JSON_PRETTY, out, err);
}
