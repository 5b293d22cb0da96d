/* SPDX-License-Identifier: MIT */
/*
 * pnpm-lock.yaml: platforms, scopes, links and size. The format itself
 * is in testdata/ecosystem/pnpm.
 */
#include "lockfile.h"
#include "suite.h"

/* A lockfile in which the project needs `a` so, and `a` has these limits. */
static bu_graph *parse_needed(const char *group, const char *limits)
{
    char text[1024];
    (void)snprintf(text, sizeof text,
                   "lockfileVersion: '9.0'\nimporters:\n  .:\n    %s:\n      a:\n"
                   "        specifier: '1'\n        version: 1.0.0\npackages:\n  a@1.0.0:\n"
                   "    resolution: {integrity: ''}\n%ssnapshots:\n  a@1.0.0: {}\n",
                   group, limits);
    return lockfile_parse("pnpm", text, &show_options);
}

static const struct {
    const char *group, *limits;
    bulla_scope scope;
    bool may_be_absent, excluded;
} needed[] = {
    { "dependencies", "", BULLA_SCOPE_RUNTIME, false, false },
    { "devDependencies", "", BULLA_SCOPE_DEV, false, false },
    { "optionalDependencies", "", BULLA_SCOPE_OPTIONAL, true, false },
    { "optionalDependencies", "    os: [linux]\n    cpu: [x64]\n", BULLA_SCOPE_OPTIONAL, true,
      false },
    { "optionalDependencies", "    os: [darwin]\n", BULLA_SCOPE_OPTIONAL, true, true },
    { "optionalDependencies", "    libc: [musl]\n", BULLA_SCOPE_OPTIONAL, true, true },
    { "dependencies", "    os: [darwin]\n", BULLA_SCOPE_RUNTIME, false, false },
    { "dependencies", "    optional: true\n    dev: true\n", BULLA_SCOPE_RUNTIME, false, false },
};

START_TEST(scopes_are_those_of_who_needs_a_package)
{
    BU_AUTO(bu_graph) graph = parse_needed(needed[_i].group, needed[_i].limits);
    const bulla_component *a = lockfile_find(graph, "a");
    ck_assert_int_eq(a->scope, needed[_i].scope);
    ck_assert_int_eq(a->may_be_absent, needed[_i].may_be_absent);
    ck_assert_int_eq(a->excluded_here, needed[_i].excluded);
    ck_assert_uint_eq(graph->place_count, needed[_i].excluded ? 1 : 0);
}
END_TEST

/* A link from a folder of the project: only what leads out of it has to be seen. */
static const struct {
    const char *importer, *path;
    bool outside;
} links[] = {
    { ".", "packages/b", false },
    { ".", "../b", true },
    { "packages/a", "../b", false },
    { "packages/a", "../../b", false },
    { "packages/a", "../../../b", true },
    { "packages/a", "x/../../../../b", true },
    { ".", "./x/..", false },
    { ".", "/etc", true },
    { ".", "~/b", true },
    { ".", "C:/b", true },
    { ".", "..\\b", true },
};

START_TEST(what_lies_outside_is_a_component)
{
    char text[512];
    (void)snprintf(text, sizeof text,
                   "lockfileVersion: '6.0'\nimporters:\n  %s:\n    dependencies:\n      b:\n"
                   "        specifier: workspace:*\n        version: 'link:%s'\n",
                   links[_i].importer, links[_i].path);
    BU_AUTO(bu_graph) graph = lockfile_parse("pnpm", text, &show_options);
    ck_assert_uint_eq(graph->count, links[_i].outside ? 1 : 0);
    if (links[_i].outside)
        ck_assert_int_eq(lockfile_find(graph, "b")->origin, BULLA_ORIGIN_OUTSIDE);
}
END_TEST

static void make_large(bu_buf *text, size_t count)
{
    bu_buf_add_text(text, "lockfileVersion: '9.0'\npackages:\n");
    for (size_t i = 0; i < count; i++)
        bu_buf_add_format(text, "  p%zu@1.0.0:\n    resolution: {integrity: ''}\n", i);
    bu_buf_add_text(text, "snapshots:\n  p0@1.0.0: {}\n");
    for (size_t i = 1; i < count; i++)
        bu_buf_add_format(text, "  p%zu@1.0.0(x@1):\n    dependencies:\n      p%zu: 1.0.0%s\n", i,
                          i / 2, i / 2 == 0 ? "" : "(x@1)");
}

START_TEST(time_grows_with_the_size_of_the_lockfile)
{
    lockfile_is_linear("pnpm", make_large);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, scopes_are_those_of_who_needs_a_package, 0,
                        sizeof needed / sizeof needed[0]);
    tcase_add_loop_test(tc, what_lies_outside_is_a_component, 0, sizeof links / sizeof links[0]);
    tcase_add_test(tc, time_grows_with_the_size_of_the_lockfile);
}

int main(void)
{
    return unit_run("pnpm", add);
}
