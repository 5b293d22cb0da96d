/* SPDX-License-Identifier: MIT */
/*
 * Root metadata (TUF 1.0.34 section 4.3): which keys may sign what, and the
 * chain of versions in which each root is vouched for by the one before.
 */
#ifndef BU_TRUST_ROOT_H
#define BU_TRUST_ROOT_H

#include "io/file.h"
#include "trust/metadata.h"

/**
 * The roles that every root must name. A local store has no snapshot and timestamp yet; a served
 * one has.
 */
typedef enum bu_tuf_role_id {
    BU_TUF_ROOT,
    BU_TUF_TARGETS,
    BU_TUF_SNAPSHOT,
    BU_TUF_TIMESTAMP,
    BU_TUF_ROLE_COUNT
} bu_tuf_role_id;

typedef struct bu_root {
    int64_t version, expires;
    bool one_time;            /* its private key was never kept */
    bool consistent_snapshot; /* names of files carry their version or hash */
    bulla_digest content;     /* SHA-256 of what is signed, in canonical form */
    char nonce[33];           /* drawn with the first root, so that no two stores are one; or "" */
    bu_tuf_keys keys;
    bu_tuf_role roles[BU_TUF_ROLE_COUNT];
} bu_root;

void bu_root_free(bu_root *root);
BU_DEFINE_AUTO(bu_root)

/** A field of ours beside TUF's that says that no more versions can follow. */
#define BU_ROOT_KEPT  "x-bulla-root-key"
#define BU_ROOT_NEVER "one-time"
/** Another: 32 hex digits. */
#define BU_ROOT_NONCE "x-bulla-store"

/**
 * What root metadata says; that anyone signed it is not looked at. Fails as bu_root_parse(), but
 * for signatures and version.
 */
BULLA_MUST_USE bulla_status bu_root_read(const bu_metadata *m, bu_root **out, bulla_error *err);

/**
 * TUF 5.3.4 and 5.3.5: one step of the chain. The text is root metadata of that very version (0: of
 * any), signed by a threshold of its own keys and, unless `former` is NULL, of the former root's.
 * Fails with rollback (another version), threshold, what metadata is refused for, and of ours with
 * bad-signature, duplicate-key (one key under two ids), bad-reference, unsupported-feature (an
 * unknown role).
 */
BULLA_MUST_USE bulla_status bu_root_parse_as(bu_tuf_manner manner, bulla_bytes text,
                                             const char *name, int64_t version,
                                             const bu_root *former, bu_root **out,
                                             bulla_error *err);

/** The same of ours. */
BULLA_MUST_USE bulla_status bu_root_parse(bulla_bytes text, const char *name, int64_t version,
                                          const bu_root *former, bu_root **out, bulla_error *err);

/**
 * TUF 5.3.11: whether a key of that role was taken away between two roots, so that what it signed is
 * to be forgotten.
 */
bool bu_root_rotates(const bu_root *former, const bu_root *next, bu_tuf_role_id role);

/** The newest root of a store, and what names the store. */
typedef struct bu_root_chain {
    bu_root *root;         /* owned */
    bulla_digest identity; /* SHA-256 of what 1.root.json signs: whoever signs it once more */
    bulla_digest newest;   /* SHA-256 of root.json */
} bu_root_chain;

void bu_root_chain_clear(bu_root_chain *chain);
BU_DEFINE_CLEAR(bu_root_chain)

/**
 * TUF 5.3: walk 1.root.json … N.root.json of a folder, one version at a time; root.json must be the
 * last again, or the one after it: a change that was killed. Only the newest must not be expired.
 * Fails as bu_root_parse() and with missing-file (none, or a gap), expired, hash-mismatch
 * (root.json), resource-limit.
 */
BULLA_MUST_USE bulla_status bu_root_walk(const bu_folder *folder, int64_t now, bu_root_chain *out,
                                         bulla_error *err);

#endif
