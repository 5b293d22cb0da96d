/* SPDX-License-Identifier: MIT */
/*
 * OpenPGP text, read strictly before librnp sees any of it: lines and ASCII
 * armor (RFC 9580 section 6.2).
 */
#ifndef BU_SIGNATURE_ARMOR_H
#define BU_SIGNATURE_ARMOR_H

#include "base/buf.h"
#include "base/bytes.h"

/** A text, line by line. Lines end with LF or CR LF. */
typedef struct bu_armor_lines {
    bulla_bytes rest;
    bulla_bytes line; /* without its end */
    uint32_t number;  /* of `line`, from 1 */
} bu_armor_lines;

/**
 * The next line. Fails with truncated at the end of the text, and with control-character (NUL,
 * lone CR and other controls but tab), bad-encoding (UTF-8), resource-limit (over
 * BU_LIMIT_LINE_BYTES); all with line and column.
 */
BULLA_MUST_USE bulla_status bu_armor_next(bu_armor_lines *lines, bulla_error *err);

/** Set the place of an error just made: this line, and a column from 0. Returns `status`. */
bulla_status bu_armor_at(const bu_armor_lines *lines, size_t column, bulla_status status,
                         bulla_error *err);

/** True for "-----BEGIN label-----". */
bool bu_armor_begins(bulla_bytes line, const char *label);

/**
 * Decode the block whose first line is `lines->line`; its last line is then current. Appends the
 * packets.
 * Fails as bu_armor_next() and with bad-syntax, bad-encoding, checksum (where there is one).
 */
BULLA_MUST_USE bulla_status bu_armor_read(bu_armor_lines *lines, const char *label, bu_buf *out,
                                          bulla_error *err);

/**
 * A block that is the whole input, appended as packets; binary input is taken as it is. Fails as
 * bu_armor_read() and with empty, trailing-data.
 */
BULLA_MUST_USE bulla_status bu_armor_dearmor(bulla_bytes input, const char *label, bu_buf *out,
                                             bulla_error *err);

/** The same for one or many blocks, with nothing but empty lines between. */
BULLA_MUST_USE bulla_status bu_armor_dearmor_all(bulla_bytes input, const char *label, bu_buf *out,
                                                 bulla_error *err);

#endif
