/* SPDX-License-Identifier: MIT */
/*
 * What the reading and the writing half of the JSON door share.
 */
#ifndef BU_SYNTAX_JSON_VALUE_H
#define BU_SYNTAX_JSON_VALUE_H

#include "base/cleanup.h"
#include "syntax/json.h"

/** A field of an object, borrowed from it. */
typedef struct bu_json_field {
    bulla_bytes key;
    const bu_json *value;
} bu_json_field;

typedef struct bu_json_fields {
    bu_json_field *items;
    size_t count, cap;
} bu_json_fields;

void bu_json_fields_clear(bu_json_fields *fields);
BU_DEFINE_CLEAR(bu_json_fields)

/** Append the fields of `object`, in insertion order or in order of the bytes of their keys. */
BULLA_MUST_USE bulla_status bu_json_fields_add(bu_json_fields *fields, const bu_json *object,
                                               bool sorted, bulla_error *err);

/** The real number that a text says, or NULL; no locale changes it. */
bu_json *bu_json_real(bulla_bytes text);

#endif
