/* SPDX-License-Identifier: MIT */
/*
 * What lockfiles say about commits, versions and folders: what is not plainly
 * so is not believed.
 */
#include "ecosystem/origin.h"
#include "suite.h"

#define C40 "0123456789abcdef0123456789abcdef01234567"

static const struct {
    const char *text;
    bool is_commit;
} commits[] = {
    { C40, true },
    { "0123456789ABCDEF0123456789ABCDEF01234567", true },
    { C40 "89abcdef0123456789abcdef", true },
    { "", false },
    { "main", false },
    { "0123456", false },
    { C40 "8", false },
    { "g123456789abcdef0123456789abcdef01234567", false },
    { "@123456789abcdef0123456789abcdef01234567", false },
};

START_TEST(a_commit_is_whole)
{
    ck_assert_int_eq(bu_is_commit(bu_bytes_of(commits[_i].text)), commits[_i].is_commit);
}
END_TEST

static const struct {
    const char *text;
    bool is_semver;
} versions[] = {
    { "0.0.0", true },
    { "1.2.3", true },
    { "10.20.30-rc.1", true },
    { "1.0.0-0a.-.x", true },
    { "1.0.0+001.b-c", true },
    { "1.0.0-a+b", true },
    { "1.0.0+a-b", true },
    { "", false },
    { "1", false },
    { "1.2", false },
    { "1.2.3.4", false },
    { "01.2.3", false },
    { "1.2.x", false },
    { "v1.2.3", false },
    { "1.2.3-", false },
    { "1.2.3+", false },
    { "1.2.3-a..b", false },
    { "1.2.3-01", false },
    { "1.2.3-a_b", false },
    { "1.2.3+a+b", false },
    { " 1.2.3", false },
    { "^1.2.3", false },
};

START_TEST(a_version_is_exact)
{
    ck_assert_int_eq(bu_is_semver(bu_bytes_of(versions[_i].text)), versions[_i].is_semver);
}
END_TEST

static const struct {
    const char *path;
    bulla_origin origin;
    const char *location; /* NULL: the project's own folder */
    size_t places;
} folders[] = {
    { "a", BULLA_ORIGIN_LOCAL, "a", 1 },
    { "./a/b/", BULLA_ORIGIN_LOCAL, "a/b", 1 },
    { ".", BULLA_ORIGIN_LOCAL, NULL, 0 },
    { "./", BULLA_ORIGIN_LOCAL, NULL, 0 },
    { "..", BULLA_ORIGIN_OUTSIDE, "..", 0 },
    { "../a", BULLA_ORIGIN_OUTSIDE, "../a", 0 },
    { "a/../../b", BULLA_ORIGIN_OUTSIDE, "a/../../b", 0 },
    { "a/./b", BULLA_ORIGIN_OUTSIDE, "a/./b", 0 },
    { "a//b", BULLA_ORIGIN_OUTSIDE, "a//b", 0 },
    { "/a", BULLA_ORIGIN_OUTSIDE, "/a", 0 },
    { ".//a", BULLA_ORIGIN_OUTSIDE, ".//a", 0 },
    { "~/a", BULLA_ORIGIN_OUTSIDE, "~/a", 0 },
    { "c:/a", BULLA_ORIGIN_OUTSIDE, "c:/a", 0 },
    { "..\\a", BULLA_ORIGIN_OUTSIDE, "..\\a", 0 },
};

START_TEST(a_folder_that_does_not_plainly_stay_in_the_project_is_outside)
{
    bulla_error err = { 0 };
    BU_CLEAR(bu_lock) lock = { 0 };
    BU_AUTO(bu_graph) graph = bu_graph_new();
    bu_lock_entry entry = { .name = BULLA_LIT("x"), .line = 1, .column = 1 };
    unit_ok(bu_lock_open(&lock, "generic", "dir/lock", NULL, graph, &err), err);
    unit_ok(bu_lock_add_folder(&lock, &entry, bu_bytes_of(folders[_i].path), NULL, &err), err);
    const bulla_component *c = &graph->components[0];
    ck_assert_int_eq(c->origin, folders[_i].origin);
    ck_assert_pstr_eq(c->location, folders[_i].location);
    ck_assert_uint_eq(graph->place_count, folders[_i].places);
    if (graph->place_count > 0)
        ck_assert_str_eq(graph->places[0].folder, folders[_i].location);
}
END_TEST

static const struct {
    const char *url, *commit, *shown;
} repositories[] = {
    { "https://git.example/a", C40, "git+https://git.example/a@" C40 },
    { "https://me:token@git.example/a", C40, "git+https://git.example/a@" C40 },
    { "https://git.example/a", "", "git+https://git.example/a" },
};

START_TEST(a_repository_is_named_without_its_password)
{
    bulla_error err = { 0 };
    bulla_bytes url;
    BU_CLEAR(bu_lock) lock = { 0 };
    BU_AUTO(bu_graph) graph = bu_graph_new();
    unit_ok(bu_lock_open(&lock, "generic", "lock", NULL, graph, &err), err);
    unit_ok(bu_lock_vcs_url(&lock, bu_bytes_of(repositories[_i].url),
                            bu_bytes_of(repositories[_i].commit), &url, &err),
            err);
    ck_assert_str_eq((const char *)url.ptr, repositories[_i].shown);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, a_commit_is_whole, 0, sizeof commits / sizeof commits[0]);
    tcase_add_loop_test(tc, a_version_is_exact, 0, sizeof versions / sizeof versions[0]);
    tcase_add_loop_test(tc, a_folder_that_does_not_plainly_stay_in_the_project_is_outside, 0,
                        sizeof folders / sizeof folders[0]);
    tcase_add_loop_test(tc, a_repository_is_named_without_its_password, 0,
                        sizeof repositories / sizeof repositories[0]);
}

int main(void)
{
    return unit_run("origin", add);
}
