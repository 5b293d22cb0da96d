/* SPDX-License-Identifier: MIT */
/*
 * Release gates (`[[gate]]` of a policy): which statements, by how many
 * people of which roles, a release artifact needs. People are counted, not
 * signatures: each for one need, unless the gate says otherwise, and never in
 * two roles that exclude each other. Pure functions of plain data.
 */
#ifndef BU_POLICY_GATE_H
#define BU_POLICY_GATE_H

#include "base/limits.h"
#include "bulla/gate.h"
#include "policy/policy.h"
#include "trust/store.h"

/** Statements of a type by `count` people of a role. */
typedef struct bu_gate_need {
    const char *type; /* of the predicate: a short name or a URI */
    const char *role;
    uint32_t count;              /* distinct people, at least 1 */
    int64_t max_age;             /* seconds since it was signed; INT64_MAX: any */
    const char *const *builders; /* of provenance: globs; NULL-terminated; empty: any */
    const char *const *sources;  /* likewise */
} bu_gate_need;

/** Who may be counted for more than one need. The store's exclusions hold in any case. */
typedef enum bu_distinct {
    BU_DISTINCT_ALL,   /* nobody */
    BU_DISTINCT_PAIRS, /* whoever is not in a pair of roles that the gate names */
    BU_DISTINCT_NONE,  /* anybody */
} bu_distinct;

typedef struct bu_role_pair {
    const char *a, *b;
} bu_role_pair;

typedef struct bu_gate {
    const char *name;         /* as a role is named */
    const char *environment;  /* NULL: it is about none */
    const char *const *match; /* globs over package URL or file name; NULL-terminated, not empty */
    bu_gate_need *needs;
    size_t need_count; /* at least 1; people of all needs: at most BU_LIMIT_GATE_PEOPLE */
    bu_distinct distinct;
    const bu_role_pair *pairs; /* when distinct is PAIRS */
    size_t pair_count;
    uint32_t line; /* where it stands in the policy */
} bu_gate;

/** The gates of a policy, in the order of its text; borrowed. */
const bu_gate *bu_policy_gates(const bu_policy *policy, size_t *count);

/** The gate of that name, or NULL. */
const bu_gate *bu_policy_gate(const bu_policy *policy, const char *name);

/** True when a rule or a gate of the policy is of that environment. */
bool bu_policy_names_environment(const bu_policy *policy, const char *name);

/** True when the gate is about this component: an artifact whose purl or file name matches. */
bool bu_gate_is_about(const bu_gate *gate, const bulla_component *component);

/** Somebody who is counted, and for what. */
typedef struct bu_gate_person {
    const char *id;
    bool may[BU_LIMIT_GATE_PEOPLE];    /* what this one could be counted for */
    bool counts[BU_LIMIT_GATE_PEOPLE]; /* what this one is counted for: set by bu_gate_fill() */
} bu_gate_person;

/** Roles that exclude each other: trust->exclusions, both the static and those per subject. */
typedef struct bu_exclusions {
    const bu_exclusion *items;
    size_t count;
} bu_exclusions;

/** Nobody may be counted both for needs of role `a` and of role `b`. */
bool bu_gate_excludes(const bu_gate *gate, const bu_exclusions *exclusions, const char *a,
                      const char *b);

/** In which role those act for a thing who are named as its authors. */
#define BU_ROLE_AUTHOR "author"

/** What to do about an author whom the store does not know. */
#define BU_NEXT_AUTHOR                                                                             \
    "add who it is to the trust store again, a key is not needed; or, where the statement is "     \
    "wrong, take it away and state the authors anew"

/** It counts people whom the thing's authors are kept apart from. */
bool bu_gate_bars_authors(const bu_gate *gate, const bu_exclusions *exclusions);

/**
 * Count people for the needs so that as many as possible are met: exactly, not greedily. Sets
 * `counts` of each of them, and how many are counted for each need, which is at most its count.
 * @param people  each id once; the same order gives the same answer.
 * Fails with no-memory.
 */
BULLA_MUST_USE bulla_status bu_gate_fill(const bu_gate *gate, const bu_exclusions *exclusions,
                                         bu_gate_person *people, size_t count,
                                         uint32_t counted[BU_LIMIT_GATE_PEOPLE], bulla_error *err);

/** What facts are judged by, beside the text of the policy. */
struct bu_basis {
    int64_t now;
    const char *environment; /* that is asked about: the gate's, if there is one; NULL: none */
    const bu_gate *gate;     /* of the same policy; NULL: none was asked for */
    bu_exclusions exclusions;
};

#endif
