/* SPDX-License-Identifier: MIT */
/*
 * Where a graph begins. A part that no top reaches would be in the bill but
 * not in its graph.
 */
#include "suite.h"

#include "bom/tops.h"

#define MAX 6

static const struct {
    const char *why;
    size_t count, edge_count;
    bu_edge edges[MAX];
    const char *tops; /* a letter for each component: T for a top */
} cases[] = {
    { "nothing", 0, 0, { { 0 } }, "" },
    { "parts without edges", 3, 0, { { 0 } }, "TTT" },
    { "a chain", 3, 2, { { 0, 1 }, { 1, 2 } }, "T.." },
    { "a chain backwards", 3, 2, { { 1, 0 }, { 2, 1 } }, "..T" },
    { "itself", 2, 1, { { 0, 0 } }, "TT" },
    { "itself and another", 2, 2, { { 1, 0 }, { 1, 1 } }, ".T" },
    { "a ring", 2, 2, { { 0, 1 }, { 1, 0 } }, "T." },
    { "a ring that something needs", 3, 3, { { 0, 1 }, { 1, 0 }, { 2, 1 } }, "..T" },
    { "a ring that needs a ring",
      4,
      5,
      { { 0, 1 }, { 1, 0 }, { 1, 2 }, { 2, 3 }, { 3, 2 } },
      "T..." },
    { "two rings", 4, 4, { { 0, 2 }, { 1, 3 }, { 2, 0 }, { 3, 1 } }, "TT.." },
};

START_TEST(tops_reach_everything)
{
    bulla_component components[MAX] = { 0 };
    bu_edge edges[MAX];
    bool top[MAX] = { 0 };
    char got[MAX + 1] = { 0 };
    bulla_error err = { 0 };
    memcpy(edges, cases[_i].edges, sizeof edges);
    bu_graph graph = { .components = components,
                       .count = cases[_i].count,
                       .edges = edges,
                       .edge_count = cases[_i].edge_count,
                       .root = BULLA_NO_COMPONENT };
    unit_ok(bu_graph_tops(&graph, top, &err), err);
    for (size_t i = 0; i < graph.count; i++)
        got[i] = top[i] ? 'T' : '.';
    ck_assert_msg(strcmp(got, cases[_i].tops) == 0, "%s: %s", cases[_i].why, got);
}
END_TEST

/* A chain as long as the limit lets graphs be deep: no call stack must follow it. */
START_TEST(a_long_chain_is_walked)
{
    enum { COUNT = 300000 };
    bu_edge *edges = calloc(COUNT, sizeof *edges);
    bulla_component *components = calloc(COUNT, sizeof *components);
    bool *top = calloc(COUNT, sizeof *top);
    bulla_error err = { 0 };
    for (size_t i = 0; i + 1 < COUNT; i++)
        edges[i] = (bu_edge){ i, i + 1 };
    bu_graph graph = { .components = components,
                       .count = COUNT,
                       .edges = edges,
                       .edge_count = COUNT - 1,
                       .root = BULLA_NO_COMPONENT };
    unit_ok(bu_graph_tops(&graph, top, &err), err);
    ck_assert(top[0] && !top[1] && !top[COUNT - 1]);
    free(edges);
    free(components);
    free(top);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, tops_reach_everything, 0, sizeof cases / sizeof cases[0]);
    tcase_add_test(tc, a_long_chain_is_walked);
}

int main(void)
{
    return unit_run("tops", add);
}
