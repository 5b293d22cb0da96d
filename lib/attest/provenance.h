/* SPDX-License-Identifier: MIT */
/*
 * SLSA provenance v0.2 and v1 as one thing: what was built from where, by whom.
 */
#ifndef BU_ATTEST_PROVENANCE_H
#define BU_ATTEST_PROVENANCE_H

#include "attest/statement.h"

typedef struct bu_build_input {
    bulla_bytes name, value; /* of a workflow input: text, or compact JSON of what is none */
} bu_build_input;

/** Empty bytes: not stated. All live in the arena they were read into. */
typedef struct bu_provenance {
    bulla_bytes builder_id, build_type;
    bulla_bytes source_uri;    /* as it stands: "git+https://github.com/org/repo@refs/tags/v1" */
    bulla_bytes source_digest; /* commit, hex */
    bulla_bytes ref;           /* "refs/tags/v1.2.3", of the workflow or the source */
    bulla_bytes entry_point;   /* workflow path, or target */
    bulla_bytes trigger;       /* "push", "workflow_dispatch" … */
    bulla_bytes run_uri;
    bu_build_input *inputs;
    size_t input_count;
} bu_provenance;

/** True for predicate types that bu_provenance_read() understands. */
bool bu_is_provenance(bulla_bytes predicate_type);

/**
 * Read the predicate of a statement.
 * Fails with bad-type (no provenance), missing-field (builder), type-mismatch, ambiguous-bundle (two
 * sources that disagree).
 */
BULLA_MUST_USE bulla_status bu_provenance_read(const bu_statement *statement, const char *file,
                                               bu_arena *arena, bu_provenance *out,
                                               bulla_error *err);

#endif
