/* SPDX-License-Identifier: MIT */
/*
 * A change of a store as one file, to be signed by several people: the new
 * metadata and every new pinned file. Schema "bulla.trust-proposal/1".
 */
#ifndef BU_TRUST_PROPOSAL_H
#define BU_TRUST_PROPOSAL_H

#include "trust/targets.h"

/** Each of root and targets is {"signed": …, "signatures": […]}, rows in order of keyids. */
typedef struct bu_proposal {
    bu_arena *arena;
    bool is_first;      /* it makes a new store */
    bulla_digest store; /* of what the first root of the store says; not when it is_first */
    bu_json *root;      /* NULL: the root stays */
    bu_json *targets;
    bu_pins files; /* those that the store has not, or with other bytes */
} bu_proposal;

void bu_proposal_clear(bu_proposal *proposal);
BU_DEFINE_CLEAR(bu_proposal)

/** Make an empty one ready. Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_proposal_start(bu_proposal *out, bulla_error *err);

/** A metadata document that nobody has signed; takes what is to be "signed" over. */
BULLA_MUST_USE bulla_status bu_proposal_document(bu_json *body, bu_json **out, bulla_error *err);

/**
 * Read a file; nothing in it is judged yet. Fails as bu_json_parse() and with unsupported-version,
 * missing-field, type-mismatch, bad-syntax (unknown field), bad-name, bad-encoding, resource-limit
 * (over BU_LIMIT_SIGNATURES of one document).
 */
BULLA_MUST_USE bulla_status bu_proposal_read(bulla_bytes text, const char *name, bu_proposal *out,
                                             bulla_error *err);

/** The file, appended: the same bytes in whatever order people signed. Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_proposal_write(const bu_proposal *proposal, bu_buf *out,
                                              bulla_error *err);

/** Take over the signatures of a copy. Fails with subject-mismatch when it is none. */
BULLA_MUST_USE bulla_status bu_proposal_unite(bu_proposal *into, const bu_proposal *copy,
                                              bulla_error *err);

/** Sign a document, unless this key has. Fails as signing does. */
BULLA_MUST_USE bulla_status bu_proposal_sign(bu_json *document, const bu_secret_key *key,
                                             bulla_error *err);

#endif
