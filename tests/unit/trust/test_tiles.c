/* SPDX-License-Identifier: MIT */
/* Hash tiles: the proofs that come out of them are those of the trees that they are of. */
#include "log.h"

static const struct {
    unsigned level;
    uint64_t index;
    unsigned width;
    const char *want;
} paths[] = {
    { 0, 0, 256, "tile/0/000" },
    { 0, 999, 256, "tile/0/999" },
    { 1, 1000, 256, "tile/1/x001/000" },
    { 0, 1234067, 256, "tile/0/x001/x234/067" }, /* of the specification */
    { 2, 0, 1, "tile/2/000.p/1" },
    { 7, 1000000, 255, "tile/7/x001/x000/000.p/255" },
};

START_TEST(paths_are_those_of_the_specification)
{
    BU_CLEAR(bu_buf) got = { 0 };
    bu_tile_path("tile/", paths[_i].level, paths[_i].index, paths[_i].width, &got);
    ck_assert_str_eq((const char *)got.ptr, paths[_i].want);
}
END_TEST

static const uint64_t sizes[] = { 1, 2, 3, 255, 256, 257, 300, 512, 1000, 65536, 70000 };
#define SIZE_COUNT (sizeof sizes / sizeof sizes[0])

START_TEST(leaves_are_proved)
{
    BU_CLEAR(test_log) log = test_log_new(sizes[_i]);
    const bu_tiles tiles = { "tile/", test_log_tile, &log };
    bu_merkle_hash want = test_log_root(&log, 0, log.count), got;
    bulla_error err = { 0 };
    for (uint64_t i = 0; i < 8; i++) {
        uint64_t index = i * (log.count - 1) / 7;
        bu_proof proof, path = { .count = 0 };
        unit_ok(bu_tiles_prove_leaf(&tiles, index, log.count, &proof, &err), err);
        test_log_path(&log, index, 0, log.count, &path);
        ck_assert_uint_eq(proof.count, path.count);
        ck_assert_mem_eq(proof.hashes, path.hashes, proof.count * sizeof proof.hashes[0]);
        unit_ok(bu_merkle_root_of(&log.leaves[index], index, log.count, proof.hashes, proof.count,
                                  &got, &err),
                err);
        ck_assert(bu_merkle_equal(&got, &want));
    }
}
END_TEST

START_TEST(trees_are_proved)
{
    BU_CLEAR(test_log) log = test_log_new(sizes[_i]);
    const bu_tiles tiles = { "tile/", test_log_tile, &log };
    bu_merkle_hash root = test_log_root(&log, 0, log.count);
    bulla_error err = { 0 };
    for (size_t i = 0; i < SIZE_COUNT && sizes[i] <= log.count; i++) {
        bu_merkle_hash old = test_log_root(&log, 0, sizes[i]);
        bu_proof proof;
        unit_ok(bu_tiles_prove_tree(&tiles, sizes[i], log.count, &proof, &err), err);
        unit_ok(
            bu_merkle_consistent(sizes[i], &old, log.count, &root, proof.hashes, proof.count, &err),
            err);
    }
}
END_TEST

/* A log deletes partial tiles when it has grown: what it has now holds what it had then. */
START_TEST(wider_tiles_do)
{
    BU_CLEAR(test_log) log = test_log_new(600);
    const bu_tiles tiles = { "tile/", test_log_tile, &log };
    bu_merkle_hash want = test_log_root(&log, 0, 500), got;
    bu_proof proof;
    bulla_error err = { 0 };
    unit_ok(bu_tiles_prove_leaf(&tiles, 499, 500, &proof, &err), err);
    unit_ok(bu_merkle_root_of(&log.leaves[499], 499, 500, proof.hashes, proof.count, &got, &err),
            err);
    ck_assert(bu_merkle_equal(&got, &want));
}
END_TEST

START_TEST(beyond_the_tree)
{
    BU_CLEAR(test_log) log = test_log_new(5);
    const bu_tiles tiles = { "tile/", test_log_tile, &log };
    bu_proof proof;
    bulla_error err = { 0 };
    unit_fails(bu_tiles_prove_leaf(&tiles, 5, 5, &proof, &err), BULLA_E_BAD_NUMBER, err);
    unit_fails(bu_tiles_prove_leaf(&tiles, 0, 0, &proof, &err), BULLA_E_BAD_NUMBER, err);
    unit_fails(bu_tiles_prove_tree(&tiles, 6, 5, &proof, &err), BULLA_E_BAD_NUMBER, err);
    unit_ok(bu_tiles_prove_tree(&tiles, 0, 5, &proof, &err), err);
    ck_assert_uint_eq(proof.count, 0);
    /* The tree that is asked for is larger than the log. */
    unit_fails(bu_tiles_prove_leaf(&tiles, 0, 70000, &proof, &err), BULLA_E_MISSING_FILE, err);
    ck_assert_msg(strstr(err.text, "tile/0/000") != NULL, "%s", err.text);
}
END_TEST

/* The largest number of leaves there is: many levels, and an end. */
static bulla_status zeros(void *context, const char *path, bu_buf *out, bulla_error *err)
{
    static const uint8_t tile[BU_TILE_WIDTH * BU_MERKLE_BYTES];
    uint64_t level, index, width;
    (void)context;
    (void)err;
    test_tile_parse(path, &level, &index, &width);
    bu_buf_add(out, (bulla_bytes){ tile, (size_t)width * BU_MERKLE_BYTES });
    return BU_OK;
}

START_TEST(the_largest_tree)
{
    const bu_tiles tiles = { "tile/", zeros, NULL };
    bu_proof proof;
    bulla_error err = { 0 };
    unit_ok(bu_tiles_prove_leaf(&tiles, 0, INT64_MAX, &proof, &err), err);
    ck_assert_uint_eq(proof.count, 63);
    unit_ok(bu_tiles_prove_leaf(&tiles, INT64_MAX - 1, INT64_MAX, &proof, &err), err);
    unit_ok(bu_tiles_prove_tree(&tiles, INT64_MAX - 2, INT64_MAX, &proof, &err), err);
}
END_TEST

/* Tiles as files; one that is cut short is not read beyond its end. */
START_TEST(tiles_in_a_folder)
{
    static char tile[2 * BU_MERKLE_BYTES];
    char *root = unit_temporary_folder();
    BU_CLEAR(bu_folder) folder = BU_FOLDER_NONE;
    bu_proof proof;
    bulla_error err = { 0 };
    unit_ok(bu_folder_open(root, &folder, &err), err);
    bu_tiles tiles = bu_tiles_in(&folder, "tile/8/");
    unit_fails(bu_tiles_prove_leaf(&tiles, 0, 2, &proof, &err), BULLA_E_MISSING_FILE, err);
    unit_ok(bu_folder_make(test_text("%s/tile/8/0/000.p", root), false, &err), err);
    for (size_t len = sizeof tile + 1; len-- > sizeof tile - 1;) {
        unit_ok(bu_file_replace(test_text("%s/tile/8/0/000.p/2", root),
                                (bulla_bytes){ (const uint8_t *)tile, len }, 0644, &err),
                err);
        bulla_status status = bu_tiles_prove_leaf(&tiles, 0, 2, &proof, &err);
        if (len == sizeof tile)
            unit_ok(status, err);
        else
            unit_fails(status, BULLA_E_TRUNCATED, err);
    }
    ck_assert_str_eq(err.file, "tile/8/0/000.p/2");
    free(root);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, paths_are_those_of_the_specification, 0,
                        sizeof paths / sizeof paths[0]);
    tcase_add_loop_test(tc, leaves_are_proved, 0, SIZE_COUNT);
    tcase_add_loop_test(tc, trees_are_proved, 0, SIZE_COUNT);
    tcase_add_test(tc, wider_tiles_do);
    tcase_add_test(tc, beyond_the_tree);
    tcase_add_test(tc, the_largest_tree);
    tcase_add_test(tc, tiles_in_a_folder);
}

int main(void)
{
    return unit_run("trust/tiles", add);
}
