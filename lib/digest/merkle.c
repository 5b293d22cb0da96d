/* SPDX-License-Identifier: MIT */
/*
 * Merkle trees (RFC 9162 section 2.1). Proofs are walked from the leaf up; one that is too short,
 * too long or for a leaf outside of the tree is refused before any root is compared.
 */
#include "digest/merkle.h"

#include <sodium.h>

#include "base/bytes.h"

static bulla_status hash(uint8_t prefix, bulla_bytes a, bulla_bytes b, bu_merkle_hash *out,
                         bulla_error *err)
{
    crypto_hash_sha256_state state;
    if (crypto_hash_sha256_init(&state) != 0 ||
        crypto_hash_sha256_update(&state, &prefix, 1) != 0 ||
        (a.len > 0 && crypto_hash_sha256_update(&state, a.ptr, a.len) != 0) ||
        (b.len > 0 && crypto_hash_sha256_update(&state, b.ptr, b.len) != 0) ||
        crypto_hash_sha256_final(&state, out->bytes) != 0)
        return bu_fail(err, BULLA_E_INTERNAL, "SHA-256 failed");
    return BU_OK;
}

static bulla_bytes bytes_of(const bu_merkle_hash *value)
{
    return (bulla_bytes){ value->bytes, sizeof value->bytes };
}

bulla_status bu_merkle_leaf(bulla_bytes entry, bu_merkle_hash *out, bulla_error *err)
{
    return hash(0, entry, (bulla_bytes){ 0 }, out, err);
}

bulla_status bu_merkle_node(const bu_merkle_hash *left, const bu_merkle_hash *right,
                            bu_merkle_hash *out, bulla_error *err)
{
    return hash(1, bytes_of(left), bytes_of(right), out, err);
}

bool bu_merkle_equal(const bu_merkle_hash *a, const bu_merkle_hash *b)
{
    return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

/* A node on the way to the root: its number in its level, and that of the level's last node. */
typedef struct climb {
    uint64_t node, last;
} climb;

/* Go up one level, and past every level at which the node has no sibling to its right. */
static void climb_on(climb *at)
{
    while (at->node == at->last && at->node % 2 == 0 && at->node != 0) {
        at->node >>= 1;
        at->last >>= 1;
    }
    at->node >>= 1;
    at->last >>= 1;
}

static bool sibling_is_left(const climb *at)
{
    return at->node % 2 == 1 || at->node == at->last;
}

static bulla_status wrong_length(size_t count, const char *kind, bulla_error *err)
{
    return bu_fail(err, BULLA_E_LOG_MISMATCH, "%zu hashes are not %s of that tree", count, kind);
}

bulla_status bu_merkle_root_of(const bu_merkle_hash *leaf, uint64_t index, uint64_t size,
                               const bu_merkle_hash *proof, size_t count, bu_merkle_hash *root,
                               bulla_error *err)
{
    if (index >= size)
        return bu_fail(err, BULLA_E_BAD_NUMBER, "no leaf %llu in a tree of %llu",
                       (unsigned long long)index, (unsigned long long)size);
    climb at = { index, size - 1 };
    bu_merkle_hash node = *leaf;
    for (size_t i = 0; i < count; i++) {
        if (at.last == 0)
            return wrong_length(count, "an inclusion proof", err);
        bool is_left = sibling_is_left(&at);
        BU_TRY(
            bu_merkle_node(is_left ? &proof[i] : &node, is_left ? &node : &proof[i], &node, err));
        climb_on(&at);
    }
    if (at.last != 0)
        return wrong_length(count, "an inclusion proof", err);
    *root = node;
    return BU_OK;
}

static bulla_status same_root(const bu_merkle_hash *got, const bu_merkle_hash *want,
                              const char *which, bulla_error *err)
{
    if (bu_merkle_equal(got, want))
        return BU_OK;
    return bu_fail(err, BULLA_E_LOG_MISMATCH, "the proof does not lead to the root of the %s tree",
                   which);
}

/* The same tree, or the older one is empty: nothing is left to be proved. */
static bulla_status trivially_consistent(const bu_merkle_hash *old_root, const bu_merkle_hash *want,
                                         size_t count, bulla_error *err)
{
    if (count > 0)
        return wrong_length(count, "a consistency proof", err);
    return same_root(old_root, want, "older", err);
}

/* From the last whole subtree that both trees have, up to both roots. */
static bulla_status climb_both(climb at, bu_merkle_hash *old, bu_merkle_hash *new,
                               const bu_merkle_hash *proof, size_t count, bulla_error *err)
{
    for (size_t i = 0; i < count; i++) {
        if (at.last == 0)
            return wrong_length(count, "a consistency proof", err);
        if (sibling_is_left(&at)) {
            BU_TRY(bu_merkle_node(&proof[i], old, old, err));
            BU_TRY(bu_merkle_node(&proof[i], new, new, err));
        } else {
            BU_TRY(bu_merkle_node(new, &proof[i], new, err));
        }
        climb_on(&at);
    }
    return at.last == 0 ? BU_OK : wrong_length(count, "a consistency proof", err);
}

bulla_status bu_merkle_consistent(uint64_t before, const bu_merkle_hash *old_root, uint64_t size,
                                  const bu_merkle_hash *root, const bu_merkle_hash *proof,
                                  size_t count, bulla_error *err)
{
    bu_merkle_hash empty;
    if (before > size)
        return bu_fail(err, BULLA_E_LOG_MISMATCH, "a tree of %llu cannot hold one of %llu",
                       (unsigned long long)size, (unsigned long long)before);
    (void)crypto_hash_sha256(empty.bytes, NULL, 0);
    if (before == size || before == 0)
        return trivially_consistent(old_root, before == 0 ? &empty : root, count, err);
    climb at = { before - 1, size - 1 };
    while (at.node % 2 == 1) {
        at.node >>= 1;
        at.last >>= 1;
    }
    /* RFC 9162: "If first is an exact power of 2, then prepend first_hash" */
    size_t first = at.node == 0 ? 0 : 1;
    if (first > count)
        return wrong_length(count, "a consistency proof", err);
    bu_merkle_hash old = first == 0 ? *old_root : proof[0];
    bu_merkle_hash new = old;
    BU_TRY(climb_both(at, &old, &new, proof + first, count - first, err));
    BU_TRY(same_root(&old, old_root, "older", err));
    return same_root(&new, root, "newer", err);
}
