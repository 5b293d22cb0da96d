/* SPDX-License-Identifier: MIT */
/*
 * A file as TUF metadata pins it (TUF 1.0.34 sections 4.4 and 4.5): length and
 * hashes, read and held against bytes.
 */
#ifndef BU_TRUST_TUF_FILE_H
#define BU_TRUST_TUF_FILE_H

#include "digest/hasher.h"
#include "syntax/json.h"

/**
 * Read a "hashes" object. Fails with unsupported-hash, type-mismatch, bad-encoding.
 */
BULLA_MUST_USE bulla_status bu_tuf_hashes_read(const bu_json *object, bulla_digest_set *out,
                                               bulla_error *err);

/**
 * Every digest of the set must be that of the bytes; `hasher` is borrowed, for making one costs more
 * than hashing a small file. Fails with hash-mismatch.
 */
BULLA_MUST_USE bulla_status bu_tuf_hashes_check(const bulla_digest_set *set, bulla_bytes bytes,
                                                bu_hasher *hasher, bulla_error *err);

#endif
