/* SPDX-License-Identifier: MIT */
/*
 * Small JSON, through jansson, of which this is the one door: documents that
 * are signed (envelopes, trust metadata, statements) and whatever bulla writes.
 * Large foreign documents go through syntax/tree.h, whose reader reads these
 * too; a fuzz target holds it against jansson's own.
 */
#ifndef BU_SYNTAX_JSON_H
#define BU_SYNTAX_JSON_H

#include "base/buf.h"
#include "bulla/digest.h"

typedef struct json_t bu_json; /* jansson's value; not to be used by other names than these */

void bu_json_free(bu_json *value);
BU_DEFINE_AUTO(bu_json)

/**
 * Parse strictly: it accepts exactly the texts that bu_json_load() accepts, and means the same by
 * them, because that is what reads them; at most BU_LIMIT_METADATA_BYTES. Integers beyond int64_t
 * become reals.
 * Fails with bad-syntax, bad-encoding, duplicate-key, bad-number, truncated, trailing-data,
 * resource-limit (all with line, column and offset), empty, no-memory.
 */
BULLA_MUST_USE bulla_status bu_json_parse(bulla_bytes text, const char *name, bu_json **out,
                                          bulla_error *err);

/* Reading. `where` names the document in errors; each fails with missing-field or type-mismatch.
 * Values and texts are borrowed from `object`. */
BULLA_MUST_USE bulla_status bu_json_need_text(const bu_json *object, const char *key,
                                              const char *where, bulla_bytes *out,
                                              bulla_error *err);
BULLA_MUST_USE bulla_status bu_json_need_integer(const bu_json *object, const char *key,
                                                 const char *where, int64_t *out, bulla_error *err);
BULLA_MUST_USE bulla_status bu_json_need_object(const bu_json *object, const char *key,
                                                const char *where, const bu_json **out,
                                                bulla_error *err);
BULLA_MUST_USE bulla_status bu_json_need_array(const bu_json *object, const char *key,
                                               const char *where, const bu_json **out,
                                               bulla_error *err);
/** The field, or NULL. */
const bu_json *bu_json_get(const bu_json *object, const char *key);
bool bu_json_is_object(const bu_json *value);
bool bu_json_is_array(const bu_json *value);
/** True for null, and for what is not there (NULL). */
bool bu_json_is_null(const bu_json *value);
/** True for true and false. */
bool bu_json_is_bool(const bu_json *value);
/** True for true alone. */
bool bu_json_is_true(const bu_json *value);
/** Text of a string value; false for other kinds. */
bool bu_json_text(const bu_json *value, bulla_bytes *out);
size_t bu_json_count(const bu_json *array);
const bu_json *bu_json_at(const bu_json *array, size_t index);
/**
 * The object has no other fields than these (NULL-terminated). Fails with bad-syntax.
 */
BULLA_MUST_USE bulla_status bu_json_only(const bu_json *object, const char *const *fields,
                                         bulla_error *err);

/** Call `each` for every field in order of the bytes of their keys; stops at the first failure. */
BULLA_MUST_USE bulla_status bu_json_each(const bu_json *object,
                                         bulla_status (*each)(void *context, bulla_bytes key,
                                                              const bu_json *value,
                                                              bulla_error *err),
                                         void *context, bulla_error *err);

/* Building. The `add` calls take `value` over, also on failure (NULL in: no-memory). */
bu_json *bu_json_object(void);
bu_json *bu_json_array(void);
bu_json *bu_json_string(bulla_bytes utf8); /* invalid UTF-8 is escaped as bu_escape() does */
bu_json *bu_json_integer(int64_t value);
bu_json *bu_json_bool(bool value);
bu_json *bu_json_copy(const bu_json *value); /* deep */
BULLA_MUST_USE bulla_status bu_json_set(bu_json *object, const char *key, bu_json *value,
                                        bulla_error *err);
BULLA_MUST_USE bulla_status bu_json_append(bu_json *array, bu_json *value, bulla_error *err);
/** {"sha256": "…hex…"} as in-toto and SLSA write a digest set. */
bu_json *bu_json_digest_set(const bulla_digest_set *set);

/* Writing: the same bytes on every run. */
typedef enum bu_json_style {
    BU_JSON_COMPACT,   /* insertion order, no blanks, one line without its end */
    BU_JSON_PRETTY,    /* insertion order, two-space indent, newline at the end */
    BU_JSON_CANONICAL, /* OLPC canonical JSON, as TUF signs it: sorted keys, no blanks, no reals */
} bu_json_style;
/** Append a value. Fails with bad-number (a real, in canonical form), resource-limit, no-memory. */
BULLA_MUST_USE bulla_status bu_json_write(const bu_json *value, bu_json_style style, bu_buf *out,
                                          bulla_error *err);

#endif
