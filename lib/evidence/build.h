/* SPDX-License-Identifier: MIT */
/*
 * Provenance → how a thing was built, as a fact shows it.
 */
#ifndef BU_EVIDENCE_BUILD_H
#define BU_EVIDENCE_BUILD_H

#include "attest/provenance.h"
#include "bulla/verify.h"
#include "trust/claims.h"

/**
 * Read the provenance in a verified statement and hold it against what the signer's certificate
 * says (NULL: it was signed with a key) and what is expected (NULL: nothing in particular).
 * @param out  in `arena`.
 * Fails with identity-mismatch (the certificate says otherwise, another builder), subject-mismatch
 * (another source, branch, tag, input), and as provenance is refused.
 */
BULLA_MUST_USE bulla_status bu_build_judge(const bu_statement *statement, const bu_claims *claims,
                                           const bulla_build_expected *expected, const char *file,
                                           bu_arena *arena, const bulla_build **out,
                                           bulla_error *err);

#endif
