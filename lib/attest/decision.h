/* SPDX-License-Identifier: MIT */
/*
 * Statements for people: an in-toto statement whose predicate says what a person decided about its
 * subjects, in which role and environment. Closed schema (doc/schema/decision.json): no free text,
 * so that no personal data can get in; who decided is in the signature, never in the text.
 */
#ifndef BU_ATTEST_DECISION_H
#define BU_ATTEST_DECISION_H

#include "attest/statement.h"
#include "bulla/fact.h"

/** Which of the two words of "decision" or "result" is stated. */
typedef enum bu_choice { BU_CHOICE_NONE, BU_CHOICE_YES, BU_CHOICE_NO } bu_choice;

/**
 * What was decided; decisions.def says which type has what. Texts live in the arena of who reads.
 * What is not stated is empty, of times INT64_MAX: begin with BU_DECISION_NONE.
 */
typedef struct bu_decision {
    bulla_bytes role;        /* it counts in this role only */
    bulla_bytes environment; /* "prod"; empty: it is about none */
    bu_choice choice;        /* NO: "decision" is "reject", or "result" is "fail" */
    int64_t issued;          /* as the signer says */
    int64_t until;           /* inclusive; INT64_MAX: without an end, where the type allows that.
                                As read: no later than baa_until and next_review */
    bulla_bytes package;     /* purl that the subjects are, exactly; empty */
    /* Of a review: what was looked at is the difference from a version that was reviewed before. */
    bulla_digest_set from; /* its digests; empty: the whole was looked at */
    /* Of a review: whoever publishes packages that match, instead of one package. */
    bulla_bytes publisher, issuer; /* identity; both or none */
    const char *const *scope;      /* globs over purls; NULL-terminated */
    bulla_bytes reason;            /* code of the type's list; empty */
    /* Of a vendor-review: who, what of patients they see, the contract about it, what was checked. */
    bulla_bytes vendor, phi_access;
    bulla_digest_set baa;
    int64_t baa_until, verified_on, next_review;
    const char *const *clauses;
    bulla_bytes method; /* of deid */
    /* Of what a tool found: about which control, the tool itself, when it looked. */
    bulla_bytes control;
    bulla_digest_set tool;
    int64_t observed_at;
    const char *const *rules; /* of break-glass: what is set aside */
    bulla_bytes course;       /* of training */
    /* Of authorship: ids of the principals who wrote the subjects. */
    const char *const *authors;
} bu_decision;

#define BU_DECISION_NONE                                                                           \
    {                                                                                              \
        .issued = INT64_MAX, .until = INT64_MAX, .baa_until = INT64_MAX, .verified_on = INT64_MAX, \
        .next_review = INT64_MAX, .observed_at = INT64_MAX                                         \
    }

/** True when it speaks against what it is about. */
static inline bool bu_decision_rejects(const bu_decision *decision)
{
    return decision->choice == BU_CHOICE_NO;
}

/** True when statements of this predicate type are decisions. */
bool bu_is_decision(bulla_bytes predicate_type);

/**
 * The predicate type of that short name ("approval") or URI, when it is one of decisions; else
 * empty. Static.
 */
bulla_bytes bu_decision_type(bulla_bytes name);

/**
 * Read what a statement decides. Fails with bad-type (no decision), missing-field, type-mismatch,
 * bad-syntax (unknown field, or fields that exclude each other), bad-name (not a word or identity,
 * or none of those that may stand there), bad-time (not as bulla writes it, ends before it is issued
 * or holds for too long), bad-purl, bad-encoding, weak-hash, unsupported-hash, empty,
 * subject-mismatch (a review of a publisher whose subject is none), resource-limit.
 * @param name  of the file, for errors.
 */
BULLA_MUST_USE bulla_status bu_decision_read(const bu_statement *statement, const char *name,
                                             bu_arena *arena, bu_decision *out, bulla_error *err);

/** A predicate by itself, without its subjects: it is of the type. Fails as bu_decision_read(). */
BULLA_MUST_USE bulla_status bu_decision_judge(bulla_bytes predicate_type, const bu_json *predicate,
                                              bulla_error *err);

/** The same as a fact shows it, but for its authors; in `arena`. Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_decision_describe(const bu_decision *decision, bu_arena *arena,
                                                 bulla_said **out, bulla_error *err);

/**
 * What it is about besides its subjects: SHA-256 over control, vendor, course, rules and authors. A
 * decision on one is none on another. Fails with no-memory.
 */
BULLA_MUST_USE bulla_status bu_decision_topic(const bu_decision *decision, bulla_digest *out,
                                              bulla_error *err);

/**
 * The predicate as JSON, appended: what bu_decision_read() reads back as the same.
 * Fails as reading it would.
 */
BULLA_MUST_USE bulla_status bu_decision_write(bulla_bytes predicate_type,
                                              const bu_decision *decision, bu_buf *out,
                                              bulla_error *err);

/**
 * State a field of a type by its text: a word, a time, a purl, a digest ("sha256:HEX"); a list or
 * digest set grows by each. Fails with bad-syntax (the type has no such field), duplicate-entry (it
 * is stated) and as reading refuses the value.
 */
BULLA_MUST_USE bulla_status bu_decision_set(bulla_bytes predicate_type, bulla_bytes field,
                                            bulla_bytes text, bu_arena *arena, bu_decision *out,
                                            bulla_error *err);

/**
 * What a review of a publisher has as its subject: SHA-256 over "ISSUER\nPUBLISHER\n". Fails with
 * no-memory.
 */
BULLA_MUST_USE bulla_status bu_publisher_digest(bulla_bytes issuer, bulla_bytes publisher,
                                                bulla_digest *out, bulla_error *err);

#endif
