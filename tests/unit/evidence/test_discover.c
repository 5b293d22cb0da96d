/* SPDX-License-Identifier: MIT */
/*
 * Going through a project: every lockfile once, in order; nothing of what tools
 * installed; nothing behind a link; nothing that cannot be read unseen.
 */
#include "evidence/discover.h"

#include <sys/stat.h>
#include <unistd.h>

#include "alloc_fail.h"
#include "base/limits.h"
#include "suite.h"

static char *top;
static bu_arena *arena;
static bu_discovery found;
static bulla_error err;

static void start(void)
{
    err = (bulla_error){ 0 };
    found = (bu_discovery){ 0 };
    top = unit_temporary_folder();
    arena = bu_arena_new();
    ck_assert_ptr_nonnull(arena);
}

static void stop(void)
{
    bu_discovery_clear(&found);
    bu_arena_free(arena);
    free(top);
}

/* Make a file below the folder, and the folders it is in; a name that ends in a slash is a folder. */
static void put(const char *relative)
{
    char path[4096];
    int len = snprintf(path, sizeof path, "%s/%s", top, relative);
    ck_assert_int_lt(len, (int)sizeof path);
    for (char *c = path + strlen(top) + 1; (c = strchr(c, '/')) != NULL; c++) {
        *c = '\0';
        (void)mkdir(path, 0700);
        *c = '/';
    }
    if (path[len - 1] == '/')
        return;
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    (void)fclose(file);
}

static bulla_status discover(const char *const *exclude, const char *base)
{
    const bu_discover_options options = { .folder = top, .exclude = exclude, .exclude_base = base };
    return bu_discover(&options, arena, &found, &err);
}

/* What was found, below the top folder, one a line. */
static void expect(const char *want)
{
    BU_CLEAR(bu_buf) got = { 0 };
    for (size_t i = 0; i < found.count; i++)
        bu_buf_add_format(&got, "%s %s\n", found.items[i].ecosystem->id,
                          found.items[i].path + strlen(top) + 1);
    bu_buf_add_byte(&got, 0);
    ck_assert_str_eq((const char *)got.ptr, want);
}

START_TEST(nested_projects_are_found_in_order_each_lockfile_once)
{
    put("package-lock.json");
    put("b/package-lock.json");
    put("b/npm-shrinkwrap.json");
    put("a/deep/er/package-lock.json");
    put("image/var/lib/dpkg/status");
    unit_ok(discover(NULL, NULL), err);
    expect("npm package-lock.json\n"
           "npm a/deep/er/package-lock.json\n"
           "npm b/npm-shrinkwrap.json\n"
           "dpkg image/var/lib/dpkg/status\n");
}
END_TEST

START_TEST(what_tools_installed_is_left_out_and_said)
{
    put("node_modules/x/package-lock.json");
    put("go.mod");
    put("vendor/x/package-lock.json");
    put("py/pyvenv.cfg");
    put("py/lib/package-lock.json");
    put("plain/vendor/package-lock.json");
    unit_ok(discover(NULL, NULL), err);
    for (size_t i = 0; i < found.count; i++)
        ck_assert_ptr_null(strstr(found.items[i].path, "node_modules"));
    bool plain = false;
    for (size_t i = 0; i < found.count; i++)
        plain = plain || strstr(found.items[i].path, "plain/vendor/package-lock.json") != NULL;
    ck_assert(plain); /* no manifest beside it says that a tool made it */
    ck_assert_uint_eq(found.left_out_count, 3);
    for (size_t i = 0; i < found.left_out_count; i++)
        ck_assert_ptr_null(found.left_out[i].pattern);
}
END_TEST

START_TEST(patterns_leave_out_and_are_named)
{
    static const char *const exclude[] = { "sub/docs/", "*-lock.json", NULL };
    put("docs/npm-shrinkwrap.json");
    put("package-lock.json");
    put("npm/npm-shrinkwrap.json");
    unit_ok(discover(exclude, "sub"), err);
    expect("npm npm/npm-shrinkwrap.json\n");
    ck_assert_uint_eq(found.left_out_count, 2);
    ck_assert_str_eq(found.left_out[0].pattern, "*-lock.json");
    ck_assert_str_eq(found.left_out[1].pattern, "sub/docs/");
}
END_TEST

START_TEST(links_to_folders_are_not_followed)
{
    char link[4096];
    put("real/package-lock.json");
    (void)snprintf(link, sizeof link, "%s/again", top);
    ck_assert_int_eq(symlink("real", link), 0);
    (void)snprintf(link, sizeof link, "%s/real/loop", top);
    ck_assert_int_eq(symlink("..", link), 0);
    unit_ok(discover(NULL, NULL), err);
    expect("npm real/package-lock.json\n");
}
END_TEST

START_TEST(a_lockfile_that_is_a_link_or_a_folder_is_not_passed_over)
{
    char link[4096];
    put("a/package-lock.json/x");
    put("b/");
    (void)snprintf(link, sizeof link, "%s/b/package-lock.json", top);
    ck_assert_int_eq(symlink("/nowhere", link), 0);
    unit_ok(discover(NULL, NULL), err);
    expect("npm a/package-lock.json\nnpm b/package-lock.json\n");
}
END_TEST

START_TEST(a_folder_that_cannot_be_read_is_trouble)
{
    char path[4096];
    if (geteuid() == 0) {
        unit_skipped("a folder that cannot be read", "root reads all");
        return;
    }
    put("a/package-lock.json");
    (void)snprintf(path, sizeof path, "%s/a", top);
    ck_assert_int_eq(chmod(path, 0), 0);
    unit_ok(discover(NULL, NULL), err);
    ck_assert_uint_eq(found.troubles.count, 1);
    ck_assert_int_eq(chmod(path, 0700), 0);
}
END_TEST

START_TEST(there_is_an_end_to_depth)
{
    char path[4096] = "";
    for (size_t i = 0; i < BU_LIMIT_FOLDER_DEPTH + 1; i++)
        strcat(path, "d/");
    put(path);
    unit_fails(discover(NULL, NULL), BULLA_E_RESOURCE_LIMIT, err);
}
END_TEST

START_TEST(no_memory_is_an_error_and_nothing_else)
{
    put("b/package-lock.json");
    put("node_modules/");
    for (size_t n = 0;; n++) {
        BU_CLEAR(bu_discovery) one = { 0 };
        BU_AUTO(bu_arena) own = bu_arena_new();
        const bu_discover_options options = { .folder = top };
        err = (bulla_error){ 0 };
        alloc_fail_at(n);
        bulla_status status = bu_discover(&options, own, &one, &err);
        if (!alloc_fail_off()) {
            unit_ok(status, err);
            break;
        }
        unit_fails(status, BULLA_E_NO_MEMORY, err);
    }
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_checked_fixture(tc, start, stop);
    tcase_add_test(tc, nested_projects_are_found_in_order_each_lockfile_once);
    tcase_add_test(tc, what_tools_installed_is_left_out_and_said);
    tcase_add_test(tc, patterns_leave_out_and_are_named);
    tcase_add_test(tc, links_to_folders_are_not_followed);
    tcase_add_test(tc, a_lockfile_that_is_a_link_or_a_folder_is_not_passed_over);
    tcase_add_test(tc, a_folder_that_cannot_be_read_is_trouble);
    tcase_add_test(tc, there_is_an_end_to_depth);
    tcase_add_test(tc, no_memory_is_an_error_and_nothing_else);
}

int main(void)
{
    return unit_run("discover", add);
}
