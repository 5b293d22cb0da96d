/* SPDX-License-Identifier: MIT */
/*
 * Who owns a store: making one, and giving it other owners. A key that is
 * given twice is one owner; who is to own it must be as many as was said.
 */
#include <stdio.h>

#include "base/bytes.h"
#include "base/encode.h"
#include "base/limits.h"
#include "base/secret.h"
#include "base/vec.h"
#include "trust/anchor.h"
#include "trust/edit_inside.h"
#include "trust/trust_toml.h"

/** Keys that become owners', and those of them that were read here. */
typedef struct gathered {
    bu_owners owners;
    bu_anchors anchors;
    size_t cap;
} gathered;

static void gathered_clear(gathered *g)
{
    free((void *)g->owners.keys);
    bu_anchors_clear(&g->anchors);
}
BU_DEFINE_CLEAR(gathered)

/* A key that is given twice, as public and as private key, is one owner. */
static bulla_status add_owner(gathered *g, const bu_key *key, bulla_error *err)
{
    if (bu_owners_have(&g->owners, key))
        return BU_OK;
    BU_TRY(bu_vec_grow(&g->owners.keys, g->owners.count, &g->cap, sizeof(bu_key *), err));
    g->owners.keys[g->owners.count++] = key;
    return BU_OK;
}

static bulla_status read_key(gathered *g, const char *path, const bu_key **out, bulla_error *err)
{
    BU_CLEAR(bu_buf) text = { 0 };
    size_t before = g->anchors.count;
    BU_TRY(bu_file_slurp(NULL, path, BU_LIMIT_METADATA_BYTES, &text, err));
    BU_TRY(bu_in_file(err, bu_anchors_read(bu_buf_bytes(&text), path, &g->anchors, err), path));
    if (g->anchors.count != before + 1 || g->anchors.items[before].key == NULL)
        return bu_in_file(err, bu_fail(err, BULLA_E_BAD_KEY, "not one bare public key"), path);
    *out = g->anchors.items[before].key;
    return BU_OK;
}

static bulla_status read_owners(gathered *g, const bulla_trust_owners *from, bulla_error *err)
{
    const bu_key *key;
    for (size_t i = 0; from->public_keys != NULL && from->public_keys[i] != NULL; i++) {
        BU_TRY(read_key(g, from->public_keys[i], &key, err));
        BU_TRY(add_owner(g, key, err));
    }
    return from->online_key == NULL ? BU_OK : read_key(g, from->online_key, &g->owners.online, err);
}

static bulla_status need_people(const gathered *g, uint32_t people, bulla_error *err)
{
    char expected[40], got[40];
    if (people == 0 || people == g->owners.count)
        return BU_OK;
    (void)snprintf(expected, sizeof expected, "the keys of %u people", people);
    (void)snprintf(got, sizeof got, "%zu", g->owners.count);
    bulla_status status = bu_fail(err, BULLA_E_USAGE, "not as many owners as people");
    (void)bu_next(err, status, "give one --public-key for each of them");
    return bu_expected(err, status, bu_bytes_of(expected), bu_bytes_of(got));
}

/* Making. */

/* The first trust.toml and the files that it names, as they are: a person's comments are kept. */
static bulla_status gather(const char *contents, bu_folder *folder, bulla_trust *trust,
                           bulla_error *err)
{
    bulla_bytes text;
    if (contents == NULL) {
        BU_CLEAR(bu_buf) empty = { 0 };
        bu_trust_toml_write(trust, &empty);
        if (empty.broken)
            return bu_no_memory(err);
        return bu_pins_put(&trust->pins, BULLA_LIT(BU_TRUST_TOML), bu_buf_bytes(&empty), err);
    }
    BU_TRY(bu_folder_open(contents, folder, err));
    trust->pins.source = folder;
    BU_TRY(bu_pins_use(&trust->pins, BULLA_LIT(BU_TRUST_TOML), &text, err));
    return bu_edit_read_new(text, trust, err);
}

static bulla_status make(const bulla_trust_edit *edit, const bu_owners *owners,
                         const char *contents, bulla_trust_outcome *out, bulla_error *err)
{
    BU_CLEAR(bu_folder) folder = BU_FOLDER_NONE;
    BU_AUTO(bulla_trust) trust = NULL;
    BU_TRY(bu_store_new(&trust, err));
    BU_TRY(gather(contents, &folder, trust, err));
    return bu_edit_propose(edit, &(bu_edit_draft){ .pins = &trust->pins, .owners = owners }, out,
                           err);
}

/* Two stores of the same owners, made in one second, are two. */
static bulla_status draw_nonce(bu_buf *out, bulla_error *err)
{
    uint8_t drawn[16];
    bu_random(drawn, sizeof drawn);
    bu_hex_encode((bulla_bytes){ drawn, sizeof drawn }, out);
    return out->broken ? bu_no_memory(err) : BU_OK;
}

static bulla_status make_one_time(const bulla_trust_edit *edit, const char *contents,
                                  bulla_trust_outcome *out, bulla_error *err)
{
    BU_AUTO(bu_secret_key) fresh = NULL;
    BU_TRY(bu_secret_key_new(BULLA_KEY_ED25519, &fresh, err));
    const bu_key *public = bu_secret_key_public(fresh);
    const bu_owners owners = {
        .keys = &public, .count = 1, .threshold = 1, .one_time = true, .nonce = ""
    };
    bulla_trust_edit with = *edit;
    with.keys = &fresh;
    with.key_count = 1;
    return make(&with, &owners, contents, out, err);
}

bulla_status bu_store_init(const bulla_trust_edit *edit, const bulla_trust_owners *owners,
                           const char *contents, bulla_trust_outcome *out, bulla_error *err)
{
    BU_CLEAR(gathered) g = { 0 };
    BU_CLEAR(bu_buf) nonce = { 0 };
    BU_TRY(bu_edit_need_future(edit, err));
    BU_TRY(bu_anchors_start(&g.anchors, err));
    BU_TRY(read_owners(&g, owners, err));
    for (size_t i = 0; i < edit->key_count; i++)
        BU_TRY(add_owner(&g, bu_secret_key_public(edit->keys[i]), err));
    if (g.owners.count == 0)
        return make_one_time(edit, contents, out, err);
    BU_TRY(need_people(&g, owners->people, err));
    g.owners.threshold =
        owners->threshold > 0 ? owners->threshold : (uint32_t)(g.owners.count / 2 + 1);
    BU_TRY(draw_nonce(&nonce, err));
    g.owners.nonce = (const char *)nonce.ptr;
    return make(edit, &g.owners, contents, out, err);
}

/* Succeeding. */

static bool is_named(const bu_tuf_key *key, const char *keyid)
{
    return keyid != NULL &&
           (strcmp(bu_key_id(key->key), keyid) == 0 || strcmp(key->id, keyid) == 0);
}

/* Those who stay, then those who come. */
static bulla_status succeed(gathered *g, const bu_root *root, const char *old,
                            const bulla_trust_owners *from, bulla_error *err)
{
    const bu_tuf_role *role = &root->roles[BU_TUF_ROOT];
    bool found = old == NULL;
    for (size_t i = 0; i < role->count; i++) {
        found = found || is_named(role->keys[i], old);
        if (!is_named(role->keys[i], old))
            BU_TRY(add_owner(g, role->keys[i]->key, err));
    }
    if (!found)
        return bu_next(err, bu_fail(err, BULLA_E_BAD_REFERENCE, "no owner has the key %s", old),
                       "bulla key show FILE says the keyid of a key");
    return read_owners(g, from, err);
}

bulla_status bu_store_owners(const bulla_trust_edit *edit, const char *old,
                             const bulla_trust_owners *owners, bulla_trust_outcome *out,
                             bulla_error *err)
{
    BU_CLEAR(gathered) g = { 0 };
    BU_AUTO(bulla_trust) trust = NULL;
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bu_owners before;
    BU_TRY(bu_edit_need_future(edit, err));
    if (arena == NULL)
        return bu_no_memory(err);
    BU_TRY(bu_edit_load(edit, &trust, err));
    BU_TRY(bu_owners_of(trust->chain.root, arena, &before, err));
    BU_TRY(bu_anchors_start(&g.anchors, err));
    g.owners.online = before.online;
    g.owners.nonce = before.nonce;
    BU_TRY(succeed(&g, trust->chain.root, old, owners, err));
    BU_TRY(need_people(&g, owners->people, err));
    g.owners.threshold = owners->threshold > 0 ? owners->threshold : before.threshold;
    return bu_edit_propose(edit, &(bu_edit_draft){ trust, &trust->pins, &g.owners }, out, err);
}
