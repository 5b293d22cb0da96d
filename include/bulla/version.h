/* SPDX-License-Identifier: MIT */
/*
 * Versions and ranges of versions: the order of each ecosystem, and `vers`,
 * the one notation of ranges for all of them.
 */
#ifndef BULLA_VERSION_H
#define BULLA_VERSION_H

#include "bytes.h"
#include "error.h"

BULLA_BEGIN

/** A versioning scheme that is known. All texts are static. */
typedef struct bulla_version_scheme {
    const char *type;       /**< vers type, e.g. "deb" */
    const char *ecosystems; /**< what OSV calls it, parted by '|', e.g. "Debian|Ubuntu" */
    const char *title;      /**< what is versioned so */
} bulla_version_scheme;

/** The scheme at that place of the list; false behind the last. */
BULLA_API bool bulla_version_scheme_at(size_t index, bulla_version_scheme *out);

/**
 * Order of two versions: `*out` is -1, 0 or 1. `scheme` is a vers type or OSV's name of the
 * ecosystem ("PyPI", "Debian:12"). Takes time linear in the versions. Fails with
 * unsupported-feature (no such scheme), bad-syntax and the offset in the text that is no version.
 */
BULLA_API BULLA_MUST_USE bulla_status bulla_version_compare(bulla_bytes scheme, bulla_bytes a,
                                                            bulla_bytes b, int *out,
                                                            bulla_error *err);

/**
 * The canonical text of a valid vers. Constraints that are not sorted by version are refused (but
 * of pypi, whose definition has them in any order, and sorted here), and so is a version that is
 * named twice or a constraint that says nothing new. Fails with bad-syntax and the offset,
 * no-memory.
 */
BULLA_API BULLA_MUST_USE bulla_status bulla_vers_canonical(bulla_bytes vers, bulla_buffer *out,
                                                           bulla_error *err);

/**
 * Whether a version is in a range; false in `*out` also on failure. Constraints may repeat what others say, as those of
 * bulla_vers_from_native() may. Fails with bad-syntax for a text that is no vers or no version, with
 * unsupported-feature when the type's versions have no order that is known.
 */
BULLA_API BULLA_MUST_USE bulla_status bulla_vers_contains(bulla_bytes vers, bulla_bytes version,
                                                          bool *out, bulla_error *err);

/**
 * The vers of a range in the notation of its ecosystem, e.g. "^1.2 || 2.x" of npm. Says every
 * constraint, merges none. Fails with bad-syntax and the offset, with unsupported-feature when
 * there is no such scheme or notation, or vers cannot say it.
 */
BULLA_API BULLA_MUST_USE bulla_status bulla_vers_from_native(bulla_bytes scheme, bulla_bytes native,
                                                             bulla_buffer *out, bulla_error *err);

BULLA_END

#endif
