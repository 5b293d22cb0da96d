/* SPDX-License-Identifier: MIT */
/*
 * JSON written front to back into a buffer, for documents too large to stand
 * in memory as a tree first. What is written has the same bytes on every run.
 */
#ifndef BU_SYNTAX_JSON_WRITER_H
#define BU_SYNTAX_JSON_WRITER_H

#include "base/buf.h"

/** How a text is laid out: one line, or two-space indent and a line for each value. */
typedef enum bu_json_layout { BU_JSON_ONE_LINE, BU_JSON_INDENTED } bu_json_layout;

/** A text that is being written. Trouble with memory is remembered by the buffer. */
typedef struct bu_json_writer {
    bu_buf *out; /* borrowed */
    bu_json_layout layout;
    size_t lines; /* INDENTED: values nested deeper than this share the line of what holds them */
    size_t depth; /* objects and arrays that are open */
    bool empty;   /* the innermost of them has no value yet */
} bu_json_writer;

static inline bu_json_writer bu_json_writer_of(bu_buf *out, bu_json_layout layout)
{
    size_t lines = layout == BU_JSON_INDENTED ? SIZE_MAX : 0;
    return (bu_json_writer){ .out = out, .layout = layout, .lines = lines, .empty = true };
}

/* Every value takes its key first: NULL in an array and at the top. Keys are ASCII literals. */

/** Begin an object ('{') or an array ('['). */
void bu_json_begin(bu_json_writer *writer, const char *key, char bracket);
/** End it with '}' or ']'. */
void bu_json_end(bu_json_writer *writer, char bracket);

/**
 * Append a string in quotes. Control, bidi and zero-width characters are written as \uXXXX, so that
 * the text can be shown; text that is not UTF-8 is escaped as a whole, as bu_escape() does.
 */
void bu_json_quote(bulla_bytes value, bu_buf *out);

/** A string, in quotes like that. */
void bu_json_put_string(bu_json_writer *writer, const char *key, bulla_bytes value);
void bu_json_put_integer(bu_json_writer *writer, const char *key, int64_t value);
/** A value that is JSON already, as it stands. */
void bu_json_put_raw(bu_json_writer *writer, const char *key, bulla_bytes json);

#endif
