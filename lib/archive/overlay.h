/* SPDX-License-Identifier: MIT */
/*
 * The layers of a container image on top of each other, as far as a few
 * files are concerned: those are kept in memory, all else passes by. Nothing
 * is ever unpacked.
 */
#ifndef BU_ARCHIVE_OVERLAY_H
#define BU_ARCHIVE_OVERLAY_H

#include "archive/walk.h"
#include "base/arena.h"

typedef struct bu_overlay_file {
    bulla_bytes path; /* from the root, of no links: "var/lib/dpkg/status" */
    bulla_bytes content;
} bu_overlay_file;

typedef struct bu_overlay bu_overlay;

/**
 * No layer yet.
 * @param places  paths of the files that are kept; NULL-terminated and borrowed. A `*` in the last
 *                part stands for any characters.
 * @param hints   likewise; but what lies behind a link may be missed.
 */
BULLA_MUST_USE bulla_status bu_overlay_new(const char *const *places, const char *const *hints,
                                           bu_overlay **out, bulla_error *err);
void bu_overlay_free(bu_overlay *overlay);
BU_DEFINE_AUTO(bu_overlay)

/**
 * Put the next layer (uncompressed) on top, with its whiteouts. After a failure the overlay is of
 * no use. Fails as bu_walk_layer(); with cycle (links), and resource-limit (all that is kept is at most
 * BU_LIMIT_DOCUMENT_BYTES).
 */
BULLA_MUST_USE bulla_status bu_overlay_add(bu_overlay *overlay, bu_source *layer, bulla_error *err);

/**
 * What is there when all layers are, in order of bytes; borrowed.
 * Fails with unsupported-feature when one of `places` may be behind a link that leads to none of
 * them, with bad-link for a hard link to something else, with special-file, and, for a name that
 * `*` stands for, as bu_member_path().
 */
BULLA_MUST_USE bulla_status bu_overlay_finish(bu_overlay *overlay, const bu_overlay_file **out,
                                              size_t *count, bulla_error *err);

#endif
