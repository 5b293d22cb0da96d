/* SPDX-License-Identifier: MIT */
/*
 * What a policy is once it was read. One shape for both ways of asking: each
 * entry of `require` is a demand with one alternative, each `any` is one
 * demand with several. Private to this room.
 */
#ifndef BU_POLICY_RULE_H
#define BU_POLICY_RULE_H

#include "attest/waiver.h"
#include "evidence/vsa.h"
#include "policy/gate.h"

#define BU_SCOPE_COUNT  (BULLA_SCOPE_DEV + 1)
#define BU_ORIGIN_COUNT (BULLA_ORIGIN_ARTIFACT + 1)

/** Which pairs of adjacent bytes a text has, hashed: a set of BU_PAIR_WORDS x 64 bits. */
#define BU_PAIR_WORDS 4
typedef struct bu_pairs {
    uint64_t words[BU_PAIR_WORDS];
} bu_pairs;

/** The pairs of a text, or of a pattern between its wildcards. */
bu_pairs bu_pairs_of(bulla_bytes text, bool is_pattern);

/** A glob over purls. Most names are sorted out by the pairs that they lack. */
typedef struct bu_pattern {
    bulla_bytes text;
    size_t literal;  /* bytes before the first wildcard */
    bool is_subtree; /* nothing but `**` follows them */
    bu_pairs pairs;  /* every name that matches has them */
} bu_pattern;

typedef struct bu_patterns {
    bu_pattern *items;
    size_t count;
} bu_patterns;

/** One proof that is asked for: "digest", "signature:release", "review:reviewer", "age:7d". */
typedef struct bu_want {
    bulla_proof proof;
    const char *role;   /* NULL: any */
    const char *type;   /* predicate type, or its short name; NULL: any */
    const char *source; /* of provenance: glob over the repository; NULL: any */
    int64_t age;        /* of an age: at least so many seconds */
    const char *text;   /* as written */
} bu_want;

/** Proofs that must hold together. */
typedef struct bu_alternative {
    bu_want *wants;
    size_t count;
} bu_alternative;

/** Holds when one of its alternatives holds in full. */
typedef struct bu_demand {
    bu_alternative *alternatives;
    size_t count;
    const char *text; /* for people: "signature:release, or digest and archive-chain" */
} bu_demand;

typedef struct bu_rule {
    const char *name;
    bulla_digest digest; /* SHA-256 of its text: what a waiver for it names */
    bu_patterns match, except;
    bool scopes[BU_SCOPE_COUNT], origins[BU_ORIGIN_COUNT]; /* which it is for */
    const char *const *environments;                       /* NULL-terminated; empty: all */
    bu_demand *demands;
    size_t count;  /* at least one */
    bool warns;    /* action = "warn" */
    uint32_t line; /* where it stands in the policy */
} bu_rule;

typedef struct bu_rules {
    bu_rule *items;
    size_t count;
} bu_rules;

typedef struct bu_gates {
    bu_gate *items;
    size_t count;
} bu_gates;

/** What stands in one text. */
typedef struct bu_policy_parts {
    bu_rules rules;
    bu_gates gates;
    bu_verifiers verifiers;
    bu_waiver_terms waivers;
} bu_policy_parts;

struct bu_policy {
    bu_arena *arena;
    const char *name;
    bulla_bytes text;
    bu_rules own; /* empty in the built-in policy */
    bu_gates gates;
    bu_waiver_terms waivers;
    bu_verifiers verifiers;
    bu_rules demanded; /* by bu_policy_demand(), for all that they select */
    bu_rules built_in; /* for components that none of `own` with action "fail" selects */
};

/** The proof's row of proofs.def. */
typedef struct bu_proof_row {
    const char *name, *title;
} bu_proof_row;
extern const bu_proof_row bu_proof_rows[BULLA_PROOF_COUNT];

/** Proofs that no rule can ask for: where one is held, nothing else has to be proved. */
static inline bool bu_proof_exempts(bulla_proof proof)
{
    return proof == BULLA_PROOF_LOCAL || proof == BULLA_PROOF_NOT_INSTALLED;
}

/** Read rules into `arena`. Fails as bu_policy_parse(), exit classes not yet set. */
BULLA_MUST_USE bulla_status bu_rules_parse(bulla_bytes toml, const char *name, bu_arena *arena,
                                           bu_policy_parts *out, bulla_error *err);

#endif
