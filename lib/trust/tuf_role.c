/* SPDX-License-Identifier: MIT */
/*
 * Keys and roles of TUF metadata. Refused is a threshold of nobody; and of our own also one of more
 * keys than there are, one key under two names, and a role that names what is no key.
 */
#include "trust/tuf_role.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/bytes.h"
#include "base/limits.h"
#include "base/vec.h"

void bu_tuf_keys_clear(bu_tuf_keys *keys)
{
    for (size_t i = 0; i < keys->count; i++)
        bu_tuf_key_clear(&keys->items[i]);
    free(keys->items);
    *keys = (bu_tuf_keys){ 0 };
}

void bu_tuf_role_clear(bu_tuf_role *role)
{
    free(role->keys);
    *role = (bu_tuf_role){ 0 };
}

typedef struct reading {
    bu_tuf_keys *keys;
    const char *name; /* of the document */
} reading;

/* Two ids of one key are one key: written in another form it must not count twice. */
static bulla_status need_new_key(const bu_tuf_keys *keys, const bu_tuf_key *key, bulla_error *err)
{
    for (size_t i = 0; i < keys->count && keys->manner == BU_TUF_OURS; i++)
        if (bu_key_equal(keys->items[i].key, key->key))
            return bu_fail(err, BULLA_E_DUPLICATE_KEY, "keys %s and %s are the same key",
                           keys->items[i].id, key->id);
    return BU_OK;
}

static bulla_status read_key(void *context, bulla_bytes id, const bu_json *value, bulla_error *err)
{
    const reading *r = context;
    bu_tuf_keys *keys = r->keys;
    bu_tuf_key key;
    if (keys->count >= BU_LIMIT_KEYS)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "more than %u keys", BU_LIMIT_KEYS);
    BU_TRY(bu_vec_grow(&keys->items, keys->count, &keys->cap, sizeof key, err));
    BU_TRY(bu_tuf_key_read(id, value, r->name, keys->manner, &key, err));
    bulla_status status = need_new_key(keys, &key, err);
    keys->items[keys->count++] = key;
    return status;
}

bulla_status bu_tuf_keys_read(const bu_json *object, const char *name, bu_tuf_keys *out,
                              bulla_error *err)
{
    return bu_json_each(object, read_key, &(reading){ out, name }, err);
}

static const bu_tuf_key *find_key(const bu_tuf_keys *keys, bulla_bytes id)
{
    for (size_t i = 0; i < keys->count; i++)
        if (bu_bytes_is(id, keys->items[i].id))
            return &keys->items[i];
    return NULL;
}

static bulla_status add_key(bu_tuf_role *role, const bu_tuf_key *key, bulla_bytes id,
                            bulla_error *err)
{
    if (key == NULL && role->manner == BU_TUF_FOREIGN)
        return BU_OK;
    if (key == NULL)
        return bu_fail(err, BULLA_E_BAD_REFERENCE, "key %.*s is not in \"keys\"", (int)id.len,
                       (const char *)id.ptr);
    for (size_t i = 0; i < role->count; i++)
        if (role->keys[i] == key)
            return bu_fail(err, BULLA_E_DUPLICATE_KEY, "key %s stands there twice", key->id);
    role->keys[role->count++] = key;
    return BU_OK;
}

static bulla_status read_threshold(const bu_json *value, const char *name, bu_tuf_role *role,
                                   bulla_error *err)
{
    int64_t threshold;
    BU_TRY(bu_json_need_integer(value, "threshold", name, &threshold, err));
    uint64_t most = role->manner == BU_TUF_OURS ? role->count : UINT32_MAX;
    if (threshold >= 1 && (uint64_t)threshold <= most) {
        role->threshold = (uint32_t)threshold;
        return BU_OK;
    }
    char expected[40], got[24];
    (void)snprintf(expected, sizeof expected, "1 to %" PRIu64, most);
    (void)snprintf(got, sizeof got, "%" PRId64, threshold);
    return bu_expected(err, bu_fail(err, BULLA_E_THRESHOLD, "a threshold that cannot be"),
                       bu_bytes_of(expected), bu_bytes_of(got));
}

bulla_status bu_tuf_role_read(const bu_tuf_keys *keys, const bu_json *value, const char *name,
                              bu_tuf_role *out, bulla_error *err)
{
    const bu_json *ids;
    BU_TRY(bu_json_need_array(value, "keyids", name, &ids, err));
    size_t count = bu_json_count(ids);
    out->manner = keys->manner;
    out->keys = calloc(count + 1, sizeof *out->keys);
    if (out->keys == NULL)
        return bu_no_memory(err);
    for (size_t i = 0; i < count; i++) {
        bulla_bytes id;
        if (!bu_json_text(bu_json_at(ids, i), &id))
            return bu_fail(err, BULLA_E_TYPE_MISMATCH, "a keyid is not a string");
        BU_TRY(add_key(out, find_key(keys, id), id, err));
    }
    return read_threshold(value, name, out, err);
}
