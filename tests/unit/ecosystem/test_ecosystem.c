/* SPDX-License-Identifier: MIT */
/*
 * The table of formats: how one is chosen, and what every row has.
 */
#include "ecosystem/ecosystem.h"
#include "suite.h"

static const struct {
    const char *filename, *id; /* NULL: none */
} cases[] = {
    { "package-lock.json", "npm" },
    { "npm-shrinkwrap.json", "npm" },
    { "status", "dpkg" },
    { "Package-Lock.json", NULL },
    { "package-lock.json.orig", NULL },
    { "x/package-lock.json", "npm" },
    { "x/subprojects/zlib.wrap", "wrap" },
    { "a/.github/workflows/ci.yml", "actions" },
    { "", NULL },
};

START_TEST(a_file_is_known_by_its_exact_name)
{
    const bu_ecosystem *e = bu_ecosystem_by_path(bu_bytes_of(cases[_i].filename));
    ck_assert_int_eq(e != NULL, cases[_i].id != NULL);
    if (e != NULL)
        ck_assert_str_eq(e->id, cases[_i].id);
}
END_TEST

START_TEST(every_row_can_be_found_by_its_id)
{
    size_t rows = 0;
    for (const bu_ecosystem *const *e = bu_ecosystems; *e != NULL; e++, rows++) {
        ck_assert_ptr_eq(bu_ecosystem_by_id(bu_bytes_of((*e)->id)), *e);
        ck_assert((*e)->parse != NULL);
        ck_assert_ptr_nonnull((*e)->filenames[0]);
        ck_assert_ptr_nonnull((*e)->places[0]);
        ck_assert_str_ne((*e)->title, "");
    }
    ck_assert_uint_ge(rows, 2);
    ck_assert_ptr_null(bu_ecosystem_by_id(BULLA_LIT("no-such")));
}
END_TEST

START_TEST(a_shrinkwrap_goes_before_a_package_lock)
{
    const bu_ecosystem *npm = bu_ecosystem_by_id(BULLA_LIT("npm"));
    ck_assert_str_eq(npm->places[0], "npm-shrinkwrap.json");
    ck_assert_str_eq(npm->places[1], "package-lock.json");
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, a_file_is_known_by_its_exact_name, 0, sizeof cases / sizeof cases[0]);
    tcase_add_test(tc, every_row_can_be_found_by_its_id);
    tcase_add_test(tc, a_shrinkwrap_goes_before_a_package_lock);
}

int main(void)
{
    return unit_run("ecosystem", add);
}
