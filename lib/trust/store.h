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

/** What a principal is. */
typedef enum bu_kind_of_party {
    BU_PARTY_PERSON,
    BU_PARTY_SERVICE, /* acts for its controller */
    BU_PARTY_VENDOR,  /* another organisation; never in a role of ours */
    BU_PARTY_WITNESS, /* only sees and signs heads of logs */
} bu_kind_of_party;

/** A list of no texts. */
extern const char *const bu_no_texts[];

/** A principal; thresholds and exclusions compare whom it counts as. */
typedef struct bu_person {
    const char *id; /* [a-z0-9][a-z0-9._-]{0,63} */
    bu_kind_of_party kind;
    const char *controller; /* id of the person behind a service, or NULL */
    const char *org;        /* NULL: ours */
    const char *tag;        /* keyed hash of a staff id: two with one tag are one; NULL */
    const char *idp_issuer, *idp_user; /* login: two with one login are one; both or NULL */
    size_t counts_as; /* index of the one that is counted: the first of all who are the same */
} bu_person;

/** Where a private key is kept. */
typedef enum bu_custody {
    BU_CUSTODY_UNSTATED,
    BU_CUSTODY_FILE,
    BU_CUSTODY_TOKEN,
    BU_CUSTODY_HSM,
    BU_CUSTODY_OFFLINE,
} bu_custody;

/** "file", "token", "hsm", "offline"; "unstated". Never NULL. */
const char *bu_custody_name(bu_custody custody);

/** "person", "service", "vendor", "witness": also the name of the table in trust.toml. Never NULL. */
const char *bu_party_name(bu_kind_of_party kind);

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
    int64_t review_by;   /* after it the key counts for nothing; INT64_MAX when not stated */
    int64_t replaced;    /* what is dated later does not count; INT64_MAX when not replaced */
    int64_t revoked;     /* INT64_MAX when not revoked */
    int64_t since;      /* of the revocation: what is not proved to be made before does not count */
    const char *reason; /* of the revocation, or NULL */
    bu_custody custody;
    const char *const *environments; /* NULL-terminated; empty: any */
    const char *const *materials; /* keyids of every bare key in it: what two keys may not share */
    const char *proof;            /* pinned file in which the key signs for its person, or NULL */
} bu_trusted_key;

/** What one holder of a role may do in it; what is empty or not stated is as the role has it. */
typedef struct bu_grant {
    size_t person;
    bool is_narrowed; /* stands in trust.toml as a table of its own */
    const char *const *match, *const *predicates, *const *environments; /* NULL-terminated */
    int64_t from, until, review_by;
} bu_grant;

/** A right to vouch for one kind of thing. */
typedef struct bu_role {
    const char *name;
    uint32_t threshold; /* distinct people; 1..number of distinct people */
    bu_grant *grants;   /* one for each holder */
    size_t grant_count;
    const char *const *match;        /* purl or file-name globs; NULL-terminated, at least one */
    const char *const *predicates;   /* types or short names; NULL-terminated; empty: any */
    bool has_usual;                  /* `predicates` are those of roles.def, not stated */
    const char *const *environments; /* NULL-terminated; empty: any */
    int64_t from, until;             /* inclusive */
    int64_t review_by;               /* after it the role is asleep; INT64_MAX when not stated */
} bu_role;

/** Two roles that nobody may have together. */
typedef struct bu_exclusion {
    const char *a, *b; /* names of roles, of which none needs to be there; "*": any other */
    bool per_subject;  /* nobody may act in both for one thing; else nobody may hold both */
    bool is_built_in;  /* of roles.def, not of trust.toml */
} bu_exclusion;

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
    bu_exclusion *exclusions; /* those of roles.def, then those of trust.toml */
    size_t exclusion_count;
    const char *const
        *environments;     /* NULL-terminated: dev, staging, prod unless it names others */
    bool has_environments; /* it names them */
    const char *url;       /* where the store is served, or NULL: it is a folder only */
    const char *sigstore;  /* pinned file with Sigstore's logs and authorities, or NULL */
    struct bu_sigstore_root *sigstore_root; /* owned: what it holds */
    const char *folder;                     /* as it was named when it was loaded */
    bool remembered;                        /* the highest versions seen are kept */
    bu_folder held;                         /* no other process changes it meanwhile */
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

/** When a signature was made, as far as it is known. */
typedef struct bu_when {
    bool is_proved; /* `time` is from a log or an authority that is trusted */
    int64_t time;   /* else what the signer says, or INT64_MIN: nothing is said */
    int64_t now;
} bu_when;

/** What it is: "ed25519", "openpgp", "x509", "identity" … Never NULL. */
const char *bu_trusted_key_kind(const bu_trusted_key *key);

/** What somebody vouches for. */
typedef struct bu_use {
    bulla_bytes name, purl;     /* of the thing; a glob of the role matches either */
    bulla_bytes predicate_type; /* empty: a plain signature */
    bulla_bytes environment;    /* that the statement names; empty: none */
    const char *wanted;         /* environment that is asked about, or NULL: any */
    bu_when when;
} bu_use;

/**
 * The role is in force and this holder of it may vouch for that. Fails with untrusted-key (no
 * holder, or not for this), expired (its time, or review_by, is over), environment-mismatch.
 */
BULLA_MUST_USE bulla_status bu_role_allows(const bulla_trust *trust, const bu_role *role,
                                           size_t person, const bu_use *use, bulla_error *err);

/**
 * True when the role, whoever holds it, may vouch for a thing of that name (purl or file name) and
 * predicate type (empty: plain signature) at `now`.
 */
bool bu_role_covers(const bu_role *role, bulla_bytes name, bulla_bytes predicate_type, int64_t now);

/** The person's grant in the role, or NULL. */
const bu_grant *bu_role_grant(const bu_role *role, size_t person);

/** True when a person of the role has an OpenPGP key. */
bool bu_role_has_openpgp(const bulla_trust *trust, const bu_role *role);

/** Digits of a keyid that are enough to name a key by. */
#define BU_KEYID_LEAST 8u

/** Index of the person or service of that id, or people_count. */
size_t bu_trust_person(const bulla_trust *trust, bulla_bytes id);

/**
 * A signature by the key counts: it was inside its validity and not revoked when it signed, as far
 * as that is proved, else now; and in that environment. Fails with expired, revoked,
 * environment-mismatch.
 */
BULLA_MUST_USE bulla_status bu_trusted_key_counts(const bulla_trust *trust,
                                                  const bu_trusted_key *key, const bu_use *use,
                                                  bulla_error *err);

/** The environments that there are where no store names others: NULL-terminated. */
extern const char *const bu_usual_environments[];

/** True when the list is empty or has the text. */
bool bu_list_allows(const char *const *list, bulla_bytes text);

#endif
