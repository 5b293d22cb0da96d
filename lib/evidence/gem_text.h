/* SPDX-License-Identifier: MIT */
/*
 * Lines of the YAML that Ruby's emitters write, for the two readers of it.
 */
#ifndef BU_EVIDENCE_GEM_TEXT_H
#define BU_EVIDENCE_GEM_TEXT_H

#include "base/bytes.h"
#include "base/error.h"

/** One line of block YAML: `KEY: VALUE`, indented. */
typedef struct bu_gem_line {
    bulla_bytes text; /* without indentation and blanks at the end */
    size_t indent;
    bool is_item;           /* "- …", a part of a list */
    bool has_key;           /* `key` and `value` are set */
    bulla_bytes key, value; /* the value may be empty */
} bu_gem_line;

typedef struct bu_gem_text {
    bulla_bytes rest;
    bu_gem_line line;
    uint32_t number; /* of the line; 1-based */
} bu_gem_text;

/** The next line that is not empty; false at the end. */
bool bu_gem_next(bu_gem_text *text);

/** The line after it, without going on; its indent is 0 at the end. */
bu_gem_line bu_gem_ahead(const bu_gem_text *text);

/** The first line must begin a document: `---`, and with `tag` behind it when that is not empty. */
BULLA_MUST_USE bulla_status bu_gem_begin(bu_gem_text *text, const char *tag, bulla_error *err);

/**
 * A scalar in one line: plain, or in quotes without escapes. Letters, digits and `.-_+` only, so
 * that it is one text for every reader. Fails with bad-syntax.
 */
BULLA_MUST_USE bulla_status bu_gem_word(const bu_gem_text *text, bulla_bytes value,
                                        bulla_bytes *out, bulla_error *err);

/** An error about the present line. */
bulla_status bu_gem_refuse(const bu_gem_text *text, bulla_code code, const char *why,
                           bulla_error *err);

#endif
