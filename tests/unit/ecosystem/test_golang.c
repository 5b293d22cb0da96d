/* SPDX-License-Identifier: MIT */
/*
 * Go modules: what depends on the go.sum beside go.mod, and on memory. The
 * format itself is in testdata/ecosystem/golang.
 */
#include "show.h"
#include "suite.h"

#define H1 "h1:LB8E2tUw4jEqUcEOAGYIMHlAaFHAcwJbQq0Gy39VWLo="

static const bulla_bytes gomod = BULLA_LIT("go 1.21\nrequire example.org/a v1.2.3\n");

/* A go.sum, or why there is none. */
typedef struct beside {
    const char *text;
    bulla_code code;
} beside;

static bulla_status read_sum(void *context, const char *path, bu_buf *out, bulla_error *err)
{
    const beside *sum = context;
    ck_assert_str_eq(path, "go.sum");
    if (sum->text == NULL)
        return bu_fail(err, sum->code, "cannot be read");
    bu_buf_add_text(out, sum->text);
    return BU_OK;
}

static bulla_status parse(const beside *sum, bu_graph *graph, bulla_error *err)
{
    const bu_ecosystem_options options = { .read = read_sum,
                                           .read_context = (void *)(uintptr_t)sum };
    return bu_ecosystem_by_id(BULLA_LIT("golang"))
        ->parse(gomod, "dir/go.mod", &options, graph, err);
}

static const struct {
    beside sum;
    uint32_t digests;
    size_t flaws;
} sums[] = {
    { { "example.org/a v1.2.3 " H1 "\n", BULLA_OK }, 1, 0 },
    { { "example.org/a v1.2.3/go.mod " H1 "\n", BULLA_OK }, 0, 0 },
    { { "example.org/a v1.2.4 " H1 "\n", BULLA_OK }, 0, 0 },
    { { "", BULLA_OK }, 0, 0 },
    { { "example.org/a v1.2.3 " H1 "\nwrong\n", BULLA_OK }, 0, 1 },
    { { NULL, BULLA_E_MISSING_FILE }, 0, 0 },
    { { NULL, BULLA_E_PATH_TRAVERSAL }, 0, 0 },
};

START_TEST(only_a_go_sum_that_is_right_pins)
{
    bulla_error err = { 0 };
    BU_AUTO(bu_graph) graph = bu_graph_new();
    unit_ok(parse(&sums[_i].sum, graph, &err), err);
    ck_assert_uint_eq(graph->count, 1);
    ck_assert_uint_eq(graph->components[0].digests.count, sums[_i].digests);
    ck_assert_uint_eq(graph->flaw_count, sums[_i].flaws);
    if (graph->flaw_count == 0)
        return;
    ck_assert_str_eq(graph->flaws[0].lockfile, "dir/go.sum");
    ck_assert_uint_eq(graph->flaws[0].line, 2);
    ck_assert(!graph->flaws[0].tolerated);
}
END_TEST

START_TEST(a_go_sum_that_cannot_be_read_is_trouble)
{
    const beside sum = { NULL, BULLA_E_UNREADABLE };
    bulla_error err = { 0 };
    BU_AUTO(bu_graph) graph = bu_graph_new();
    unit_fails(parse(&sum, graph, &err), BULLA_E_UNREADABLE, err);
    ck_assert_str_eq(err.file, "dir/go.sum");
}
END_TEST

START_TEST(what_is_named_in_go_sum_alone_stands_there)
{
    char *folder = unit_source_path("testdata/ecosystem/golang/valid/before-1.17");
    const bulla_bytes text = BULLA_LIT("go 1.16\n");
    bu_graph *graph = NULL;
    bulla_error err = { 0 };
    unit_ok(show_parse(bu_ecosystem_by_id(BULLA_LIT("golang")), text, "dir/go.mod", folder, &graph,
                       &err),
            err);
    ck_assert_uint_eq(graph->count, 3); /* a in two versions, b; c is not built */
    for (size_t i = 0; i < graph->count; i++)
        ck_assert_str_eq(graph->components[i].lockfile, "dir/go.sum");
    bu_graph_free(graph);
    free(folder);
}
END_TEST

static const char *const cases[] = {
    "testdata/ecosystem/golang/valid/blocks/go.mod",
    "testdata/ecosystem/golang/valid/replaced/go.mod",
    "testdata/ecosystem/golang/valid/before-1.17/go.mod",
    "testdata/ecosystem/golang/valid/sum-is-wrong/go.mod",
    "testdata/ecosystem/golang/valid/sum-alone/go.sum",
};

START_TEST(no_memory_is_an_error_and_nothing_else)
{
    show_no_memory("golang", cases[_i]);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, only_a_go_sum_that_is_right_pins, 0, sizeof sums / sizeof sums[0]);
    tcase_add_test(tc, a_go_sum_that_cannot_be_read_is_trouble);
    tcase_add_test(tc, what_is_named_in_go_sum_alone_stands_there);
    tcase_add_loop_test(tc, no_memory_is_an_error_and_nothing_else, 0,
                        sizeof cases / sizeof cases[0]);
}

int main(void)
{
    return unit_run("golang", add);
}
