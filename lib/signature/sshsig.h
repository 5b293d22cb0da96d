/* SPDX-License-Identifier: MIT */
/*
 * Signatures of ssh-keygen -Y (OpenSSH, PROTOCOL.sshsig): over the digest of a message, for one
 * purpose, its namespace. RSA with SHA-2 only.
 */
#ifndef BU_SIGNATURE_SSHSIG_H
#define BU_SIGNATURE_SSHSIG_H

#include "digest/digest.h"
#include "signature/ssh.h"

#define BU_SSHSIG_LABEL "SSH SIGNATURE"
#define BU_SSHSIG_FILE  "file" /* the namespace of files */

typedef struct bu_sshsig {
    bu_buf content;                    /* what the armor holds; the rest borrows from it */
    bulla_bytes blob;                  /* public key, as it is sent */
    bu_ssh_public key;                 /* the same, read */
    bulla_bytes space, reserved, hash; /* namespace; for later versions; name of the digest */
    bulla_alg digest;                  /* of the message: SHA-256 or SHA-512 */
    bulla_bytes signature;
} bu_sshsig;

void bu_sshsig_clear(bu_sshsig *signature);
BU_DEFINE_CLEAR(bu_sshsig)

/**
 * Read a signature file.
 * Fails as PEM is refused, and with bad-encoding, unsupported-version, unsupported-hash, bad-key,
 * unsupported-feature, weak-key, trailing-data.
 */
BULLA_MUST_USE bulla_status bu_sshsig_parse(bulla_bytes text, bu_sshsig *out, bulla_error *err);

/**
 * Check it with the key that it carries: that the key counts is the caller's to know.
 * @param space   what it must have been made for.
 * @param digest  `signature->digest` of the message.
 * Fails with wrong-usage (another namespace or digest), weak-hash (ssh-rsa: SHA-1), bad-signature.
 */
BULLA_MUST_USE bulla_status bu_sshsig_check(const bu_sshsig *signature, const char *space,
                                            const bulla_digest *digest, bulla_error *err);

/**
 * Sign a digest (SHA-512 or SHA-256) for a namespace: a whole file as ssh-keygen reads it, appended.
 * Fails as bu_sign(), and with unsupported-hash.
 */
BULLA_MUST_USE bulla_status bu_sshsig_make(const bu_secret_key *key, const char *space,
                                           const bulla_digest *digest, bu_buf *out,
                                           bulla_error *err);

#endif
