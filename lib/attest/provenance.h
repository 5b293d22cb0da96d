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
    bulla_bytes repository;    /* of it, without "git+" and ref: "https://github.com/org/repo" */
    bulla_bytes source_digest; /* commit, hex */
    bulla_bytes ref;           /* of the source: "refs/tags/v1.2.3" */
    bulla_bytes base_ref;      /* the branch that a tag was set on: "refs/heads/main" */
    bulla_bytes entry_point;   /* path of the workflow in its repository, or target */
    bulla_bytes workflow_ref;  /* ref of the workflow */
    bulla_bytes trigger;       /* "push", "workflow_dispatch" … */
    bulla_bytes run_uri;
    bu_build_input *inputs; /* that a person gave to a workflow, in order of their names */
    size_t input_count;
} bu_provenance;

/** True for predicate types that bu_provenance_read() understands. */
bool bu_is_provenance(bulla_bytes predicate_type);

/** The repository of a source's URI: without "git+" and ref. Borrowed. */
bulla_bytes bu_repository_of(bulla_bytes source_uri);

/**
 * Read the predicate of a statement.
 * Fails with bad-type (no provenance), missing-field (builder, build type), type-mismatch, bad-syntax (a
 * workflow reference), ambiguous-bundle (one thing stated twice, and not the same), no-memory.
 */
BULLA_MUST_USE bulla_status bu_provenance_read(const bu_statement *statement, const char *file,
                                               bu_arena *arena, bu_provenance *out,
                                               bulla_error *err);

#endif
