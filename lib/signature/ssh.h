/* SPDX-License-Identifier: MIT */
/*
 * OpenSSH keys (RFC 4253 section 6.6, RFC 5656, RFC 8709; PROTOCOL.key, PROTOCOL.u2f).
 */
#ifndef BU_SIGNATURE_SSH_H
#define BU_SIGNATURE_SSH_H

#include "signature/key.h"

/** A public key as OpenSSH sends it. */
typedef struct bu_ssh_public {
    bu_key *key;             /* owned */
    bulla_bytes application; /* of a key in a security key ("ssh:"); ptr NULL: it is in none */
} bu_ssh_public;

void bu_ssh_public_clear(bu_ssh_public *key);
BU_DEFINE_CLEAR(bu_ssh_public)

/**
 * Read one: Ed25519, ECDSA on P-256, P-384, P-521, RSA, and both kinds in a security key. The whole
 * of `blob`, which `application` borrows from.
 * Fails with bad-encoding, bad-key, weak-key, unsupported-feature (DSA, certificates), trailing-data.
 */
BULLA_MUST_USE bulla_status bu_ssh_public_read(bulla_bytes blob, bu_ssh_public *out,
                                               bulla_error *err);

/** Write one, appended: its name, and what follows it. */
void bu_ssh_public_write(const bu_key *key, bu_buf *out);

/** True for the name of a kind of key, as it stands in front of its base64. */
bool bu_ssh_is_type(bulla_bytes word);

/**
 * Open a private key ("OPENSSH PRIVATE KEY"): to PKCS#8 DER. `passphrase` may be NULL where none is needed.
 * Fails as PEM is refused, and with bad-encoding, bad-key, wrong-passphrase, unsupported-feature
 * (several keys, other ciphers than AES-256-CTR, a security key), resource-limit (BU_LIMIT_KDF_ROUNDS).
 */
#define BU_SSH_SECRET_LABEL "OPENSSH PRIVATE KEY"
BULLA_MUST_USE bulla_status bu_ssh_open(bulla_bytes text, const bu_secret *passphrase,
                                        bu_secret **out, bulla_error *err);

#endif
