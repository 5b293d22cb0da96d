/* SPDX-License-Identifier: MIT */
/*
 * What is weak in a trust store and the policy that uses it: rights that are
 * too wide or too old, and what would fall to somebody who holds the keys of
 * others. Nothing is verified here and nothing changed.
 */
#ifndef BULLA_WEAKNESS_H
#define BULLA_WEAKNESS_H

#include "error.h"
#include "trust.h"

BULLA_BEGIN

/** What is looked at. */
typedef struct bulla_weighing {
    const bulla_trust *trust; /**< borrowed */
    const char *policy;       /**< file; NULL: the one that the store pins, else the built-in one */
    bool is_draft;            /**< `policy` is one that the owners have not signed yet */
    int64_t now;              /**< Unix seconds UTC: keys and grants are in force by it */
} bulla_weighing;

/**
 * Look for grants that are too wide, keys that are shared or too old, roles that nobody needs or
 * nobody can fill, gates that one person completes. "text", or "json" (`bulla.trust-lint/1`).
 * @param verdict  DENIED when there is an error, else ALLOWED: warnings do not change it.
 * Fails with usage (no such format), no-memory, and as policies are refused.
 */
BULLA_API BULLA_MUST_USE bulla_status bulla_trust_lint(const bulla_weighing *weighing,
                                                       const char *format, bulla_buffer *out,
                                                       bulla_exit *verdict, bulla_error *err);

/**
 * Try what somebody could do who holds keys of others. "text", or "json"
 * (`bulla.trust-simulate/1`).
 * @param taken    NULL-terminated: people and services (all keys of each) and keyids, or at least
 *                 8 first digits of one, taken together. NULL or empty: each single key and each
 *                 single person in turn.
 * @param verdict  DENIED when the store or a gate of production falls, NOTHING when the policy has
 *                 neither a gate nor a rule that asks for a signature, else ALLOWED.
 * Fails with usage (no such format), bad-reference (no such person or key), no-memory, and as
 * policies are refused.
 */
BULLA_API BULLA_MUST_USE bulla_status bulla_trust_simulate(const bulla_weighing *weighing,
                                                           const char *const *taken,
                                                           const char *format, bulla_buffer *out,
                                                           bulla_exit *verdict, bulla_error *err);

BULLA_END

#endif
