/* SPDX-License-Identifier: MIT */
/*
 * A reader that stays broken: parsers are a straight list of takes with one
 * check at the end. For short, fixed grammars; documents go through syntax/.
 */
#ifndef BU_BASE_READER_H
#define BU_BASE_READER_H

#include "base/buf.h"

typedef struct bu_reader {
    bulla_bytes all;
    bulla_bytes rest;
    const char *wanted; /* what the first failing take looked for; NULL while all is well */
} bu_reader;

static inline bu_reader bu_reader_of(bulla_bytes in)
{
    return (bu_reader){ .all = in, .rest = in };
}

/** Bytes up to `end`, which is consumed; at least one. Empty once broken. */
bulla_bytes bu_until(bu_reader *r, uint8_t end, const char *what);

/** Exactly `count` bytes. */
bulla_bytes bu_take(bu_reader *r, size_t count, const char *what);

/** These very bytes. */
void bu_expect(bu_reader *r, bulla_bytes literal, const char *what);

/** Consume `literal` when it is next. */
bool bu_accept(bu_reader *r, bulla_bytes literal);

/** A decimal number of 1 to 19 digits, no sign, no leading zero, at most `max`. */
uint64_t bu_number(bu_reader *r, uint64_t max, const char *what);

/** All that is left. */
bulla_bytes bu_rest(bu_reader *r);

/** The first failure (bad-syntax, with column and offset), or trailing-data when bytes are left. */
BULLA_MUST_USE bulla_status bu_done(const bu_reader *r, bulla_error *err);

#endif
