/* SPDX-License-Identifier: MIT */
/*
 * What `bulla trust add` and `remove` do to a store in memory, before
 * trust.toml is written from it.
 */
#ifndef BU_TRUST_CHANGE_H
#define BU_TRUST_CHANGE_H

#include "trust/store.h"

#define BU_CERTIFICATES  "certificates/" /* where added certificates and roots are pinned */
#define BU_SIGSTORE_ROOT BU_CERTIFICATES "sigstore.json"

/**
 * Bring in a person, a key, a grant. Fails with usage, duplicate-entry, and what key files are
 * refused for.
 */
BULLA_MUST_USE bulla_status bu_change_add(bulla_trust *trust, const bulla_trust_addition *addition,
                                          bulla_error *err);

/**
 * Take away a key, a grant, a role or a person; see bulla_trust_remove(). Fails with usage,
 * bad-reference.
 */
BULLA_MUST_USE bulla_status bu_change_remove(bulla_trust *trust, const char *person,
                                             const char *role, const char *keyid, bulla_error *err);

#endif
