/* SPDX-License-Identifier: MIT */
/*
 * Policies: what is odd in one, what it says in plain English, and whether it
 * judges as it is meant to.
 */
#ifndef BULLA_POLICY_H
#define BULLA_POLICY_H

#include "trust.h"

BULLA_BEGIN

/** Which policy. All may be zero. */
typedef struct bulla_policy_options {
    const char *policy;       /**< file; NULL: the store's, else the built-in one */
    const bulla_trust *trust; /**< or NULL; what it pins as the policy is the policy … */
    bool is_draft;            /**< … unless `policy` is one that its owners have not signed yet */
    const char *gate;         /**< of the cases that name none; NULL: no gate */
    int64_t now;              /**< the time to judge by, where the cases say none */
} bulla_policy_options;

/**
 * What is odd in the policy: a line each, and a sum. `*exit` is BULLA_EXIT_DENIED when something in
 * it can never be as it is meant, also with the people and roles of the store.
 * Fails as policies are refused (exit class CONFIG), hash-mismatch (not the store's), no-memory.
 */
BULLA_API BULLA_MUST_USE bulla_status bulla_policy_lint(const bulla_policy_options *options,
                                                        bulla_buffer *out, bulla_exit *exit,
                                                        bulla_error *err);

/** The policy in plain English. Fails as bulla_policy_lint(). */
BULLA_API BULLA_MUST_USE bulla_status bulla_policy_explain(const bulla_policy_options *options,
                                                           bulla_buffer *out, bulla_error *err);

/**
 * Try the policy: judge the components of the cases (`bulla.input/1`, doc/schema/input.json) and
 * hold verdict, rule and reasons against those that stand there. A line for each that differs, and
 * a sum. `*exit` is BULLA_EXIT_DENIED when one does.
 * @param cases  files, NULL-terminated; at least one.
 * Fails as bulla_policy_lint(), as cases are refused, usage (a gate that the policy has not).
 */
BULLA_API BULLA_MUST_USE bulla_status bulla_policy_test(const bulla_policy_options *options,
                                                        const char *const *cases, bulla_buffer *out,
                                                        bulla_exit *exit, bulla_error *err);

BULLA_END

#endif
