/* SPDX-License-Identifier: MIT */
/*
 * Which packages of a Cargo.lock are folders of the project: those that a
 * Cargo.toml of it is of. The lockfile itself says so only by naming no source,
 * and a source can be struck out.
 */
#ifndef BU_ECOSYSTEM_CARGO_LOCAL_H
#define BU_ECOSYSTEM_CARGO_LOCAL_H

#include "ecosystem/lock.h"

/**
 * Names of the packages whose Cargo.toml is found from the one beside the lockfile: its own, members
 * of its workspace, and what is named by a path.
 * @param wanted  names that are looked for below a member with a star ("crates" and "*"), `count` of them.
 * @param out     gets the names, in space 0; their texts are in the graph's arena.
 * Fails as those documents are refused, with resource-limit over 4096 of them, and with no-memory.
 */
BULLA_MUST_USE bulla_status bu_cargo_locals(const bu_lock *lock, const bulla_bytes *wanted,
                                            size_t count, bu_intern *out, bulla_error *err);

#endif
