/* SPDX-License-Identifier: MIT */
/*
 * A gate while it is judged. Private to this room.
 */
#ifndef BU_POLICY_GATING_H
#define BU_POLICY_GATING_H

#include "policy/judging.h"

/** Somebody who vouched for this thing, in whatever role. */
typedef struct bu_gate_actor {
    const bulla_voucher *vouchers[BU_LIMIT_GATE_PEOPLE]; /* the word that counts for each need */
    const char
        *barred[BU_LIMIT_GATE_PEOPLE]; /* role in which they acted that excludes the need's */
} bu_gate_actor;

typedef struct bu_gating {
    bu_judging *j;
    const bu_gate *gate;
    bu_gate_person *people; /* in order of their ids */
    bu_gate_actor *actors;  /* of the same */
    size_t count;
    const char *stranger; /* an author whom the trust store does not know; NULL */
    bulla_finding missed[BU_LIMIT_GATE_PEOPLE]; /* why what there is for a need does not count */
    uint32_t counted[BU_LIMIT_GATE_PEOPLE];
} bu_gating;

/** What is decided about a release is decided for an environment: such a statement names one. */
bool bu_gate_names_environment(const char *type);

/** Find people and who is counted: fills all that follows `gate`. Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_gating_count(bu_gating *g);

#endif
