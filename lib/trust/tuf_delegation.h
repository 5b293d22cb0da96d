/* SPDX-License-Identifier: MIT */
/*
 * Delegations of targets metadata (TUF 1.0.34 section 4.5, TAP 15): which
 * roles may speak about one target, in which order, and who signs for them.
 */
#ifndef BU_TRUST_TUF_DELEGATION_H
#define BU_TRUST_TUF_DELEGATION_H

#include "trust/metadata.h"

/** One role that the target is delegated to. */
typedef struct bu_tuf_delegation {
    char *name; /* owned; no top-level role's */
    bu_tuf_role role;
    bool terminating; /* no role that comes later may speak about the target */
} bu_tuf_delegation;

/** Those of one document that match one target, in order of appearance. */
typedef struct bu_tuf_delegations {
    bu_tuf_keys keys;
    bu_tuf_delegation *items;
    size_t count, cap;
} bu_tuf_delegations;

void bu_tuf_delegations_clear(bu_tuf_delegations *delegations);
BU_DEFINE_CLEAR(bu_tuf_delegations)

/**
 * Read what checked targets metadata delegates of `target`; nothing behind a terminating one.
 * Fails with bad-name, bad-number, bad-syntax (both or neither of two forms), missing-field,
 * type-mismatch, resource-limit, and as keys and roles do.
 */
BULLA_MUST_USE bulla_status bu_tuf_delegations_read(const bu_metadata *metadata, const char *target,
                                                    bu_tuf_delegations *out, bulla_error *err);

#endif
