/* SPDX-License-Identifier: MIT */
/*
 * Where a graph without a root begins: an installed system, a list of parts.
 */
#ifndef BU_BOM_TOPS_H
#define BU_BOM_TOPS_H

#include "model/graph.h"

/**
 * Mark the components from which all others are reached: each that no other needs, and the first
 * of each ring that nothing outside of it needs. The graph is settled.
 * @param top  graph->count values, all false before the call.
 * Fails with no-memory.
 */
BULLA_MUST_USE bulla_status bu_graph_tops(const bu_graph *graph, bool *top, bulla_error *err);

#endif
