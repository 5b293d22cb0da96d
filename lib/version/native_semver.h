/* SPDX-License-Identifier: MIT */
/*
 * Semantic versions of which numbers may be missing or wild: "1.2", "1.x".
 */
#ifndef BU_VERSION_NATIVE_SEMVER_H
#define BU_VERSION_NATIVE_SEMVER_H

#include "version/native.h"

typedef struct bu_partial {
    bulla_bytes all;
    bulla_bytes number[3]; /* "0" where none is given */
    size_t given;          /* how many are */
    bool is_wild;          /* a wildcard stands for the others */
    bulla_bytes tail;      /* pre-release and build with their signs */
} bu_partial;

/** Fails with bad-syntax and the place. */
BULLA_MUST_USE bulla_status bu_partial_read(const bu_reading *r, bulla_bytes version,
                                            bu_partial *out);

/** Add a constraint on the version with three numbers. */
BULLA_MUST_USE bulla_status bu_partial_add(const bu_reading *r, bu_comparator comparator,
                                           const bu_partial *v, bool with_tail);

/** Add one on the version whose number `index` is one more and all behind it 0. */
BULLA_MUST_USE bulla_status bu_partial_add_raised(const bu_reading *r, bu_comparator comparator,
                                                  const bu_partial *v, size_t index);

/** From the version on, and below the one whose number `index` is one more. */
BULLA_MUST_USE bulla_status bu_partial_add_range(const bu_reading *r, const bu_partial *v,
                                                 size_t index);

/** The number that a caret holds: the first that is not 0, or the last that is given. */
size_t bu_partial_caret(const bu_partial *v);

/** "1.2.0 - 2.3": numbers that the upper end lacks are wild. */
BULLA_MUST_USE bulla_status bu_partial_hyphen(const bu_reading *r, bulla_bytes low,
                                              bulla_bytes high);

/** What a caret says. */
bu_expand bu_expand_caret;

#endif
