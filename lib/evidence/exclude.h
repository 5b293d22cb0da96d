/* SPDX-License-Identifier: MIT */
/*
 * Patterns that leave out parts of a project, as .gitignore has them:
 * gitignore(5) without character classes and escapes.
 */
#ifndef BU_EVIDENCE_EXCLUDE_H
#define BU_EVIDENCE_EXCLUDE_H

#include "base/bytes.h"

/**
 * The pattern that leaves a path out, or NULL. The last pattern that matches decides; one that begins
 * with `!` takes back in. A pattern with a slash inside or in front is meant from `patterns`' own
 * folder on, another one matches a name at any depth; a slash at its end means folders alone. `*`
 * and `?` do not cross a slash, `**` does.
 * @param patterns   NULL-terminated; NULL: none.
 * @param path       from the folder that the patterns belong to, with '/'.
 * @param is_folder  what the path is.
 */
const char *bu_excluded_by(const char *const *patterns, bulla_bytes path, bool is_folder);

#endif
