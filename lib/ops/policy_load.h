/* SPDX-License-Identifier: MIT */
/*
 * Which policy holds: the one that the trust store pins, else a file, else
 * the built-in one.
 */
#ifndef BU_OPS_POLICY_LOAD_H
#define BU_OPS_POLICY_LOAD_H

#include "policy/gate.h"
#include "trust/change.h"

/**
 * Load the policy. Where the store pins one, `path` may only name the same bytes.
 * @param path       file, or NULL.
 * @param trust      or NULL.
 * @param is_signed  the store pins it; may be NULL.
 * Fails with hash-mismatch (exit class TRUST: another policy than the store's), and with exit class
 * CONFIG as files and policies are refused.
 */
BULLA_MUST_USE bulla_status bu_policy_load(const char *path, const bulla_trust *trust,
                                           bu_policy **out, bool *is_signed, bulla_error *err);

/**
 * Load a policy to look at it, not to judge by it: a draft, if there is a `path`, may differ from
 * what the store pins. Else as bu_policy_load().
 */
BULLA_MUST_USE bulla_status bu_policy_look(const char *path, bool is_draft,
                                           const bulla_trust *trust, bu_policy **out,
                                           bulla_error *err);

/** What is judged by. */
typedef struct bu_basis_options {
    int64_t now;
    const char *gate, *environment; /* NULL: not named */
    const bulla_trust *trust;       /* or NULL */
} bu_basis_options;

/**
 * The basis to judge by: the gate of that name, and its environment. Fails with usage (no such
 * gate; its environment is another one; neither the store nor the policy knows the environment).
 */
BULLA_MUST_USE bulla_status bu_basis_of(const bu_policy *policy, const bu_basis_options *options,
                                        bu_basis *out, bulla_error *err);

#endif
