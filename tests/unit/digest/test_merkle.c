/* SPDX-License-Identifier: MIT */
/* Merkle trees: proofs of trees that are built here as RFC 9162 section 2.1 defines them, and no others. */
#include "suite.h"

#include "digest/merkle.h"

#define LEAVES 40
#define PROOF  64

static bu_merkle_hash leaves[LEAVES];

static void make_leaves(void)
{
    bulla_error err = { 0 };
    for (size_t i = 0; i < LEAVES; i++) {
        uint8_t entry[] = { 'e', (uint8_t)i };
        unit_ok(
            bu_merkle_leaf((bulla_bytes){ entry, i % 3 == 0 ? 0 : sizeof entry }, &leaves[i], &err),
            err);
    }
}

/* The largest power of two below `n`. */
static size_t split(size_t n)
{
    size_t k = 1;
    while (k * 2 < n)
        k *= 2;
    return k;
}

/* MTH(D[from:from + n]) */
static bu_merkle_hash root_of(size_t from, size_t n)
{
    bu_merkle_hash out = { { 0 } };
    bulla_error err = { 0 };
    if (n == 1)
        return leaves[from];
    size_t k = split(n);
    bu_merkle_hash left = root_of(from, k), right = root_of(from + k, n - k);
    unit_ok(bu_merkle_node(&left, &right, &out, &err), err);
    return out;
}

typedef struct proof {
    bu_merkle_hash items[PROOF];
    size_t count;
} proof;

/* PATH(m, D_n) */
static void path(size_t m, size_t from, size_t n, proof *out)
{
    if (n == 1)
        return;
    size_t k = split(n);
    if (m < k)
        path(m, from, k, out);
    else
        path(m - k, from + k, n - k, out);
    out->items[out->count++] = m < k ? root_of(from + k, n - k) : root_of(from, k);
}

/* SUBPROOF(m, D_n, b) */
static void subproof(size_t m, size_t from, size_t n, bool whole, proof *out)
{
    if (m == n) {
        if (!whole)
            out->items[out->count++] = root_of(from, n);
        return;
    }
    size_t k = split(n);
    if (m <= k)
        subproof(m, from, k, whole, out);
    else
        subproof(m - k, from + k, n - k, false, out);
    out->items[out->count++] = m <= k ? root_of(from + k, n - k) : root_of(from, k);
}

START_TEST(inclusion)
{
    bulla_error err = { 0 };
    make_leaves();
    for (size_t n = 1; n <= LEAVES; n++) {
        bu_merkle_hash want = root_of(0, n), got;
        for (size_t m = 0; m < n; m++) {
            proof p = { .count = 0 };
            path(m, 0, n, &p);
            unit_ok(bu_merkle_root_of(&leaves[m], m, n, p.items, p.count, &got, &err), err);
            ck_assert(bu_merkle_equal(&got, &want));
            /* One hash more or less has the shape of another tree. */
            unit_fails(bu_merkle_root_of(&leaves[m], m, n, p.items, p.count + 1, &got, &err),
                       BULLA_E_LOG_MISMATCH, err);
            if (p.count > 0)
                unit_fails(bu_merkle_root_of(&leaves[m], m, n, p.items, p.count - 1, &got, &err),
                           BULLA_E_LOG_MISMATCH, err);
        }
    }
}
END_TEST

/* A proof for one leaf proves no other, and no other place of the same leaf. */
START_TEST(inclusion_of_another)
{
    bulla_error err = { 0 };
    make_leaves();
    bu_merkle_hash want = root_of(0, LEAVES), got;
    for (size_t m = 0; m < LEAVES; m++) {
        proof p = { .count = 0 };
        path(m, 0, LEAVES, &p);
        for (size_t other = 0; other < LEAVES; other++) {
            bulla_status status =
                bu_merkle_root_of(&leaves[m], other, LEAVES, p.items, p.count, &got, &err);
            ck_assert_int_eq(bulla_ok(status) && bu_merkle_equal(&got, &want), m == other);
        }
        for (size_t i = 0; i < p.count; i++) {
            p.items[i].bytes[i] ^= 1;
            unit_ok(bu_merkle_root_of(&leaves[m], m, LEAVES, p.items, p.count, &got, &err), err);
            ck_assert(!bu_merkle_equal(&got, &want));
            p.items[i].bytes[i] ^= 1;
        }
    }
}
END_TEST

static const struct {
    uint64_t index, size;
} outside[] = { { 0, 0 }, { 1, 1 }, { 7, 7 }, { 8, 7 }, { UINT64_MAX, UINT64_MAX } };

START_TEST(leaves_outside_of_the_tree)
{
    bulla_error err = { 0 };
    bu_merkle_hash leaf = { { 0 } }, got;
    unit_fails(bu_merkle_root_of(&leaf, outside[_i].index, outside[_i].size, NULL, 0, &got, &err),
               BULLA_E_BAD_NUMBER, err);
}
END_TEST

/* Sizes up to the last number there is: the walk ends. */
START_TEST(the_largest_tree)
{
    static const bu_merkle_hash hashes[65];
    bulla_error err = { 0 };
    bu_merkle_hash got;
    unit_ok(bu_merkle_root_of(&hashes[0], 0, UINT64_MAX, hashes, 64, &got, &err), err);
    unit_fails(bu_merkle_root_of(&hashes[0], 0, UINT64_MAX, hashes, 65, &got, &err),
               BULLA_E_LOG_MISMATCH, err);
    unit_ok(bu_merkle_root_of(&hashes[0], UINT64_MAX - 1, UINT64_MAX, hashes, 63, &got, &err), err);
}
END_TEST

START_TEST(consistency)
{
    bulla_error err = { 0 };
    make_leaves();
    for (size_t n = 1; n <= LEAVES; n++) {
        bu_merkle_hash root = root_of(0, n);
        for (size_t m = 1; m <= n; m++) {
            bu_merkle_hash old = root_of(0, m), other = root_of(1, 1);
            proof p = { .count = 0 };
            subproof(m, 0, n, true, &p);
            unit_ok(bu_merkle_consistent(m, &old, n, &root, p.items, p.count, &err), err);
            other.bytes[0] ^= 1;
            unit_fails(bu_merkle_consistent(m, &other, n, &root, p.items, p.count, &err),
                       BULLA_E_LOG_MISMATCH, err);
            if (m < n)
                unit_fails(bu_merkle_consistent(m, &old, n, &other, p.items, p.count, &err),
                           BULLA_E_LOG_MISMATCH, err);
            unit_fails(bu_merkle_consistent(m, &old, n, &root, p.items, p.count + 1, &err),
                       BULLA_E_LOG_MISMATCH, err);
            if (p.count > 0)
                unit_fails(bu_merkle_consistent(m, &old, n, &root, p.items, p.count - 1, &err),
                           BULLA_E_LOG_MISMATCH, err);
        }
    }
}
END_TEST

START_TEST(consistency_with_nothing)
{
    bulla_error err = { 0 };
    make_leaves();
    bulla_digest digest;
    bu_merkle_hash empty, root = root_of(0, 5);
    /* SHA-256 of nothing */
    unit_ok(bu_digest_from_hex(
                BULLA_ALG_SHA256,
                BULLA_LIT("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
                &digest, &err),
            err);
    memcpy(empty.bytes, digest.bytes, sizeof empty.bytes);
    unit_ok(bu_merkle_consistent(0, &empty, 5, &root, NULL, 0, &err), err);
    unit_ok(bu_merkle_consistent(0, &empty, 0, &root, NULL, 0, &err), err);
    unit_fails(bu_merkle_consistent(0, &root, 5, &root, NULL, 0, &err), BULLA_E_LOG_MISMATCH, err);
    unit_fails(bu_merkle_consistent(0, &empty, 5, &root, &root, 1, &err), BULLA_E_LOG_MISMATCH,
               err);
    unit_fails(bu_merkle_consistent(6, &root, 5, &root, NULL, 0, &err), BULLA_E_LOG_MISMATCH, err);
}
END_TEST

/* RFC 9162: leaves and nodes have their own prefixes, so that no node can be shown as a leaf. */
START_TEST(a_node_is_no_leaf)
{
    bulla_error err = { 0 };
    make_leaves();
    uint8_t both[2 * BU_MERKLE_BYTES];
    bu_merkle_hash node, leaf;
    memcpy(both, leaves[0].bytes, BU_MERKLE_BYTES);
    memcpy(both + BU_MERKLE_BYTES, leaves[1].bytes, BU_MERKLE_BYTES);
    unit_ok(bu_merkle_node(&leaves[0], &leaves[1], &node, &err), err);
    unit_ok(bu_merkle_leaf((bulla_bytes){ both, sizeof both }, &leaf, &err), err);
    ck_assert(!bu_merkle_equal(&node, &leaf));
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_test(tc, inclusion);
    tcase_add_test(tc, inclusion_of_another);
    tcase_add_loop_test(tc, leaves_outside_of_the_tree, 0, sizeof outside / sizeof outside[0]);
    tcase_add_test(tc, the_largest_tree);
    tcase_add_test(tc, consistency);
    tcase_add_test(tc, consistency_with_nothing);
    tcase_add_test(tc, a_node_is_no_leaf);
}

int main(void)
{
    return unit_run("digest/merkle", add);
}
