/* SPDX-License-Identifier: MIT */
/*
 * Which names members may have, where links may lead, and when two names are
 * one on some file system.
 */
#ifndef BU_ARCHIVE_MEMBER_PATH_H
#define BU_ARCHIVE_MEMBER_PATH_H

#include "base/arena.h"
#include "base/error.h"

/**
 * The path of a stored name: without `.` components and one trailing slash, in `arena`; "." is
 * the root.
 * Fails with bad-name (empty, over BU_LIMIT_NAME_BYTES, with an empty component), bad-encoding,
 * control-character, path-traversal (absolute, `..`, backslash, drive letter).
 */
BULLA_MUST_USE bulla_status bu_member_path(bulla_bytes name, bu_arena *arena, bulla_bytes *out,
                                           bulla_error *err);

/**
 * The same for a name of a Unix system, in a layer of an image: any bytes but control characters; a
 * slash before it is the root. Fails with bad-name, control-character, path-traversal (`..`).
 */
BULLA_MUST_USE bulla_status bu_member_unix_path(bulla_bytes name, bu_arena *arena, bulla_bytes *out,
                                                bulla_error *err);

/**
 * The path that the symbolic link at `path` leads to, resolved by its text alone.
 * Fails as bu_member_path(); with link-escape when it is absolute or leaves the tree or, as package
 * managers strip it, the top folder that the link is in; with bad-link when it leads to itself.
 */
BULLA_MUST_USE bulla_status bu_member_link(bulla_bytes path, bulla_bytes target, bu_arena *arena,
                                           bulla_bytes *out, bulla_error *err);

/**
 * The same where links may lead to folders and other links: with link-escape also when `..` comes
 * behind a name, which may be a link to elsewhere. It may leave the top folder of a `whole_tree`.
 */
BULLA_MUST_USE bulla_status bu_member_loose_link(bulla_bytes path, bulla_bytes target,
                                                 bool whole_tree, bu_arena *arena, bulla_bytes *out,
                                                 bulla_error *err);

/** The path that a hard link names, from the root of the tree. Fails as bu_member_link(). */
BULLA_MUST_USE bulla_status bu_member_hardlink(bulla_bytes target, bu_arena *arena,
                                               bulla_bytes *out, bulla_error *err);

/**
 * What a path is compared by: folded to one case (full folding) and to NFC, in `arena`. A byte
 * below every character of a name stands for the slash, so that in order of bytes a folder is
 * followed by what is in it.
 */
BULLA_MUST_USE bulla_status bu_member_key(bulla_bytes path, bu_arena *arena, bulla_bytes *out,
                                          bulla_error *err);
/** The same without folding, for bu_member_unix_path(). */
BULLA_MUST_USE bulla_status bu_member_unix_key(bulla_bytes path, bu_arena *arena, bulla_bytes *out,
                                               bulla_error *err);
#define BU_MEMBER_KEY_SLASH 0x01

#endif
