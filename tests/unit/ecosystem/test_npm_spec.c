/* SPDX-License-Identifier: MIT */
/*
 * npm's names, versions and places. A git source taken for an archive, or a
 * path taken for one inside the project, would be proved by the wrong thing.
 */
#include "ecosystem/npm_spec.h"
#include "suite.h"

#define COMMIT "0123456789abcdef0123456789abcdef01234567"

static const struct {
    const char *spec;
    bu_npm_source source;
} sources[] = {
    { "", BU_NPM_NOWHERE },
    { "1.0.0", BU_NPM_NOWHERE },
    { "https://registry.example/a/-/a-1.0.0.tgz", BU_NPM_URL },
    { "http://registry.example/a/-/a-1.0.0.tgz", BU_NPM_URL },
    { "a/-/a-1.0.0.tgz", BU_NPM_URL },
    { "https://git.example/a/b.git#" COMMIT, BU_NPM_GIT },
    { "https://git.example/a/b.git", BU_NPM_GIT },
    { "git+ssh://git@git.example/a/b.git#" COMMIT, BU_NPM_GIT },
    { "git+https://git.example/a/b#" COMMIT, BU_NPM_GIT },
    { "git://git.example/a/b.git#" COMMIT, BU_NPM_GIT },
    { "git@git.example:a/b.git#" COMMIT, BU_NPM_GIT },
    { "ssh://git@git.example/a/b.git#" COMMIT, BU_NPM_GIT },
    { "github:a/b#" COMMIT, BU_NPM_GIT },
    { "gitlab:a/b#" COMMIT, BU_NPM_GIT },
    { "bitbucket:a/b#" COMMIT, BU_NPM_GIT },
    { "gist:11081aaa281", BU_NPM_GIT },
    { "a/b#" COMMIT, BU_NPM_GIT },
    { "file:a.tgz", BU_NPM_ARCHIVE },
    { "file:../a.TAR.GZ", BU_NPM_ARCHIVE },
    { "./a.tar", BU_NPM_ARCHIVE },
    { "file:a", BU_NPM_FOLDER },
    { "file:a.tgz/b", BU_NPM_FOLDER },
    { "../a", BU_NPM_FOLDER },
    { "/a", BU_NPM_FOLDER },
    { "~/a", BU_NPM_FOLDER },
    { "gopher://a", BU_NPM_OTHER },
    { "C:/a.tgz", BU_NPM_OTHER },
};

START_TEST(places_are_told_apart)
{
    ck_assert_int_eq(bu_npm_source_of(bu_bytes_of(sources[_i].spec)), sources[_i].source);
}
END_TEST

static const struct {
    const char *spec;
    bool leaves;
} paths[] = {
    { "file:a.tgz", false },
    { "file:./a.tgz", false },
    { "file:a/b..c/..d", false },
    { "file:..", true },
    { "file:../a.tgz", true },
    { "file:a/../../b", true },
    { "file:a/../b.tgz", true },
    { "file:/a.tgz", true },
    { "file:///a.tgz", true },
    { "file:~/a.tgz", true },
    { "file:C:/a.tgz", true },
    { "file:a\\..\\b", true },
    { "/a", true },
    { "./a", false },
};

START_TEST(a_path_that_may_leave_the_project_does)
{
    ck_assert_int_eq(bu_npm_leaves_project(bu_bytes_of(paths[_i].spec)), paths[_i].leaves);
}
END_TEST

static const struct {
    const char *spec, *commit;
} commits[] = {
    { "github:a/b#" COMMIT, COMMIT },
    { "github:a/b#" COMMIT "::path:c", COMMIT },
    { "github:a/b#" COMMIT "89abcdef0123456789abcdef", COMMIT "89abcdef0123456789abcdef" },
    { "github:a/b", "" },
    { "github:a/b#", "" },
    { "github:a/b#main", "" },
    { "github:a/b#0123456", "" },
    { "github:a/b#" COMMIT "0", "" },
    { "github:a/b#semver:" COMMIT, "" },
    { "github:a/b#" COMMIT ":path", "" },
    { "github:a/b#0123456789ABCDEF0123456789ABCDEF01234567", "" },
};

START_TEST(only_a_full_commit_pins)
{
    ck_assert(bu_bytes_is(bu_npm_commit(bu_bytes_of(commits[_i].spec)), commits[_i].commit));
}
END_TEST

static const struct {
    const char *spec, *name, *version; /* NULL: no alias */
} aliases[] = {
    { "npm:a@1.0.0", "a", "1.0.0" }, { "npm:@s/a@1.0.0", "@s/a", "1.0.0" },
    { "npm:@s/a", "@s/a", "" },      { "npm:", "", "" },
    { "1.0.0", NULL, NULL },
};

START_TEST(an_alias_names_the_real_package)
{
    bulla_bytes name = { 0 }, version = { 0 };
    bool is = bu_npm_alias(bu_bytes_of(aliases[_i].spec), &name, &version);
    ck_assert_int_eq(is, aliases[_i].name != NULL);
    ck_assert(bu_bytes_is(name, aliases[_i].name));
    ck_assert(bu_bytes_is(version, aliases[_i].version));
}
END_TEST

static const struct {
    const char *name;
    bool valid;
} names[] = {
    { "a", true },
    { "JSONStream", true },
    { "a.b_c-d~e", true },
    { "@scope/a", true },
    { "@scope/_a", true },
    { "", false },
    { ".a", false },
    { "_a", false },
    { "-a", false },
    { "a b", false },
    { " a", false },
    { "a/b", false },
    { "..", false },
    { "a\\b", false },
    { "a:b", false },
    { "a%2fb", false },
    { "node_modules", false },
    { "Node_Modules", false },
    { "favicon.ico", false },
    { "@scope", false },
    { "@scope/", false },
    { "@/a", false },
    { "@scope/.a", false },
    { "@../a", false },
    { "@scope/a/b", false },
    { "a\n", false },
    { "\xC3\xA9", false },
};

START_TEST(names_that_npm_cannot_install_are_none)
{
    ck_assert_int_eq(bu_npm_is_name(bu_bytes_of(names[_i].name)), names[_i].valid);
}
END_TEST

START_TEST(versions_are_exact)
{
    static const char *const good[] = { "1.0.0", "1.0.0-rc.1+build.5", "0.0.0" };
    static const char *const bad[] = { "", "^1.0.0", "1.x || 2", "../1", "1.0.0 ", "1:2" };
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        ck_assert(bu_npm_is_version(bu_bytes_of(good[i])));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        ck_assert(!bu_npm_is_version(bu_bytes_of(bad[i])));
}
END_TEST

#define COUNT(table) (int)(sizeof(table) / sizeof(table)[0])

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, places_are_told_apart, 0, COUNT(sources));
    tcase_add_loop_test(tc, a_path_that_may_leave_the_project_does, 0, COUNT(paths));
    tcase_add_loop_test(tc, only_a_full_commit_pins, 0, COUNT(commits));
    tcase_add_loop_test(tc, an_alias_names_the_real_package, 0, COUNT(aliases));
    tcase_add_loop_test(tc, names_that_npm_cannot_install_are_none, 0, COUNT(names));
    tcase_add_test(tc, versions_are_exact);
}

int main(void)
{
    return unit_run("npm_spec", add);
}
