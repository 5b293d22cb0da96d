/* SPDX-License-Identifier: MIT */
/*
 * Attacks on a store, tried out: mark keys as taken, see which of their owners
 * could vouch for what a gate or a rule needs, and let the same count that
 * judges a release (bu_gate_fill) say whether that is enough.
 */
#include "policy/simulate.h"

#include "policy/attack.h"
#include "trust/material.h"

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

/* What is taken. */

/* A key that an owner of the store signs with, too. */
static void take_as_owner(bu_attack *a, const bu_trusted_key *key)
{
    const bu_root *root = a->trust->chain.root;
    for (size_t k = 0; k < root->keys.count; k++)
        a->owners[k] = a->owners[k] || bu_material_has(key, root->keys.items[k].key);
}

static void take_key(bu_attack *a, size_t index)
{
    size_t i = 0;
    while (i < a->taken_count && a->taken[i] != index)
        i++;
    if (i == a->taken_count)
        a->taken[a->taken_count++] = index;
    take_as_owner(a, &a->trust->keys[index]);
}

static void take(bu_attack *a, const bu_loot *loot)
{
    const bu_tuf_key *owners = a->trust->chain.root->keys.items;
    if (loot->kind == BU_LOOT_OWNER)
        a->owners[loot->index] = true;
    for (size_t k = 0; k < a->trust->key_count; k++) {
        const bu_trusted_key *key = &a->trust->keys[k];
        bool is_taken[] = {
            [BU_LOOT_KEY] = k == loot->index,
            [BU_LOOT_PERSON] = a->trust->people[key->person].counts_as == loot->index,
            [BU_LOOT_OWNER] =
                loot->kind == BU_LOOT_OWNER && bu_material_has(key, owners[loot->index].key),
        };
        if (is_taken[loot->kind])
            take_key(a, k);
    }
}

static bulla_status run_attempt(bu_attack *a, bu_attempt *attempt, bulla_error *err)
{
    a->taken_count = 0;
    memset(a->owners, 0, a->trust->chain.root->keys.count * sizeof *a->owners);
    for (size_t i = 0; i < attempt->loot_count; i++)
        take(a, &attempt->loot[i]);
    a->attempt = attempt;
    a->cap = 0;
    a->store_falls = false;
    BU_TRY(bu_attack_store(a, err));
    BU_TRY(bu_attack_gates(a, err));
    return bu_attack_rules(a, err);
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
    const bu_tuf_key *key = &trust->chain.root->keys.items[index];
    return (bu_loot){ BU_LOOT_OWNER, index, bu_key_id(key->key), NULL };
}

static bool is_digits(bulla_bytes name)
{
    size_t hex = 0;
    while (hex < name.len && strchr("0123456789abcdef", name.ptr[hex]) != NULL)
        hex++;
    return hex == name.len && name.len >= BU_KEYID_LEAST;
}

/* Somebody vouches with it, too: taking theirs takes it as an owner's. */
static bool is_somebodys(const bulla_trust *trust, const bu_key *owner)
{
    for (size_t k = 0; k < trust->key_count; k++)
        if (trust->keys[k].key != NULL && bu_key_equal(trust->keys[k].key, owner))
            return true;
    return false;
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
    for (size_t k = 0; is_keyid && k < root->keys.count; k++)
        if (bu_bytes_starts(bu_bytes_of(bu_key_id(root->keys.items[k].key)), name) &&
            !is_somebodys(trust, root->keys.items[k].key)) {
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
static bulla_status plan_named(bu_attack *a, const char *const *names, bu_simulation *out,
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
static bulla_status plan_single(bu_attack *a, bu_simulation *out, bulla_error *err)
{
    const bulla_trust *trust = a->trust;
    size_t owners = trust->chain.root->one_time ? 0 : trust->chain.root->keys.count;
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

static bulla_status prepare(bu_attack *a, bu_simulation *out, bulla_error *err)
{
    size_t people = a->trust->people_count;
    a->taken = bu_arena_get_array(a->arena, a->trust->key_count, sizeof *a->taken);
    a->owners = bu_arena_get_array(a->arena, a->trust->chain.root->keys.count, sizeof *a->owners);
    a->people = bu_arena_get_array(a->arena, people, sizeof *a->people);
    a->persons = bu_arena_get_array(a->arena, people, sizeof *a->persons);
    a->counted = bu_arena_get_array(a->arena, people, sizeof *a->counted);
    if (a->taken == NULL || a->owners == NULL || a->people == NULL || a->persons == NULL ||
        a->counted == NULL)
        return bu_no_memory(err);
    (void)bu_policy_gates(a->scene->policy, &out->gates);
    out->rules = bu_attackable_rules(a->scene->policy);
    return BU_OK;
}

bulla_status bu_simulate(const bu_scene *scene, const char *const *names, bu_arena *arena,
                         bu_simulation *out, bulla_error *err)
{
    bu_attack a = { .scene = scene, .trust = scene->trust, .arena = arena };
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
