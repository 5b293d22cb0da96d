/* SPDX-License-Identifier: MIT */
/*
 * bun.lock: platforms, what Bun leaves out with them and size. The
 * format itself is in testdata/ecosystem/bun.
 */
#include "lockfile.h"
#include "suite.h"

/* "tool" has these limits; `helper` is what else needs its only dependency. */
static const struct {
    const char *limits, *helper;
    bool tool_excluded, helper_excluded;
} limits[] = {
    { "\"os\": \"linux\"", "", false, false },
    { "\"os\": \"darwin\"", "", true, true },
    { "\"os\": [\"!linux\"]", "", true, true },
    { "\"cpu\": [\"arm64\", \"x64\"]", "", false, false },
    { "\"os\": \"darwin\"", "\"helper\": \"1.0.0\"", true, false },
};

START_TEST(what_the_platform_leaves_out_is_known)
{
    char text[1024];
    (void)snprintf(text, sizeof text,
                   "{\"lockfileVersion\":1,\"workspaces\":{\"\":{\"name\":\"me\","
                   "\"optionalDependencies\":{\"tool\":\"1.0.0\"},\"dependencies\":{%s}}},"
                   "\"packages\":{\"tool\":[\"tool@1.0.0\",\"\","
                   "{\"dependencies\":{\"helper\":\"1\"},%s},\"\"],"
                   "\"helper\":[\"helper@1.0.0\",\"\",{},\"\"],}}",
                   limits[_i].helper, limits[_i].limits);
    BU_AUTO(bu_graph) graph = lockfile_parse("bun", text, &show_options);
    ck_assert_int_eq(lockfile_find(graph, "tool")->excluded_here, limits[_i].tool_excluded);
    ck_assert_int_eq(lockfile_find(graph, "helper")->excluded_here, limits[_i].helper_excluded);
    ck_assert_int_eq(lockfile_find(graph, "helper")->may_be_absent, limits[_i].helper[0] == '\0');
}
END_TEST

START_TEST(a_binary_lockfile_is_refused_with_what_to_do)
{
    bulla_error err = { 0 };
    BU_AUTO(bu_graph) graph = bu_graph_new();
    const bu_ecosystem *bun = bu_ecosystem_by_id(BULLA_LIT("bun"));
    ck_assert_ptr_nonnull(bun);
    unit_fails(bun->parse(BULLA_LIT("#!/usr/bin/env bun\nbun-lockfile-format-v0\n\0\1"),
                          "bun.lockb", &show_options, graph, &err),
               BULLA_E_UNSUPPORTED_FEATURE, err);
    ck_assert_ptr_nonnull(strstr(err.next, "--save-text-lockfile"));
}
END_TEST

static void make_large(bu_buf *text, size_t count)
{
    bu_buf_add_text(text, "{\"lockfileVersion\":1,\"workspaces\":{\"\":{}},\"packages\":{");
    for (size_t i = 0; i < count; i++) {
        bu_buf_add_format(text, "\"p%zu\":[\"p%zu@1.0.0\",\"\",{\"dependencies\":{", i, i);
        if (i > 0)
            bu_buf_add_format(text, "\"p%zu\":\"*\"", i / 2);
        bu_buf_add_text(text, "}},\"\"],\n");
    }
    bu_buf_add_text(text, "}}");
}

START_TEST(time_grows_with_the_size_of_the_lockfile)
{
    lockfile_is_linear("bun", make_large);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, what_the_platform_leaves_out_is_known, 0,
                        sizeof limits / sizeof limits[0]);
    tcase_add_test(tc, a_binary_lockfile_is_refused_with_what_to_do);
    tcase_add_test(tc, time_grows_with_the_size_of_the_lockfile);
}

int main(void)
{
    return unit_run("bun", add);
}
