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

static const char *const loot_names[] = { [BU_LOOT_KEY] = "key",
                                          [BU_LOOT_PERSON] = "person",
                                          [BU_LOOT_OWNER] = "owner" };
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
    bool *taken;  /* by key */
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
    for (size_t k = 0; k < a->trust->key_count; k++)
        if (a->taken[k] && a->trust->keys[k].person == person &&
            bu_key_reaches(a->trust, &a->trust->keys[k], ask))
            return true;
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
static bool is_signed(const bu_want *want)
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
        if (!is_signed(&alternative->wants[i]))
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
            any = any || is_signed(&demand->alternatives[i].wants[w]);
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
