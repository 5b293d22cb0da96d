/* SPDX-License-Identifier: MIT */
/*
 * Predicate types: short names for people, type URIs in statements, and what
 * a document must have to be of a type.
 */
#ifndef BU_ATTEST_PREDICATE_H
#define BU_ATTEST_PREDICATE_H

#include "base/bytes.h"
#include "base/error.h"
#include "syntax/json.h"

/**
 * A predicate type by its short name ("sbom", "slsa", "signature"); the text itself when it is a
 * URI; empty otherwise.
 */
bulla_bytes bu_predicate_type_of(bulla_bytes name);

/**
 * True when `type` (of a statement) is what `name` means: the same URI, or a type of that short
 * name, also in its versioned form ("https://cyclonedx.org/bom/v1.6" is "sbom").
 */
bool bu_predicate_is(bulla_bytes type, bulla_bytes name);

/** The type that a document was found to be of. */
typedef struct bu_predicate_choice {
    bulla_bytes type; /* URI; static, or borrowed from the name that was given */
    bool is_subject;  /* the document's own bytes are a subject of the statement too */
} bu_predicate_choice;

/**
 * Judge a document that is to be attested as `name` (short name or type URI). A type that no row
 * knows takes any object.
 * @param file  the document's name in errors.
 * Fails with usage (neither a short name nor a URI), type-mismatch (not an object), bad-type (a
 * document of another kind), ambiguous-bundle (of two kinds), and with missing-field and
 * type-mismatch as its type asks.
 */
BULLA_MUST_USE bulla_status bu_predicate_choose(bulla_bytes name, const bu_json *document,
                                                const char *file, bu_predicate_choice *out,
                                                bulla_error *err);

#endif
