/* SPDX-License-Identifier: MIT */
/*
 * Which distribution a root of files is of: its os-release file
 * (os-release(5)), which package databases in the same root take the
 * namespace of their purls from.
 */
#ifndef BU_ECOSYSTEM_OS_RELEASE_H
#define BU_ECOSYSTEM_OS_RELEASE_H

#include "ecosystem/ecosystem.h"

/** What is used of it; NULL when it is not stated. */
typedef struct bu_os_release {
    const char *id;       /* ID: "ubuntu" */
    const char *codename; /* VERSION_CODENAME: "noble" */
} bu_os_release;

/** Where it lies in a root; the first that is there counts. NULL-terminated. */
extern const char *const bu_os_release_places[];

/**
 * Read its text; strings go to `arena`. Fails with bad-syntax (a line that is no assignment, or one that
 * a shell would not take for a value), duplicate-entry (one of the fields that are used, twice), bad-name
 * (not in the characters that os-release(5) allows), and as bu_text_next().
 */
BULLA_MUST_USE bulla_status bu_os_release_parse(bulla_bytes text, const char *name, bu_arena *arena,
                                                bu_os_release *out, bulla_error *err);

/**
 * The distribution that the database called `name`, at one of `places` of some root, is of: what the
 * caller of the parser named, else what the root's os-release says, read by `options->read`. A root
 * that has none, or cannot be looked into, states nothing. Fails as bu_os_release_parse() and as
 * files are refused.
 */
BULLA_MUST_USE bulla_status bu_os_release_beside(const char *name, const char *const *places,
                                                 const bu_ecosystem_options *options,
                                                 bu_arena *arena, bu_os_release *out,
                                                 bulla_error *err);

#endif
