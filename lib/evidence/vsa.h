/* SPDX-License-Identifier: MIT */
/*
 * Verification summaries → facts: which ones count is said by the policy ([[vsa]]), as who may
 * sign at all is said by the trust store. The seven steps of SLSA's specification, "How to verify".
 */
#ifndef BU_EVIDENCE_VSA_H
#define BU_EVIDENCE_VSA_H

#include "attest/vsa.h"
#include "bulla/fact.h"

/** A verifier that is believed: only with this signer, and only about this. */
typedef struct bu_verifier {
    const char *id;               /* URI: verifier.id of its summaries, exactly */
    const char *role;             /* of the trust store, whose people sign for it */
    const char *const *resources; /* globs over resourceUri; NULL-terminated, at least one */
    const char *const *levels;    /* all of them must be reached; NULL-terminated; may be empty */
    int64_t max_age;              /* seconds since timeVerified; INT64_MAX: any */
} bu_verifier;

/** All of a policy; none: nobody's summaries count. */
typedef struct bu_verifiers {
    const bu_verifier *items;
    size_t count;
} bu_verifiers;

/** What a summary is judged by. */
typedef struct bu_summary_use {
    const bu_verifiers *verifiers;
    const char *role;                 /* in which it is signed; NULL: by a key given by hand */
    const bulla_component *component; /* that it is about, by digest */
    const char *file;                 /* its name in errors */
    int64_t now;
} bu_summary_use;

/**
 * Read and judge the summary in a verified statement about the component.
 * @param failed  set when it says that verification failed, whether or not it counts.
 * @param out     in `arena`; set when it could be read.
 * Fails with bad-status when a verifier that is believed says FAILED; exit class UNPROVEN, because
 * it says nothing then: identity-mismatch (another verifier, or another signer for it),
 * subject-mismatch (another resource), bad-status (FAILED, by others), threshold (a level is not
 * reached), expired (older than max_age, or without a time), bad-time; and as summaries are refused.
 */
BULLA_MUST_USE bulla_status bu_summary_judge(const bu_statement *statement,
                                             const bu_summary_use *use, bu_arena *arena,
                                             bool *failed, const bulla_summary **out,
                                             bulla_error *err);

#endif
