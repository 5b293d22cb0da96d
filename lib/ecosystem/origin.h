/* SPDX-License-Identifier: MIT */
/*
 * Where bytes come from, as several lockfiles say it in the same words: a
 * commit, a folder, a repository, an exact version.
 */
#ifndef BU_ECOSYSTEM_ORIGIN_H
#define BU_ECOSYSTEM_ORIGIN_H

#include "ecosystem/lock.h"

/** A commit of git in full: 40 or 64 hex digits. */
bool bu_is_commit(bulla_bytes text);

/** One exact version of Semantic Versioning 2.0.0, without a "v" in front. */
bool bu_is_semver(bulla_bytes text);

/** True for one or more ASCII letters, digits and characters of `others`. */
bool bu_is_word(bulla_bytes text, const char *others);

/**
 * Add an entry whose bytes are the folder at `path`, beside the document: LOCAL, with its place, when
 * the path plainly stays in the project (relative, never climbing), else OUTSIDE. Sets the entry's
 * origin and location. Fails as bu_lock_add().
 */
BULLA_MUST_USE bulla_status bu_lock_add_folder(bu_lock *lock, bu_lock_entry *entry,
                                               bulla_bytes path, size_t *out, bulla_error *err);

/**
 * "git+URL@COMMIT", as the qualifier vcs_url of purls has it, without user and password, in the
 * graph's arena. Fails with no-memory.
 */
BULLA_MUST_USE bulla_status bu_lock_vcs_url(const bu_lock *lock, bulla_bytes url,
                                            bulla_bytes commit, bulla_bytes *out, bulla_error *err);

/** The text of a field that may be absent, empty then, or is a STRING: type-mismatch. */
BULLA_MUST_USE bulla_status bu_node_maybe_text(const bu_tree *tree, const bu_node *table,
                                               const char *key, bulla_bytes *out, bulla_error *err);

/** The text of a field that must be there and say something: missing-field, type-mismatch. */
BULLA_MUST_USE bulla_status bu_node_must_text(const bu_tree *tree, const bu_node *table,
                                              const char *key, bulla_bytes *out, bulla_error *err);

/**
 * YAML: the text of a scalar field as it is written, whatever it is taken for: a version `2.0` or a
 * commit of digits alone is no number here. Empty when the field is absent or null: type-mismatch
 * for a list or a table.
 */
BULLA_MUST_USE bulla_status bu_node_scalar(const bu_tree *tree, const bu_node *table,
                                           const char *key, bulla_bytes *out, bulla_error *err);

#endif
