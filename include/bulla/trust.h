/* SPDX-License-Identifier: MIT */
/*
 * The pinned trust store: who may vouch for what.
 */
#ifndef BULLA_TRUST_H
#define BULLA_TRUST_H

#include "digest.h"
#include "key.h"

BULLA_BEGIN

/** A loaded store; immutable, so it may be shared between threads. */
typedef struct bulla_trust bulla_trust;

/** How a store is loaded. */
typedef struct bulla_trust_options {
    const char *folder; /**< the store */
    /**
     * Folder where the highest versions ever seen are kept, outside of the tree that is verified;
     * made when it is not there. NULL: nothing is remembered, and the result says so.
     */
    const char *state;
    int64_t now; /**< Unix seconds UTC; expiry is judged by it */
} bulla_trust_options;

/**
 * Load and verify a store.
 * Every failure has exit class BULLA_EXIT_TRUST: missing-file, expired, rollback, threshold,
 * bad-signature, hash-mismatch, duplicate-key, and what its documents are refused for.
 */
BULLA_API BULLA_MUST_USE bulla_status bulla_trust_load(const bulla_trust_options *options,
                                                       bulla_trust **out, bulla_error *err);
BULLA_API void bulla_trust_free(bulla_trust *trust);

/** Digest of the store's targets.json: names this state of the store. Borrowed. */
BULLA_API const bulla_digest *bulla_trust_digest(const bulla_trust *trust);

/** The store as text for people, or as JSON (`bulla.trust-list/1`): "text" or "json". */
BULLA_API BULLA_MUST_USE bulla_status bulla_trust_list(const bulla_trust *trust, const char *format,
                                                       bulla_buffer *out, bulla_error *err);

/**
 * Of the store what belongs to a person, service or role of that name, or to the key whose keyid
 * begins so (8 digits or more), in the same forms. NULL: all of it.
 * Fails with usage (no such format), bad-reference (no such name), no-memory.
 */
BULLA_API BULLA_MUST_USE bulla_status bulla_trust_show(const bulla_trust *trust, const char *name,
                                                       const char *format, bulla_buffer *out,
                                                       bulla_error *err);

/** How a store is made and changed. */
typedef struct bulla_trust_edit {
    const char *folder;
    bulla_secret_key *const *keys; /**< private keys of the root and targets roles; borrowed */
    size_t key_count;
    int64_t now;
    int64_t expires; /**< of the new metadata; must be after `now` */
} bulla_trust_edit;

/**
 * Make a new store: root role of these keys with this threshold, no people yet.
 * With no key at all, a one-time key signs and is forgotten: such a store is complete in one go and
 * can only be made anew (`contents` then holds what is to be in it).
 * @param contents  folder with trust.toml and what it names, or NULL for an empty trust.toml.
 * Fails with write-error (the folder is not empty), threshold, bad-time, and what trust.toml is
 * refused for.
 */
BULLA_API BULLA_MUST_USE bulla_status bulla_trust_init(const bulla_trust_edit *edit,
                                                       uint32_t threshold, const char *contents,
                                                       bulla_error *err);

/** What `bulla trust add` brings in. Fields that are NULL or 0 are not given. */
typedef struct bulla_trust_addition {
    const char *person;            /**< id; made when new */
    const char *controller;        /**< makes it a service of that person */
    const char *key_file;          /**< public key in any form, OpenPGP or X.509 certificate */
    const char *identity, *issuer; /**< instead: a Sigstore identity; both or none */
    const char *sigstore;     /**< file: Sigstore's trusted_root.json, instead of what is there */
    const char *role;         /**< gives the person this role; made when new */
    uint32_t threshold;       /**< of the role */
    const char *const *match; /**< NULL-terminated globs of the role */
    const char *const *predicates; /**< NULL-terminated predicate types of the role */
    int64_t from, until;           /**< validity of the key; 0: not limited */
} bulla_trust_addition;

/**
 * Add a person, a key, a role grant; signs a new targets version. What is given of a role that is
 * there replaces what it had. With nothing given, the store is only renewed: also when its targets
 * have expired.
 * Fails as load and with duplicate-key, duplicate-entry, bad-name, untrusted-key (a key that may
 * not sign), threshold.
 */
BULLA_API BULLA_MUST_USE bulla_status bulla_trust_add(const bulla_trust_edit *edit,
                                                      const bulla_trust_addition *addition,
                                                      bulla_error *err);

/**
 * Take away: a key (by keyid; the person may be named too), a grant (person and role), a role, a
 * person with all of it. NULL: not given.
 * Fails as load and with bad-reference (no such thing), threshold (a role would have too few people
 * left).
 */
BULLA_API BULLA_MUST_USE bulla_status bulla_trust_remove(const bulla_trust_edit *edit,
                                                         const char *person, const char *role,
                                                         const char *keyid, bulla_error *err);

BULLA_END

#endif
