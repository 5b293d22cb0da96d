/* SPDX-License-Identifier: MIT */
/*
 * Schemes are found by their names alone, and texts that are no versions are
 * refused at their place: an order over them would mean nothing.
 */
#include "suite.h"

#include "version/scheme.h"

static const struct {
    const char *name, *id;
} names[] = {
    { "npm", "npm" },
    { "PyPI", "pypi" },
    { "Red Hat", "rpm" },
    { "Red Hat:enterprise_linux:9::baseos", "rpm" },
    { "Debian:12", "deb" },
    { "Ubuntu:22.04:LTS", "deb" },
    { "Packagist", "composer" },
    { "CRAN", "cran" },
    { "crates.io", "cargo" },
    { "Go", "golang" },
    { "Maven", "maven" },
    { "Echo", "deb" },
    { "Echo:PyPI", "pypi" },
    { "Rocky Linux:9", "rpm" },
    { "Wolfi", "apk" },
    { "alpine", "alpine" },
    { "", NULL },
    { "|", NULL },
    { "Debian|Ubuntu", NULL },
    { "NPM", NULL },
    { "debian", NULL },
    { "nosuch", NULL },
    { "npm:1", "npm" },
    { "pypi:1", NULL },
};

START_TEST(a_scheme_has_its_names_alone)
{
    const bu_scheme *scheme = NULL;
    bulla_error err = { 0 };
    bulla_status status = bu_scheme_find(bu_bytes_of(names[_i].name), &scheme, &err);
    if (names[_i].id == NULL) {
        unit_fails(status, BULLA_E_UNSUPPORTED_FEATURE, err);
    } else {
        unit_ok(status, err);
        ck_assert_str_eq(scheme->id, names[_i].id);
    }
}
END_TEST

static const struct {
    const char *scheme, *text;
    uint64_t offset;
} refused[] = {
    { "semver", "", 0 },
    { "semver", "latest", 0 },
    { "npm", "v", 0 },
    { "npm", "vx", 1 },
    { "npm", "1.0 ", 3 },
    { "npm", "1.0\n", 3 },
    { "npm", "1.0\xE2\x80\xAE", 3 }, /* a bidi override */
    { "pypi", "1.0\x1b[31m", 3 },
    { "maven", "1\xff", 1 },
    { "apk", "", 0 },
    { "deb", "1:", 2 },
    { "deb", ":1", 0 },
    { "deb", "a:1", 1 },
    { "deb", "1_0", 1 },
    { "deb", "1:-1", 2 },
    { "deb", "1-2:3", 3 },
    { "gem", "a", 0 },
    { "gem", "1..2", 2 },
    { "gem", "1.", 2 },
    { "gem", "1_2", 1 },
    { "gentoo", "1.", 1 },
    { "gentoo", "1_foo", 1 },
    { "gentoo", "1ab", 2 },
    { "gentoo", "1.0-1", 3 },
    { "openssl", "1.2.4fg", 0 },
    { "openssl", "2.0.0", 0 },
    { "openssl", "1.0.12", 5 },
    { "openssl", "x", 0 },
    { "cran", "1.0b", 3 },
    { "cran", "1.", 2 },
    { "hackage", "1.0-1", 3 },
    { "hackage", ".1", 0 },
    { "intdot", "v1", 0 },
    { "cpan", "1._0", 2 },
    { "cpan", "1.0_", 4 },
};

START_TEST(a_text_that_is_no_version_is_refused_at_its_place)
{
    const bu_scheme *scheme = bu_scheme_of_type(bu_bytes_of(refused[_i].scheme));
    bulla_error err = { 0 };
    bulla_status status = bu_version_check(scheme, bu_bytes_of(refused[_i].text), &err);
    unit_fails(status, BULLA_E_BAD_SYNTAX, err);
    ck_assert_uint_eq(err.offset, refused[_i].offset);
}
END_TEST

START_TEST(every_scheme_is_found_by_its_type_and_has_a_title)
{
    const bu_scheme *scheme;
    size_t count = 0;
    for (; (scheme = bu_scheme_at(count)) != NULL; count++) {
        ck_assert_ptr_eq(bu_scheme_of_type(bu_bytes_of(scheme->id)), scheme);
        ck_assert_str_ne(scheme->title, "");
        ck_assert_ptr_nonnull(scheme->order);
    }
    ck_assert_uint_gt(count, 30);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, a_scheme_has_its_names_alone, 0, sizeof names / sizeof names[0]);
    tcase_add_loop_test(tc, a_text_that_is_no_version_is_refused_at_its_place, 0,
                        sizeof refused / sizeof refused[0]);
    tcase_add_test(tc, every_scheme_is_found_by_its_type_and_has_a_title);
}

int main(void)
{
    return unit_run("scheme", add);
}
