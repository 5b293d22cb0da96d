/* SPDX-License-Identifier: MIT */
/*
 * A policy for people: in plain English, and what is odd in it.
 */
#ifndef BU_POLICY_EXPLAIN_H
#define BU_POLICY_EXPLAIN_H

#include "base/buf.h"
#include "policy/gate.h"

/** The policy in plain English, appended. Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_policy_explain(const bu_policy *policy, bu_buf *out,
                                              bulla_error *err);

/** What bu_policy_lint() found. */
typedef struct bu_lint_counts {
    size_t errors;   /* what can never be as it is meant */
    size_t warnings; /* what is weaker than it may look */
} bu_lint_counts;

/**
 * What is odd in a policy, appended: a line each, "FILE:LINE: error: …". Rules that can never
 * match, exceptions that except nothing, types of packages that are not known; with a store also
 * roles, environments and people that it does not have, and, as a note that is not counted, gates
 * of production that do not ask for authors.
 * @param trust  or NULL: only the policy itself is looked at.
 * Fails with no-memory.
 */
BULLA_MUST_USE bulla_status bu_policy_lint(const bu_policy *policy, const bulla_trust *trust,
                                           bu_buf *out, bu_lint_counts *counts, bulla_error *err);

#endif
