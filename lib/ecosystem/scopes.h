/* SPDX-License-Identifier: MIT */
/*
 * What packages are needed for, where a lockfile does not say it of each one:
 * found by walking from the project's own folders along what they need.
 */
#ifndef BU_ECOSYSTEM_SCOPES_H
#define BU_ECOSYSTEM_SCOPES_H

#include "base/cleanup.h"
#include "model/graph.h"

/** `from` needs `to` for this. */
typedef struct bu_scope_edge {
    size_t from, to;
    bulla_scope scope;
} bu_scope_edge;

/** The zero value is empty and ready. */
typedef struct bu_scopes {
    bu_scope_edge *edges;
    size_t count, cap;
} bu_scopes;

void bu_scopes_clear(bu_scopes *scopes);
BU_DEFINE_CLEAR(bu_scopes)

/**
 * A dependency; BULLA_SCOPE_RUNTIME: `to` is needed for whatever `from` is.
 * @param from  BULLA_NO_COMPONENT for a folder of the project, where the walk begins.
 * Fails with no-memory.
 */
BULLA_MUST_USE bulla_status bu_scopes_need(bu_scopes *scopes, size_t from, size_t to,
                                           bulla_scope scope, bulla_error *err);

/**
 * Each component that the walk comes to gets the strongest scope by which it does, and may be
 * absent when it comes there by way of optional dependencies alone; `excluded_here` stays with those
 * only. What it does not come to keeps its scope, and has to be there.
 * Fails with no-memory.
 */
BULLA_MUST_USE bulla_status bu_scopes_apply(const bu_scopes *scopes, bu_graph *graph,
                                            bulla_error *err);

/**
 * Leave out (`excluded_here`) also what is needed only by what is left out, as npm, pnpm and Bun do.
 * Fails with no-memory.
 */
BULLA_MUST_USE bulla_status bu_scopes_exclude(const bu_scopes *scopes, bu_graph *graph,
                                              bulla_error *err);

#endif
