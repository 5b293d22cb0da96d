/* SPDX-License-Identifier: MIT */
/*
 * What is said about one thing in the roles of the trust store, added up: it does not matter
 * whether two people signed one document or each a document of their own.
 */
#ifndef BU_EVIDENCE_SAYINGS_H
#define BU_EVIDENCE_SAYINGS_H

#include "attest/decision.h"
#include "evidence/facts.h"
#include "trust/open.h"

/** One document, in one role in which somebody who signed it counts. */
typedef struct bu_saying {
    const bu_role *role;
    bu_voices voices;
    bulla_fact fact; /* predicate, evidence, source, time, caveat, said: of this document */
    const bu_statement *statement;  /* NULL: a signature over the bytes themselves */
    const bu_decision *decision;    /* NULL: it is no statement for people */
    const struct bu_claims *claims; /* of the signer's certificate; NULL */
    bulla_digest content; /* who says the same says this; none: whatever else is the same */
    bool is_registry, names_package;
    size_t order; /* in which it was found */
} bu_saying;

/** All of one thing, and why others do not count. */
typedef struct bu_sayings {
    bu_saying *items;
    size_t count, cap;
    bulla_fact *refused; /* documents by those who do not count, each with its finding */
    size_t refused_count, refused_cap;
} bu_sayings;

void bu_sayings_clear(bu_sayings *sayings);
BU_DEFINE_CLEAR(bu_sayings)

/** Add one (copied). Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_sayings_add(bu_sayings *sayings, const bu_saying *saying,
                                           bulla_error *err);

/** Add a document that does not count, and why. Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_sayings_refuse(bu_sayings *sayings, const bulla_fact *fact,
                                              bulla_error *err);

/** Those who say the same in one role. */
typedef struct bu_chorus {
    const bu_saying *sayings; /* in the order found */
    size_t count;
    bulla_fact fact; /* with all who say it; held when they are enough for the role */
} bu_chorus;

/**
 * Bring together what is the same: role, predicate type, environment, approval or rejection, and,
 * unless it is a decision, the very predicate. Sorts `sayings`; the outcome borrows from it, lives
 * in `arena` and is in the order of its first documents. A rejection is broken (bad-status) unless
 * whoever rejects approves later.
 * Fails with no-memory.
 */
BULLA_MUST_USE bulla_status bu_sayings_unite(bu_sayings *sayings, bu_arena *arena, bu_chorus **out,
                                             size_t *count, bulla_error *err);

#endif
