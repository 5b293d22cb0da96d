/* SPDX-License-Identifier: MIT */
/*
 * Version ranges as the vers specification has them: a type and constraints
 * that are sorted by version.
 */
#ifndef BU_VERSION_VERS_H
#define BU_VERSION_VERS_H

#include "base/arena.h"
#include "base/buf.h"
#include "version/scheme.h"

/** In the order in which constraints on one version are written. */
typedef enum bu_comparator { BU_NE, BU_LT, BU_LE, BU_EQ, BU_GT, BU_GE } bu_comparator;

typedef struct bu_constraint {
    bu_comparator comparator;
    bulla_bytes version; /* decoded */
} bu_constraint;

/** Bytes live in the arena, or are borrowed from the text that was read. */
struct bu_range {
    bulla_bytes type;
    const bu_scheme *scheme; /* NULL: a type that no scheme is known for; it has no order */
    bu_arena *arena;
    bool all; /* "*" */
    bu_constraint *items;
    size_t count, cap;
};

void bu_range_clear(bu_range *range);
BU_DEFINE_CLEAR(bu_range)

/** Add a constraint; the version is checked by the scheme. Fails with bad-syntax, no-memory. */
BULLA_MUST_USE bulla_status bu_range_add(bu_range *range, bu_comparator comparator,
                                         bulla_bytes version, bulla_error *err);

/** Sort by version, then comparator; ranges without a scheme stay as they are. */
BULLA_MUST_USE bulla_status bu_range_sort(bu_range *range, bulla_error *err);

/**
 * Read a vers. `is_strict`: as clause 5.4 has it, each version once and no constraint that says
 * nothing new. Fails with bad-syntax and the offset, no-memory. The caller clears `range` in any
 * case.
 */
BULLA_MUST_USE bulla_status bu_vers_parse(bulla_bytes vers, bool is_strict, bu_arena *arena,
                                          bu_range *range, bulla_error *err);

/** Append the canonical text. */
void bu_vers_write(const bu_range *range, bu_buf *out);

/**
 * Whether a version is in the range. Fails with bad-syntax when it is no version of the scheme,
 * with unsupported-feature when the type has no scheme.
 */
BULLA_MUST_USE bulla_status bu_vers_contains(const bu_range *range, bulla_bytes version, bool *out,
                                             bulla_error *err);

#endif
