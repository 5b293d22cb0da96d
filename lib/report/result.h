/* SPDX-License-Identifier: MIT */
/*
 * The result of a run, as ops/ fills it: judgements, troubles, and by what
 * policy, trust and time they came about. Totals and exit status are counted
 * here, once, at the end. Texts are kept as given and escaped by the renderers.
 */
#ifndef BU_REPORT_RESULT_H
#define BU_REPORT_RESULT_H

#include "base/arena.h"
#include "base/error.h"
#include "evidence/gather.h"
#include "evidence/waivers.h"

/** A growing list of texts; the texts live in the result's arena. */
typedef struct bu_texts {
    const char **items;
    size_t count, cap;
} bu_texts;

/** What another policy engine was asked, and how it answered. */
typedef struct bu_asked {
    bu_buf input;            /* what it was asked with: bulla.input/1 */
    const char *url;         /* of its decision */
    bulla_digest answer;     /* SHA-256 of what came; alg NONE: nothing did */
    const char *decision_id; /* that it gave; NULL */
    bu_texts revisions;      /* of its policy, as it says: "bundle revision" */
    size_t denials;
} bu_asked;

struct bulla_result {
    bu_arena *arena;      /* owned: what is in none of the next */
    bu_graph *graph;      /* owned: the components; may be NULL */
    bu_gathered gathered; /* owned: the facts */
    bu_chain chain;       /* owned: texts of facts about Debian packages */

    bulla_judgement *judgements; /* in the arena */
    size_t count;
    bu_waivers waivers;   /* owned */
    bu_findings troubles; /* in one of the arenas above */
    bu_texts warnings;    /* about the run: a one-time root, an option that allows */

    bu_texts inputs;            /* documents and artifacts that were verified */
    bu_texts passed_over;       /* folders of a tool, which were not looked into */
    bu_texts sboms;             /* SBOM files that attestations were held against */
    const char *policy;         /* its name; NULL: none was read */
    bulla_digest policy_digest; /* of its text */
    bool policy_is_signed;      /* the trust store pins it */
    const char *lock;           /* record of who vouched before; NULL: none */
    bulla_digest lock_digest;
    const char *trust;         /* folder of the store, or the key given by hand; NULL: none */
    int64_t trust_version;     /* of targets.json; 0: no store */
    bulla_digest trust_digest; /* of targets.json; alg NONE: no store */
    int64_t now;               /* the time that was judged by */
    const char *gate;          /* that was asked for; NULL */
    const char *environment;   /* that was asked about; NULL */
    bool allow_empty;          /* nothing to verify is fine */
    bu_asked *opa;             /* in the arena; NULL: no other engine was asked */

    bulla_totals totals; /* these two by bu_result_total() */
    bulla_exit exit;
};

/** An empty result, or NULL. Its exit class is INTERNAL until bu_result_total(). */
bulla_result *bu_result_new(void);
BU_DEFINE_AUTO(bulla_result)

/** Add a copy of a text to one of the result's lists. Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_result_add_text(bulla_result *result, bu_texts *list,
                                               const char *text, bulla_error *err);

/**
 * Once all is judged: put judgements in order of purl, count totals, find the exit class: the worst
 * of all judgements and troubles, NOTHING when there is nothing and that is not allowed, INTERNAL
 * when the totals do not add up.
 */
void bu_result_total(bulla_result *result);

/** The word for an exit class: "allowed", "nothing-to-verify". Never NULL. */
const char *bu_exit_word(bulla_exit exit);

#endif
