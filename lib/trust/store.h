/* SPDX-License-Identifier: MIT */
/*
 * The pinned trust store: TUF root and targets metadata (TUF 1.0.34, sections
 * 4.3 to 4.5 and the client workflow 5.3, 5.6 as far as a local store needs
 * it) over trust.toml, which names people, their keys and their roles.
 *
 * A store is a folder:
 *   1.root.json … N.root.json   the chain of roots; each signed by its own and the former threshold
 *   root.json                   the same bytes as N.root.json
 *   targets.json                pins every file below by length and SHA-256
 *   trust.toml                  people, keys, roles
 *   certificates/…              OpenPGP certificates and other anchors that trust.toml names
 * Everything is verified again on every load; nothing in it is believed before.
 */
#ifndef BU_TRUST_STORE_H
#define BU_TRUST_STORE_H

#include "bulla/trust.h"
#include "signature/dsse.h"
#include "signature/openpgp.h"
#include "trust/root.h"
#include "trust/targets.h"

/** A person, or a service with its controlling person: what thresholds count. */
typedef struct bu_person {
    const char *id;         /* [a-z0-9][a-z0-9._-]{0,63} */
    const char *controller; /* id of the person behind a service, or NULL */
    size_t counts_as;       /* index of the person that is counted: the controller's, or its own */
} bu_person;

/** One key of one person. */
typedef struct bu_trusted_key {
    bu_key *key;             /* owned; NULL for what follows */
    const char *fingerprint; /* OpenPGP: of the primary key, upper-case hex; else NULL */
    const char *identity;    /* Sigstore: who its certificates are for, or a glob; else NULL */
    const char *issuer;      /* of the identity; else NULL */
    const char *file;        /* pinned file that holds it, or NULL: the key stands in trust.toml */
    bulla_bytes certificate; /* OpenPGP: the pinned certificate's bytes; X.509: DER; else empty */
    const char *keyid;   /* hex SHA-256 of the SPKI, of the X.509 certificate or of the identity,
                                or the fingerprint in lower case */
    size_t person;       /* index into people */
    int64_t from, until; /* validity, inclusive; INT64_MIN / INT64_MAX when not stated */
    int64_t revoked;     /* INT64_MAX when not revoked */
    const char *reason;  /* of the revocation, or NULL */
} bu_trusted_key;

/** A right to vouch for one kind of thing. */
typedef struct bu_role {
    const char *name;
    uint32_t threshold; /* distinct people; 1..number of distinct people */
    size_t *people;     /* indices */
    size_t people_count;
    const char *const *match;      /* purl or file-name globs; NULL-terminated, at least one */
    const char *const *predicates; /* types or short names; NULL-terminated; empty: any */
    int64_t from, until;           /* inclusive */
    int64_t review_by;             /* after it the role is asleep; INT64_MAX when not stated */
} bu_role;

struct bulla_trust {
    bu_arena *arena;
    bu_root_chain chain; /* newest root; identity: names the store for the highest-seen record */
    int64_t targets_version, targets_expires;
    bulla_digest digest; /* SHA-256 of targets.json: names this state of the store */
    bu_pins pins;        /* every file of the store, with its checked bytes */
    bu_person *people;
    size_t people_count;
    bu_trusted_key *keys;
    size_t key_count;
    bu_role *roles;
    size_t role_count;
    const char *sigstore; /* pinned file with Sigstore's logs and authorities, or NULL */
    struct bu_sigstore_root *sigstore_root; /* owned: what it holds */
    const char *folder;                     /* as it was named when it was loaded */
    bool remembered;                        /* the highest versions seen are kept */
};
BU_DEFINE_AUTO(bulla_trust)

/**
 * Load and verify the store in a folder: root chain, targets, pinned files, trust.toml.
 * Fails with missing-file, expired, rollback, threshold, bad-signature, hash-mismatch,
 * duplicate-key, unpinned, and what its documents are refused for.
 */
BULLA_MUST_USE bulla_status bu_store_load(const char *path, int64_t now, bulla_trust **out,
                                          bulla_error *err);

/** An empty store in memory, to be filled by bu_trust_toml_read(). Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_store_new(bulla_trust **out, bulla_error *err);

/** The role of that name, or NULL. */
const bu_role *bu_trust_role(const bulla_trust *trust, bulla_bytes name);

/**
 * True when the role may vouch for a thing of that name (purl or file name) and predicate type
 * (empty: plain signature) at `now`.
 */
bool bu_role_covers(const bu_role *role, bulla_bytes name, bulla_bytes predicate_type, int64_t now);

/** True when the person holds the role. */
bool bu_role_has(const bu_role *role, size_t person);

/** True when a person of the role has an OpenPGP key. */
bool bu_role_has_openpgp(const bulla_trust *trust, const bu_role *role);

/** Index of the person or service of that id, or people_count. */
size_t bu_trust_person(const bulla_trust *trust, bulla_bytes id);

/** True when the key may be used at `now`: inside its validity and not revoked. */
bool bu_trusted_key_usable(const bu_trusted_key *key, int64_t now);

#endif
