/* SPDX-License-Identifier: MIT */
/*
 * Owners of a store. Refused is one person with two keys in one role of the
 * root: every TUF client counts keys, so each key must stand for one person.
 */
#include "trust/owners.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/bytes.h"
#include "trust/material.h"

/* Reading. */

const bu_key *bu_owners_online(const bu_root *root)
{
    const bu_tuf_role *owners = &root->roles[BU_TUF_ROOT];
    const bu_tuf_role *role = &root->roles[BU_TUF_TIMESTAMP];
    for (size_t i = 0; role->count == 1 && i < owners->count; i++)
        if (role->keys[0] == owners->keys[i])
            return NULL;
    return role->count == 1 ? role->keys[0]->key : NULL;
}

bulla_status bu_owners_of(const bu_root *root, bu_arena *arena, bu_owners *out, bulla_error *err)
{
    const bu_tuf_role *role = &root->roles[BU_TUF_ROOT];
    bu_owners owners = { .count = role->count,
                         .threshold = role->threshold,
                         .online = bu_owners_online(root),
                         .one_time = root->one_time,
                         .nonce = root->nonce };
    owners.keys = bu_arena_get_array(arena, role->count, sizeof(bu_key *));
    if (owners.keys == NULL)
        return bu_no_memory(err);
    for (size_t i = 0; i < role->count; i++)
        owners.keys[i] = role->keys[i]->key;
    *out = owners;
    return BU_OK;
}

bool bu_owners_have(const bu_owners *owners, const bu_key *key)
{
    for (size_t i = 0; i < owners->count; i++)
        if (bu_key_equal(owners->keys[i], key))
            return true;
    return false;
}

/* Writing. */

static bulla_status need_threshold(const bu_owners *owners, bulla_error *err)
{
    char expected[40], got[24];
    if (owners->threshold >= 1 && owners->threshold <= owners->count)
        return BU_OK;
    (void)snprintf(expected, sizeof expected, "1 to %zu, the owners", owners->count);
    (void)snprintf(got, sizeof got, "%" PRIu32, owners->threshold);
    bulla_status status = bu_fail(err, BULLA_E_THRESHOLD, "a threshold out of reach");
    (void)bu_next(err, status, "lower --threshold, or name more owners: --public-key FILE");
    return bu_expected(err, status, bu_bytes_of(expected), bu_bytes_of(got));
}

/* Put the key into "keys", and its id into the list. */
static bulla_status add_key(const bu_key *key, bu_json *keys, bu_json *ids, bulla_error *err)
{
    BU_AUTO(bu_json) object = NULL;
    char id[BU_KEYID_TEXT];
    BU_TRY(bu_tuf_key_write(key, &object, id, err));
    if (bu_json_get(keys, id) != NULL)
        return bu_fail(err, BULLA_E_DUPLICATE_KEY, "key %s is given twice", id);
    BU_TRY(bu_json_set(keys, id, BU_STEAL(object), err));
    return bu_json_append(ids, bu_json_string(bu_bytes_of(id)), err);
}

static bulla_status set_role(bu_json *roles, const char *name, const bu_json *ids,
                             uint32_t threshold, bulla_error *err)
{
    BU_AUTO(bu_json) role = bu_json_object();
    BU_TRY(bu_json_set(role, "keyids", bu_json_copy(ids), err));
    BU_TRY(bu_json_set(role, "threshold", bu_json_integer(threshold), err));
    return bu_json_set(roles, name, BU_STEAL(role), err);
}

/* Owners decide what is pinned; that it is fresh, one key may say. */
static bulla_status set_roles(const bu_owners *owners, bu_json *body, bulla_error *err)
{
    BU_AUTO(bu_json) keys = bu_json_object();
    BU_AUTO(bu_json) ids = bu_json_array();
    BU_AUTO(bu_json) online = bu_json_array();
    BU_AUTO(bu_json) roles = bu_json_object();
    for (size_t i = 0; i < owners->count; i++)
        BU_TRY(add_key(owners->keys[i], keys, ids, err));
    if (owners->online != NULL)
        BU_TRY(add_key(owners->online, keys, online, err));
    const bu_json *fresh = owners->online == NULL ? ids : online;
    BU_TRY(set_role(roles, "root", ids, owners->threshold, err));
    BU_TRY(set_role(roles, "targets", ids, owners->threshold, err));
    BU_TRY(set_role(roles, "snapshot", fresh, 1, err));
    BU_TRY(set_role(roles, "timestamp", fresh, 1, err));
    BU_TRY(bu_json_set(body, "keys", BU_STEAL(keys), err));
    return bu_json_set(body, "roles", BU_STEAL(roles), err);
}

bulla_status bu_owners_write(const bu_owners *owners, int64_t version, int64_t expires,
                             bu_json **out, bulla_error *err)
{
    BU_AUTO(bu_json) body = NULL;
    BU_TRY(need_threshold(owners, err));
    BU_TRY(bu_metadata_begin("root", version, expires, &body, err));
    BU_TRY(bu_json_set(body, "consistent_snapshot", bu_json_bool(true), err));
    if (owners->one_time)
        BU_TRY(bu_json_set(body, BU_ROOT_KEPT, bu_json_string(BULLA_LIT(BU_ROOT_NEVER)), err));
    if (owners->nonce[0] != '\0')
        BU_TRY(bu_json_set(body, BU_ROOT_NONCE, bu_json_string(bu_bytes_of(owners->nonce)), err));
    BU_TRY(set_roles(owners, body, err));
    *out = BU_STEAL(body);
    return BU_OK;
}

/* People. */

const bu_trusted_key *bu_trust_key(const bulla_trust *trust, const bu_key *key)
{
    for (size_t i = 0; i < trust->key_count; i++)
        if (bu_material_has(&trust->keys[i], key))
            return &trust->keys[i];
    return NULL;
}

/* Whom the key counts as, or people_count: nobody that the store knows. */
static size_t counts_as(const bulla_trust *trust, const bu_tuf_key *key)
{
    const bu_trusted_key *known = bu_trust_key(trust, key->key);
    return known == NULL ? trust->people_count : trust->people[known->person].counts_as;
}

static bulla_status check_role(const bulla_trust *trust, const bu_tuf_role *role, bulla_error *err)
{
    for (size_t i = 0; i < role->count; i++) {
        size_t person = counts_as(trust, role->keys[i]);
        for (size_t k = 0; k < i && person < trust->people_count; k++)
            if (counts_as(trust, role->keys[k]) == person)
                return bu_next(err,
                               bu_fail(err, BULLA_E_DUPLICATE_KEY,
                                       "two keys of the root, %s and %s, are both %s's",
                                       role->keys[k]->id, role->keys[i]->id,
                                       trust->people[person].id),
                               "take one of them out: bulla trust rotate --root --old KEYID");
    }
    return BU_OK;
}

bulla_status bu_owners_check(const bulla_trust *trust, const bu_root *root, bulla_error *err)
{
    BU_TRY(check_role(trust, &root->roles[BU_TUF_ROOT], err));
    return check_role(trust, &root->roles[BU_TUF_TARGETS], err);
}
