/* SPDX-License-Identifier: MIT */
/*
 * A result as it was written (`bulla.result/1`), read again to tell others of it. Nothing vouches
 * for its text: whoever signs what is made of it does.
 */
#ifndef BU_REPORT_RECORD_H
#define BU_REPORT_RECORD_H

#include "attest/vsa.h"

/**
 * What a result says of files, as a verifier's summary: passed, time, resource (the package URL,
 * of one file alone), policy and its digests, inputs, levels, counts of dependencies. Verifier and
 * version stay empty. All of it lives in `arena`.
 *   levels        of a result that allows: SLSA's build level that provenance proved of every
 *                 file, and BULLA_PROOF or BULLA_PROOF:ROLE for what else held of each;
 *                 of any other: FAILED
 *   dependencies  components that are none of the files, come from outside and are there
 * Fails with subject-mismatch (it measured no such file), unsupported-version (no such result),
 * ambiguous-bundle (it contradicts itself), and as JSON and its fields are refused.
 * @param name  of the result's file, for errors.
 */
BULLA_MUST_USE bulla_status bu_record_summarize(bulla_bytes json, const char *name,
                                                const bu_subject *files, size_t count,
                                                bu_arena *arena, bu_summary *out, bulla_error *err);

#endif
