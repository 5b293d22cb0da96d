/* SPDX-License-Identifier: MIT */
/*
 * A store that is served: brought up to date from the repository that serves
 * it, and seen to be as fresh as that one says.
 */
#ifndef BU_TRUST_SERVED_H
#define BU_TRUST_SERVED_H

#include "bulla/tuf.h"
#include "trust/store.h"

/**
 * Hold the targets of a loaded store against timestamp.json and snapshot.json in its folder: both
 * signed by the root's roles and not expired at `now`, and about this targets.json.
 * Fails with missing-file, expired, threshold, rollback, hash-mismatch, and what metadata is refused
 * for.
 */
BULLA_MUST_USE bulla_status bu_store_check_served(const bu_folder *folder, int64_t now,
                                                  const bulla_trust *trust, bulla_error *err);

/** See bulla_trust_update(). */
BULLA_MUST_USE bulla_status bu_store_update(const bulla_tuf_options *options,
                                            bulla_tuf_versions *out, bulla_error *err);

#endif
