/* SPDX-License-Identifier: MIT */
/*
 * OpenPGP packets as data (RFC 9580, sections 4 and 5): their frames, and what
 * stands in those of public keys and of signatures. Nothing here is verified.
 */
#ifndef BU_SIGNATURE_PACKET_H
#define BU_SIGNATURE_PACKET_H

#include "base/buf.h"

struct bu_key;

#define BU_PACKET_SIGNATURE     2
#define BU_PACKET_PUBLIC_KEY    6
#define BU_PACKET_PUBLIC_SUBKEY 14

typedef struct bu_packet {
    uint8_t tag;
    bulla_bytes whole, body;
} bu_packet;

/** The first of these packets. Fails with bad-syntax (no definite length), truncated. */
BULLA_MUST_USE bulla_status bu_packet_read(bulla_bytes packets, bu_packet *out, bulla_error *err);

/**
 * Every packet has one of these tags (a NUL-terminated list) and a definite length. `count`, which
 * may be NULL, gets their number.
 * Fails with bad-syntax and truncated, with the offset, and with empty.
 */
BULLA_MUST_USE bulla_status bu_packets_only(bulla_bytes packets, const char *tags, size_t *count,
                                            bulla_error *err);

#define BU_FINGERPRINT_BYTES 20
#define BU_FINGERPRINT_TEXT  (2 * BU_FINGERPRINT_BYTES + 1)

/** The algorithms that may sign here (RFC 9580, 9.1). */
enum { BU_PGP_RSA = 1, BU_PGP_RSA_SIGN_ONLY = 3, BU_PGP_ECDSA = 19, BU_PGP_EDDSA = 22 };

/** True when key material begins with a curve (RFC 9580, 9.2) of that algorithm that is known. */
bool bu_pgp_has_curve(uint8_t algorithm, bulla_bytes material);

/** A public key of version 4. */
typedef struct bu_public_key_packet {
    uint8_t fingerprint[BU_FINGERPRINT_BYTES];
    char hex[BU_FINGERPRINT_TEXT]; /* the same, upper case */
    uint32_t created;
    const char *weakness; /* why nothing that it signs counts; NULL: it may sign */
} bu_public_key_packet;

/** Fails with truncated, unsupported-version. */
BULLA_MUST_USE bulla_status bu_public_key_packet_read(bulla_bytes body, bu_public_key_packet *out,
                                                      bulla_error *err);

/**
 * The key in a public-key packet as a bare one, however it is used: what another form of the same key
 * is compared with. Fails with bad-encoding, unsupported-feature (an algorithm that does not sign
 * here), and as bu_key_read().
 */
BULLA_MUST_USE bulla_status bu_public_key_packet_key(bulla_bytes body, struct bu_key **out,
                                                     bulla_error *err);

/** Kinds of signatures (RFC 9580, 5.2.1) that have a part here. */
typedef enum bu_pgp_signature_type {
    BU_PGP_BINARY = 0x00,
    BU_PGP_TEXT = 0x01,
    BU_PGP_CERTIFICATION = 0x10, /* of a user id; to 0x13 */
    BU_PGP_CERTIFICATION_LAST = 0x13,
    BU_PGP_SUBKEY_BINDING = 0x18,
    BU_PGP_PRIMARY_BINDING = 0x19,
    BU_PGP_DIRECT = 0x1f,
    BU_PGP_KEY_REVOCATION = 0x20,
    BU_PGP_SUBKEY_REVOCATION = 0x28,
    BU_PGP_CERTIFICATION_REVOCATION = 0x30
} bu_pgp_signature_type;

/** A signature of version 4. What is not hashed only says whose it may be. */
typedef struct bu_pgp_signature {
    uint8_t type;
    const char *hash;        /* "SHA256"; NULL: one that is not known */
    bool is_weak;            /* the hash is broken */
    const char *algorithm;   /* of the key: "RSA"; NULL: one that does not count */
    uint32_t created, lasts; /* `lasts`: seconds, 0 for ever */
    uint8_t flags;           /* what the key may be used for; 0: not said */
    bool is_soft;            /* a revocation for a reason that leaves older signatures good */
    bulla_bytes keyid;       /* of the issuer: 8 bytes; empty: not said */
    bulla_bytes fingerprint; /* of the issuer: 20 bytes; empty: not said */
    bulla_bytes embedded;    /* body of a signature in it; empty: none */
    bool has_loose;          /* more is unhashed than tells the issuer */
} bu_pgp_signature;

#define BU_PGP_MAY_SIGN 0x02 /* among `flags` */

/**
 * Fails with truncated, bad-syntax, unsupported-version (not 4), unsupported-feature (a critical
 * subpacket or notation that is not known), duplicate-entry (a subpacket twice), missing-field (no
 * time), identity-mismatch (two issuers), bad-encoding (of its numbers).
 */
BULLA_MUST_USE bulla_status bu_pgp_signature_read(bulla_bytes body, bu_pgp_signature *out,
                                                  bulla_error *err);

#endif
