/* SPDX-License-Identifier: MIT */
/*
 * What is unwise in a trust store and the policy that uses it, though both can
 * be read: rights that are too wide, too old, too few, or of no use. Pure; one
 * row of trust_lints.def a rule.
 */
#ifndef BU_POLICY_TRUST_LINT_H
#define BU_POLICY_TRUST_LINT_H

#include "policy/simulate.h"

typedef enum bu_lint {
#define BU_LINT(id, name, is_error, what, next) BU_LINT_##id,
#include "policy/trust_lints.def"
#undef BU_LINT
    BU_LINT_COUNT
} bu_lint;

typedef struct bu_lint_row {
    const char *name;
    bool is_error; /* else a warning */
    const char *what, *next;
} bu_lint_row;
extern const bu_lint_row bu_lint_rows[BU_LINT_COUNT];

/** One finding: what it is about; NULL: not about such a thing. */
typedef struct bu_lint_finding {
    bu_lint rule;
    const char *person, *role, *keyid, *gate;
    const char *detail; /* a pattern, a time, the other one of two: foreign text; NULL */
} bu_lint_finding;

typedef struct bu_lint_report {
    bu_lint_finding *items; /* in the order of trust_lints.def, then of the store */
    size_t count;
    size_t errors;
} bu_lint_report;

/**
 * Look for all of them.
 * @param arena  owns what comes out; texts of the store are borrowed.
 * Fails with no-memory.
 */
BULLA_MUST_USE bulla_status bu_lint_trust(const bu_scene *scene, bu_arena *arena,
                                          bu_lint_report *out, bulla_error *err);

#endif
