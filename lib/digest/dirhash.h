/* SPDX-License-Identifier: MIT */
/*
 * The digest of a set of files, as Go's checksum database and Terraform's
 * lockfile pin it: "h1:", golang.org/x/mod/sumdb/dirhash, Hash1.
 */
#ifndef BU_DIGEST_DIRHASH_H
#define BU_DIGEST_DIRHASH_H

#include "digest/digest.h"

typedef struct bu_dirhash_file {
    bulla_bytes name;
    uint8_t sha256[32]; /* of its content */
} bu_dirhash_file;

/**
 * The h1 of `count` files in ascending order of the bytes of their names.
 * Fails with bad-name (a line break in a name, which would make two sets look alike).
 */
BULLA_MUST_USE bulla_status bu_dirhash_of(const bu_dirhash_file *const *files, size_t count,
                                          bulla_digest *out, bulla_error *err);

#endif
