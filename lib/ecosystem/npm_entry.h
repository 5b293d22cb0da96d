/* SPDX-License-Identifier: MIT */
/*
 * What yarn, pnpm and Bun have in common with npm: packages with npm's names,
 * places, integrity and platform limits.
 */
#ifndef BU_ECOSYSTEM_NPM_ENTRY_H
#define BU_ECOSYSTEM_NPM_ENTRY_H

#include "ecosystem/lock.h"
#include "ecosystem/npm_spec.h"

/** A name that npm can install and, if it is stated, one exact version: bad-name, bad-syntax. */
BULLA_MUST_USE bulla_status bu_npm_entry_check(const bu_lock *lock, const bu_lock_entry *entry,
                                               bulla_error *err);

/**
 * Where it comes from: `resolved`, `origin` and, of a folder, `location`; of git, `version` is its
 * commit. A sha1 behind an archive's '#' is its pin when it has none yet. `link:` and `portal:`
 * name folders. `spec` outlives the entry. Fails with unpinned (git without its full commit),
 * ambiguous-hash.
 */
BULLA_MUST_USE bulla_status bu_npm_entry_place(const bu_lock *lock, bu_lock_entry *entry,
                                               bulla_bytes spec, bulla_error *err);

/** The same for a repository and its commit: unpinned when that is not a full one. */
BULLA_MUST_USE bulla_status bu_npm_entry_git(const bu_lock *lock, bu_lock_entry *entry,
                                             bulla_bytes repository, bulla_bytes commit,
                                             bulla_error *err);

/**
 * An integrity string into `digests`; one of unknown algorithms pins nothing. Fails with
 * bad-encoding, ambiguous-hash.
 */
BULLA_MUST_USE bulla_status bu_npm_entry_integrity(const bu_lock *lock, bu_lock_entry *entry,
                                                   bulla_bytes integrity, bulla_error *err);

/** A folder of the project, or outside of it: location, origin. "" and "." are the project. */
void bu_npm_entry_folder(bu_lock_entry *entry, bulla_bytes path);

/**
 * Add it, with the places that others rely on: where a folder of the project is, and where npm would
 * put what this platform leaves out. Fails as bu_lock_add().
 */
BULLA_MUST_USE bulla_status bu_npm_entry_add(bu_lock *lock, const bu_lock_entry *entry, size_t *out,
                                             bulla_error *err);

/** Does this platform leave out what has these `os`, `cpu` and `libc` (npm-install-checks)? */
bool bu_npm_is_excluded(const bu_node *limits, const bu_ecosystem_options *options);

/** Once all scopes are known: where what is left out would stand. Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_npm_place_excluded(bu_graph *graph, bulla_error *err);

#endif
