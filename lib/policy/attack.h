/* SPDX-License-Identifier: MIT */
/*
 * One attack of a simulation: which keys are in hand, and what falls to them.
 * Private to this room.
 */
#ifndef BU_POLICY_ATTACK_H
#define BU_POLICY_ATTACK_H

#include "policy/gate.h"
#include "policy/reach.h"
#include "policy/simulate.h"

/** Attacks follow each other; what is taken is cleared in between. */
typedef struct bu_attack {
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
} bu_attack;

/** Something falls. Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_attack_add(bu_attack *attack, bu_fall fall, bulla_error *err);

/** A holder of the role has a key in hand that could be used for that. */
bool bu_attack_could_sign(const bu_attack *attack, const bu_role *role, const bu_grant *grant,
                          const bu_ask *ask);

/** With what is taken: the store first, whose fall brings down all else. Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_attack_store(bu_attack *attack, bulla_error *err);
BULLA_MUST_USE bulla_status bu_attack_gates(bu_attack *attack, bulla_error *err);
BULLA_MUST_USE bulla_status bu_attack_rules(bu_attack *attack, bulla_error *err);

/** How many rules there are to attack. */
size_t bu_attackable_rules(const bu_policy *policy);

#endif
