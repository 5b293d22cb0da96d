/* SPDX-License-Identifier: MIT */
/*
 * pylock.toml: what cases cannot say. The format itself is in
 * testdata/ecosystem/pylock.
 */
#include "show.h"
#include "suite.h"

static const struct {
    const char *marker;
    bulla_scope scope;
} markers[] = {
    { "'x' in extras", BULLA_SCOPE_OPTIONAL },
    { "'x' in dependency_groups", BULLA_SCOPE_DEV },
    { "'x' in dependency_groups and os_name == 'nt'", BULLA_SCOPE_DEV },
    { "'x' in dependency_groups or os_name == 'nt'", BULLA_SCOPE_RUNTIME },
    { "'x' not in extras", BULLA_SCOPE_RUNTIME },
    { "os_name == 'nt'", BULLA_SCOPE_RUNTIME },
};

/* What some platform installs without being asked is never taken for optional. */
START_TEST(a_scope_is_weaker_only_where_the_marker_is_plain)
{
    BU_AUTO(bu_graph) graph = bu_graph_new();
    BU_CLEAR(bu_buf) text = { 0 };
    bulla_error err = { 0 };
    bu_buf_add_format(&text,
                      "lock-version = \"1.0\"\n[[packages]]\nname = \"a\"\nmarker = \"%s\"\n",
                      markers[_i].marker);
    unit_ok(bu_ecosystem_by_id(BULLA_LIT("pylock"))
                ->parse(bu_buf_bytes(&text), "pylock.toml", &show_options, graph, &err),
            err);
    ck_assert_int_eq(graph->components[0].scope, markers[_i].scope);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, a_scope_is_weaker_only_where_the_marker_is_plain, 0,
                        sizeof markers / sizeof markers[0]);
}

int main(void)
{
    return unit_run("pylock", add);
}
