/* SPDX-License-Identifier: MIT */
/*
 * Roots of systems, unpacked or in an image: where their package databases
 * lie, and which of their folders are the system's own.
 */
#ifndef BU_EVIDENCE_ROOT_H
#define BU_EVIDENCE_ROOT_H

#include "base/arena.h"
#include "base/error.h"

/** All places of package databases in a root, NULL-terminated, in `arena`. Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_root_places(bu_arena *arena, const char *const **out,
                                           bulla_error *err);

/** Where databases lie that are not read (rpm's), NULL-terminated. They are never passed over. */
extern const char *const bu_root_unread[];

/** The refusal of such a database: unsupported-feature. */
bulla_status bu_root_refuse(const char *path, bulla_error *err);

/** Whether a folder is the root of a system: it has os-release in etc or usr/lib, and usr. Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_root_is(const char *folder, bu_arena *arena, bool *out,
                                       bulla_error *err);

/** Whether a folder (its path from the root) has what packages install, or what the kernel shows. */
bool bu_root_owns(const char *path);

#endif
