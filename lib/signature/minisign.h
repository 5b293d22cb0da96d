/* SPDX-License-Identifier: MIT */
/*
 * minisign's signatures (minisign(1)): signify's two lines, and a trusted comment that a second
 * signature binds to the first. Its public keys are those of signify.h.
 */
#ifndef BU_SIGNATURE_MINISIGN_H
#define BU_SIGNATURE_MINISIGN_H

#include "digest/digest.h"
#include "signature/signify.h"

typedef struct bu_minisign_signature {
    bu_signify_signature first; /* over the message, or its digest */
    bool prehashed;             /* "ED": over its BLAKE2b-512; else "Ed": over its bytes */
    bulla_bytes trusted;        /* comment: nobody has signed it until bu_minisign_check() held */
    uint8_t second[BU_SIGNIFY_SIGNATURE_BYTES]; /* over the first signature and that comment */
} bu_minisign_signature;

/**
 * Read a signature file; comments are borrowed from `text`.
 * Fails as bu_signify_take() and with unsupported-feature (another algorithm), trailing-data.
 */
BULLA_MUST_USE bulla_status bu_minisign_parse(bulla_bytes text, bu_minisign_signature *out,
                                              bulla_error *err);

/**
 * Check both signatures.
 * @param message  as `prehashed` says: the BLAKE2b-512 of the message, or the message.
 * Fails with bad-signature, wrong-usage (no Ed25519 key).
 */
BULLA_MUST_USE bulla_status bu_minisign_check(const bu_minisign_signature *signature,
                                              const bu_key *key, bulla_bytes message,
                                              bulla_error *err);

/**
 * Sign a digest: a whole file as minisign writes it, appended.
 * @param digest  BLAKE2b-512 of the file.
 * @param name    last part of the file's path, for the trusted comment.
 * @param time    Unix seconds, for the trusted comment.
 * Fails with wrong-usage (no Ed25519 key, another digest), control-character (in the name),
 * bad-time (before 1970), no-memory.
 */
BULLA_MUST_USE bulla_status bu_minisign_make(const bu_secret_key *key, const bulla_digest *digest,
                                             const char *name, int64_t time, bu_buf *out,
                                             bulla_error *err);

/** Write the public half of a key as minisign does, appended. Fails as bu_signify_public_write(). */
BULLA_MUST_USE bulla_status bu_minisign_public_write(const bu_secret_key *key, bu_buf *out,
                                                     bulla_error *err);

#endif
