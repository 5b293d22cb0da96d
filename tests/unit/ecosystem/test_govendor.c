/* SPDX-License-Identifier: MIT */
/*
 * Go's vendor folder: what the go.sum above it pins, and what depends on
 * memory. The format itself is in testdata/ecosystem/govendor.
 */
#include "show.h"
#include "suite.h"

static bulla_status read_sum(void *context, const char *path, bu_buf *out, bulla_error *err)
{
    (void)context;
    (void)err;
    ck_assert_str_eq(path, "../go.sum");
    bu_buf_add_text(out, "example.net/b v1.0.0 h1:LB8E2tUw4jEqUcEOAGYIMHlAaFHAcwJbQq0Gy39VWLo=\n");
    return BU_OK;
}

START_TEST(a_vendored_module_is_pinned_under_the_name_that_replaces_it)
{
    const bu_ecosystem_options options = { .read = read_sum };
    const bulla_bytes text =
        BULLA_LIT("# example.org/a v1.0.0\nexample.org/a\n"
                  "# example.org/b v1.0.0 => example.net/b v1.0.0\nexample.org/b\n");
    bulla_error err = { 0 };
    BU_AUTO(bu_graph) graph = bu_graph_new();
    unit_ok(bu_ecosystem_by_id(BULLA_LIT("govendor"))
                ->parse(text, "vendor/modules.txt", &options, graph, &err),
            err);
    ck_assert_uint_eq(graph->count, 2);
    ck_assert_uint_eq(graph->components[0].digests.count, 0);
    ck_assert_str_eq(graph->components[1].purl, "pkg:golang/example.net/b@v1.0.0");
    ck_assert_uint_eq(graph->components[1].digests.count, 1);
    ck_assert_int_eq(graph->components[1].digests.items[0].alg, BULLA_ALG_H1);
}
END_TEST

START_TEST(no_memory_is_an_error_and_nothing_else)
{
    show_no_memory("govendor", "testdata/ecosystem/govendor/valid/modules/modules.txt");
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_test(tc, a_vendored_module_is_pinned_under_the_name_that_replaces_it);
    tcase_add_test(tc, no_memory_is_an_error_and_nothing_else);
}

int main(void)
{
    return unit_run("govendor", add);
}
