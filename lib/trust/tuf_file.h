/* SPDX-License-Identifier: MIT */
/*
 * A file as TUF metadata pins it (TUF 1.0.34 sections 4.4 and 4.5): version,
 * length and hashes, read and held against bytes.
 */
#ifndef BU_TRUST_TUF_FILE_H
#define BU_TRUST_TUF_FILE_H

#include "digest/hasher.h"
#include "trust/metadata.h"

/** What is said of one file. */
typedef struct bu_tuf_file {
    int64_t version; /* of metadata; 0 of a target */
    bool has_length;
    uint64_t length;
    bulla_digest_set digests; /* empty: none are stated */
} bu_tuf_file;

/**
 * Read a "hashes" object. Of ours every algorithm must be known; of foreign metadata at least one
 * that is strong, and those that are not known are left out.
 * Fails with unsupported-hash, type-mismatch, bad-encoding.
 */
BULLA_MUST_USE bulla_status bu_tuf_hashes_read(const bu_json *object, bu_tuf_manner manner,
                                               bulla_digest_set *out, bulla_error *err);

/**
 * Every digest of the set must be that of the bytes; `hasher` is borrowed, for making one costs more
 * than hashing a small file. Fails with hash-mismatch.
 */
BULLA_MUST_USE bulla_status bu_tuf_hashes_check(const bulla_digest_set *set, bulla_bytes bytes,
                                                bu_hasher *hasher, bulla_error *err);

/** Length and digests, as far as they are stated. Fails with hash-mismatch. */
BULLA_MUST_USE bulla_status bu_tuf_file_check(const bu_tuf_file *file, bulla_bytes bytes,
                                              bulla_error *err);

/**
 * What snapshot or timestamp metadata says of the metadata file `name`. Fails with missing-file (it
 * is not listed), bad-number, type-mismatch, and as hashes do.
 */
BULLA_MUST_USE bulla_status bu_tuf_meta_find(const bu_metadata *metadata, const char *name,
                                             bu_tuf_file *out, bulla_error *err);

/**
 * TUF 5.4.3.2 and 5.5.5: every file that `before` lists is listed by `after`, with no lower version.
 * Fails with rollback.
 */
BULLA_MUST_USE bulla_status bu_tuf_meta_no_older(const bu_metadata *before,
                                                 const bu_metadata *after, bulla_error *err);

/**
 * What targets metadata says of the target `name`, NULL when it says nothing: `*found`. Length and
 * hashes must be there. Fails with bad-number, missing-field, type-mismatch, and as hashes do.
 */
BULLA_MUST_USE bulla_status bu_tuf_target_find(const bu_metadata *metadata, const char *name,
                                               bool *found, bu_tuf_file *out, bulla_error *err);

#endif
