/* SPDX-License-Identifier: MIT */
/*
 * What Go's files have in common: module paths, versions, go.sum. Spec: the
 * Go Modules Reference.
 */
#ifndef BU_ECOSYSTEM_GOMOD_H
#define BU_ECOSYSTEM_GOMOD_H

#include "ecosystem/origin.h"

/** A path that a module may have (golang.org/x/mod/module), a dot in its first part not being asked for. */
bool bu_go_is_path(bulla_bytes path);

/** "v1.2.3", with a pre-release and "+incompatible" if need be: one exact version. */
bool bu_go_is_version(bulla_bytes version);

/** Whether a path that ends in "/v2" and such goes with that version. */
bool bu_go_fits(bulla_bytes path, bulla_bytes version);

/** A path to a folder, not of a module. */
bool bu_go_is_folder(bulla_bytes path);

/** A line of go.sum that pins a module's zip. */
typedef struct bu_go_sum_line {
    bulla_bytes path, version;
    bulla_digest h1;
    uint32_t line;
} bu_go_sum_line;

/**
 * go.sum. The hashes of go.mod files (`v1.2.3/go.mod`) are only checked for their form: they pin
 * what the go command resolves by, not what is built.
 */
typedef struct bu_go_sum {
    bu_buf text;      /* owned: the lines borrow from it, if it was read */
    const char *file; /* as it is shown; in the graph's arena */
    bu_go_sum_line *lines;
    size_t count, cap;
    bu_intern ids; /* (0, path), (1 + the path's number, version) */
    size_t *line_of;
    size_t id_cap;
} bu_go_sum;

void bu_go_sum_clear(bu_go_sum *sum);
BU_DEFINE_CLEAR(bu_go_sum)

/**
 * Read the text of a go.sum, which is borrowed. Fails with bad-syntax, bad-name, bad-encoding,
 * ambiguous-lock (two hashes for one module), with the place, and no-memory.
 */
BULLA_MUST_USE bulla_status bu_go_sum_parse(bu_go_sum *sum, bulla_bytes text, bulla_error *err);

/**
 * Read the go.sum at `path` from the folder of the document, if it is there. A wrong one is noted in
 * the graph, and pins nothing. Fails as the file is refused, and with no-memory.
 */
BULLA_MUST_USE bulla_status bu_go_sum_read(bu_go_sum *sum, const bu_lock *lock, const char *path,
                                           bulla_error *err);

/** The line for a module, or NULL. */
const bu_go_sum_line *bu_go_sum_find(const bu_go_sum *sum, bulla_bytes path, bulla_bytes version);

/** Add a module of the registry with what go.sum pins for it. Fails as bu_lock_add(). */
BULLA_MUST_USE bulla_status bu_go_add(bu_lock *lock, bu_lock_entry *entry, const bu_go_sum *sum,
                                      size_t *out, bulla_error *err);

#endif
