/* SPDX-License-Identifier: MIT */
/*
 * The JSON Canonicalization Scheme (RFC 8785): the bytes that are signed of a JSON value.
 */
#ifndef BU_SIGNATURE_JCS_H
#define BU_SIGNATURE_JCS_H

#include "base/buf.h"
#include "syntax/tree.h"

/** What is to be written. */
typedef struct bu_jcs {
    const bu_tree *tree; /* of bu_json_load() */
    /** Fields and elements that are left out; NULL: none. */
    bool (*is_left_out)(const void *context, const bu_node *node);
    const void *context;
} bu_jcs;

/**
 * Append the canonical form of a node.
 * Fails with bad-number, and the place (an integer beyond 2^53 that is not the one that its canonical
 * form says: two documents would have one form), no-memory.
 */
BULLA_MUST_USE bulla_status bu_jcs_write(const bu_jcs *jcs, const bu_node *node, bu_buf *out,
                                         bulla_error *err);

/** Append a JSON number as ECMAScript writes it (RFC 8785 section 3.2.2.3). */
void bu_jcs_number(bulla_bytes text, bu_buf *out);

#endif
