/* SPDX-License-Identifier: MIT */
/*
 * Scopes by walking: a package that is needed at run time must never pass for
 * one that is needed less.
 */
#include "alloc_fail.h"
#include "ecosystem/scopes.h"
#include "suite.h"

#define PROJECT BULLA_NO_COMPONENT

/* Five components; edges, and what becomes of component 4. */
static const struct {
    bu_scope_edge edges[6];
    size_t count;
    bulla_scope scope;
    bool may_be_absent;
} walks[] = {
    { { { 0 } }, 0, BULLA_SCOPE_RUNTIME, false }, /* nobody says: as if needed */
    { { { PROJECT, 4, BULLA_SCOPE_DEV } }, 1, BULLA_SCOPE_DEV, false },
    { { { PROJECT, 0, BULLA_SCOPE_DEV }, { 0, 4, BULLA_SCOPE_RUNTIME } },
      2,
      BULLA_SCOPE_DEV,
      false },
    { { { PROJECT, 0, BULLA_SCOPE_DEV }, { 0, 4, BULLA_SCOPE_OPTIONAL } },
      2,
      BULLA_SCOPE_DEV,
      true },
    { { { PROJECT, 0, BULLA_SCOPE_OPTIONAL }, { 0, 4, BULLA_SCOPE_RUNTIME } },
      2,
      BULLA_SCOPE_OPTIONAL,
      true },
    { { { PROJECT, 0, BULLA_SCOPE_OPTIONAL },
        { 0, 4, BULLA_SCOPE_RUNTIME },
        { PROJECT, 1, BULLA_SCOPE_DEV },
        { 1, 4, BULLA_SCOPE_RUNTIME } },
      4,
      BULLA_SCOPE_OPTIONAL,
      false }, /* what is also a development dependency has to be there */
    { { { PROJECT, 4, BULLA_SCOPE_DEV },
        { PROJECT, 0, BULLA_SCOPE_RUNTIME },
        { 0, 1, BULLA_SCOPE_RUNTIME },
        { 1, 0, BULLA_SCOPE_RUNTIME },
        { 1, 4, BULLA_SCOPE_RUNTIME } },
      5,
      BULLA_SCOPE_RUNTIME,
      false },                                                        /* a circle on the way */
    { { { 0, 4, BULLA_SCOPE_DEV } }, 1, BULLA_SCOPE_RUNTIME, false }, /* by what is not needed */
};

static void make(bu_graph *graph, bu_scopes *scopes, size_t walk, bulla_error *err)
{
    size_t index;
    const bulla_component component = { .excluded_here = true };
    for (size_t i = 0; i < 5; i++)
        unit_ok(bu_graph_add(graph, &component, &index, err), *err);
    for (size_t i = 0; i < walks[walk].count; i++) {
        const bu_scope_edge *e = &walks[walk].edges[i];
        unit_ok(bu_scopes_need(scopes, e->from, e->to, e->scope, err), *err);
    }
}

START_TEST(the_strongest_way_counts)
{
    bulla_error err = { 0 };
    BU_CLEAR(bu_scopes) scopes = { 0 };
    BU_AUTO(bu_graph) graph = bu_graph_new();
    make(graph, &scopes, (size_t)_i, &err);
    unit_ok(bu_scopes_apply(&scopes, graph, &err), err);
    ck_assert_int_eq(graph->components[4].scope, walks[_i].scope);
    ck_assert_int_eq(graph->components[4].may_be_absent, walks[_i].may_be_absent);
    ck_assert_int_eq(graph->components[4].excluded_here, walks[_i].may_be_absent);
}
END_TEST

START_TEST(no_memory_is_an_error_and_nothing_else)
{
    bulla_error err = { 0 };
    BU_CLEAR(bu_scopes) scopes = { 0 };
    BU_AUTO(bu_graph) graph = bu_graph_new();
    make(graph, &scopes, 5, &err);
    for (size_t n = 0;; n++) {
        alloc_fail_at(n);
        bulla_status status = bu_scopes_apply(&scopes, graph, &err);
        if (bulla_ok(status))
            status = bu_scopes_exclude(&scopes, graph, &err);
        if (!alloc_fail_off())
            break;
        unit_fails(status, BULLA_E_NO_MEMORY, err);
    }
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, the_strongest_way_counts, 0, sizeof walks / sizeof walks[0]);
    tcase_add_test(tc, no_memory_is_an_error_and_nothing_else);
}

int main(void)
{
    return unit_run("scopes", add);
}
