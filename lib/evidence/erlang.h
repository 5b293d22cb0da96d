/* SPDX-License-Identifier: MIT */
/*
 * The metadata.config of a Hex package: Erlang terms, each a pair of a key and
 * a value, each ended by a full stop. Texts are found by key; all else is only
 * followed, strictly, to where it ends.
 */
#ifndef BU_EVIDENCE_ERLANG_H
#define BU_EVIDENCE_ERLANG_H

#include "base/bytes.h"
#include "base/error.h"

/** A key whose value is wanted: a binary, <<"…">>, without escapes. */
typedef struct bu_erlang_field {
    const char *key;
    bulla_bytes value; /* set when it was found; a view into the text */
} bu_erlang_field;

/**
 * Fails with bad-syntax, duplicate-key, bad-encoding, type-mismatch, resource-limit (nesting) and the
 * offset. What is not found stays empty.
 */
BULLA_MUST_USE bulla_status bu_erlang_read(bulla_bytes text, bu_erlang_field *fields, size_t count,
                                           bulla_error *err);

#endif
