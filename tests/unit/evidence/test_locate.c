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

static void reopen(void)
{
    static const char *const archives[] = { "one", "two", NULL };
    static const bulla_cache caches[] = {
        { "npm", "no cache" }, { "cabal", "cache" }, { "cargo", "cache" },  { "composer", "cache" },
        { "gem", "cache" },    { "go", "cache" },    { "gradle", "cache" }, { "hex", "cache" },
        { "maven", "cache" },  { "npm", "cache" },   { "nuget", "cache" },  { "pip", "cache" },
        { "yarn", "cache" },
    };
    bu_places_clear(&places);
    unit_ok(bu_places_open(archives, caches, sizeof caches / sizeof caches[0], &places, &err), err);
}

static void set_up(void)
{
    char *folder = unit_temporary_folder();
    ck_assert_int_eq(chdir(folder), 0);
    free(folder);
    ck_assert_int_eq(mkdir("one", 0777), 0);
    ck_assert_int_eq(mkdir("two", 0777), 0);
    ck_assert_int_eq(mkdir("cache", 0777), 0);
    arena = bu_arena_new();
    graph = bu_graph_new();
    err = (bulla_error){ 0 };
    places = (bu_places){ 0 };
    reopen();
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

#define FILES_URL "https://files.example/packages/a/b-1.0.0-py3-none-any.whl"

/* Where each tool keeps an archive of a package. */
static const struct {
    const char *there;
    const char *purl, *type, *name, *version, *architecture, *resolved, *file, *url;
    bool found;
} kept[] = {
    { "one/a-1.0.0.crate", "pkg:cargo/a@1.0.0", "cargo", "a", "1.0.0", NULL, NULL, NULL, NULL,
      true },
    { "one/a-1.0.1.crate", "pkg:cargo/a@1.0.0", "cargo", "a", "1.0.0", NULL, NULL, NULL, NULL,
      false },
    { "one/v-p-v1.0.zip", "pkg:composer/v/p@v1.0", "composer", "v/p", "v1.0", NULL, NULL, NULL,
      NULL, true },
    { "one/a_1.0-2.tar.gz", "pkg:cran/a@1.0-2", "cran", "a", "1.0-2", NULL, NULL, NULL, NULL,
      true },
    { "one/a-1.0.gem", "pkg:gem/a@1.0", "gem", "a", "1.0", NULL, NULL, NULL, NULL, true },
    { "one/a-1.0-java.gem", "pkg:gem/a@1.0?platform=java", "gem", "a", "1.0", NULL, NULL, NULL,
      NULL, true },
    { "one/e.org/!m/@v/v1.0.0.zip", "pkg:golang/e.org/M@v1.0.0", "golang", "e.org/M", "v1.0.0",
      NULL, NULL, NULL, NULL, true },
    { "one/a-1.0.apk", "pkg:apk/alpine/a@1.0", "apk", "a", "1.0", NULL, NULL, NULL, NULL, true },
    { "one/a-1.0-1.noarch.rpm", "pkg:rpm/x/a@1.0-1", "rpm", "a", "1.0-1", "noarch", NULL, NULL,
      NULL, true },
    { "one/r.io/h/null/terraform-provider-null_1.0_linux_amd64.zip",
      "pkg:terraform/r.io/h/null@1.0", "terraform", "r.io/h/null", "1.0", NULL, NULL, NULL, NULL,
      true },
    { "one/a-1.0.tar", "pkg:hex/a@1.0", "hex", "a", "1.0", NULL, NULL, NULL, NULL, true },
    { "one/A.1.0.0.nupkg", "pkg:nuget/A@1.0.0", "nuget", "A", "1.0.0", NULL, NULL, NULL, NULL,
      true },
    { "one/x_y-1.0-py3-none-any.whl", "pkg:pypi/x-y@1.0", "pypi", "X.y", "1.0", NULL, NULL, NULL,
      NULL, true },
    { "one/x_y-1.0.post1-py3-none-any.whl", "pkg:pypi/x-y@1.0", "pypi", "X.y", "1.0", NULL, NULL,
      NULL, NULL, false },
    { "one/b.whl", "pkg:pypi/x@1.0", "pypi", "x", "1.0", NULL, NULL, "b.whl", NULL, true },
    { "one/s-1.tgz", "pkg:generic/s@1", "generic", "s", "1", NULL, "https://e.org/d/s-1.tgz?x=/y#z",
      NULL, NULL, true },
    { "app/vendor/cache/a-1.0.gem", "pkg:gem/a@1.0", "gem", "a", "1.0", NULL, NULL, NULL, NULL,
      true },
    { "app/.yarn/cache/@s-a-npm-1.0.0-abc-def.zip", "pkg:npm/%40s/a@1.0.0", "npm", "@s/a", "1.0.0",
      NULL, NULL, "@s-a-npm-1.0.0-abc-def.zip", NULL, true },
    /* A zip of yarn's is nothing to a lockfile that pins the package's own archive, and the archive
       nothing to one that pins the zip. */
    { "app/.yarn/cache/a-npm-1.0.0-abc-def.zip", "pkg:npm/a@1.0.0", "npm", "a", "1.0.0", NULL, NULL,
      NULL, NULL, false },
    { "one/a-1.0.0.tgz", "pkg:npm/a@1.0.0", "npm", "a", "1.0.0", NULL, NULL,
      "a-npm-1.0.0-abc-def.zip", NULL, false },
    { "app/packagecache/s.tgz", "pkg:generic/s@1", "generic", "s", "1", NULL, NULL, "s.tgz", NULL,
      true },
    { "cache/packages/host/a/1.0/a-1.0.tar.gz", "pkg:hackage/a@1.0", "hackage", "a", "1.0", NULL,
      NULL, NULL, NULL, true },
    { "cache/registry/cache/index-0/a-1.0.0.crate", "pkg:cargo/a@1.0.0", "cargo", "a", "1.0.0",
      NULL, NULL, NULL, NULL, true },
    { "cache/files/v/p/4a0d5a8a0d2de6ae5f0cbe61d8b0ea4bcf4d8a13.zip", "pkg:composer/v/p@1",
      "composer", "v/p", "1", NULL, "https://e.org/other", NULL, NULL, false },
    { "cache/files/v/p/1045796e11368cb54b629ac48e25b11fc64cd30c.zip", "pkg:composer/v/p@1",
      "composer", "v/p", "1", NULL, "https://e.org/x", NULL, NULL, true },
    { "cache/cache/a-1.0.gem", "pkg:gem/a@1.0", "gem", "a", "1.0", NULL, NULL, NULL, NULL, true },
    { "cache/ruby/3.1.0/cache/a-1.0.gem", "pkg:gem/a@1.0", "gem", "a", "1.0", NULL, NULL, NULL,
      NULL, true },
    { "cache/cache/download/e.org/!m/@v/v1.0.0-!r!c.zip", "pkg:golang/e.org/M@v1.0.0-RC", "golang",
      "e.org/M", "v1.0.0-RC", NULL, NULL, NULL, NULL, true },
    { "cache/caches/modules-2/files-2.1/o.g/a/1/ab12/a-1.jar", "pkg:maven/o.g/a@1", "maven",
      "o.g:a", "1", NULL, NULL, NULL, NULL, true },
    { "cache/caches/modules-2/files-2.1/o.g/a/1/ab12/a-1-linux.jar", "pkg:maven/o.g/a@1", "maven",
      "o.g:a", "1", NULL, NULL, "a-1-linux.jar", NULL, true },
    { "cache/packages/hexpm/a-1.0.tar", "pkg:hex/a@1.0", "hex", "a", "1.0", NULL, NULL, NULL, NULL,
      true },
    { "cache/o/g/a/1/a-1.jar", "pkg:maven/o.g/a@1", "maven", "o.g:a", "1", NULL, NULL, NULL, NULL,
      true },
    { "cache/a.b/1.0.0-rc/a.b.1.0.0-rc.nupkg", "pkg:nuget/A.B@1.0.0-RC", "nuget", "A.B", "1.0.0-RC",
      NULL, NULL, NULL, NULL, true },
    { "cache/http-v2/f/c/0/2/7/fc027babd8b49b1e8666a8a0ac3e441a647920851fec036b7c654192.body",
      "pkg:pypi/b@1.0.0", "pypi", "b", "1.0.0", NULL, NULL, "b.whl", FILES_URL "#sha256=00", true },
    { "cache/v6/npm-@s-a-1.0.0-0123-integrity/node_modules/@s/a/.yarn-tarball.tgz",
      "pkg:npm/%40s/a@1.0.0", "npm", "@s/a", "1.0.0", NULL, NULL, NULL, NULL, true },
    { "cache/@s-a-npm-1.0.0-abc-def.zip", "pkg:npm/%40s/a@1.0.0", "npm", "@s/a", "1.0.0", NULL,
      NULL, "@s-a-npm-1.0.0-abc-def.zip", NULL, true },
    /* What a lockfile says may not lead elsewhere. */
    { "x.crate", "pkg:cargo/x@1", "cargo", "../x", "", NULL, NULL, NULL, NULL, false },
    { "a-1.whl", "pkg:pypi/x@1", "pypi", "x", "1", NULL, NULL, "../a-1.whl", NULL, false },
    { "one/a-1.0.gem", "pkg:gem/a@1.0", "gem", "*", "*", NULL, NULL, NULL, NULL, false },
    { "one/a-1.0.gem", "pkg:gem/a@1.0", "gem", "a", NULL, NULL, NULL, NULL, NULL, false },
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

START_TEST(what_a_tool_keeps_is_found)
{
    const bulla_file_pin file = { .name = kept[_i].file, .url = kept[_i].url };
    const bulla_component component = { .purl = kept[_i].purl,
                                        .type = kept[_i].type,
                                        .name = kept[_i].name,
                                        .version = kept[_i].version,
                                        .architecture = kept[_i].architecture,
                                        .resolved = kept[_i].resolved,
                                        .lockfile = "app/x.lock",
                                        .files = &file,
                                        .file_count = kept[_i].file == NULL ? 0 : 1 };
    bu_located found;
    put(kept[_i].there);
    reopen(); /* what is listed ahead is listed once */
    locate(&component, &found);
    ck_assert_msg((found.path != NULL) == kept[_i].found, "%s: %s", kept[_i].there,
                  found.path == NULL ? "not found" : found.path);
}
END_TEST

START_TEST(what_is_no_file_is_not_passed_over_for_one_further_on)
{
    const bulla_component component = { .type = "npm", .name = "a", .version = "1.0.0" };
    put("two/a-1.0.0.tgz");
    ck_assert_int_eq(symlink("../two/a-1.0.0.tgz", "one/a-1.0.0.tgz"), 0);
    bu_located found;
    locate(&component, &found);
    ck_assert_ptr_eq(found.folder, &places.open[0]);
}
END_TEST

START_TEST(an_unknown_kind_of_cache_is_refused)
{
    const bulla_cache cache = { "attic", "cache" };
    bu_places other = { 0 };
    unit_fails(bu_places_open(NULL, &cache, 1, &other, &err), BULLA_E_USAGE, err);
}
END_TEST

START_TEST(an_archive_folder_must_be_there)
{
    static const char *const none[] = { "no folder", NULL };
    bu_places other = { 0 };
    unit_fails(bu_places_open(none, NULL, 0, &other, &err), BULLA_E_MISSING_FILE, err);
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
    tcase_add_loop_test(tc, what_a_tool_keeps_is_found, 0, sizeof kept / sizeof kept[0]);
    tcase_add_test(tc, an_unknown_kind_of_cache_is_refused);
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
