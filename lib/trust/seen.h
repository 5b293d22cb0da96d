/* SPDX-License-Identifier: MIT */
/*
 * The highest versions of a store ever seen, kept outside of the tree that is
 * verified: one small file a store, named by the store's identity.
 */
#ifndef BU_TRUST_SEEN_H
#define BU_TRUST_SEEN_H

#include "trust/store.h"

/**
 * Hold a loaded store against what was seen of it before, and remember it: `trust->remembered`. The
 * folder is made when it is not there.
 * Fails with rollback (a lower version, or the same with other bytes), write-error, and what the
 * record is refused for.
 */
BULLA_MUST_USE bulla_status bu_seen_keep(const char *state, bulla_trust *trust, bulla_error *err);

#endif
