/* SPDX-License-Identifier: MIT */
/*
 * Sign and attest: in-toto Statement v1 in DSSE 1.0.2.
 */
#ifndef BULLA_SIGN_H
#define BULLA_SIGN_H

#include "bytes.h"
#include "key.h"

BULLA_BEGIN

/** The predicateType of a plain bulla signature: "these are the files that I signed". */
#define BULLA_PREDICATE_SIGNATURE "urn:bulla:signature:v1"

/**
 * Sign files: one envelope over one statement with a subject each (name = last part of the path, SHA-256 and SHA-512).
 * @param files  NULL-terminated, at least one; names must differ.
 * @param out    the envelope, one line of JSON with newline.
 * Fails with missing-file, unreadable, special-file, control-character (a name that hides something),
 * duplicate-entry, usage, no-memory.
 */
BULLA_API BULLA_MUST_USE bulla_status bulla_sign(const bulla_secret_key *key,
                                                 const char *const *files, bulla_buffer *out,
                                                 bulla_error *err);

/**
 * Co-sign: add a signature to an envelope, after seeing that it is about exactly these files (by digest).
 * Fails as bulla_sign() and with subject-mismatch, duplicate-key (this key has signed), bad-type (no
 * in-toto statement), and what envelopes and statements are refused for.
 */
BULLA_API BULLA_MUST_USE bulla_status bulla_cosign(const bulla_secret_key *key,
                                                   bulla_bytes envelope, const char *const *files,
                                                   bulla_buffer *out, bulla_error *err);

/**
 * Attest: bind a predicate to files. For the type "sbom" the SBOM's own bytes are a subject too.
 * @param type       "sbom", "slsa", or a predicate type URI.
 * @param predicate  file with the predicate (JSON).
 * Fails as bulla_sign() and with bad-type, and what the predicate is refused for.
 */
BULLA_API BULLA_MUST_USE bulla_status bulla_attest(const bulla_secret_key *key, const char *type,
                                                   const char *predicate, const char *const *files,
                                                   bulla_buffer *out, bulla_error *err);

BULLA_END

#endif
