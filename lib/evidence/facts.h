/* SPDX-License-Identifier: MIT */
/*
 * Making facts and findings, in an arena. A list of findings is also how a
 * run keeps trouble that is about no component.
 */
#ifndef BU_EVIDENCE_FACTS_H
#define BU_EVIDENCE_FACTS_H

#include "base/arena.h"
#include "base/error.h"
#include "bulla/fact.h"

/** What was found out about one component; strings live in the arena of who gathered it. */
typedef struct bu_evidence {
    bulla_fact *facts;
    size_t count, cap;
    bulla_digest_set measured; /* of the bytes that were found */
} bu_evidence;

/** Findings about no component, in the order found. */
typedef struct bu_findings {
    bulla_finding *items;
    size_t count, cap;
} bu_findings;

/** An error as it is kept: the same, with its strings in `arena`. Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_finding_of(const bulla_error *error, bu_arena *arena,
                                          bulla_finding *out, bulla_error *err);

/** The other way: a finding as an error that is passed on. Returns its status. */
bulla_status bu_finding_raise(const bulla_finding *finding, bulla_error *err);

/** Keep `error` as trouble of the run. Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_findings_add(bu_findings *findings, const bulla_error *error,
                                            bu_arena *arena, bulla_error *err);

/** Add a fact (copied). Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_evidence_add(bu_evidence *evidence, const bulla_fact *fact,
                                            bu_arena *arena, bulla_error *err);

/** Add a fact that is not held, with `why`. Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_evidence_add_why(bu_evidence *evidence, bulla_proof proof,
                                                bulla_outcome outcome, const bulla_error *why,
                                                bu_arena *arena, bulla_error *err);

/** The last part of a path, escaped, as a result shows it; or NULL. */
const char *bu_shown_name(bu_arena *arena, const char *path);

/**
 * Which outcome a failed check stands for, by its exit class: reading trouble says nothing about the thing itself
 * (undecided), what is unproven is absent, everything else is broken.
 */
bulla_outcome bu_outcome_of(const bulla_error *why);

#endif
