/* SPDX-License-Identifier: MIT */
/*
 * Walks over what is needed, in time that grows with the number of edges.
 */
#include "ecosystem/scopes.h"

#include "base/vec.h"

void bu_scopes_clear(bu_scopes *scopes)
{
    free(scopes->edges);
}

bulla_status bu_scopes_need(bu_scopes *scopes, size_t from, size_t to, bulla_scope scope,
                            bulla_error *err)
{
    if (from == to)
        return BU_OK;
    BU_TRY(bu_vec_grow(&scopes->edges, scopes->count, &scopes->cap, sizeof *scopes->edges, err));
    scopes->edges[scopes->count++] = (bu_scope_edge){ from, to, scope };
    return BU_OK;
}

/* Edges by where they start. Node 0 is the project, component i is node i + 1. */
typedef struct walker {
    const bu_scope_edge **edges; /* sorted */
    size_t *begin;               /* of each node's edges, and one more for the end */
    size_t *stack;
    bool *seen;
} walker;

static void walker_clear(walker *w)
{
    free(w->edges);
    free(w->begin);
    free(w->stack);
    free(w->seen);
}
BU_DEFINE_CLEAR(walker)

static size_t node_of(size_t component)
{
    return component == BULLA_NO_COMPONENT ? 0 : component + 1;
}

/* Counting sort: each `begin` is counted up to its end, then down while its edges are put there. */
static bulla_status walker_open(walker *w, const bu_scopes *scopes, size_t nodes, bulla_error *err)
{
    w->edges = calloc(scopes->count + 1, sizeof(const bu_scope_edge *));
    w->begin = calloc(nodes + 1, sizeof *w->begin);
    w->stack = calloc(nodes, sizeof *w->stack);
    w->seen = calloc(nodes, sizeof *w->seen);
    if (w->edges == NULL || w->begin == NULL || w->stack == NULL || w->seen == NULL)
        return bu_no_memory(err);
    for (size_t i = 0; i < scopes->count; i++)
        w->begin[node_of(scopes->edges[i].from)]++;
    for (size_t i = 1; i <= nodes; i++)
        w->begin[i] += w->begin[i - 1];
    for (size_t i = scopes->count; i-- > 0;)
        w->edges[--w->begin[node_of(scopes->edges[i].from)]] = &scopes->edges[i];
    return BU_OK;
}

/* Mark as seen what the project needs in these ways. */
static void walk(walker *w, size_t nodes, const bool ways[BULLA_SCOPE_DEV + 1])
{
    size_t waiting = 1;
    memset(w->seen, 0, nodes * sizeof *w->seen);
    w->seen[0] = true;
    w->stack[0] = 0;
    while (waiting > 0) {
        size_t from = w->stack[--waiting];
        for (size_t i = w->begin[from]; i < w->begin[from + 1]; i++) {
            size_t to = node_of(w->edges[i]->to);
            if (!ways[w->edges[i]->scope] || w->seen[to])
                continue;
            w->seen[to] = true;
            w->stack[waiting++] = to;
        }
    }
}

static bool may_be_excluded(const bulla_component *c)
{
    return c->may_be_absent && c->excluded_here;
}

/* From the weakest scope to the strongest: the last to come somewhere counts. */
bulla_status bu_scopes_apply(const bu_scopes *scopes, bu_graph *graph, bulla_error *err)
{
    bool ways[BULLA_SCOPE_DEV + 1] = { true, true, true, true };
    const bool without_optional[BULLA_SCOPE_DEV + 1] = {
        [BULLA_SCOPE_RUNTIME] = true, [BULLA_SCOPE_BUILD] = true, [BULLA_SCOPE_DEV] = true
    };
    const size_t nodes = graph->count + 1;
    BU_CLEAR(walker) w = { 0 };
    BU_TRY(walker_open(&w, scopes, nodes, err));
    for (int scope = BULLA_SCOPE_DEV; scope >= BULLA_SCOPE_RUNTIME; scope--) {
        walk(&w, nodes, ways);
        for (size_t i = 0; i < graph->count; i++)
            if (w.seen[i + 1]) {
                graph->components[i].scope = (bulla_scope)scope;
                graph->components[i].may_be_absent = true;
            }
        ways[scope] = false;
    }
    walk(&w, nodes, without_optional);
    for (size_t i = 0; i < graph->count; i++) {
        bulla_component *c = &graph->components[i];
        c->may_be_absent = c->may_be_absent && !w.seen[i + 1];
        c->excluded_here = may_be_excluded(c);
    }
    return BU_OK;
}

bulla_status bu_scopes_exclude(const bu_scopes *scopes, bu_graph *graph, bulla_error *err)
{
    BU_CLEAR(walker) w = { 0 };
    BU_FREE size_t *needed = calloc(graph->count + 1, sizeof *needed);
    size_t waiting = 0;
    if (needed == NULL)
        return bu_no_memory(err);
    BU_TRY(walker_open(&w, scopes, graph->count + 1, err));
    for (size_t i = 0; i < scopes->count; i++)
        needed[node_of(scopes->edges[i].to)]++;
    for (size_t i = 0; i < graph->count; i++)
        if (graph->components[i].excluded_here)
            w.stack[waiting++] = i + 1;
    while (waiting > 0) {
        size_t from = w.stack[--waiting];
        for (size_t i = w.begin[from]; i < w.begin[from + 1]; i++) {
            bulla_component *c = &graph->components[w.edges[i]->to];
            if (--needed[w.edges[i]->to + 1] > 0 || !c->may_be_absent || c->excluded_here)
                continue;
            c->excluded_here = true;
            w.stack[waiting++] = w.edges[i]->to + 1;
        }
    }
    return BU_OK;
}
