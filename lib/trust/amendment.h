/* SPDX-License-Identifier: MIT */
/*
 * What a proposal would make of a store: judged as a store is on load, but for
 * the number of signatures; said in words; and made, when it is signed.
 */
#ifndef BU_TRUST_AMENDMENT_H
#define BU_TRUST_AMENDMENT_H

#include "trust/owners.h"
#include "trust/proposal.h"

/** One metadata document of the proposal. */
typedef struct bu_amended {
    bu_buf text; /* the file as it will be written; empty: the root stays */
    bu_metadata metadata;
    bool is_done; /* the store has it: the change was killed before its end */
} bu_amended;

typedef struct bu_amendment {
    const bulla_trust *old; /* borrowed; NULL: it makes a new store */
    bulla_trust *next;      /* owned; its root is NULL when the root stays */
    bu_amended root, targets;
} bu_amendment;

void bu_amendment_clear(bu_amendment *amendment);
BU_DEFINE_CLEAR(bu_amendment)

/**
 * Judge a proposal against the store as it is. Whatever signatures there are must hold and be
 * owners'; proofs of possession of new keys must hold.
 * Fails with identity-mismatch (another store), rollback (it was made for another version),
 * untrusted-key, bad-signature, hash-mismatch, unpinned, unsupported-feature (it says what this
 * program would not write), and as loading a store does.
 */
BULLA_MUST_USE bulla_status bu_amendment_open(const bu_proposal *proposal, const bulla_trust *old,
                                              bu_amendment *out, bulla_error *err);

/** The root that will be in force. */
const bu_root *bu_amendment_root(const bu_amendment *amendment);

/** True when the key is an owner's, of the store as it is or as it will be. */
bool bu_amendment_knows(const bu_amendment *amendment, const bu_key *key);

/**
 * Enough owners signed, by the store as it is and as it will be. Fails with threshold.
 */
BULLA_MUST_USE bulla_status bu_amendment_complete(const bu_amendment *amendment, bulla_error *err);

/** Append what changes, what of it weakens, who signed and who is missing. */
void bu_amendment_write(const bu_amendment *amendment, bu_buf *out);

#endif
