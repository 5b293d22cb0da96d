/* SPDX-License-Identifier: MIT */
/*
 * The store and its gates, attacked: see which owners of the taken keys could
 * vouch for what a gate needs, and let the same count that judges a release
 * (bu_gate_fill) say whether that is enough.
 */
#include "policy/attack.h"

bulla_status bu_attack_add(bu_attack *a, bu_fall fall, bulla_error *err)
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

static bool root_role_falls(const bu_attack *a, const bu_tuf_role *role)
{
    const bu_root *root = a->trust->chain.root;
    size_t taken = 0;
    for (size_t i = 0; i < role->count; i++)
        for (size_t k = 0; k < root->keys.count; k++)
            taken += a->owners[k] && bu_key_equal(role->keys[i]->key, root->keys.items[k].key);
    return taken >= role->threshold;
}

bulla_status bu_attack_store(bu_attack *a, bulla_error *err)
{
    for (size_t i = 0; i < sizeof root_roles / sizeof root_roles[0]; i++) {
        bool is_store = root_roles[i].kind == BU_FALL_STORE;
        if (!root_role_falls(a, &a->trust->chain.root->roles[root_roles[i].role]))
            continue;
        a->store_falls = a->store_falls || is_store;
        const bu_fall fall = { root_roles[i].kind, root_roles[i].name, NULL, is_store };
        BU_TRY(bu_attack_add(a, fall, err));
    }
    return BU_OK;
}

/* Gates and rules. */

/* A key of this very principal is taken that could be used for that. */
static bool is_armed(const bu_attack *a, size_t person, const bu_ask *ask)
{
    for (size_t i = 0; i < a->taken_count; i++) {
        const bu_trusted_key *key = &a->trust->keys[a->taken[i]];
        if (key->person == person && bu_key_reaches(a->trust, key, ask))
            return true;
    }
    return false;
}

bool bu_attack_could_sign(const bu_attack *a, const bu_role *role, const bu_grant *grant,
                          const bu_ask *ask)
{
    return bu_grant_reaches(role, grant, ask) && is_armed(a, grant->person, ask);
}

/* The row of who is counted, made when it is not there. */
static bu_gate_person *row_of(bu_attack *a, size_t counts_as, size_t *count)
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

static void arm_for_need(bu_attack *a, const bu_gate *gate, size_t need, size_t *count)
{
    const bu_role *role = bu_trust_role(a->trust, bu_bytes_of(gate->needs[need].role));
    const bu_ask ask = { gate->needs[need].type, gate->environment, gate->match, true,
                         a->scene->now };
    for (size_t i = 0; role != NULL && i < role->grant_count; i++)
        if (bu_attack_could_sign(a, role, &role->grants[i], &ask))
            row_of(a, a->trust->people[role->grants[i].person].counts_as, count)->may[need] = true;
}

static bulla_status gate_falls(bu_attack *a, const bu_gate *gate, bool *out, bulla_error *err)
{
    const bu_exclusions exclusions = { a->trust->exclusions, a->trust->exclusion_count };
    uint32_t counted[BU_LIMIT_GATE_PEOPLE] = { 0 };
    size_t count = 0;
    for (size_t i = 0; i < gate->need_count; i++)
        arm_for_need(a, gate, i, &count);
    *out = false;
    if (count == 0)
        return BU_OK;
    BU_TRY(bu_gate_fill(gate, &exclusions, a->people, count, counted, err));
    for (size_t i = 0; i < gate->need_count; i++)
        if (counted[i] < gate->needs[i].count)
            return BU_OK;
    *out = true;
    return BU_OK;
}

bulla_status bu_attack_gates(bu_attack *a, bulla_error *err)
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
            BU_TRY(bu_attack_add(a, fall, err));
    }
    return BU_OK;
}
