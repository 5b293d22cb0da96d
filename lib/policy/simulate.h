/* SPDX-License-Identifier: MIT */
/*
 * What would fall to somebody who holds keys of others: gates, alternatives of
 * rules, and the store itself. Pure: a store and a policy go in. Where scopes
 * are hard to compare, the answer is that it falls.
 */
#ifndef BU_POLICY_SIMULATE_H
#define BU_POLICY_SIMULATE_H

#include "policy/rule.h"
#include "trust/store.h"

/** What is being attacked. */
typedef struct bu_scene {
    const bulla_trust *trust;
    const bu_policy *policy;
    int64_t now; /* keys and grants that are not in force then are no use */
} bu_scene;

/** What somebody got hold of. */
typedef enum bu_loot_kind {
    BU_LOOT_KEY,    /* one key of trust.toml */
    BU_LOOT_PERSON, /* all that counts as one person: every key, every service */
    BU_LOOT_OWNER,  /* one key of the root */
} bu_loot_kind;

typedef struct bu_loot {
    bu_loot_kind kind;
    size_t index;       /* of the key; of the person that is counted; of the root's key */
    const char *name;   /* keyid, or id of the person */
    const char *person; /* whose key it is; else NULL */
} bu_loot;

/** "key", "person", "owner". Never NULL. */
const char *bu_loot_name(bu_loot_kind kind);

typedef enum bu_fall_kind {
    BU_FALL_STORE, /* a role of the root: who signs it writes who may vouch, so that all else falls */
    BU_FALL_FRESHNESS, /* snapshot or timestamp: withholds news, no more */
    BU_FALL_GATE,
    BU_FALL_RULE,
} bu_fall_kind;

/** "store", "freshness", "gate", "rule". Never NULL. */
const char *bu_fall_name(bu_fall_kind kind);

typedef struct bu_fall {
    bu_fall_kind kind;
    const char *name; /* "root", "targets"; of the gate; of the rule */
    const char
        *detail;   /* the gate's environment, or NULL; of the rule, the proofs that are forged */
    bool is_fatal; /* the store, or a gate of production */
} bu_fall;

/** One attempt, and what it brings down. */
typedef struct bu_attempt {
    const bu_loot *loot;
    size_t loot_count;
    bu_fall *falls;
    size_t count;
    bool is_fatal;
} bu_attempt;

typedef struct bu_simulation {
    bu_attempt *attempts;
    size_t count;
    size_t gates, rules; /* that were attacked: rules that ask for a signature of somebody */
    bool is_named;       /* what was taken was named; else each key and each person was tried */
} bu_simulation;

/**
 * Attack with everything that is named at once, or, when nothing is, with each single key and each
 * single person in turn.
 * @param names  ids of people and services, keyids or at least 8 first digits of one;
 *               NULL-terminated, or NULL.
 * @param arena  owns what comes out.
 * Fails with bad-reference (no such person or key, or more than one key), no-memory.
 */
BULLA_MUST_USE bulla_status bu_simulate(const bu_scene *scene, const char *const *names,
                                        bu_arena *arena, bu_simulation *out, bulla_error *err);

/** True when somebody of the store has to sign for the proof; else it is of bytes alone. */
bool bu_want_is_signed(const bu_want *want);

/** The policy's own rules, or the built-in ones where it has none. */
const bu_rules *bu_rules_to_attack(const bu_policy *policy);

/** DENIED when an attempt is fatal, NOTHING when neither gate nor rule was there, else ALLOWED. */
bulla_exit bu_simulation_exit(const bu_simulation *simulation);

#endif
