/* SPDX-License-Identifier: MIT */
/*
 * Hashing in one pass: bytes go in, a digest set comes out, once, at the end.
 * A hasher keeps its contexts, so that one serves many files.
 */
#ifndef BU_DIGEST_HASHER_H
#define BU_DIGEST_HASHER_H

#include "digest/digest.h"

typedef struct bu_hasher bu_hasher;

/** A hasher that can make every algorithm. Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_hasher_new(bu_hasher **out, bulla_error *err);
void bu_hasher_free(bu_hasher *hasher);
BU_DEFINE_AUTO(bu_hasher)

/** Begin anew, for those of these algorithms that are of bytes. */
BULLA_MUST_USE bulla_status bu_hasher_start(bu_hasher *hasher, bu_algs algs, bulla_error *err);
BULLA_MUST_USE bulla_status bu_hasher_add(bu_hasher *hasher, bulla_bytes bytes, bulla_error *err);

/** The digests of all that was added since start; the hasher must be started again after. */
BULLA_MUST_USE bulla_status bu_hasher_finish(bu_hasher *hasher, bulla_digest_set *out,
                                             bulla_error *err);

/** One digest of bytes in memory. */
BULLA_MUST_USE bulla_status bu_digest_of(bulla_alg alg, bulla_bytes bytes, bulla_digest *out,
                                         bulla_error *err);

/** SHA-224 in hex, which pip names its cache by; nothing is ever pinned by it. */
#define BU_SHA224_HEX_MAX 57 /* with NUL */
BULLA_MUST_USE bulla_status bu_sha224_hex(bulla_bytes bytes, char out[BU_SHA224_HEX_MAX],
                                          bulla_error *err);

#endif
