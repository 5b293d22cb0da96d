/* SPDX-License-Identifier: MIT */
/*
 * What an archive says of itself, held against what names it: npm's
 * package.json, Debian's control file … (packages.def). The archive is read
 * once, front to back, and hashed as it is read; what the walk saw counts only
 * when the digest holds.
 */
#ifndef BU_EVIDENCE_CONTENTS_H
#define BU_EVIDENCE_CONTENTS_H

#include "ecosystem/debian.h"
#include "io/source.h"
#include "model/graph.h"

/** A component that an archive must hold: the package itself, or one that is bundled inside. */
typedef struct bu_expected_package {
    const char *path; /* of its manifest below the top folder; the package's own: set by the walk */
    const bulla_component *component; /* borrowed */
    size_t place;                     /* the caller's: which place of the graph this is */
    bulla_bytes seen;                 /* the member that is its manifest; empty: none so far */
    bulla_status status;              /* whether its manifest agrees */
    bulla_error error;                /* why not */
    bulla_digest tree; /* that is pinned in place of one of the bytes: h1, what was signed; NONE */
    struct bu_files
        *files; /* NULL; of the package itself: gets what is installed by unpacking it */
} bu_expected_package;

/** True when there is a reader for archives of this purl type. */
bool bu_contents_known(const char *type);

/** True when what is pinned for this purl type may be made by a walk alone. */
bool bu_contents_makes_digest(const char *type);

/**
 * Walk an archive of the type of `packages[0]` and judge each of `packages`: `count` of them, the
 * package itself first, then in order of their paths.
 * @param listed  Debian: what the index says; NULL: only name, version and architecture are compared.
 * `packages[0].files` stays empty for an archive that is not installed by unpacking it.
 * Fails with what the walk refuses, and with format-mismatch for an archive that no kind of this type
 * begins as; a manifest that disagrees or is not there is in its package's `status`: subject-mismatch,
 * missing-file, duplicate-entry, and what manifests are refused for.
 */
BULLA_MUST_USE bulla_status bu_contents_walk(bu_source *source, bu_expected_package *packages,
                                             size_t count, const bu_deb_entry *listed,
                                             bu_arena *arena, bulla_error *err);

#endif
