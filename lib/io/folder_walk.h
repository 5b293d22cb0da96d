/* SPDX-License-Identifier: MIT */
/*
 * Going through a folder and all that is in it, in order of bytes, never
 * through a link.
 */
#ifndef BU_IO_FOLDER_WALK_H
#define BU_IO_FOLDER_WALK_H

#include "io/file.h"

/** One entry; all is borrowed for the call. */
typedef struct bu_found {
    const bu_folder *folder; /* that it is in */
    const char *name;        /* there */
    const char *path;        /* from where the walk began, with '/' */
    bu_presence presence;
} bu_found;

/** Called for each entry. A folder is gone into when `*enter` is set. */
typedef bulla_status bu_visit_found(void *context, const bu_found *found, bool *enter,
                                    bulla_error *err);

/**
 * Walk the folder at `path`. Fails as `visit`, as folders cannot be opened or listed, and with
 * resource-limit (BU_LIMIT_TREE_FILES, BU_LIMIT_FOLDER_DEPTH).
 */
BULLA_MUST_USE bulla_status bu_folder_walk(const char *path, bu_visit_found *visit, void *context,
                                           bulla_error *err);

#endif
