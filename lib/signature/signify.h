/* SPDX-License-Identifier: MIT */
/*
 * signify's public keys and signatures (OpenBSD, signify(1)): a line of comment that nobody has
 * signed, a line of base64. What minisign writes is built of the same pieces.
 */
#ifndef BU_SIGNATURE_SIGNIFY_H
#define BU_SIGNATURE_SIGNIFY_H

#include "signature/key.h"

#define BU_SIGNIFY_SIGNATURE_BYTES 64

/**
 * What names a key: the number that it was made with, or else the beginning of its keyid. It is a
 * hint and proves nothing.
 */
void bu_signify_number(const bu_secret_key *key, uint8_t out[BU_KEY_NUMBER_BYTES]);

/** "LABEL comment" and base64: two lines of a text. */
typedef struct bu_signify_lines {
    bulla_bytes comment; /* foreign */
    bu_buf content;      /* what the base64 holds; one allocation, wiped when it is cleared */
    bulla_bytes rest;    /* of the text */
} bu_signify_lines;

void bu_signify_lines_clear(bu_signify_lines *lines);
BU_DEFINE_CLEAR(bu_signify_lines)

#define BU_SIGNIFY_UNTRUSTED "untrusted comment: "

/**
 * Take both lines from the beginning of a text, whose first line has that number.
 * Fails with bad-syntax, control-character (in the comment), bad-encoding, truncated; with line and
 * column.
 */
BULLA_MUST_USE bulla_status bu_signify_take(bulla_bytes text, const char *label, uint32_t line,
                                            bu_signify_lines *out, bulla_error *err);

/**
 * Take both lines, which must be the whole text and hold `size` bytes.
 * Fails as bu_signify_take() and with bad-key, trailing-data.
 */
BULLA_MUST_USE bulla_status bu_signify_take_key(bulla_bytes text, size_t size,
                                                bu_signify_lines *out, bulla_error *err);

/** Append both lines. */
void bu_signify_put(const char *label, const char *comment, bulla_bytes content, bu_buf *out);

/** Fails with control-character for a comment that we would not write: all of it must be seen. */
BULLA_MUST_USE bulla_status bu_signify_check_comment(const char *comment, bulla_error *err);

/**
 * Read a public key, of signify or of minisign; also without its comment.
 * Fails as bu_signify_take() and with bad-key, weak-key, trailing-data.
 */
BULLA_MUST_USE bulla_status bu_signify_public_read(bulla_bytes text, bu_key **out,
                                                   uint8_t number[BU_KEY_NUMBER_BYTES],
                                                   bulla_error *err);

/** Write the public half of a key, appended. Fails with wrong-usage (no Ed25519 key), no-memory. */
BULLA_MUST_USE bulla_status bu_signify_public_write(const bu_secret_key *key, const char *comment,
                                                    bu_buf *out, bulla_error *err);

/** A signature file. */
typedef struct bu_signify_signature {
    bulla_bytes comment; /* borrowed from the text; foreign, and nobody has signed it */
    uint8_t algorithm[2];
    uint8_t number[BU_KEY_NUMBER_BYTES];
    uint8_t signature[BU_SIGNIFY_SIGNATURE_BYTES];
} bu_signify_signature;

/** Read the first two lines of one; `rest` gets what follows. Fails as bu_signify_take(). */
BULLA_MUST_USE bulla_status bu_signify_read_first(bulla_bytes text, bu_signify_signature *out,
                                                  bulla_bytes *rest, bulla_error *err);

/**
 * Read a detached signature. Fails as bu_signify_take() and with unsupported-feature (another
 * algorithm than Ed25519, the signed message in the same file, gzip).
 */
BULLA_MUST_USE bulla_status bu_signify_parse(bulla_bytes text, bu_signify_signature *out,
                                             bulla_error *err);

/** Check it over the message itself. Fails with bad-signature, wrong-usage (no Ed25519 key). */
BULLA_MUST_USE bulla_status bu_signify_check(const bu_signify_signature *signature,
                                             const bu_key *key, bulla_bytes message,
                                             bulla_error *err);

/** Sign a message: the two lines, appended. `algorithm` is the two letters in front of the number. */
BULLA_MUST_USE bulla_status bu_signify_sign(const bu_secret_key *key, const char *algorithm,
                                            const char *comment, bulla_bytes message, bu_buf *out,
                                            bulla_error *err);

/**
 * Sign the message itself: a whole file as signify writes it, appended.
 * @param comment  "verify with NAME.pub": where signify -V looks for the key.
 * Fails with wrong-usage (no Ed25519 key), control-character (in the comment), no-memory.
 */
BULLA_MUST_USE bulla_status bu_signify_make(const bu_secret_key *key, const char *comment,
                                            bulla_bytes message, bu_buf *out, bulla_error *err);

#endif
