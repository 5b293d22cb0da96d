/* SPDX-License-Identifier: MIT */
/*
 * The keys of an npm registry: its own document (/-/npm/v1/keys), and the one that Sigstore's TUF
 * repository carries of them. A key counts for what was published while it was valid. Refuses keys
 * of another kind than ECDSA P-256, which is all that npm signs with.
 */
#include "base/bytes.h"
#include "base/encode.h"
#include "base/limits.h"
#include "base/time.h"
#include "syntax/json.h"
#include "trust/anchor.h"
#include "trust/json_look.h"

/* One key as either document states it. */
typedef struct stated_key {
    bulla_bytes id, scheme, spki, from, until, usage;
} stated_key;

static bool is_npm_keys(bulla_bytes text)
{
    return bu_json_looks_to_have(text, "keys") &&
           (bu_bytes_has(text, "\"keyid\"") || bu_bytes_has(text, "\"keyId\""));
}

/* Absent or null: the key has no end yet. */
static bulla_status read_end(const bu_json *json, const char *key, const char *file,
                             bulla_bytes *out, bulla_error *err)
{
    return bu_json_is_null(bu_json_get(json, key)) ? BU_OK
                                                   : bu_json_need_text(json, key, file, out, err);
}

static bulla_status read_own(const bu_json *json, const char *file, stated_key *out,
                             bulla_error *err)
{
    BU_TRY(bu_json_need_text(json, "keyid", file, &out->id, err));
    BU_TRY(bu_json_need_text(json, "scheme", file, &out->scheme, err));
    BU_TRY(bu_json_need_text(json, "key", file, &out->spki, err));
    BU_TRY(read_end(json, "expires", file, &out->until, err));
    if (bu_bytes_is(out->scheme, "ecdsa-sha2-nistp256"))
        return BU_OK;
    return bu_expected(err, bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE, "a key of another scheme"),
                       BULLA_LIT("ecdsa-sha2-nistp256"), out->scheme);
}

static bulla_status read_tuf(const bu_json *json, const char *file, stated_key *out,
                             bulla_error *err)
{
    const bu_json *key, *valid;
    BU_TRY(bu_json_need_text(json, "keyId", file, &out->id, err));
    BU_TRY(bu_json_need_text(json, "keyUsage", file, &out->usage, err));
    BU_TRY(bu_json_need_object(json, "publicKey", file, &key, err));
    BU_TRY(bu_json_need_text(key, "rawBytes", file, &out->spki, err));
    BU_TRY(bu_json_need_text(key, "keyDetails", file, &out->scheme, err));
    BU_TRY(bu_json_need_object(key, "validFor", file, &valid, err));
    BU_TRY(bu_json_need_text(valid, "start", file, &out->from, err));
    BU_TRY(read_end(valid, "end", file, &out->until, err));
    if (bu_bytes_is(out->scheme, "PKIX_ECDSA_P256_SHA_256"))
        return BU_OK;
    return bu_expected(err, bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE, "a key of another scheme"),
                       BULLA_LIT("PKIX_ECDSA_P256_SHA_256"), out->scheme);
}

static bulla_status read_key(bulla_bytes base64, bu_key **out, bulla_error *err)
{
    BU_AUTO(bu_key) key = NULL;
    BU_CLEAR(bu_buf) der = { 0 };
    BU_TRY(bu_within(err, bu_base64_decode(base64, BU_BASE64_STANDARD, &der, err), "key"));
    BU_TRY(bu_key_read(bu_buf_bytes(&der), &key, err));
    if (bu_key_kind(key) != BULLA_KEY_ECDSA_P256)
        return bu_fail(err, BULLA_E_BAD_KEY, "the key is not of ECDSA P-256");
    *out = BU_STEAL(key);
    return BU_OK;
}

static bulla_status read_times(const stated_key *entry, bu_anchor *anchor, bulla_error *err)
{
    if (entry->from.len > 0)
        BU_TRY(bu_within(err, bu_time_parse(entry->from, &anchor->from, err), "start"));
    if (entry->until.len > 0)
        BU_TRY(bu_within(err, bu_time_parse(entry->until, &anchor->until, err), "end"));
    return BU_OK;
}

static bulla_status add_key(const stated_key *entry, bu_anchors *anchors, bulla_error *err)
{
    bu_key *key = NULL;
    bu_anchor *anchor;
    BU_TRY(read_key(entry->spki, &key, err));
    BU_TRY(bu_anchors_add_key(anchors, bu_form_npm_keys.id, key, &anchor, err));
    anchor->hint = bu_arena_copy(anchors->arena, entry->id);
    anchor->name = entry->usage.len == 0 ? NULL : bu_arena_text(anchors->arena, entry->usage);
    if (anchor->hint.ptr == NULL || (entry->usage.len > 0 && anchor->name == NULL))
        return bu_no_memory(err);
    return read_times(entry, anchor, err);
}

static bulla_status read_entry(const bu_json *json, const char *file, bu_anchors *anchors,
                               bulla_error *err)
{
    stated_key entry = { 0 };
    if (!bu_json_is_object(json))
        return bu_fail(err, BULLA_E_TYPE_MISMATCH, "a key is an object");
    BU_TRY(bu_json_get(json, "keyId") != NULL ? read_tuf(json, file, &entry, err)
                                              : read_own(json, file, &entry, err));
    if (entry.id.len == 0)
        return bu_fail(err, BULLA_E_MISSING_FIELD, "a key without a name");
    return add_key(&entry, anchors, err);
}

/* One name for two keys would let the one speak for the other. */
static bulla_status refuse_repeated(const bu_anchors *anchors, size_t first, bulla_error *err)
{
    for (size_t i = first; i < anchors->count; i++)
        for (size_t j = first; j < i; j++) {
            const bu_anchor *a = &anchors->items[i], *b = &anchors->items[j];
            bool same_use = bu_bytes_equal(bu_bytes_of(a->name), bu_bytes_of(b->name));
            if (same_use && bu_bytes_equal(a->hint, b->hint))
                return bu_fail(err, BULLA_E_DUPLICATE_ENTRY, "keys %zu and %zu have one name",
                               j - first + 1, i - first + 1);
        }
    return BU_OK;
}

static bulla_status read_npm_keys(bulla_bytes text, const char *file, bu_anchors *anchors,
                                  bulla_error *err)
{
    BU_AUTO(bu_json) json = NULL;
    const bu_json *list;
    size_t first = anchors->count;
    BU_TRY(bu_json_parse(text, file, &json, err));
    BU_TRY(bu_json_need_array(json, "keys", file, &list, err));
    if (bu_json_count(list) == 0)
        return bu_fail(err, BULLA_E_EMPTY, "a registry without keys");
    if (bu_json_count(list) > BU_LIMIT_KEYS)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "more than %u keys", BU_LIMIT_KEYS);
    for (size_t i = 0; i < bu_json_count(list); i++)
        BU_TRY(bu_within(err, read_entry(bu_json_at(list, i), file, anchors, err), "keys[%zu]", i));
    return refuse_repeated(anchors, first, err);
}

const bu_anchor_form bu_form_npm_keys = {
    .id = "npm-keys",
    .title = "keys of an npm registry",
    .is = is_npm_keys,
    .read = read_npm_keys,
};
