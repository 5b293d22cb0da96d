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
    /**
     * `now` is what the clock says, not a date that is asked about: with `state`, the clock must
     * not stand before what it said when the store was loaded last.
     */
    bool is_clock;
    const char
        *identity; /**< of the one store that it may be, as bulla_trust_list() says it; NULL: any */
} bulla_trust_options;

/**
 * Load and verify a store.
 * Every failure has exit class BULLA_EXIT_TRUST: missing-file, expired, rollback, bad-time (the
 * clock was set back), threshold, bad-signature, hash-mismatch, duplicate-key,
 * identity-mismatch (another store), and what its documents are refused for.
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
 * A proof of possession: the key signs that it is this person's. To be handed to the owners of a
 * store with the public key.
 * @param trust  the one store that it is for; NULL: any.
 * Fails as signing does.
 */
BULLA_API BULLA_MUST_USE bulla_status bulla_key_prove(const bulla_secret_key *key,
                                                      const char *person, const bulla_trust *trust,
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
    /** As in bulla_trust_options: a copy that is too old is not changed, and what is made is
     * remembered; or NULL. */
    const char *state;
    bulla_secret_key *const *keys; /**< private keys of owners, as many as are at hand; borrowed */
    size_t key_count;
    int64_t now;
    int64_t expires; /**< of the new metadata; must be after `now` */
    bool renews;     /**< for the sake of `expires` alone, too */
} bulla_trust_edit;

/** What became of a change. */
typedef struct bulla_trust_outcome {
    bool applied;      /**< enough owners signed: the store is the new one. Else `proposal` waits */
    bool is_unchanged; /**< the store says all of it already: nothing was proposed */
    bool is_one_persons; /**< one key alone can change the store */
    int64_t version;     /**< of targets.json as proposed, or as it stays */
    bulla_buffer
        proposal; /**< the change with its signatures (`bulla.trust-proposal/1`), to hand on */
    bulla_buffer
        text; /**< for people: what changes, what of it weakens, who signed, who is missing */
} bulla_trust_outcome;
BULLA_API void bulla_trust_outcome_clear(bulla_trust_outcome *outcome);

/*
 * Each change below is judged as a store is on load, then signed with the keys that are given. When
 * the owners' threshold is reached, the store is the new one in a single step; else nothing is
 * written, and the proposal is for other owners to sign: bulla_trust_sign().
 * All fail as bulla_trust_load() and with bad-time, untrusted-key (a key that is no owner's).
 */

/** Who is to own a store. */
typedef struct bulla_trust_owners {
    const char *const *public_keys; /**< files, NULL-terminated; the edit's keys are owners, too */
    const char *online_key;         /**< file: signs snapshot and timestamp; NULL: each owner may */
    uint32_t people;                /**< how many owners there must be; 0: not said */
    uint32_t threshold;             /**< 0: one of one, else more than half */
} bulla_trust_owners;

/**
 * Make a new store: its owners, no people yet. With neither keys nor public keys, a one-time key
 * signs and is forgotten: such a store is complete in one go and can only be made anew (`contents`
 * then holds what is to be in it).
 * @param contents  folder with trust.toml and what it names, or NULL for an empty trust.toml.
 * Fails with write-error (the folder is not empty), threshold, duplicate-key, and what trust.toml
 * is refused for.
 */
BULLA_API BULLA_MUST_USE bulla_status bulla_trust_init(const bulla_trust_edit *edit,
                                                       const bulla_trust_owners *owners,
                                                       const char *contents,
                                                       bulla_trust_outcome *out, bulla_error *err);

/** A key or identity to be enrolled. Fields that are NULL or 0 are not given. */
typedef struct bulla_trust_enrolment {
    const char *key_file;            /**< public key in any form, OpenPGP or X.509 certificate */
    const char *proof;               /**< its proof of possession: see bulla_key_prove() */
    bool allow_no_proof;             /**< a bare key of a person or service may come without one */
    const char *identity, *issuer;   /**< instead: a Sigstore identity; both or none */
    const char *custody;             /**< "file", "token", "hsm", "offline" */
    const char *const *environments; /**< NULL-terminated */
    int64_t from, until, review_by;
} bulla_trust_enrolment;

/** What `bulla trust add` brings in. Fields that are NULL or 0 are not given. */
typedef struct bulla_trust_addition {
    const char *person;                            /**< id; made when new */
    const char *kind;                              /**< "person", "service", "vendor", "witness" */
    const char *controller;                        /**< makes it a service of that person */
    const char *org, *tag, *idp_issuer, *idp_user; /**< see doc/trust.md */
    bulla_trust_enrolment key;
    const char *sigstore; /**< file: Sigstore's trusted_root.json, instead of what is there */
    const char *policy;   /**< file: pinned as bulla.policy.toml, instead of what is there */
    const char *const *exclusive;  /**< NULL-terminated "ROLE,ROLE" or "ROLE,ROLE,subject" */
    const char *role;              /**< gives the person this role; made when new */
    uint32_t threshold;            /**< of the role */
    const char *const *match;      /**< NULL-terminated globs of the role */
    const char *const *predicates; /**< NULL-terminated predicate types of the role */
} bulla_trust_addition;

/**
 * Add a person, a key, a role. What is given of a role that is there replaces what it had. With
 * nothing given, the store is only renewed: also when its targets have expired.
 * Fails with duplicate-key, duplicate-entry, bad-name, untrusted-key (a key that may not sign),
 * threshold, duty-conflict; identity-mismatch (a proof of another key, person or store) and
 * missing-file (none).
 */
BULLA_API BULLA_MUST_USE bulla_status bulla_trust_add(const bulla_trust_edit *edit,
                                                      const bulla_trust_addition *addition,
                                                      bulla_trust_outcome *out, bulla_error *err);

/**
 * Take away: a key (by keyid; the person may be named too), a grant (person and role), a role, a
 * person with all of it. NULL: not given.
 * Fails with bad-reference (no such thing), threshold (a role would have too few people left).
 */
BULLA_API BULLA_MUST_USE bulla_status bulla_trust_remove(const bulla_trust_edit *edit,
                                                         const char *person, const char *role,
                                                         const char *keyid,
                                                         bulla_trust_outcome *out,
                                                         bulla_error *err);

/** A right to vouch. Lists are NULL-terminated; what is NULL or 0 is not given. */
typedef struct bulla_trust_right {
    const char *person, *role;
    const char *const *match, *const *predicates, *const *environments;
    int64_t from, until, review_by;
} bulla_trust_right;

/**
 * Give a person a role. In a role that is there, what is given narrows what this person may do in
 * it; a role that is new gets it as its own.
 * Fails with bad-reference (no such person), and as bulla_trust_add().
 */
BULLA_API BULLA_MUST_USE bulla_status bulla_trust_grant(const bulla_trust_edit *edit,
                                                        const bulla_trust_right *right,
                                                        bulla_trust_outcome *out, bulla_error *err);

/** Why a key does not count any more: "lost", "stolen", "left", "superseded", "unspecified". */
typedef struct bulla_trust_revocation {
    const char *person; /**< all of whose keys; or NULL */
    const char *keyid;  /**< this key; or NULL */
    const char *reason; /**< one of the codes */
    int64_t at;         /**< when it was withdrawn; 0: now */
    int64_t since;      /**< what is not proved to be made before counts for nothing; 0: not said */
} bulla_trust_revocation;

/** Withdraw keys. Fails with bad-reference, bad-time, usage (another reason). */
BULLA_API BULLA_MUST_USE bulla_status bulla_trust_revoke(const bulla_trust_edit *edit,
                                                         const bulla_trust_revocation *revocation,
                                                         bulla_trust_outcome *out,
                                                         bulla_error *err);

/**
 * Put a new key in the place of a person's old one, which keeps what it signed up to now.
 * @param old  keyid.
 * Fails with bad-reference, and as bulla_trust_add().
 */
BULLA_API BULLA_MUST_USE bulla_status bulla_trust_rotate(const bulla_trust_edit *edit,
                                                         const char *person, const char *old,
                                                         const bulla_trust_enrolment *key,
                                                         bulla_trust_outcome *out,
                                                         bulla_error *err);

/**
 * A new version of the root: other owners, or another threshold. It must be signed by enough owners
 * of the root before and of the new one.
 * @param old     keyid of an owner who leaves, or NULL.
 * @param owners  who come; `threshold` 0 keeps what it is.
 */
BULLA_API BULLA_MUST_USE bulla_status bulla_trust_rotate_root(const bulla_trust_edit *edit,
                                                              const char *old,
                                                              const bulla_trust_owners *owners,
                                                              bulla_trust_outcome *out,
                                                              bulla_error *err);

/**
 * Unite the signatures of copies of one proposal, add those of the edit's keys, and make it the
 * store when they are enough. A proposal for a new store makes it in `edit->folder`. One that the
 * store is already is no failure.
 * @param proposals  files, NULL-terminated, at least one.
 * @param apply      false: only judge and sign.
 * Fails with rollback (the store is not the one it was made for any more, or not yet),
 * identity-mismatch (another store), subject-mismatch (not copies of one proposal), bad-signature.
 */
BULLA_API BULLA_MUST_USE bulla_status bulla_trust_sign(const bulla_trust_edit *edit,
                                                       const char *const *proposals, bool apply,
                                                       bulla_trust_outcome *out, bulla_error *err);

/**
 * Write the store as a static TUF repository: N.root.json, timestamp.json, N.snapshot.json,
 * N.targets.json, targets/HASH.NAME. timestamp.json is written last.
 * @param edit  its keys are of the snapshot and timestamp roles.
 * @param out   the folder; made when new. What was published there before must be signed by keys
 *              of the same roles.
 * Fails as bulla_trust_load() and with threshold, untrusted-key, write-error.
 */
BULLA_API BULLA_MUST_USE bulla_status bulla_trust_publish(const bulla_trust_edit *edit,
                                                          const char *out, bulla_error *err);

BULLA_END

#endif
