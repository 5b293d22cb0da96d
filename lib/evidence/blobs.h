/* SPDX-License-Identifier: MIT */
/*
 * Where the parts of container images lie: a folder (an OCI image layout), or
 * one tar archive of it. Parts are asked for by name, in any order; an archive
 * is listed once and never unpacked.
 */
#ifndef BU_EVIDENCE_BLOBS_H
#define BU_EVIDENCE_BLOBS_H

#include "io/file.h"

typedef struct bu_blobs bu_blobs;

/**
 * Open a folder, or list an archive: fails as files are refused, and as bu_walk_layer().
 * `*is_archive` is false, and nothing is opened, for a file that does not begin as a tar archive.
 */
BULLA_MUST_USE bulla_status bu_blobs_open_folder(const char *path, bu_blobs **out,
                                                 bulla_error *err);
BULLA_MUST_USE bulla_status bu_blobs_open_archive(const char *path, bu_blobs **out,
                                                  bool *is_archive, bulla_error *err);
void bu_blobs_free(bu_blobs *blobs);
BU_DEFINE_AUTO(bu_blobs)

/** Whether there is a file of that name. */
bool bu_blobs_has(const bu_blobs *blobs, const char *name);

/** One part, to be read from front to back. It must not move while it is read. */
typedef struct bu_blob {
    bu_source *source;
    uint64_t size;
    bu_file file;
    bu_file_part part;
} bu_blob;
#define BU_BLOB_NONE ((bu_blob){ .file = BU_FILE_NONE })
void bu_blob_clear(bu_blob *blob);
BU_DEFINE_CLEAR(bu_blob)

/**
 * Open a part. In an archive a link (as `docker save` writes for a layer that two images have) may
 * stand for it. Fails with missing-file, bad-link, and as files are refused.
 */
BULLA_MUST_USE bulla_status bu_blobs_get(const bu_blobs *blobs, const char *name, bu_blob *out,
                                         bulla_error *err);

/** When all was read: fails with bad-data when the archive changed meanwhile. */
BULLA_MUST_USE bulla_status bu_blobs_unchanged(const bu_blobs *blobs, bulla_error *err);

#endif
