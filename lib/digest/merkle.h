/* SPDX-License-Identifier: MIT */
/*
 * Merkle trees of transparency logs (RFC 9162 section 2.1, the same hashes as RFC 6962): SHA-256,
 * leaf prefix 0, node prefix 1.
 */
#ifndef BU_DIGEST_MERKLE_H
#define BU_DIGEST_MERKLE_H

#include "digest/digest.h"

#define BU_MERKLE_BYTES 32
typedef struct bu_merkle_hash {
    uint8_t bytes[BU_MERKLE_BYTES];
} bu_merkle_hash;

BULLA_MUST_USE bulla_status bu_merkle_leaf(bulla_bytes entry, bu_merkle_hash *out,
                                           bulla_error *err);
BULLA_MUST_USE bulla_status bu_merkle_node(const bu_merkle_hash *left, const bu_merkle_hash *right,
                                           bu_merkle_hash *out, bulla_error *err);

bool bu_merkle_equal(const bu_merkle_hash *a, const bu_merkle_hash *b);

/**
 * The root that an inclusion proof leads to (RFC 9162 section 2.1.3.2).
 * Fails with log-mismatch (wrong length), bad-number (no such leaf).
 */
BULLA_MUST_USE bulla_status bu_merkle_root_of(const bu_merkle_hash *leaf, uint64_t index,
                                              uint64_t size, const bu_merkle_hash *proof,
                                              size_t count, bu_merkle_hash *root, bulla_error *err);

/**
 * Does the tree of `size` with `root` hold the tree of `before` (RFC 9162 section 2.1.4.2)?
 * Fails with log-mismatch.
 */
BULLA_MUST_USE bulla_status bu_merkle_consistent(uint64_t before, const bu_merkle_hash *old_root,
                                                 uint64_t size, const bu_merkle_hash *root,
                                                 const bu_merkle_hash *proof, size_t count,
                                                 bulla_error *err);

#endif
