/* SPDX-License-Identifier: MIT */
/*
 * Strict encodings: one value has one text. Hex (RFC 4648 section 8, lower
 * case out, either case in), base64 (section 4; padding required, no spare
 * bits, no white space) and its URL alphabet (section 5).
 */
#ifndef BU_BASE_ENCODE_H
#define BU_BASE_ENCODE_H

#include "base/buf.h"

/** Which base64 alphabet a text may use. EITHER takes one of the two, never a mix (DSSE 1.0.2). */
typedef enum bu_base64_alphabet {
    BU_BASE64_STANDARD,
    BU_BASE64_URL,
    BU_BASE64_EITHER
} bu_base64_alphabet;

/** Append lower-case hex. */
void bu_hex_encode(bulla_bytes in, bu_buf *out);

/** Decode exactly `size` bytes of hex. Fails with bad-encoding and the offset in `in`. */
BULLA_MUST_USE bulla_status bu_hex_decode(bulla_bytes in, uint8_t *out, size_t size,
                                          bulla_error *err);

/** Append standard base64 with padding. */
void bu_base64_encode(bulla_bytes in, bu_buf *out);

/** Append what `in` decodes to. Fails with bad-encoding and the offset in `in`, or no-memory. */
BULLA_MUST_USE bulla_status bu_base64_decode(bulla_bytes in, bu_base64_alphabet alphabet,
                                             bu_buf *out, bulla_error *err);

#endif
