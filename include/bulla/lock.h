/* SPDX-License-Identifier: MIT */
/*
 * Lock: record who vouches for each dependency, so that bulla_verify() notices
 * when that changes. Never networked.
 */
#ifndef BULLA_LOCK_H
#define BULLA_LOCK_H

#include "verify.h"

BULLA_BEGIN

typedef struct bulla_lock_options {
    const bulla_verify_options *verify; /**< what is looked at; its `lock`: the record so far */
    /** Patterns of packages ("pkg:npm/x") whose record is made anew; NULL-terminated; NULL. */
    const char *const *update;
} bulla_lock_options;

/** What a new record says. */
typedef struct bulla_locked {
    bulla_buffer document; /**< the file, `bulla.lock/1` (doc/schema/lock.json); both to be freed */
    bulla_buffer changes;  /**< for people, escaped: what is new, changed or refused, and a sum */
    bool is_changed;       /**< the document is not what the record was */
    bulla_exit
        exit; /**< DENIED: a change was not accepted; UNPROVEN: something could not be looked at */
} bulla_locked;

/**
 * Make the record of a checkout anew: what is new is added; what changed is taken over only where
 * `update` says so, and refused elsewhere.
 * @param out  set on success, owned by the caller; the file is not written.
 * Fails as bulla_verify(), as lockfiles are refused, and with usage (an `update` that no package
 * matches).
 */
BULLA_API BULLA_MUST_USE bulla_status bulla_lock(const bulla_lock_options *options,
                                                 bulla_locked *out, bulla_error *err);

BULLA_END

#endif
