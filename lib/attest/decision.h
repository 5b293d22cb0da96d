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

/** What was decided. Texts live in the arena of who reads; what is not stated is empty. */
typedef struct bu_decision {
    bulla_bytes role;        /* it counts in this role only */
    bulla_bytes environment; /* "prod"; empty: it is about none */
    bool rejects;            /* "decision" is "reject", not "approve" */
    int64_t issued;          /* as the signer says */
    int64_t until;           /* inclusive; INT64_MAX: without an end, where the type allows that */
    bulla_bytes package;     /* purl that the subjects are, exactly; empty */
    /* Of a review: what was looked at is the difference from a version that was reviewed before. */
    bulla_digest_set from; /* its digests; empty: the whole was looked at */
    /* Of a review: whoever publishes packages that match, instead of one package. */
    bulla_bytes publisher, issuer; /* identity; both or none */
    const char *const *scope;      /* globs over purls; NULL-terminated */
    bulla_bytes reason;            /* code of the type's list; empty */
} bu_decision;

/** True when statements of this predicate type are decisions. */
bool bu_is_decision(bulla_bytes predicate_type);

/**
 * Read what a statement decides. Fails with bad-type (no decision), missing-field, type-mismatch,
 * bad-syntax (unknown field), bad-name (role, environment, decision, reason), bad-time (ends before
 * it is issued), bad-purl, bad-encoding.
 * @param name  of the file, for errors.
 */
BULLA_MUST_USE bulla_status bu_decision_read(const bu_statement *statement, const char *name,
                                             bu_arena *arena, bu_decision *out, bulla_error *err);

/** The same as a fact shows it, in `arena`. Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_decision_describe(const bu_decision *decision, bu_arena *arena,
                                                 const bulla_said **out, bulla_error *err);

/**
 * The predicate as JSON, appended: what bu_decision_read() reads back as the same.
 * Fails as reading it would.
 */
BULLA_MUST_USE bulla_status bu_decision_write(bulla_bytes predicate_type,
                                              const bu_decision *decision, bu_buf *out,
                                              bulla_error *err);

#endif
