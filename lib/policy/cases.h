/* SPDX-License-Identifier: MIT */
/*
 * Cases to try a policy with: `bulla.input/1` (doc/schema/input.json), which
 * `bulla verify --emit-input` writes and people may write by hand. What stands
 * in a component as its verdict, rule and reasons is what is expected.
 */
#ifndef BU_POLICY_CASES_H
#define BU_POLICY_CASES_H

#include "policy/gate.h"

/** One component with its facts, and what is to come of it. */
typedef struct bu_policy_case {
    bulla_component component;
    bulla_fact *facts;
    size_t fact_count;
    uint32_t line;         /* where it stands */
    bulla_verdict verdict; /* expected */
    const char *rule;      /* expected; NULL: any */
    const char **reasons;  /* expected codes, in any order */
    size_t reason_count;
    bool has_reasons; /* else any are fine */
} bu_policy_case;

typedef struct bu_policy_cases {
    int64_t now;
    bool has_now;
    const char *gate, *environment; /* NULL: none */
    bu_policy_case *items;
    size_t count;
} bu_policy_cases;

/**
 * Read cases. All texts live in `arena`.
 * Fails as bu_json_load() and with unsupported-version, missing-field (no verdict is expected, no
 * facts), type-mismatch, bad-name (verdict, scope, origin, proof, outcome, reason code), bad-time,
 * bad-syntax (unknown field), empty.
 */
BULLA_MUST_USE bulla_status bu_policy_cases_read(bulla_bytes json, const char *name,
                                                 bu_arena *arena, bu_policy_cases *out,
                                                 bulla_error *err);

#endif
