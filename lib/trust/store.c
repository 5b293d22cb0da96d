/* SPDX-License-Identifier: MIT */
/*
 * Loading a store: root chain, targets, every pinned file, trust.toml, in
 * this order, so that nothing is parsed before someone vouched for it.
 */
#include "trust/store.h"

#include "attest/predicate.h"
#include "base/bytes.h"
#include "base/glob.h"
#include "base/limits.h"
#include "bulla/sign.h"
#include "trust/trust_toml.h"
#include "trust/sigstore_root.h"

#define TARGETS_FILE "targets.json"

void bulla_trust_free(bulla_trust *trust)
{
    if (trust == NULL)
        return;
    for (size_t i = 0; i < trust->key_count; i++)
        bu_key_free(trust->keys[i].key);
    bu_sigstore_root_free(trust->sigstore_root);
    bu_root_chain_clear(&trust->chain);
    bu_pins_clear(&trust->pins);
    bu_arena_free(trust->arena);
    free(trust);
}

bulla_status bu_store_new(bulla_trust **out, bulla_error *err)
{
    BU_AUTO(bulla_trust) trust = calloc(1, sizeof *trust);
    if (trust == NULL)
        return bu_no_memory(err);
    trust->arena = bu_arena_new();
    if (trust->arena == NULL)
        return bu_no_memory(err);
    trust->pins.arena = trust->arena;
    *out = BU_STEAL(trust);
    return BU_OK;
}

static bulla_status load_targets(const bu_folder *folder, int64_t now, bulla_trust *trust,
                                 bulla_error *err)
{
    BU_CLEAR(bu_buf) text = { 0 };
    BU_CLEAR(bu_metadata) m = { 0 };
    BU_TRY(bu_file_slurp(folder, TARGETS_FILE, BU_LIMIT_METADATA_BYTES, &text, err));
    BU_TRY(bu_metadata_parse(bu_buf_bytes(&text), TARGETS_FILE, "targets", &m, err));
    BU_TRY(bu_metadata_check(&m, &trust->chain.root->roles[BU_TUF_TARGETS], err));
    BU_TRY(bu_metadata_fresh(TARGETS_FILE, m.expires, now, err));
    trust->targets_version = m.version;
    trust->targets_expires = m.expires;
    BU_TRY(bu_digest_of(BULLA_ALG_SHA256, bu_buf_bytes(&text), &trust->digest, err));
    BU_TRY(bu_targets_read(&m, &trust->pins, err));
    return bu_pins_load(&trust->pins, folder, err);
}

bulla_status bu_store_load(const char *path, int64_t now, bulla_trust **out, bulla_error *err)
{
    BU_CLEAR(bu_folder) folder = BU_FOLDER_NONE;
    BU_AUTO(bulla_trust) trust = NULL;
    bulla_bytes text;
    BU_TRY(bu_folder_open(path, &folder, err));
    BU_TRY(bu_store_new(&trust, err));
    trust->folder = bu_arena_text(trust->arena, bu_bytes_of(path));
    if (trust->folder == NULL)
        return bu_no_memory(err);
    BU_TRY(bu_root_walk(&folder, now, &trust->chain, err));
    BU_TRY(load_targets(&folder, now, trust, err));
    BU_TRY(bu_in_file(err, bu_pins_use(&trust->pins, BULLA_LIT(BU_TRUST_TOML), &text, err),
                      TARGETS_FILE));
    BU_TRY(bu_trust_toml_read(text, trust, err));
    *out = BU_STEAL(trust);
    return BU_OK;
}

const bulla_digest *bulla_trust_digest(const bulla_trust *trust)
{
    return &trust->digest;
}

const bu_role *bu_trust_role(const bulla_trust *trust, bulla_bytes name)
{
    for (size_t i = 0; i < trust->role_count; i++)
        if (bu_bytes_is(name, trust->roles[i].name))
            return &trust->roles[i];
    return NULL;
}

size_t bu_trust_person(const bulla_trust *trust, bulla_bytes id)
{
    size_t i = 0;
    while (i < trust->people_count && !bu_bytes_is(id, trust->people[i].id))
        i++;
    return i;
}

static bool is_in_force(const bu_role *role, int64_t now)
{
    return role->from <= now && now <= role->until && now <= role->review_by;
}

static bool matches(const bu_role *role, bulla_bytes name)
{
    for (size_t i = 0; role->match[i] != NULL; i++)
        if (bu_glob_match(bu_bytes_of(role->match[i]), name))
            return true;
    return false;
}

static bool may_say(const bu_role *role, bulla_bytes type)
{
    if (type.len == 0)
        type = BULLA_LIT(BULLA_PREDICATE_SIGNATURE);
    for (size_t i = 0; role->predicates[i] != NULL; i++)
        if (bu_predicate_is(type, bu_bytes_of(role->predicates[i])))
            return true;
    return role->predicates[0] == NULL;
}

bool bu_role_covers(const bu_role *role, bulla_bytes name, bulla_bytes predicate_type, int64_t now)
{
    return is_in_force(role, now) && matches(role, name) && may_say(role, predicate_type);
}

bool bu_role_has(const bu_role *role, size_t person)
{
    for (size_t i = 0; i < role->people_count; i++)
        if (role->people[i] == person)
            return true;
    return false;
}

bool bu_role_has_openpgp(const bulla_trust *trust, const bu_role *role)
{
    for (size_t i = 0; i < trust->key_count; i++)
        if (trust->keys[i].fingerprint != NULL && bu_role_has(role, trust->keys[i].person))
            return true;
    return false;
}

bool bu_trusted_key_usable(const bu_trusted_key *key, int64_t now)
{
    return key->from <= now && now <= key->until && now < key->revoked;
}
