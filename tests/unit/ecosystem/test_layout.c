/* SPDX-License-Identifier: MIT */
/*
 * Finding a package as Node.js does: an edge to the wrong copy is a wrong SBOM.
 */
#include "ecosystem/layout.h"
#include "suite.h"

static bu_layout layout;

static void start(void)
{
    static const char *const folders[] = {
        "node_modules/a",
        "node_modules/a/node_modules/b",
        "node_modules/a/node_modules/@s/c",
        "node_modules/b",
        "packages/p/deep",
        "packages/p/node_modules/a",
        "../out",
        "../out/node_modules/d",
    };
    bulla_error err = { 0 };
    unit_ok(bu_layout_start(&layout, &err), err);
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        size_t folder;
        unit_ok(bu_layout_add(&layout, BU_LAYOUT_ROOT, bu_bytes_of(folders[i]), &folder, &err),
                err);
        layout.folders[folder].item = i;
    }
}

static void stop(void)
{
    bu_layout_clear(&layout);
}

static const struct {
    const char *from, *name, *found; /* NULL: nothing */
} cases[] = {
    { "", "a", "node_modules/a" },
    { "", "c", NULL },
    { "", "@s/c", NULL },
    { "", "@s", NULL },
    { "", "", NULL },
    { "", "../node_modules/a", NULL },
    { "node_modules/a", "b", "node_modules/a/node_modules/b" },
    { "node_modules/a", "@s/c", "node_modules/a/node_modules/@s/c" },
    { "node_modules/a", "a", "node_modules/a" },
    { "node_modules/a/node_modules/@s/c", "b", "node_modules/a/node_modules/b" },
    { "node_modules/b", "@s/c", NULL },
    { "packages/p", "a", "packages/p/node_modules/a" },
    { "packages/p/deep", "a", "packages/p/node_modules/a" },
    { "packages/p/deep", "b", "node_modules/b" },
    { "../out", "d", "../out/node_modules/d" },
    { "../out", "a", NULL }, /* the project is not above what lies outside of it */
    { "../out/node_modules/d", "d", "../out/node_modules/d" },
};

START_TEST(the_nearest_node_modules_upwards_counts)
{
    size_t from = bu_layout_find(&layout, BU_LAYOUT_ROOT, bu_bytes_of(cases[_i].from));
    ck_assert_uint_ne(from, BU_LAYOUT_NONE);
    size_t found = bu_layout_resolve(&layout, from, bu_bytes_of(cases[_i].name));
    size_t want = cases[_i].found == NULL
                      ? BU_LAYOUT_NONE
                      : bu_layout_find(&layout, BU_LAYOUT_ROOT, bu_bytes_of(cases[_i].found));
    ck_assert_uint_eq(found, want);
}
END_TEST

START_TEST(a_folder_is_found_by_its_path_alone)
{
    size_t a = bu_layout_find(&layout, BU_LAYOUT_ROOT, BULLA_LIT("node_modules/a"));
    ck_assert(bu_bytes_is(bu_layout_part(&layout, a), "a"));
    ck_assert(bu_bytes_is(bu_layout_part(&layout, bu_layout_up(&layout, a)), "node_modules"));
    ck_assert_uint_eq(bu_layout_up(&layout, BU_LAYOUT_ROOT), BU_LAYOUT_NONE);
    ck_assert_uint_eq(bu_layout_part(&layout, BU_LAYOUT_NONE).len, 0);
    ck_assert_uint_eq(bu_layout_find(&layout, a, BULLA_LIT("node_modules/x")), BU_LAYOUT_NONE);
    ck_assert_uint_eq(bu_layout_find(&layout, BU_LAYOUT_NONE, BULLA_LIT("a")), BU_LAYOUT_NONE);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_checked_fixture(tc, start, stop);
    tcase_add_loop_test(tc, the_nearest_node_modules_upwards_counts, 0,
                        sizeof cases / sizeof cases[0]);
    tcase_add_test(tc, a_folder_is_found_by_its_path_alone);
}

int main(void)
{
    return unit_run("layout", add);
}
