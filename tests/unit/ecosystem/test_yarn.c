/* SPDX-License-Identifier: MIT */
/*
 * yarn.lock: platforms, the names of yarn's zips, and size. Both formats
 * themselves are in testdata/ecosystem/yarn.
 */
#include "lockfile.h"
#include "suite.h"

#define HEAD "__metadata:\n  version: 8\n  cacheKey: 10c0\n\n"

/* An optional package with these conditions, here. */
static const struct {
    const char *conditions;
    const char *os, *cpu, *libc;
    bool excluded;
} platforms[] = {
    { "os=linux", "linux", "x64", "glibc", false },
    { "os=darwin", "linux", "x64", "glibc", true },
    { "os=linux & cpu=x64", "linux", "x64", "glibc", false },
    { "os=linux & cpu=arm64", "linux", "x64", "glibc", true },
    { "os=linux & cpu=x64 & libc=musl", "linux", "x64", "glibc", true },
    { "os=linux & cpu=x64 & libc=musl", "linux", "x64", NULL, false }, /* not known: not judged */
    { "(os=darwin | os=linux) & cpu=x64", "linux", "x64", "glibc", false },
    { "(os=darwin | os=win32) & cpu=x64", "linux", "x64", "glibc", true },
    { "!os=win32", "linux", "x64", "glibc", false },
    { "!os=win32", "win32", "x64", NULL, true },
    { "(!os=win32 | !os=darwin)", "win32", "x64", NULL, false }, /* as yarn means it */
    { "wasm=no", "linux", "x64", "glibc", false },
    { "os=linux|os=darwin", "win32", "x64", NULL, true },
    { "( | )", "linux", "x64", "glibc", false },
};

START_TEST(conditions_are_judged_as_yarn_does)
{
    char text[1024];
    const bu_ecosystem_options options = { .os = platforms[_i].os,
                                           .cpu = platforms[_i].cpu,
                                           .libc = platforms[_i].libc };
    (void)snprintf(text, sizeof text,
                   HEAD "\"a@npm:1\":\n  version: 1.0.0\n  resolution: \"a@npm:1.0.0\"\n"
                        "  conditions: \"%s\"\n\n\"me@workspace:.\":\n  version: 0.0.0-use.local\n"
                        "  resolution: \"me@workspace:.\"\n  dependencies:\n    a: \"npm:1\"\n"
                        "  dependenciesMeta:\n    a:\n      optional: true\n",
                   platforms[_i].conditions);
    BU_AUTO(bu_graph) graph = lockfile_parse("yarn", text, &options);
    const bulla_component *a = lockfile_find(graph, "a");
    ck_assert(a->may_be_absent);
    ck_assert_int_eq(a->excluded_here, platforms[_i].excluded);
}
END_TEST

START_TEST(only_what_is_optional_may_be_absent)
{
    const bu_ecosystem_options options = { .os = "linux" };
    BU_AUTO(bu_graph)
    graph = lockfile_parse("yarn",
                           HEAD "\"a@npm:1\":\n  version: 1.0.0\n  resolution: \"a@npm:1.0.0\"\n"
                                "  conditions: os=darwin\n",
                           &options);
    ck_assert(!lockfile_find(graph, "a")->may_be_absent);
    ck_assert(!lockfile_find(graph, "a")->excluded_here);
}
END_TEST

/* The name of the zip in yarn's cache, as yarn 4 made it for these published packages. */
static const struct {
    const char *resolution, *version, *zip;
} zips[] = {
    { "ms@npm:2.1.2", "2.1.2", "ms-npm-2.1.2-ec0c1512ff-" },
    { "lodash@npm:4.17.21", "4.17.21", "lodash-npm-4.17.21-6382451519-" },
    { "@isaacs/fs-minipass@npm:4.0.1", "4.0.1", "@isaacs-fs-minipass-npm-4.0.1-677026e841-" },
    { "lodash@patch:lodash@npm%3A4.17.21#~/x.patch::version=4.17.21&hash=f634c0", "4.17.21",
      "lodash-patch-2ae57b3b39-" },
    { "linked@file:./vendor/linked#./vendor/linked::hash=0e605b&locator=demo%40workspace%3A.",
      "3.0.0", "linked-file-21de6cfeca-" },
};

START_TEST(a_checksum_pins_the_zip_of_yarns_cache)
{
    static const char sum[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
                              "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    char text[1024], name[128];
    (void)snprintf(text, sizeof text,
                   HEAD "\"%s\":\n  version: %s\n  resolution: \"%s\"\n  checksum: 10c0/%s\n",
                   zips[_i].resolution, zips[_i].version, zips[_i].resolution, sum);
    BU_AUTO(bu_graph) graph = lockfile_parse("yarn", text, &show_options);
    ck_assert_uint_eq(graph->count, 1);
    ck_assert_uint_eq(graph->components[0].digests.count, 0); /* it is not of the npm archive */
    ck_assert_uint_eq(graph->components[0].file_count, 1);
    (void)snprintf(name, sizeof name, "%s0123456789.zip", zips[_i].zip);
    ck_assert_str_eq(graph->components[0].files[0].name, name);
}
END_TEST

static void make_v1(bu_buf *text, size_t count)
{
    bu_buf_add_text(text, "# yarn lockfile v1\n\n");
    for (size_t i = 0; i < count; i++) {
        bu_buf_add_format(text, "p%zu@^1.0.0, p%zu@~1.0.0:\n  version \"1.0.%zu\"\n", i, i, i % 7);
        if (i > 0)
            bu_buf_add_format(text, "  dependencies:\n    p%zu \"^1.0.0\"\n", i / 2);
    }
}

static void make_berry(bu_buf *text, size_t count)
{
    bu_buf_add_text(text, HEAD);
    for (size_t i = 0; i < count; i++) {
        bu_buf_add_format(
            text, "\"p%zu@npm:^1.0.0\":\n  version: 1.0.%zu\n  resolution: \"p%zu@npm:1.0.%zu\"\n",
            i, i % 7, i, i % 7);
        if (i > 0)
            bu_buf_add_format(text, "  dependencies:\n    p%zu: \"npm:^1.0.0\"\n", i / 2);
    }
}

START_TEST(time_grows_with_the_size_of_the_lockfile)
{
    lockfile_is_linear("yarn", make_v1);
    lockfile_is_linear("yarn", make_berry);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, conditions_are_judged_as_yarn_does, 0,
                        sizeof platforms / sizeof platforms[0]);
    tcase_add_test(tc, only_what_is_optional_may_be_absent);
    tcase_add_loop_test(tc, a_checksum_pins_the_zip_of_yarns_cache, 0,
                        sizeof zips / sizeof zips[0]);
    tcase_add_test(tc, time_grows_with_the_size_of_the_lockfile);
}

int main(void)
{
    return unit_run("yarn", add);
}
