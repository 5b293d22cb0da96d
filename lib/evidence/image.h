/* SPDX-License-Identifier: MIT */
/*
 * Container images: OCI image layouts (OCI image-spec 1.1), as a folder or as
 * one tar archive, and the archives of `docker save`. Every part is checked
 * against the digest and size that name it; of what the layers make together
 * only a few files are kept.
 */
#ifndef BU_EVIDENCE_IMAGE_H
#define BU_EVIDENCE_IMAGE_H

#include "archive/overlay.h"

typedef struct bu_image {
    const char *name; /* the digest of its configuration: "sha256:…" */
    bu_overlay *overlay;
    const bu_overlay_file *files;
    size_t count;
} bu_image;

typedef struct bu_images {
    bu_arena *arena;
    bu_image *items;
    size_t count, cap;
    const char **left_out; /* what is no image for linux/amd64, as it is shown */
    size_t left_out_count, left_out_cap;
} bu_images;
void bu_images_clear(bu_images *images);
BU_DEFINE_CLEAR(bu_images)

/**
 * Read the images at `path`, a folder or a file; `*found` is false when it holds none.
 * Of an index those for linux/amd64 are read, and those that name no platform; when there are none,
 * all are. What no runtime runs (attestations, artifacts) is left out, as are other platforms.
 * @param places, hints  of the files that are kept (overlay.h)
 * Fails with hash-mismatch (a part that is not what it is named as), missing-file,
 * unsupported-version, unsupported-feature (media types), unsupported-hash, format-mismatch (a layer
 * that is compressed in another way than is said), bad-reference (another number of layers than the
 * configuration has), as JSON, bu_overlay_add() and bu_overlay_finish() do, resource-limit.
 */
BULLA_MUST_USE bulla_status bu_images_read(const char *path, bool is_folder,
                                           const char *const *places, const char *const *hints,
                                           bool *found, bu_images *out, bulla_error *err);

#endif
