/* SPDX-License-Identifier: MIT */
/*
 * Which file is taken for the bytes of a component, and when a tree shows that
 * a component is not installed. What is overlooked here is checked nowhere.
 */
#include "evidence/locate.h"

#include <sys/stat.h>
#include <unistd.h>

#include "alloc_fail.h"
#include "suite.h"

#define HEX "abcdef0000000000000000000000000000000000000000000000000000000000"

static bu_arena *arena;
static bu_graph *graph;
static bu_places places;
static bulla_error err;

static void put(const char *path)
{
    char command[300];
    (void)snprintf(command, sizeof command, "mkdir -p \"$(dirname '%s')\" && echo >'%s'", path,
                   path);
    ck_assert_int_eq(system(command), 0);
}

static void set_up(void)
{
    static const char *const archives[] = { "one", "two", NULL };
    static const char *const caches[] = { "no cache", "cache", NULL };
    char *folder = unit_temporary_folder();
    ck_assert_int_eq(chdir(folder), 0);
    free(folder);
    ck_assert_int_eq(mkdir("one", 0777), 0);
    ck_assert_int_eq(mkdir("two", 0777), 0);
    ck_assert_int_eq(mkdir("cache", 0777), 0);
    arena = bu_arena_new();
    graph = bu_graph_new();
    err = (bulla_error){ 0 };
    unit_ok(bu_places_open(archives, caches, &places, &err), err);
}

static void tear_down(void)
{
    bu_places_clear(&places);
    bu_graph_free(graph);
    bu_arena_free(arena);
}

/* A component, and the file that is taken for it. */
static const struct {
    const char *there; /* the one file that exists */
    const char *type, *name, *version, *location, *resolved;
    bulla_origin origin;
    const char *path; /* NULL: not found */
} cases[] = {
    { "one/a-1.0.0.tgz", "npm", "a", "1.0.0", "x", NULL, BULLA_ORIGIN_REGISTRY, "a-1.0.0.tgz" },
    { "two/a-1.0.0.tgz", "npm", "a", "1.0.0", "x", NULL, BULLA_ORIGIN_REGISTRY, "a-1.0.0.tgz" },
    { "one/s-a-1.0.0.tgz", "npm", "@s/a", "1.0.0", "x", NULL, BULLA_ORIGIN_REGISTRY,
      "s-a-1.0.0.tgz" },
    { "one/a-1.0.0-b.1.tgz", "npm", "a", "1.0.0-b.1", "x", NULL, BULLA_ORIGIN_REGISTRY,
      "a-1.0.0-b.1.tgz" },
    { "one/a-1.0.0.tgz", "npm", "a", "1.0", "x", NULL, BULLA_ORIGIN_REGISTRY, NULL },
    { "one/a-1.0.0.tgz", "npm", "a", NULL, "x", NULL, BULLA_ORIGIN_REGISTRY, NULL },
    { "one/a-1.0.0.tgz", "deb", "a", "1.0.0", "a_1.0.0_all.deb", NULL, BULLA_ORIGIN_UNKNOWN, NULL },
    { "cache/_cacache/content-v2/sha256/ab/cd/" HEX, "npm", "a", "1.0.0", "x", NULL,
      BULLA_ORIGIN_REGISTRY, NULL }, /* the first four characters are folders alone */
    { "cache/_cacache/content-v2/sha256/ab/cd/ef0000000000000000000000000000000000000000000000"
      "000000000000",
      "npm", "a", "1.0.0", "x", NULL, BULLA_ORIGIN_REGISTRY,
      "_cacache/content-v2/sha256/ab/cd/ef0000000000000000000000000000000000000000000000"
      "000000000000" },
    { "two/a_1%3a2_all.deb", "deb", "a", "1:2", "a_1%3a2_all.deb", NULL, BULLA_ORIGIN_UNKNOWN,
      "a_1%3a2_all.deb" },
    { "one/x/a_1_all.deb", "deb", "a", "1", "x/a_1_all.deb", NULL, BULLA_ORIGIN_UNKNOWN, NULL },
    { "app/vendor/a.tgz", "npm", "a", "1.0.0", "x", "file:vendor/a.tgz", BULLA_ORIGIN_FILE,
      "app/vendor/a.tgz" },
    { "app/vendor/a.tgz", "npm", "a", "1.0.0", "x", "file:vendor/a.tgz", BULLA_ORIGIN_REGISTRY,
      NULL },
};

static void locate(const bulla_component *component, bu_located *found)
{
    unit_ok(bu_locate(&places, component, arena, found, &err), err);
}

START_TEST(the_file_of_a_component)
{
    bulla_component component = { .type = cases[_i].type,
                                  .name = cases[_i].name,
                                  .version = cases[_i].version,
                                  .location = cases[_i].location,
                                  .resolved = cases[_i].resolved,
                                  .origin = cases[_i].origin,
                                  .lockfile = "app/package-lock.json" };
    bulla_digest pin;
    unit_ok(bu_digest_from_hex(BULLA_ALG_SHA256, BULLA_LIT(HEX), &pin, &err), err);
    component.digests = (bulla_digests){ &pin, 1 };
    bu_located found;
    locate(&component, &found);
    ck_assert_ptr_null(found.path);
    put(cases[_i].there);
    locate(&component, &found);
    ck_assert_pstr_eq(found.path, cases[_i].path);
}
END_TEST

START_TEST(what_is_no_file_is_not_passed_over_for_one_further_on)
{
    const bulla_component component = { .type = "npm", .name = "a", .version = "1.0.0" };
    put("two/a-1.0.0.tgz");
    ck_assert_int_eq(symlink("../two/a-1.0.0.tgz", "one/a-1.0.0.tgz"), 0);
    bu_located found;
    locate(&component, &found);
    ck_assert_ptr_eq(found.folder, &places.archives[0]);
}
END_TEST

START_TEST(an_archive_folder_must_be_there)
{
    static const char *const none[] = { "no folder", NULL };
    bu_places other = { 0 };
    unit_fails(bu_places_open(none, NULL, &other, &err), BULLA_E_MISSING_FILE, err);
}
END_TEST

/* Where a component stands, what is there of it, and whether that shows that it is not installed. */
static const struct {
    bool optional, excluded;
    const char *first, *second; /* places; NULL */
    const char *there[3];
    bool left_out;
} trees[] = {
    { true, false, "node_modules/a", NULL, { "node_modules/b" }, true },
    { true, false, "node_modules/a", NULL, { "node_modules/a/x" }, false },
    { true, false, "node_modules/a", NULL, { NULL }, false }, /* no tree shows nothing */
    { false, false, "node_modules/a", NULL, { "node_modules/b" }, false },
    { false, true, "node_modules/a", NULL, { "node_modules/b" }, false },
    { true, true, "node_modules/a", NULL, { NULL }, true },
    { true, true, "node_modules/a", NULL, { "node_modules/a/x" }, false },
    { true, false, "node_modules/a", "p/node_modules/a", { "node_modules/b" }, true },
    { true, true, "node_modules/a", "p/node_modules/a", { "p/node_modules/a/x" }, false },
    { true,
      false,
      "node_modules/a",
      "p/node_modules/a",
      { "node_modules/b", "p/node_modules/a/x" },
      false },
    { true, true, NULL, NULL, { NULL }, false },
};

static void stand(const char *path)
{
    const bu_place place = { .parent = BULLA_NO_COMPONENT,
                             .path = path,
                             .lockfile = "app/package-lock.json" };
    if (path != NULL)
        unit_ok(bu_graph_place(graph, &place, &err), err);
}

START_TEST(what_is_in_none_of_its_places_is_left_out)
{
    const bulla_component component = { .purl = "pkg:npm/a@1.0.0",
                                        .type = "npm",
                                        .name = "a",
                                        .parent = BULLA_NO_COMPONENT,
                                        .may_be_absent = trees[_i].optional,
                                        .excluded_here = trees[_i].excluded };
    size_t index;
    unit_ok(bu_graph_add(graph, &component, &index, &err), err);
    stand(trees[_i].first);
    stand(trees[_i].second);
    unit_ok(bu_graph_settle(graph, &err), err);
    for (size_t i = 0; i < 3 && trees[_i].there[i] != NULL; i++)
        put(bu_arena_format(arena, "app/%s", trees[_i].there[i]));
    ck_assert_int_eq(bu_locate_is_left_out(graph, index, arena), trees[_i].left_out);
}
END_TEST

/* A folder of the project, also when a package is copied from it to node_modules/x. */
static const struct {
    const char *folder;
    bool copied, diverted;
} folders[] = {
    { "real", false, false }, { "real/inner", false, false }, { "real//inner/", false, false },
    { "link", false, true },  { "real/link", false, true },   { "link/inner", false, true },
    { "file", false, true },  { "none", false, false },       { "none", true, true },
    { "real", true, false },  { "link", true, true },         { "real/link/y", true, true },
    { NULL, false, false },
};

START_TEST(a_folder_of_the_project_is_reached_through_folders_alone)
{
    const bu_place place = { .path = folders[_i].copied ? "node_modules/x" : folders[_i].folder,
                             .folder = folders[_i].folder,
                             .lockfile = "by link/package-lock.json" };
    put("app/real/inner/x");
    put("app/file");
    ck_assert_int_eq(symlink("app", "by link"), 0); /* how a person came there is no matter */
    ck_assert_int_eq(symlink("real", "app/link"), 0);
    ck_assert_int_eq(symlink("inner", "app/real/link"), 0);
    ck_assert_int_eq(bu_locate_is_diverted(&place, arena), folders[_i].diverted);
}
END_TEST

START_TEST(no_memory_is_said)
{
    const bulla_component component = { .type = "npm", .name = "a", .version = "1.0.0" };
    bu_located found;
    bu_arena *fresh = bu_arena_new();
    alloc_fail_at(0);
    bulla_status status = bu_locate(&places, &component, fresh, &found, &err);
    ck_assert(alloc_fail_off());
    unit_fails(status, BULLA_E_NO_MEMORY, err);
    bu_arena_free(fresh);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_loop_test(tc, the_file_of_a_component, 0, sizeof cases / sizeof cases[0]);
    tcase_add_test(tc, what_is_no_file_is_not_passed_over_for_one_further_on);
    tcase_add_test(tc, an_archive_folder_must_be_there);
    tcase_add_loop_test(tc, what_is_in_none_of_its_places_is_left_out, 0,
                        sizeof trees / sizeof trees[0]);
    tcase_add_loop_test(tc, a_folder_of_the_project_is_reached_through_folders_alone, 0,
                        sizeof folders / sizeof folders[0]);
    tcase_add_test(tc, no_memory_is_said);
}

int main(void)
{
    return unit_run("locate", add);
}
