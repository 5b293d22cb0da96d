/* SPDX-License-Identifier: MIT */
/*
 * OpenSSH's public keys as they are sent (RFC 4253 section 6.6, RFC 5656, RFC 8709; OpenSSH,
 * PROTOCOL.u2f), and the pieces of which it builds everything.
 */
#ifndef BU_SIGNATURE_SSH_H
#define BU_SIGNATURE_SSH_H

#include "signature/key.h"

/** A reader that stays broken (RFC 4251 section 5). */
typedef struct bu_ssh_reader {
    bulla_bytes rest;
    bool broken;
} bu_ssh_reader;

uint32_t bu_ssh_take_number(bu_ssh_reader *in);
bulla_bytes bu_ssh_take_bytes(bu_ssh_reader *in, size_t count);
/** A string: its length, and its bytes. */
bulla_bytes bu_ssh_take(bu_ssh_reader *in);
/** An mpint above zero, as bytes without zero bytes in front. */
bulla_bytes bu_ssh_take_positive(bu_ssh_reader *in);
/** True when everything was taken and nothing was wrong. */
bool bu_ssh_done(const bu_ssh_reader *in);

void bu_ssh_add_number(bu_buf *out, uint32_t number);
void bu_ssh_add(bu_buf *out, bulla_bytes string);
void bu_ssh_add_positive(bu_buf *out, bulla_bytes number);

/** A public key. */
typedef struct bu_ssh_public {
    const char *name;        /* of its kind */
    bu_key *key;             /* owned */
    bool is_hardware;        /* it is in a security key, which signs more than it is given */
    bulla_bytes application; /* of a security key: "ssh:" */
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

/** Write one, appended. Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_ssh_public_write(const bu_key *key, bu_buf *out, bulla_error *err);

/** True for the name of a kind of key, as it stands in front of its base64. */
bool bu_ssh_is_type(bulla_bytes word);

#endif
