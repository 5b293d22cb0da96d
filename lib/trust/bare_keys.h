/* SPDX-License-Identifier: MIT */
/*
 * The bare keys among the anchors, for formats whose signatures have no time of their own.
 */
#ifndef BU_TRUST_BARE_KEYS_H
#define BU_TRUST_BARE_KEYS_H

#include "trust/vouch.h"

typedef struct bu_bare_keys {
    const bu_key **items;
    size_t *anchors; /* by key: which anchor it is */
    bool *signed_by; /* by key: room for the answer */
    bool *broken_by; /* by key: a signature that names it does not verify */
    size_t count;
} bu_bare_keys;

/** Gather them. Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_bare_keys_of(const bu_check *check, bu_bare_keys *out,
                                            bulla_error *err);

/**
 * Those that signed vouch, if they count now. Fails with expired when none of them does, no-memory.
 */
BULLA_MUST_USE bulla_status bu_bare_keys_vouch(const bu_bare_keys *keys, const bu_check *check,
                                               bu_vouched *out, bulla_error *err);

#endif
