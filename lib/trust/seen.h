/* SPDX-License-Identifier: MIT */
/*
 * The highest versions of a store ever seen, and the time it was then, kept
 * outside of the tree that is verified: one small file a store, named by the
 * store's identity.
 */
#ifndef BU_TRUST_SEEN_H
#define BU_TRUST_SEEN_H

#include "trust/store.h"

/**
 * Hold a loaded store against what was seen of it before, and remember it: `trust->remembered`. The
 * folder is made when it is not there.
 * @param clock  what the clock says; NULL: it is not asked.
 * Fails with rollback (a lower version, or the same with other bytes), bad-time (the clock stands
 * more than BU_CLOCK_SKEW_SECONDS before what it said last), write-error, and what the record is
 * refused for.
 */
BULLA_MUST_USE bulla_status bu_seen_keep(const char *state, const int64_t *clock,
                                         bulla_trust *trust, bulla_error *err);

#endif
