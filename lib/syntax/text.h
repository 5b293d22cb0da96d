/* SPDX-License-Identifier: MIT */
/*
 * A text of lines, for formats that are neither a tree nor stanzas. Lines end
 * with LF or CR LF; the last need not. It is judged as UTF-8 as it is read.
 */
#ifndef BU_SYNTAX_TEXT_H
#define BU_SYNTAX_TEXT_H

#include "base/bytes.h"
#include "base/error.h"

/** Where a reader of lines is. */
typedef struct bu_text {
    bulla_bytes all;
    size_t next;      /* offset of the line that comes next */
    bulla_bytes line; /* the newest, without its end */
    uint32_t number;  /* 1-based number of it; 0 before the first */
} bu_text;

/** Over borrowed bytes; a byte order mark is refused by the first bu_text_next(). */
static inline bu_text bu_text_of(bulla_bytes all)
{
    return (bu_text){ .all = all };
}

/**
 * Go to the next line; `*more` is false at the end. Fails with bad-encoding (not UTF-8, a byte order
 * mark), control-character (any but TAB: also a CR inside a line), resource-limit (a line over
 * BU_LIMIT_LINE_BYTES), with line, column and offset.
 */
BULLA_MUST_USE bulla_status bu_text_next(bu_text *text, bool *more, bulla_error *err);

/**
 * Go through all lines from here on: `take` finds each in `text`, which its context has. Fails as
 * bu_text_next() and `take` do.
 */
BULLA_MUST_USE bulla_status bu_text_each(bu_text *text,
                                         bulla_status (*take)(void *context, bulla_error *err),
                                         void *context, bulla_error *err);

/** 1-based column, in bytes, of a place in the newest line. */
uint32_t bu_text_column(const bu_text *text, const uint8_t *at);

/** An error at `at` in the newest line: line, column, offset. Returns its status. */
BULLA_PRINTF(5, 6)
bulla_status bu_text_fail(const bu_text *text, const uint8_t *at, bulla_error *err, bulla_code code,
                          const char *format, ...);

#endif
