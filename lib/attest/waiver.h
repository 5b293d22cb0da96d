/* SPDX-License-Identifier: MIT */
/*
 * Waivers: an in-toto statement by which two people let one thing pass one rule of the policy for
 * a while, and the statement that takes it back. Closed schema (doc/schema/waiver.json): no free
 * text, so that no personal data can get in; who waives is in the signatures, never in the text.
 */
#ifndef BU_ATTEST_WAIVER_H
#define BU_ATTEST_WAIVER_H

#include "attest/statement.h"
#include "bulla/waiver.h"

#define BU_WAIVER_TYPE            "urn:bulla:waiver:v1"
#define BU_WAIVER_REVOCATION_TYPE "urn:bulla:waiver-revocation:v1"

/** Longest that a waiver may hold; a policy may ask for less. */
#define BU_WAIVER_DAYS_MAX 90u

/** What is waived. Texts live in the arena of who reads. */
typedef struct bu_waiver {
    bulla_bytes rule;         /* its name */
    bulla_digest rule_digest; /* SHA-256 of its text: a rule that changed is another one */
    bulla_bytes package;      /* canonical purl that the subjects are, exactly */
    const bulla_code *waives; /* reasons that it lets pass, of waivable.def; each once, in order */
    size_t waives_count;      /* at least one */
    bulla_bytes reason;       /* why: a word of waiver_reasons.def */
    bulla_bytes role;         /* whose people have to agree */
    int64_t issued;           /* as the signers say */
    int64_t until;            /* inclusive; after `issued` */
} bu_waiver;

/** What a policy says about waivers. */
typedef struct bu_waiver_terms {
    const char *const *roles; /* whose people may agree to one; NULL-terminated, not empty */
    int64_t days_max;         /* 0: no waiver counts */
    const bulla_code *never;  /* reasons that may not be waived here */
    size_t never_count;
} bu_waiver_terms;

/** True when findings with this code may be waived at all. */
bool bu_is_waivable(bulla_code code);

/** The waivable reason of that name, or BULLA_OK. */
bulla_code bu_waivable_of(bulla_bytes name);

/**
 * Read what a statement of BU_WAIVER_TYPE waives. Fails with missing-field, type-mismatch,
 * bad-syntax (unknown field), bad-name (rule, role, a reason that is none or may never be waived),
 * bad-purl, bad-encoding, empty, duplicate-entry, bad-time (ends before it is issued, or more than
 * BU_WAIVER_DAYS_MAX later).
 * @param name  of the file, for errors.
 */
BULLA_MUST_USE bulla_status bu_waiver_read(const bu_statement *statement, const char *name,
                                           bu_arena *arena, bu_waiver *out, bulla_error *err);

/**
 * The predicate as JSON, appended: what bu_waiver_read() reads back as the same. Fails as reading
 * it would.
 */
BULLA_MUST_USE bulla_status bu_waiver_write(const bu_waiver *waiver, bu_buf *out, bulla_error *err);

/**
 * Read a statement of BU_WAIVER_REVOCATION_TYPE: `out` gets the SHA-256 of the payload that it
 * takes back. Fails with missing-hash (no SHA-256), ambiguous-bundle (several subjects),
 * missing-field, type-mismatch, bad-syntax, bad-encoding.
 */
BULLA_MUST_USE bulla_status bu_waiver_revocation_read(const bu_statement *statement,
                                                      const char *name, bulla_digest *out,
                                                      bulla_error *err);

/** A whole statement that takes a payload back, appended. Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_waiver_revocation_write(const bulla_digest *payload, int64_t issued,
                                                       bu_buf *out, bulla_error *err);

/**
 * The subjects of a waiver for a component: its pinned digests, or those of each file published
 * for it, or, where no strong digest of bytes is pinned, those that were measured. `*count` is 0
 * when it has none: then nothing says which bytes are waived, and nothing can be.
 */
BULLA_MUST_USE bulla_status bu_waiver_subjects(const bulla_component *component,
                                               const bulla_digest_set *measured, bu_arena *arena,
                                               bu_subject **out, size_t *count, bulla_error *err);

/** The name of a rule that these subjects do not satisfy: a digest over all of it. */
BULLA_MUST_USE bulla_status bu_waiver_id(const char *rule, const bulla_digest *rule_digest,
                                         const char *purl, const bu_subject *subjects, size_t count,
                                         char out[BULLA_WAIVER_ID], bulla_error *err);

#endif
