/* SPDX-License-Identifier: MIT */
/*
 * Attacks on a store, tried out: mark keys as taken, see which of their owners
 * could vouch for what a gate or a rule needs, and let the same count that
 * judges a release (bu_gate_fill) say whether that is enough.
 */
#include "policy/simulate.h"

#include "policy/gate.h"
#include "policy/reach.h"
#include "policy/rule.h"

#define KEYID_LEAST 8 /* digits of a keyid that name a key */

static const char *const loot_names[] = {
    [BU_LOOT_KEY] = "key", [BU_LOOT_PERSON] = "person", [BU_LOOT_OWNER] = "owner"
};
static const char *const fall_names[] = { [BU_FALL_STORE] = "store",
                                          [BU_FALL_FRESHNESS] = "freshness",
                                          [BU_FALL_GATE] = "gate",
                                          [BU_FALL_RULE] = "rule" };

const char *bu_loot_name(bu_loot_kind kind)
{
    return loot_names[kind];
}

const char *bu_fall_name(bu_fall_kind kind)
{
    return fall_names[kind];
}

/* One attack after the other; the arrays are cleared in between. */
typedef struct attack {
    const bu_scene *scene;
    const bulla_trust *trust;
    bu_arena *arena;
    size_t *taken; /* keys, by index */
    size_t taken_count;
    bool *owners; /* by key of the root */
    bu_gate_person *people;
    size_t *persons; /* of people[i]: who is counted */
    bool *counted;   /* by person: is this one counted already for a role? */
    bu_attempt *attempt;
    size_t cap; /* of its falls */
    bool store_falls;
} attack;

static bulla_status add_fall(attack *a, bu_fall fall, bulla_error *err)
{
    bu_attempt *attempt = a->attempt;
    if (attempt->count == a->cap) {
        size_t cap = a->cap == 0 ? 4 : 2 * a->cap;
        bu_fall *falls = bu_arena_get_array(a->arena, cap, sizeof *falls);
        if (falls == NULL)
            return bu_no_memory(err);
        if (attempt->count > 0)
            memcpy(falls, attempt->falls, attempt->count * sizeof *falls);
        attempt->falls = falls;
        a->cap = cap;
    }
    attempt->falls[attempt->count++] = fall;
    attempt->is_fatal = attempt->is_fatal || fall.is_fatal;
    return BU_OK;
}

/* The store. */

static const struct {
    bu_tuf_role_id role;
    const char *name;
    bu_fall_kind kind;
} root_roles[] = {
    { BU_TUF_ROOT, "root", BU_FALL_STORE },
    { BU_TUF_TARGETS, "targets", BU_FALL_STORE },
    { BU_TUF_SNAPSHOT, "snapshot", BU_FALL_FRESHNESS },
    { BU_TUF_TIMESTAMP, "timestamp", BU_FALL_FRESHNESS },
};

static bool root_role_falls(const attack *a, const bu_tuf_role *role)
{
    const bu_root *root = a->trust->chain.root;
    size_t taken = 0;
    for (size_t i = 0; i < role->count; i++)
        for (size_t k = 0; k < root->key_count; k++)
            taken += a->owners[k] && bu_key_equal(role->keys[i]->key, root->keys[k].key);
    return taken >= role->threshold;
}

static bulla_status try_store(attack *a, bulla_error *err)
{
    for (size_t i = 0; i < sizeof root_roles / sizeof root_roles[0]; i++) {
        bool is_store = root_roles[i].kind == BU_FALL_STORE;
        if (!root_role_falls(a, &a->trust->chain.root->roles[root_roles[i].role]))
            continue;
        a->store_falls = a->store_falls || is_store;
        const bu_fall fall = { root_roles[i].kind, root_roles[i].name, NULL, is_store };
        BU_TRY(add_fall(a, fall, err));
    }
    return BU_OK;
}

/* Gates and rules. */

/* A key of this very principal is taken that could be used for that. */
static bool is_armed(const attack *a, size_t person, const bu_ask *ask)
{
    for (size_t i = 0; i < a->taken_count; i++) {
        const bu_trusted_key *key = &a->trust->keys[a->taken[i]];
        if (key->person == person && bu_key_reaches(a->trust, key, ask))
            return true;
    }
    return false;
}

static bool could_sign(const attack *a, const bu_role *role, const bu_grant *grant,
                       const bu_ask *ask)
{
    return bu_grant_reaches(role, grant, ask) && is_armed(a, grant->person, ask);
}

/* The row of who is counted, made when it is not there. */
static bu_gate_person *row_of(attack *a, size_t counts_as, size_t *count)
{
    size_t i = 0;
    while (i < *count && a->persons[i] != counts_as)
        i++;
    if (i == *count) {
        a->persons[i] = counts_as;
        a->people[i] = (bu_gate_person){ .id = a->trust->people[counts_as].id };
        (*count)++;
    }
    return &a->people[i];
}

static void arm_for_need(attack *a, const bu_gate *gate, size_t need, size_t *count)
{
    const bu_role *role = bu_trust_role(a->trust, bu_bytes_of(gate->needs[need].role));
    const bu_ask ask = { gate->needs[need].type, gate->environment, gate->match, a->scene->now };
    for (size_t i = 0; role != NULL && i < role->grant_count; i++)
        if (could_sign(a, role, &role->grants[i], &ask))
            row_of(a, a->trust->people[role->grants[i].person].counts_as, count)->may[need] = true;
}

static bulla_status gate_falls(attack *a, const bu_gate *gate, bool *out, bulla_error *err)
{
    const bu_exclusions exclusions = { a->trust->exclusions, a->trust->exclusion_count };
    uint32_t counted[BU_LIMIT_GATE_PEOPLE] = { 0 };
    size_t count = 0;
    for (size_t i = 0; i < gate->need_count; i++)
        arm_for_need(a, gate, i, &count);
    *out = false;
    if (count == 0)
        return BU_OK;
    BU_TRY(bu_gate_fill(gate, &exclusions, true, a->people, count, counted, err));
    for (size_t i = 0; i < gate->need_count; i++)
        if (counted[i] < gate->needs[i].count)
            return BU_OK;
    *out = true;
    return BU_OK;
}

static bulla_status try_gates(attack *a, bulla_error *err)
{
    size_t count;
    const bu_gate *gates = bu_policy_gates(a->scene->policy, &count);
    for (size_t i = 0; i < count; i++) {
        bool falls = a->store_falls;
        if (!falls)
            BU_TRY(gate_falls(a, &gates[i], &falls, err));
        const bu_fall fall = { BU_FALL_GATE, gates[i].name, gates[i].environment,
                               bu_is_production(a->trust, gates[i].environment) };
        if (falls)
            BU_TRY(add_fall(a, fall, err));
    }
    return BU_OK;
}

/* Proofs that somebody of the store signs; the others are of bytes alone. */
bool bu_want_is_signed(const bu_want *want)
{
    return want->proof == BULLA_PROOF_SIGNATURE || want->proof == BULLA_PROOF_PROVENANCE ||
           want->proof == BULLA_PROOF_REGISTRY_SIGNATURE ||
           want->proof == BULLA_PROOF_ARCHIVE_CHAIN;
}

/* Enough people of the role are in hand. */
static bool role_falls(attack *a, const bu_role *role, const bu_ask *ask)
{
    uint32_t count = 0;
    memset(a->counted, 0, a->trust->people_count * sizeof *a->counted);
    for (size_t i = 0; i < role->grant_count; i++) {
        size_t counts_as = a->trust->people[role->grants[i].person].counts_as;
        if (a->counted[counts_as] || !could_sign(a, role, &role->grants[i], ask))
            continue;
        a->counted[counts_as] = true;
        count++;
    }
    return count >= role->threshold;
}

static bool want_falls(attack *a, const bu_want *want, const char *const *match)
{
    const bu_ask ask = { .type = want->proof == BULLA_PROOF_PROVENANCE ? "slsa" : NULL,
                         .match = match,
                         .now = a->scene->now };
    for (size_t i = 0; i < a->trust->role_count; i++) {
        const bu_role *role = &a->trust->roles[i];
        if ((want->role == NULL || strcmp(want->role, role->name) == 0) &&
            role_falls(a, role, &ask))
            return true;
    }
    return false;
}

/* All that is signed in it can be forged, and something is. */
static bool alternative_falls(attack *a, const bu_alternative *alternative,
                              const char *const *match)
{
    bool any = false;
    for (size_t i = 0; i < alternative->count; i++) {
        if (!bu_want_is_signed(&alternative->wants[i]))
            continue;
        any = true;
        if (!a->store_falls && !want_falls(a, &alternative->wants[i], match))
            return false;
    }
    return any;
}

/* Digests and other proofs of bytes are no obstacle to who writes the bytes. */
static bool is_open(attack *a, const bu_demand *demand, const char *const *match, bool *forged)
{
    bool is_signed_only = true;
    for (size_t i = 0; i < demand->count; i++) {
        bool any = false;
        for (size_t w = 0; w < demand->alternatives[i].count; w++)
            any = any || bu_want_is_signed(&demand->alternatives[i].wants[w]);
        is_signed_only = is_signed_only && any;
        if (alternative_falls(a, &demand->alternatives[i], match)) {
            *forged = true;
            return true;
        }
    }
    return !is_signed_only;
}

static const char *const *globs_of(const bu_patterns *patterns, bu_arena *arena)
{
    const char **globs = bu_arena_get_array(arena, patterns->count + 1, sizeof *globs);
    for (size_t i = 0; globs != NULL && i < patterns->count; i++) {
        globs[i] = bu_arena_text(arena, patterns->items[i].text);
        if (globs[i] == NULL)
            return NULL;
    }
    return globs;
}

static bulla_status add_alternative(attack *a, const bu_rule *rule,
                                    const bu_alternative *alternative, bulla_error *err)
{
    BU_CLEAR(bu_buf) text = { 0 };
    for (size_t i = 0; i < alternative->count; i++)
        bu_buf_add_format(&text, "%s%s", i == 0 ? "" : " and ", alternative->wants[i].text);
    const char *detail = text.broken ? NULL : bu_arena_text(a->arena, bu_buf_bytes(&text));
    if (detail == NULL)
        return bu_no_memory(err);
    return add_fall(a, (bu_fall){ BU_FALL_RULE, rule->name, detail, false }, err);
}

static bulla_status try_rule(attack *a, const bu_rule *rule, bulla_error *err)
{
    const char *const *match = globs_of(&rule->match, a->arena);
    bool forged = false;
    if (match == NULL)
        return bu_no_memory(err);
    for (size_t d = 0; d < rule->count; d++)
        if (!is_open(a, &rule->demands[d], match, &forged))
            return BU_OK;
    for (size_t d = 0; forged && d < rule->count; d++)
        for (size_t i = 0; i < rule->demands[d].count; i++)
            if (alternative_falls(a, &rule->demands[d].alternatives[i], match))
                BU_TRY(add_alternative(a, rule, &rule->demands[d].alternatives[i], err));
    return BU_OK;
}

/* A rule that asks for something that is signed, and fails without. */
static bool is_target(const bu_rule *rule)
{
    for (size_t d = 0; !rule->warns && d < rule->count; d++)
        for (size_t i = 0; i < rule->demands[d].count; i++)
            for (size_t w = 0; w < rule->demands[d].alternatives[i].count; w++)
                if (bu_want_is_signed(&rule->demands[d].alternatives[i].wants[w]))
                    return true;
    return false;
}

/* The built-in rules are what there is to attack where the policy has none of its own. */
const bu_rules *bu_rules_to_attack(const bu_policy *policy)
{
    return policy->own.count > 0 ? &policy->own : &policy->built_in;
}

static bulla_status try_rules(attack *a, bulla_error *err)
{
    const bu_rules *rules = bu_rules_to_attack(a->scene->policy);
    for (size_t i = 0; i < rules->count; i++)
        if (is_target(&rules->items[i]))
            BU_TRY(try_rule(a, &rules->items[i], err));
    return BU_OK;
}

/* What is taken. */

/* A key that an owner of the store signs with, too. */
static void take_as_owner(attack *a, const bu_key *key)
{
    const bu_root *root = a->trust->chain.root;
    for (size_t k = 0; key != NULL && k < root->key_count; k++)
        a->owners[k] = a->owners[k] || bu_key_equal(root->keys[k].key, key);
}

static void take_key(attack *a, size_t index)
{
    size_t i = 0;
    while (i < a->taken_count && a->taken[i] != index)
        i++;
    if (i == a->taken_count)
        a->taken[a->taken_count++] = index;
    take_as_owner(a, a->trust->keys[index].key);
}

static void take(attack *a, const bu_loot *loot)
{
    const bu_tuf_key *owners = a->trust->chain.root->keys;
    if (loot->kind == BU_LOOT_OWNER)
        a->owners[loot->index] = true;
    for (size_t k = 0; k < a->trust->key_count; k++) {
        const bu_trusted_key *key = &a->trust->keys[k];
        bool is_taken[] = {
            [BU_LOOT_KEY] = k == loot->index,
            [BU_LOOT_PERSON] = a->trust->people[key->person].counts_as == loot->index,
            [BU_LOOT_OWNER] = loot->kind == BU_LOOT_OWNER && key->key != NULL &&
                              bu_key_equal(owners[loot->index].key, key->key),
        };
        if (is_taken[loot->kind])
            take_key(a, k);
    }
}

static bulla_status run_attempt(attack *a, bu_attempt *attempt, bulla_error *err)
{
    a->taken_count = 0;
    memset(a->owners, 0, a->trust->chain.root->key_count * sizeof *a->owners);
    for (size_t i = 0; i < attempt->loot_count; i++)
        take(a, &attempt->loot[i]);
    a->attempt = attempt;
    a->cap = 0;
    a->store_falls = false;
    BU_TRY(try_store(a, err));
    BU_TRY(try_gates(a, err));
    return try_rules(a, err);
}

static bu_loot loot_of_key(const bulla_trust *trust, size_t index)
{
    const bu_trusted_key *key = &trust->keys[index];
    return (bu_loot){ BU_LOOT_KEY, index, key->keyid, trust->people[key->person].id };
}

static bu_loot loot_of_person(const bulla_trust *trust, size_t index)
{
    size_t counts_as = trust->people[index].counts_as;
    return (bu_loot){ BU_LOOT_PERSON, counts_as, trust->people[index].id, NULL };
}

static bu_loot loot_of_owner(const bulla_trust *trust, size_t index)
{
    const bu_tuf_key *key = &trust->chain.root->keys[index];
    return (bu_loot){ BU_LOOT_OWNER, index, bu_key_id(key->key), NULL };
}

static bool is_digits(bulla_bytes name)
{
    size_t hex = 0;
    while (hex < name.len && strchr("0123456789abcdef", name.ptr[hex]) != NULL)
        hex++;
    return hex == name.len && name.len >= KEYID_LEAST;
}

static bulla_status find_loot(const bulla_trust *trust, const char *name, bu_loot *out,
                              bulla_error *err)
{
    const bu_root *root = trust->chain.root;
    size_t person = bu_trust_person(trust, bu_bytes_of(name)), found = 0;
    if (person < trust->people_count) {
        *out = loot_of_person(trust, person);
        return BU_OK;
    }
    bool is_keyid = is_digits(bu_bytes_of(name));
    for (size_t k = 0; is_keyid && k < trust->key_count; k++)
        if (bu_bytes_starts(bu_bytes_of(trust->keys[k].keyid), name)) {
            *out = loot_of_key(trust, k);
            found++;
        }
    for (size_t k = 0; is_keyid && k < root->key_count; k++)
        if (bu_bytes_starts(bu_bytes_of(bu_key_id(root->keys[k].key)), name)) {
            *out = loot_of_owner(trust, k);
            found++;
        }
    if (found == 1)
        return BU_OK;
    bulla_status status = bu_as(err,
                                bu_fail(err, BULLA_E_BAD_REFERENCE, "the store has %s of that name",
                                        found == 0 ? "no person or key" : "more than one key"),
                                BULLA_EXIT_CONFIG);
    (void)bu_expected(err, status, BULLA_LIT("a person, or 8 or more digits of a keyid"),
                      bu_bytes_of(name));
    return bu_next(err, status, "bulla trust show names all of them");
}

/* One attempt with all that is named. */
static bulla_status plan_named(attack *a, const char *const *names, bu_simulation *out,
                               bulla_error *err)
{
    size_t count = 0;
    while (names[count] != NULL)
        count++;
    bu_loot *loot = bu_arena_get_array(a->arena, count, sizeof *loot);
    out->attempts = bu_arena_get(a->arena, sizeof *out->attempts);
    if (loot == NULL || out->attempts == NULL)
        return bu_no_memory(err);
    for (size_t i = 0; i < count; i++)
        BU_TRY(find_loot(a->trust, names[i], &loot[i], err));
    out->attempts[0] = (bu_attempt){ .loot = loot, .loot_count = count };
    out->count = 1;
    out->is_named = true;
    return BU_OK;
}

/* Each key, each person who is counted, each key of the root that somebody holds: in turn. */
static bulla_status plan_single(attack *a, bu_simulation *out, bulla_error *err)
{
    const bulla_trust *trust = a->trust;
    size_t owners = trust->chain.root->one_time ? 0 : trust->chain.root->key_count;
    size_t most = trust->key_count + trust->people_count + owners, count = 0;
    bu_loot *loot = bu_arena_get_array(a->arena, most, sizeof *loot);
    out->attempts = bu_arena_get_array(a->arena, most, sizeof *out->attempts);
    if (loot == NULL || out->attempts == NULL)
        return bu_no_memory(err);
    for (size_t i = 0; i < owners; i++)
        loot[count++] = loot_of_owner(trust, i);
    for (size_t i = 0; i < trust->people_count; i++)
        if (trust->people[i].counts_as == i)
            loot[count++] = loot_of_person(trust, i);
    for (size_t i = 0; i < trust->key_count; i++)
        loot[count++] = loot_of_key(trust, i);
    for (size_t i = 0; i < count; i++)
        out->attempts[i] = (bu_attempt){ .loot = &loot[i], .loot_count = 1 };
    out->count = count;
    return BU_OK;
}

static bulla_status prepare(attack *a, bu_simulation *out, bulla_error *err)
{
    size_t people = a->trust->people_count;
    const bu_rules *rules = bu_rules_to_attack(a->scene->policy);
    a->taken = bu_arena_get_array(a->arena, a->trust->key_count, sizeof *a->taken);
    a->owners = bu_arena_get_array(a->arena, a->trust->chain.root->key_count, sizeof *a->owners);
    a->people = bu_arena_get_array(a->arena, people, sizeof *a->people);
    a->persons = bu_arena_get_array(a->arena, people, sizeof *a->persons);
    a->counted = bu_arena_get_array(a->arena, people, sizeof *a->counted);
    if (a->taken == NULL || a->owners == NULL || a->people == NULL || a->persons == NULL ||
        a->counted == NULL)
        return bu_no_memory(err);
    (void)bu_policy_gates(a->scene->policy, &out->gates);
    for (size_t i = 0; i < rules->count; i++)
        out->rules += is_target(&rules->items[i]);
    return BU_OK;
}

bulla_status bu_simulate(const bu_scene *scene, const char *const *names, bu_arena *arena,
                         bu_simulation *out, bulla_error *err)
{
    attack a = { .scene = scene, .trust = scene->trust, .arena = arena };
    *out = (bu_simulation){ 0 };
    BU_TRY(prepare(&a, out, err));
    if (names != NULL && names[0] != NULL)
        BU_TRY(plan_named(&a, names, out, err));
    else
        BU_TRY(plan_single(&a, out, err));
    for (size_t i = 0; i < out->count; i++)
        BU_TRY(run_attempt(&a, &out->attempts[i], err));
    return BU_OK;
}

bulla_exit bu_simulation_exit(const bu_simulation *simulation)
{
    for (size_t i = 0; i < simulation->count; i++)
        if (simulation->attempts[i].is_fatal)
            return BULLA_EXIT_DENIED;
    return simulation->gates + simulation->rules > 0 ? BULLA_EXIT_ALLOWED : BULLA_EXIT_NOTHING;
}
