/* SPDX-License-Identifier: MIT */
/*
 * signify's keys and signatures (OpenBSD, signify(1)): a line of comment that nobody signs, a line
 * of base64. What minisign writes is built of the same pieces.
 */
#ifndef BU_SIGNATURE_SIGNIFY_H
#define BU_SIGNATURE_SIGNIFY_H

#include "signature/key.h"

#define BU_SIGNIFY_NUMBER_BYTES    8
#define BU_SIGNIFY_SIGNATURE_BYTES 64

/** Names a key: chosen at random when it is made, so it is a hint and proves nothing. */
typedef struct bu_signify_number {
    uint8_t bytes[BU_SIGNIFY_NUMBER_BYTES];
} bu_signify_number;

/** The number of a key that was made with none: of its keyid. */
bu_signify_number bu_signify_number_of(const bu_key *key);

/** "untrusted comment: …" and base64 of what follows: two lines of one file. */
typedef struct bu_signify_lines {
    bulla_bytes comment; /* foreign, and nobody has signed it */
    bu_buf content;      /* what the base64 holds */
    bulla_bytes rest;    /* of the text */
} bu_signify_lines;

static inline void bu_signify_lines_clear(bu_signify_lines *lines)
{
    if (lines->content.ptr != NULL)
        bu_wipe(lines->content.ptr, lines->content.cap); /* it may be a private key */
    bu_buf_clear(&lines->content);
}
BU_DEFINE_CLEAR(bu_signify_lines)

/** Take both lines from the beginning of a text. Fails with bad-syntax, bad-encoding, truncated, unsupported-feature (gzip). */
BULLA_MUST_USE bulla_status bu_signify_take(bulla_bytes text, bu_signify_lines *out,
                                            bulla_error *err);

/** Append both lines. */
void bu_signify_put(const char *comment, bulla_bytes content, bu_buf *out);

/**
 * Read a public key, of signify or minisign; without the line of comment, too.
 * Fails as bu_signify_take() and with bad-key, weak-key, trailing-data.
 */
BULLA_MUST_USE bulla_status bu_signify_public(bulla_bytes text, bu_key **out,
                                              bu_signify_number *number, bulla_error *err);

/** Write one, appended; Ed25519 only. Fails with wrong-usage, no-memory. */
BULLA_MUST_USE bulla_status bu_signify_public_write(const bu_key *key,
                                                    const bu_signify_number *number,
                                                    const char *comment, bu_buf *out,
                                                    bulla_error *err);

/** A signature file. */
typedef struct bu_signify_signature {
    bulla_bytes comment; /* foreign, and nobody has signed it */
    bu_signify_number number;
    uint8_t signature[BU_SIGNIFY_SIGNATURE_BYTES];
} bu_signify_signature;

/**
 * Read a detached signature. Fails as bu_signify_take() and with unsupported-feature (another
 * algorithm, the message inside the file).
 */
BULLA_MUST_USE bulla_status bu_signify_parse(bulla_bytes text, bu_signify_signature *out,
                                             bulla_error *err);

/** Check it over the message itself. Fails with bad-signature, wrong-usage (no Ed25519 key). */
BULLA_MUST_USE bulla_status bu_signify_check(const bu_signify_signature *signature,
                                             const bu_key *key, bulla_bytes message,
                                             bulla_error *err);

/**
 * Sign the message itself: a whole file, appended.
 * @param comment  as "verify with NAME.pub", where signify -V looks for the key; one line.
 * Fails with wrong-usage (no Ed25519 key), control-character (in the comment), no-memory.
 */
BULLA_MUST_USE bulla_status bu_signify_make(const bu_secret_key *key,
                                            const bu_signify_number *number, const char *comment,
                                            bulla_bytes message, bu_buf *out, bulla_error *err);

/** True when the text starts as a private key of signify. */
bool bu_signify_is_secret(bulla_bytes text);

/**
 * Open a private key: to PKCS#8 DER. `passphrase` may be NULL where none is needed.
 * Fails as bu_signify_take() and with bad-key, wrong-passphrase, unsupported-feature, resource-limit
 * (BU_LIMIT_KDF_ROUNDS).
 */
BULLA_MUST_USE bulla_status bu_signify_open(bulla_bytes text, const bu_secret *passphrase,
                                            bu_signify_number *number, bu_secret **out,
                                            bulla_error *err);

#endif
