/* SPDX-License-Identifier: MIT */
/*
 * Putting a signed change in place, so that a kill at any moment leaves the
 * old store or the new one.
 */
#ifndef BU_TRUST_COMMIT_H
#define BU_TRUST_COMMIT_H

#include "trust/amendment.h"

/**
 * Make the folder hold what an amendment says, of which bu_amendment_complete() held. For a new
 * store it must be empty, or hold one that was killed while it was made.
 * Fails with write-error.
 */
BULLA_MUST_USE bulla_status bu_commit(const char *folder, const bu_amendment *amendment,
                                      bulla_error *err);

#endif
