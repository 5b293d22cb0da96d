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
#include "trust/owners.h"
#include "trust/trust_toml.h"
#include "trust/sigstore_root.h"

const char *const bu_no_texts[] = { NULL };

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
    bu_folder_clear(&trust->held);
    free(trust);
}

bulla_status bu_store_new(bulla_trust **out, bulla_error *err)
{
    BU_AUTO(bulla_trust) trust = calloc(1, sizeof *trust);
    if (trust == NULL)
        return bu_no_memory(err);
    trust->held = BU_FOLDER_NONE;
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
    BU_TRY(bu_owners_check(trust, trust->chain.root, err));
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

const char *const bu_usual_environments[] = { "dev", "staging", "prod", NULL };

bool bu_list_allows(const char *const *list, bulla_bytes text)
{
    for (size_t i = 0; list[i] != NULL; i++)
        if (bu_bytes_is(text, list[i]))
            return true;
    return list[0] == NULL;
}

static bool matches(const char *const *globs, const bu_use *use)
{
    for (size_t i = 0; globs[i] != NULL; i++)
        if (bu_glob_match(bu_bytes_of(globs[i]), use->name) ||
            bu_glob_match(bu_bytes_of(globs[i]), use->purl))
            return true;
    return globs[0] == NULL;
}

static bool may_say(const char *const *predicates, const bu_use *use)
{
    bulla_bytes type = use->predicate_type;
    if (type.len == 0)
        type = BULLA_LIT(BULLA_PREDICATE_SIGNATURE);
    for (size_t i = 0; predicates[i] != NULL; i++)
        if (bu_predicate_is(type, bu_bytes_of(predicates[i])))
            return true;
    return predicates[0] == NULL;
}

const bu_grant *bu_role_grant(const bu_role *role, size_t person)
{
    for (size_t i = 0; i < role->grant_count; i++)
        if (role->grants[i].person == person)
            return &role->grants[i];
    return NULL;
}

/* Reviews that are due are judged by the clock, validity by when it was signed. */
static bulla_status need_in_force(const char *what, const char *name, int64_t from, int64_t until,
                                  int64_t review_by, const bu_when *when, bulla_error *err)
{
    int64_t at = when->is_proved ? when->time : when->now;
    if (when->now > review_by)
        return bu_fail(err, BULLA_E_EXPIRED, "%s %s was due for review and is asleep", what, name);
    if (at < from || at > until)
        return bu_fail(err, BULLA_E_EXPIRED, "%s %s is out of its validity", what, name);
    return BU_OK;
}

bool bu_role_covers(const bu_role *role, bulla_bytes name, bulla_bytes predicate_type, int64_t now)
{
    const bu_use use = { .name = name,
                         .purl = name,
                         .predicate_type = predicate_type,
                         .when = { .time = INT64_MIN, .now = now } };
    return matches(role->match, &use) && may_say(role->predicates, &use) &&
           bulla_ok(need_in_force("the role", role->name, role->from, role->until, role->review_by,
                                  &use.when, NULL));
}

/* What a statement names, and what is asked about: a list has to allow both. */
static bulla_status need_environment(const char *const *list, const bu_use *use, bulla_error *err)
{
    bulla_bytes wanted = bu_bytes_of(use->wanted == NULL ? "" : use->wanted);
    if ((use->environment.len == 0 || bu_list_allows(list, use->environment)) &&
        (wanted.len == 0 || bu_list_allows(list, wanted)))
        return BU_OK;
    bulla_status status =
        bu_fail(err, BULLA_E_ENVIRONMENT_MISMATCH, "counts in other environments only");
    return bu_expected(err, status, wanted.len > 0 ? wanted : use->environment,
                       bu_bytes_of(list[0]));
}

static bulla_status need_asked_environment(const bu_use *use, bulla_error *err)
{
    if (use->wanted == NULL || use->environment.len == 0 ||
        bu_bytes_is(use->environment, use->wanted))
        return BU_OK;
    bulla_status status =
        bu_fail(err, BULLA_E_ENVIRONMENT_MISMATCH, "was decided for another environment");
    return bu_expected(err, status, bu_bytes_of(use->wanted), use->environment);
}

bulla_status bu_role_allows(const bulla_trust *trust, const bu_role *role, size_t person,
                            const bu_use *use, bulla_error *err)
{
    const bu_grant *grant = bu_role_grant(role, person);
    const char *id = trust->people[person].id;
    if (grant == NULL || !matches(role->match, use) || !matches(grant->match, use) ||
        !may_say(role->predicates, use) || !may_say(grant->predicates, use))
        return bu_fail(err, BULLA_E_UNTRUSTED_KEY, "%s may not vouch for this in the role %s", id,
                       role->name);
    BU_TRY(need_in_force("the role", role->name, role->from, role->until, role->review_by,
                         &use->when, err));
    BU_TRY(need_in_force("the grant of", id, grant->from, grant->until, grant->review_by,
                         &use->when, err));
    BU_TRY(need_asked_environment(use, err));
    BU_TRY(need_environment(role->environments, use, err));
    return need_environment(grant->environments, use, err);
}

bool bu_role_has_openpgp(const bulla_trust *trust, const bu_role *role)
{
    for (size_t i = 0; i < trust->key_count; i++)
        if (trust->keys[i].fingerprint != NULL &&
            bu_role_grant(role, trust->keys[i].person) != NULL)
            return true;
    return false;
}

const char *bu_trusted_key_kind(const bu_trusted_key *key)
{
    if (key->key != NULL)
        return bulla_key_kind_name(bu_key_kind(key->key));
    if (key->identity != NULL)
        return "identity";
    return key->fingerprint != NULL ? "openpgp" : "x509";
}

static bulla_status is_revoked(const bulla_trust *trust, const bu_trusted_key *key, const char *how,
                               bulla_error *err)
{
    return bu_fail(err, BULLA_E_REVOKED, "the key %s of %s is revoked (%s)%s", key->keyid,
                   trust->people[key->person].id, key->reason == NULL ? "" : key->reason, how);
}

/* One that was in wrong hands since T proves nothing that is not proved to be older. */
static bulla_status need_not_revoked(const bulla_trust *trust, const bu_trusted_key *key,
                                     const bu_when *when, bulla_error *err)
{
    if (when->now < key->revoked)
        return BU_OK;
    if (!when->is_proved)
        return is_revoked(trust, key, "", err);
    int64_t last = key->since < key->revoked ? key->since : key->revoked;
    return when->time < last ? BU_OK : is_revoked(trust, key, " since before it signed", err);
}

bulla_status bu_trusted_key_counts(const bulla_trust *trust, const bu_trusted_key *key,
                                   const bu_use *use, bulla_error *err)
{
    const bu_when *when = &use->when;
    BU_TRY(need_not_revoked(trust, key, when, err));
    BU_TRY(need_in_force("a key of", trust->people[key->person].id, key->from, key->until,
                         key->review_by, when, err));
    if (when->time > key->replaced)
        return bu_fail(err, BULLA_E_EXPIRED, "the key %s of %s was replaced before it signed",
                       key->keyid, trust->people[key->person].id);
    return need_environment(key->environments, use, err);
}
