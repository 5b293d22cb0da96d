/* SPDX-License-Identifier: MIT */
/*
 * npm lockfiles: what depends on the machine, and what depends on size. The
 * format itself is in testdata/ecosystem/npm.
 */
#include <time.h>

#include "alloc_fail.h"
#include "show.h"
#include "suite.h"

static const bu_ecosystem *npm(void)
{
    return bu_ecosystem_by_id(BULLA_LIT("npm"));
}

/* One optional package with limits, on a machine. */
static const struct {
    const char *limits;
    const char *os, *cpu, *libc;
    bool excluded;
} limits[] = {
    { "\"os\":[\"linux\"]", "linux", "x64", "glibc", false },
    { "\"os\":[\"linux\"]", "win32", "x64", NULL, true },
    { "\"os\":\"linux\"", "darwin", "x64", NULL, true },
    { "\"os\":[\"!win32\"]", "linux", "x64", "glibc", false },
    { "\"os\":[\"!win32\"]", "win32", "x64", NULL, true },
    { "\"os\":[\"!win32\",\"linux\"]", "darwin", "x64", NULL, true },
    { "\"os\":[\"any\"]", "aix", "ppc64", NULL, false },
    { "\"os\":[\"any\",\"linux\"]", "aix", "ppc64", NULL, true },
    { "\"os\":[]", "linux", "x64", "glibc", false },
    { "\"cpu\":[\"arm64\",\"x64\"]", "linux", "x64", "glibc", false },
    { "\"cpu\":[\"arm64\"]", "linux", "x64", "glibc", true },
    { "\"os\":[\"linux\"],\"cpu\":[\"!x64\"]", "linux", "x64", "glibc", true },
    { "\"libc\":[\"musl\"]", "linux", "x64", "glibc", true },
    { "\"libc\":[\"glibc\"]", "linux", "x64", "glibc", false },
    { "\"libc\":[\"musl\"]", "linux", "x64", NULL, false }, /* not known: not judged */
    { "\"engines\":{\"node\":\"0\"}", "linux", "x64", "glibc", false },
};

static bu_graph *parse_limited(const char *entry, const bu_ecosystem_options *options)
{
    char text[512];
    bulla_error err = { 0 };
    (void)snprintf(text, sizeof text,
                   "{\"lockfileVersion\":3,\"packages\":{\"node_modules/a\":"
                   "{\"version\":\"1.0.0\",%s}}}",
                   entry);
    bu_graph *graph = bu_graph_new();
    ck_assert_ptr_nonnull(graph);
    unit_ok(npm()->parse(bu_bytes_of(text), "package-lock.json", options, graph, &err), err);
    return graph;
}

START_TEST(platform_limits_are_judged_as_npm_does)
{
    const bu_ecosystem_options options = { .os = limits[_i].os,
                                           .cpu = limits[_i].cpu,
                                           .libc = limits[_i].libc };
    char entry[256];
    (void)snprintf(entry, sizeof entry, "\"optional\":true,%s", limits[_i].limits);
    BU_AUTO(bu_graph) graph = parse_limited(entry, &options);
    ck_assert(graph->components[0].may_be_absent);
    ck_assert_int_eq(graph->components[0].excluded_here, limits[_i].excluded);
}
END_TEST

START_TEST(only_what_is_optional_may_be_absent)
{
    const bu_ecosystem_options options = { .os = "linux" };
    BU_AUTO(bu_graph) graph = parse_limited("\"os\":[\"win32\"]", &options);
    ck_assert(!graph->components[0].may_be_absent);
    ck_assert(!graph->components[0].excluded_here);
}
END_TEST

/* Whether "helper" is excluded where "tool" is, on linux: `with` is more of the lockfile. */
static const struct {
    const char *with;
    bool excluded;
} helpers[] = {
    { "", true },
    { ",\"node_modules/other\":{\"version\":\"1.0.0\",\"dependencies\":{\"helper\":\"1\"}}",
      false },
    { ",\"node_modules/other\":{\"version\":\"1.0.0\",\"optional\":true,\"os\":[\"aix\"],"
      "\"dependencies\":{\"helper\":\"1\"}}",
      true },
    { ",\"\":{\"name\":\"me\",\"optionalDependencies\":{\"helper\":\"1\"}}", false },
    { ",\"\":{\"optionalDependencies\":{\"helper\":\"1\"}}", false },
};

START_TEST(what_only_excluded_packages_need_is_excluded_too)
{
    char text[1024];
    bulla_error err = { 0 };
    BU_AUTO(bu_graph) graph = bu_graph_new();
    (void)snprintf(text, sizeof text,
                   "{%s\"lockfileVersion\":3,\"packages\":{"
                   "\"node_modules/helper\":{\"version\":\"1.0.0\",\"optional\":true},"
                   "\"node_modules/tool\":{\"version\":\"1.0.0\",\"optional\":true,"
                   "\"os\":[\"darwin\"],\"dependencies\":{\"helper\":\"1\"}}%s}}",
                   _i == 4 ? "" : "\"name\":\"me\",", helpers[_i].with);
    unit_ok(npm()->parse(bu_bytes_of(text), "package-lock.json", &show_options, graph, &err), err);
    unit_ok(bu_graph_settle(graph, &err), err);
    ck_assert_str_eq(graph->components[0].purl, "pkg:npm/helper@1.0.0");
    ck_assert_int_eq(graph->components[0].excluded_here, helpers[_i].excluded);
}
END_TEST

START_TEST(what_has_to_be_there_is_never_excluded)
{
    bulla_error err = { 0 };
    BU_AUTO(bu_graph) graph = bu_graph_new();
    unit_ok(npm()->parse(BULLA_LIT("{\"name\":\"me\",\"lockfileVersion\":3,\"packages\":{"
                                   "\"node_modules/helper\":{\"version\":\"1.0.0\"},"
                                   "\"node_modules/tool\":{\"version\":\"1.0.0\",\"optional\":true,"
                                   "\"os\":[\"aix\"],\"dependencies\":{\"helper\":\"1\"}}}}"),
                         "package-lock.json", &show_options, graph, &err),
            err);
    unit_ok(bu_graph_settle(graph, &err), err);
    ck_assert_str_eq(graph->components[0].name, "helper");
    ck_assert(!graph->components[0].excluded_here);
}
END_TEST

START_TEST(version_1_has_no_limits)
{
    bulla_error err = { 0 };
    BU_AUTO(bu_graph) graph = bu_graph_new();
    unit_ok(npm()->parse(BULLA_LIT("{\"lockfileVersion\":1,\"dependencies\":{\"a\":{\"version\":"
                                   "\"1.0.0\",\"optional\":true,\"os\":[\"aix\"]}}}"),
                         "package-lock.json", &show_options, graph, &err),
            err);
    ck_assert(graph->components[0].may_be_absent);
    ck_assert(!graph->components[0].excluded_here);
}
END_TEST

static void add_flat(bu_buf *text, size_t i)
{
    bu_buf_add_format(text,
                      ",\"node_modules/p%zu\":{\"version\":\"1.0.%zu\",\"dependencies\":{\"p%zu\":"
                      "\"*\",\"q\":\"*\"}},\"node_modules/p%zu/node_modules/q\":{\"version\":"
                      "\"2.0.%zu\"}",
                      i, i, i / 2, i, i % 7);
}

/* A lockfile of `count` packages with a nested one and two dependencies each. */
static void make_large(bu_buf *text, size_t count)
{
    bu_buf_add_text(text, "{\"name\":\"big\",\"lockfileVersion\":3,\"packages\":{\"\":{}");
    for (size_t i = 0; i < count; i++)
        add_flat(text, i);
    bu_buf_add_text(text, "}}");
}

static double seconds_for(size_t count)
{
    BU_CLEAR(bu_buf) text = { 0 };
    bulla_error err = { 0 };
    bu_graph *graph = NULL;
    struct timespec from, to;
    make_large(&text, count);
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
    bulla_status status =
        show_parse(npm(), bu_buf_bytes(&text), "package-lock.json", NULL, &graph, &err);
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
    unit_ok(status, err);
    ck_assert_uint_eq(graph->count, count + 7 + 1);
    bu_graph_free(graph);
    return (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) * 1e-9;
}

/* 16 times the packages: 16 times the work, with slack for caches and neighbours; n² would be 256. */
START_TEST(time_grows_with_the_size_of_the_lockfile)
{
    double small = seconds_for(4000), large = seconds_for(64000);
    ck_assert_msg(large < small * 16 * 6, "4,000 packages: %f s, 64,000: %f s", small, large);
}
END_TEST

/* A text of 300 kB must not become paths of 60 MB: 60 levels, and many siblings at their end. */
START_TEST(nested_paths_do_not_outgrow_the_lockfile)
{
    BU_CLEAR(bu_buf) text = { 0 };
    bulla_error err = { 0 };
    bu_graph *graph = NULL;
    bu_buf_add_text(&text, "{\"lockfileVersion\":1,\"dependencies\":{");
    for (int i = 0; i < 60; i++)
        bu_buf_add_format(&text, "\"long-name-of-a-package-that-holds-%d\":{\"dependencies\":{", i);
    for (int i = 0; i < 20000; i++)
        bu_buf_add_format(&text, "%s\"p%d\":{}", i == 0 ? "" : ",", i);
    for (int i = 0; i < 60; i++)
        bu_buf_add_text(&text, "}}");
    bu_buf_add_text(&text, "}}");
    unit_fails(show_parse(npm(), bu_buf_bytes(&text), "package-lock.json", NULL, &graph, &err),
               BULLA_E_RESOURCE_LIMIT, err);
    ck_assert_uint_eq(err.line, 1);
    bu_graph_free(graph);
}
END_TEST

static const char *const samples[] = {
    "testdata/ecosystem/npm/valid/v2/package-lock.json",
    "testdata/ecosystem/npm/valid/v1/package-lock.json",
    "testdata/ecosystem/npm/valid/v3-workspaces/package-lock.json",
    "testdata/ecosystem/npm/invalid/integrity-two-values/package-lock.json",
};

START_TEST(no_memory_is_an_error_and_nothing_else)
{
    char *path = unit_source_path(samples[_i]);
    bulla_bytes text = unit_slurp(path);
    for (size_t n = 0;; n++) {
        bulla_error err = { 0 };
        bu_graph *graph = NULL;
        alloc_fail_at(n);
        bulla_status status = show_parse(npm(), text, "package-lock.json", NULL, &graph, &err);
        bool hit = alloc_fail_off();
        bu_graph_free(graph);
        if (!hit)
            break;
        unit_fails(status, BULLA_E_NO_MEMORY, err);
    }
    free((void *)(uintptr_t)text.ptr);
    free(path);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, platform_limits_are_judged_as_npm_does, 0,
                        sizeof limits / sizeof limits[0]);
    tcase_add_test(tc, only_what_is_optional_may_be_absent);
    tcase_add_loop_test(tc, what_only_excluded_packages_need_is_excluded_too, 0,
                        sizeof helpers / sizeof helpers[0]);
    tcase_add_test(tc, what_has_to_be_there_is_never_excluded);
    tcase_add_test(tc, version_1_has_no_limits);
    tcase_add_test(tc, time_grows_with_the_size_of_the_lockfile);
    tcase_add_test(tc, nested_paths_do_not_outgrow_the_lockfile);
    tcase_add_loop_test(tc, no_memory_is_an_error_and_nothing_else, 0,
                        sizeof samples / sizeof samples[0]);
}

int main(void)
{
    return unit_run("npm", add);
}
