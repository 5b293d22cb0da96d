/* SPDX-License-Identifier: MIT */
/*
 * Who may sign metadata (TUF 1.0.34 sections 4.3 and 4.5): a table of keys, and roles that name some
 * of them with a threshold. Root metadata and delegations have both in the same form.
 */
#ifndef BU_TRUST_TUF_ROLE_H
#define BU_TRUST_TUF_ROLE_H

#include "trust/tuf_key.h"

/** The "keys" of one document; of ours, no two are the same key. */
typedef struct bu_tuf_keys {
    bu_tuf_manner manner; /* how they and their roles are read: to be set before */
    bu_tuf_key *items;
    size_t count, cap;
} bu_tuf_keys;

void bu_tuf_keys_clear(bu_tuf_keys *keys);
BU_DEFINE_CLEAR(bu_tuf_keys)

/**
 * Read a "keys" object; `name` is the document's. Fails as bu_tuf_key_read() and with resource-limit,
 * and of ours with duplicate-key (one key under two ids).
 */
BULLA_MUST_USE bulla_status bu_tuf_keys_read(const bu_json *object, const char *name,
                                             bu_tuf_keys *out, bulla_error *err);

/** Which keys may sign one kind of metadata. */
typedef struct bu_tuf_role {
    bu_tuf_manner manner;
    const bu_tuf_key **keys; /* the table's */
    size_t count;
    uint32_t threshold; /* 1 or more; of ours at most `count`. Distinct key material is counted. */
} bu_tuf_role;

void bu_tuf_role_clear(bu_tuf_role *role);

/**
 * Read "keyids" and "threshold" of a role; `keys` must outlive it and not grow.
 * Fails with duplicate-key, threshold, type-mismatch, missing-field, and of ours with bad-reference
 * (an id without a key).
 */
BULLA_MUST_USE bulla_status bu_tuf_role_read(const bu_tuf_keys *keys, const bu_json *value,
                                             const char *name, bu_tuf_role *out, bulla_error *err);

#endif
