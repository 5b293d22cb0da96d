/* SPDX-License-Identifier: MIT */
/*
 * The dependency graph: components and who needs whom. Ecosystem parsers fill
 * it, bom/ writes it, evidence/ and policy/ go through it by index.
 */
#ifndef BU_MODEL_GRAPH_H
#define BU_MODEL_GRAPH_H

#include "base/arena.h"
#include "base/error.h"
#include "bulla/component.h"

typedef struct bu_edge {
    size_t from, to; /* `from` needs `to` */
} bu_edge;

typedef struct bu_graph {
    bu_arena *arena; /* owned: all strings and arrays below */
    bulla_component *components;
    size_t count, cap;
    bu_edge *edges;
    size_t edge_count, edge_cap;
    size_t root; /* the product itself, or BULLA_NO_COMPONENT; it is not a dependency */
} bu_graph;

/** A new graph, or NULL. */
bu_graph *bu_graph_new(void);
void bu_graph_free(bu_graph *graph);
BU_DEFINE_AUTO(bu_graph)

/**
 * Add a component (copied; its strings must live in graph->arena or be static) and give its index.
 * Fails with no-memory or resource-limit. Duplicates are the business of bu_graph_settle().
 */
BULLA_MUST_USE bulla_status bu_graph_add(bu_graph *graph, const bulla_component *component,
                                         size_t *out, bulla_error *err);
BULLA_MUST_USE bulla_status bu_graph_link(bu_graph *graph, size_t from, size_t to,
                                          bulla_error *err);

/**
 * Bring the graph to its final form once all is added: components with the same purl become one (strongest scope,
 * united digests, first place; `location` of the first), sorted by purl, edges sorted and unique, indices renewed.
 * Fails with ambiguous-lock when one purl has two pins of one algorithm, naming both lines.
 */
BULLA_MUST_USE bulla_status bu_graph_settle(bu_graph *graph, bulla_error *err);

/** Move everything of `from` into `into` (another lockfile of the same run); settle again after. Roots: the first stays. */
BULLA_MUST_USE bulla_status bu_graph_merge(bu_graph *into, bu_graph *from, bulla_error *err);

#endif
