/* SPDX-License-Identifier: MIT */
/*
 * PEM (RFC 7468): one block, strict base64, nothing around it but white space.
 */
#ifndef BU_SIGNATURE_PEM_H
#define BU_SIGNATURE_PEM_H

#include "base/buf.h"

/** What stands in the first line: "PUBLIC KEY"; empty when `text` does not start as PEM. */
bulla_bytes bu_pem_label(bulla_bytes text);

/**
 * Take the next block off a text of several, with its END line; false at the end of the text. What
 * does not end comes out as the rest, for bu_pem_decode() to refuse.
 */
bool bu_pem_next(bulla_bytes *text, bulla_bytes *block);

/**
 * Decode the one block of `text`, which must have this label, into `out`: one allocation, so that
 * a caller who wipes it has wiped all copies.
 * Fails with bad-encoding, format-mismatch (another label), truncated, trailing-data; with the
 * offset in `text`.
 */
BULLA_MUST_USE bulla_status bu_pem_decode(bulla_bytes text, const char *label, bu_buf *out,
                                          bulla_error *err);

/** Append a block with lines of 64 characters. */
void bu_pem_encode(bulla_bytes der, const char *label, bu_buf *out);

#endif
