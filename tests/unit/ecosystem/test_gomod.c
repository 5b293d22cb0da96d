/* SPDX-License-Identifier: MIT */
/*
 * Module paths and versions, as golang.org/x/mod/module judges them.
 */
#include "ecosystem/gomod.h"
#include "suite.h"

static const struct {
    const char *path;
    bool is_path;
} paths[] = {
    { "example.org/a", true },
    { "gotest.tools", true },
    { "local", true },
    { "example.org/A-b_c.d~e/v2", true },
    { "", false },
    { "/a", false },
    { "a/", false },
    { "a//b", false },
    { "a/./b", false },
    { "a/../b", false },
    { "a/.git", false },
    { "a/b.", false },
    { "-a", false },
    { "a b", false },
    { "a@v1", false },
    { "a\\b", false },
    { "ex\xC3\xA4mple.org", false },
};

START_TEST(a_path_names_a_module)
{
    ck_assert_int_eq(bu_go_is_path(bu_bytes_of(paths[_i].path)), paths[_i].is_path);
}
END_TEST

static const struct {
    const char *path, *version;
    bool fits;
} majors[] = {
    { "example.org/a", "v0.1.0", true },
    { "example.org/a", "v1.0.0", true },
    { "example.org/a", "v2.0.0", false },
    { "example.org/a", "v2.0.0+incompatible", true },
    { "example.org/a/v2", "v2.1.0", true },
    { "example.org/a/v2", "v3.0.0", false },
    { "example.org/a/v2", "v1.0.0", false },
    { "example.org/a/v10", "v10.0.0", true },
    { "example.org/a/v1", "v1.0.0", false },
    { "example.org/a/v02", "v2.0.0", false },
    { "example.org/a/v2.1", "v2.1.0", false },
    { "example.org/av2", "v1.0.0", true },
    { "v2", "v1.0.0", true },
    { "gopkg.in/yaml.v3", "v3.0.1", true },
    { "gopkg.in/yaml.v3", "v2.0.0", false },
    { "gopkg.in/yaml", "v1.0.0", false },
    { "gopkg.in/a.v0", "v0.1.0", true },
    { "gopkg.in/a.v1", "v0.0.0-20141024135613-dd632973f1e7", true },
    { "gopkg.in/a.v2-unstable", "v2.0.0", true },
};

START_TEST(a_path_goes_with_its_major_version)
{
    ck_assert_int_eq(bu_go_fits(bu_bytes_of(majors[_i].path), bu_bytes_of(majors[_i].version)),
                     majors[_i].fits);
}
END_TEST

static const struct {
    const char *path;
    bool is_folder;
} folders[] = {
    { ".", true },      { "..", true },      { "./a", true },  { "../a", true },
    { "/a", true },     { "c:a", true },     { ".\\a", true }, { "a", false },
    { "a/./b", false }, { "...a/b", false }, { "", false },
};

START_TEST(a_folder_is_no_module)
{
    ck_assert_int_eq(bu_go_is_folder(bu_bytes_of(folders[_i].path)), folders[_i].is_folder);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, a_path_names_a_module, 0, sizeof paths / sizeof paths[0]);
    tcase_add_loop_test(tc, a_path_goes_with_its_major_version, 0,
                        sizeof majors / sizeof majors[0]);
    tcase_add_loop_test(tc, a_folder_is_no_module, 0, sizeof folders / sizeof folders[0]);
}

int main(void)
{
    return unit_run("gomod", add);
}
