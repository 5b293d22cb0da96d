/* SPDX-License-Identifier: MIT */
/*
 * Reaching through a graph, breadth first and without recursion.
 */
#include "bom/tops.h"

#include "base/cleanup.h"

typedef struct reaching {
    const bu_graph *graph;
    bool *reached;
    size_t *waiting; /* each component waits at most once */
} reaching;

/* Index of the first edge from `from`: edges are sorted. */
static size_t first_edge(const bu_graph *graph, size_t from)
{
    size_t low = 0, high = graph->edge_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (graph->edges[middle].from < from)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void reach_from(reaching *reach, size_t top)
{
    const bu_graph *graph = reach->graph;
    size_t count = 0;
    reach->reached[top] = true;
    reach->waiting[count++] = top;
    while (count > 0) {
        size_t from = reach->waiting[--count];
        for (size_t i = first_edge(graph, from);
             i < graph->edge_count && graph->edges[i].from == from; i++) {
            size_t to = graph->edges[i].to;
            if (reach->reached[to])
                continue;
            reach->reached[to] = true;
            reach->waiting[count++] = to;
        }
    }
}

bulla_status bu_graph_tops(const bu_graph *graph, bool *top, bulla_error *err)
{
    BU_FREE bool *needed = calloc(graph->count + 1, sizeof *needed);
    BU_FREE bool *reached = calloc(graph->count + 1, sizeof *reached);
    BU_FREE size_t *waiting = calloc(graph->count + 1, sizeof *waiting);
    if (needed == NULL || reached == NULL || waiting == NULL)
        return bu_no_memory(err);
    for (size_t i = 0; i < graph->edge_count; i++)
        if (graph->edges[i].from != graph->edges[i].to)
            needed[graph->edges[i].to] = true;
    reaching reach = { .graph = graph, .reached = reached, .waiting = waiting };
    for (int rings = 0; rings <= 1; rings++) { /* first what nothing needs, then what is left */
        for (size_t i = 0; i < graph->count; i++) {
            if (reached[i] || (needed[i] && !rings))
                continue;
            top[i] = true;
            reach_from(&reach, i);
        }
    }
    return BU_OK;
}
