/* SPDX-License-Identifier: MIT */
/*
 * Where packages are installed in a project, as folders in folders, and the
 * way Node.js finds one from another: the nearest node_modules upwards
 * (Node.js, "Loading from node_modules folders").
 */
#ifndef BU_ECOSYSTEM_LAYOUT_H
#define BU_ECOSYSTEM_LAYOUT_H

#include "base/intern.h"

#define BU_LAYOUT_ROOT 0u
#define BU_LAYOUT_NONE SIZE_MAX

typedef struct bu_layout_folder {
    size_t modules; /* its node_modules folder, or NONE */
    size_t item;    /* what the caller put here, or NONE */
} bu_layout_folder;

/** Folders are numbers; 0 is the project. The zero value has to be started. */
typedef struct bu_layout {
    bu_intern parts; /* (parent, name) of each folder */
    bu_layout_folder *folders;
    size_t cap;
} bu_layout;

void bu_layout_clear(bu_layout *layout);
BU_DEFINE_CLEAR(bu_layout)

/** Make the folder of the project. */
BULLA_MUST_USE bulla_status bu_layout_start(bu_layout *layout, bulla_error *err);

/** The folder at a relative path below another, made when it is not there. The path outlives it. */
BULLA_MUST_USE bulla_status bu_layout_add(bu_layout *layout, size_t folder, bulla_bytes path,
                                          size_t *out, bulla_error *err);

/** The folder at a relative path below another, or NONE. */
size_t bu_layout_find(const bu_layout *layout, size_t folder, bulla_bytes path);

/** The folder that holds this one; NONE for the project itself. */
size_t bu_layout_up(const bu_layout *layout, size_t folder);

/** The name of a folder in the one that holds it; empty for the project itself and for NONE. */
bulla_bytes bu_layout_part(const bu_layout *layout, size_t folder);

/** The folder of the package that `name` means to code in `folder`: one with an item, or NONE. */
size_t bu_layout_resolve(const bu_layout *layout, size_t folder, bulla_bytes name);

#endif
