/* SPDX-License-Identifier: MIT */
/*
 * What a verifier says that it verified: SLSA Verification Summary v1 (read and written) and
 * in-toto's Simple Verification Result v0.2 (written). Who may say so is judged elsewhere
 * (evidence/vsa.h).
 */
#ifndef BU_ATTEST_VSA_H
#define BU_ATTEST_VSA_H

#include "attest/statement.h"

#define BU_PREDICATE_VSA "https://slsa.dev/verification_summary/v1"
#define BU_PREDICATE_SVR "https://in-toto.io/attestation/svr/v0.2"

/** Levels of SLSA's build track, from 0: not evaluated. */
#define BU_BUILD_LEVELS 4

/** "SLSA_BUILD_LEVEL_3"; of 0, and of what is no level, "SLSA_BUILD_LEVEL_UNEVALUATED". Never NULL. */
const char *bu_build_level_name(size_t level);

/** Bytes are borrowed, or live in the arena of who reads. */
typedef struct bu_summary {
    bulla_bytes verifier; /* URI: who verified */
    bulla_bytes resource; /* URI: where the artifact is to be had */
    bulla_bytes policy;   /* URI */
    bulla_digest_set policy_digests;
    bool passed;
    bool has_time;
    int64_t time;              /* of the verification */
    const bulla_bytes *levels; /* what was verified of the artifact: SLSA's and others */
    size_t level_count;
    /* These are written only. */
    bulla_bytes version;            /* of bulla, which verified */
    const bulla_digest_set *inputs; /* digests of the attestations that were used */
    size_t input_count;
    bool counts_dependencies; /* else nothing is said of them */
    size_t dependencies[BU_BUILD_LEVELS];
} bu_summary;

/** True for the predicate type of a verification summary. */
static inline bool bu_is_summary(bulla_bytes predicate_type)
{
    return bu_bytes_is(predicate_type, BU_PREDICATE_VSA);
}

/** True for names that only SLSA may give a meaning to. */
static inline bool bu_level_is_reserved(bulla_bytes level)
{
    return bu_bytes_starts(level, "SLSA_");
}

/** False for a name that SLSA reserves and that is no level of a track. */
bool bu_level_is_known(bulla_bytes level);

/**
 * Read the predicate of a verification summary.
 * Fails with bad-type (no summary), missing-field, type-mismatch, bad-time, bad-encoding (a
 * digest), bad-status (neither PASSED nor FAILED), ambiguous-bundle (passed and failed at once, two
 * levels of one track), control-character, resource-limit, no-memory.
 * @param file  the statement's name in errors.
 */
BULLA_MUST_USE bulla_status bu_summary_read(const bu_statement *statement, const char *file,
                                            bu_arena *arena, bu_summary *out, bulla_error *err);

/**
 * True when the levels say so: the same text, or a higher level of the same track
 * ("SLSA_BUILD_LEVEL_3" implies "SLSA_BUILD_LEVEL_2").
 */
bool bu_summary_reaches(const bu_summary *summary, bulla_bytes level);

/** The predicate of a verification summary as JSON, appended. Trouble is remembered by the buffer. */
void bu_summary_write(const bu_summary *summary, bu_buf *out);

/** The same as a simple verification result: levels are its properties; it knows no failure. */
void bu_svr_write(const bu_summary *summary, bu_buf *out);

#endif
