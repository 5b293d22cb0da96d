/* SPDX-License-Identifier: MIT */
/*
 * The stanzas of Debian control data (deb-control(5), deb822(5)): `Field:
 * value` lines, continuation lines that start with a blank, stanzas parted by
 * empty lines. Only LF ends a line; CR and other control characters are
 * refused, and so is a last line that has no end.
 */
#ifndef BU_SYNTAX_LINES_H
#define BU_SYNTAX_LINES_H

#include "io/source.h"

/** One field of a stanza; names compare without case. Values keep their inner line breaks. */
typedef struct bu_field {
    bulla_bytes name, value; /* value without the blank after the colon and trailing blanks */
    uint32_t line;           /* 1-based line of the field's name */
} bu_field;

/** One stanza; valid until the next call on its reader. */
typedef struct bu_stanza {
    const bu_field *fields;
    size_t count;
    uint32_t line;   /* of its first field */
    uint64_t offset; /* of its first byte */
} bu_stanza;

/** Value of a field, or NULL when the stanza has none by that name. */
const bu_field *bu_stanza_get(const bu_stanza *stanza, const char *name);

typedef struct bu_stanzas bu_stanzas;

/** Read stanzas from a source (borrowed), streaming; a stanza is at most BU_LIMIT_METADATA_BYTES. */
BULLA_MUST_USE bulla_status bu_stanzas_new(bu_source *source, const char *name, bu_stanzas **out,
                                           bulla_error *err);
void bu_stanzas_free(bu_stanzas *stanzas);
BU_DEFINE_AUTO(bu_stanzas)

/**
 * The next stanza, or `*more` = false at the end.
 * Fails with bad-syntax, duplicate-entry (one field twice), control-character, bad-encoding,
 * truncated, resource-limit, with line, column and offset; and as the source fails.
 */
BULLA_MUST_USE bulla_status bu_stanzas_next(bu_stanzas *stanzas, bu_stanza *out, bool *more,
                                            bulla_error *err);

#endif
