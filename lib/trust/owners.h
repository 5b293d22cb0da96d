/* SPDX-License-Identifier: MIT */
/*
 * Who owns a store: the keys of the root and targets roles, of which each
 * person has one. Root metadata is written from this, and read back into it.
 */
#ifndef BU_TRUST_OWNERS_H
#define BU_TRUST_OWNERS_H

#include "trust/store.h"

/** What a new root says. */
typedef struct bu_owners {
    const bu_key **keys; /* of the root and targets roles; borrowed */
    size_t count;
    uint32_t threshold;
    const bu_key *online; /* of the snapshot and timestamp roles; NULL: any owner's */
    bool one_time;        /* the private key is not kept */
    const char *nonce;    /* of the store; "": none */
} bu_owners;

/** Who the owners by that root are; keys are borrowed from it. Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_owners_of(const bu_root *root, bu_arena *arena, bu_owners *out,
                                         bulla_error *err);

/** The key of the timestamp role, when it is one of its own; or NULL. Borrowed from the root. */
const bu_key *bu_owners_online(const bu_root *root);

/** True when the key is one of an owner. */
bool bu_owners_have(const bu_owners *owners, const bu_key *key);

/**
 * The "signed" of root metadata. Fails with threshold (1 to the number of owners), duplicate-key,
 * unsupported-feature (a kind of key that TUF does not know).
 */
BULLA_MUST_USE bulla_status bu_owners_write(const bu_owners *owners, int64_t version,
                                            int64_t expires, bu_json **out, bulla_error *err);

/**
 * Thresholds of the root count people: no two keys of its root role, nor of its targets role,
 * belong to one counted person of trust.toml. To be asked whenever that was read.
 * Fails with duplicate-key.
 */
BULLA_MUST_USE bulla_status bu_owners_check(const bulla_trust *trust, const bu_root *root,
                                            bulla_error *err);

/** The key of the store, of whatever person and in whatever form, that is this one; or NULL. */
const bu_trusted_key *bu_trust_key(const bulla_trust *trust, const bu_key *key);

#endif
