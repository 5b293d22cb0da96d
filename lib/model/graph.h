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

/** What a document leaves open without being unreadable: a finding of the run, never "allowed". */
typedef struct bu_flaw {
    bulla_code code;      /* missing-dependency, missing-field … */
    size_t component;     /* whose it is, or BULLA_NO_COMPONENT */
    const char *what;     /* what is missing: a package name, a field name */
    const char *lockfile; /* and where */
    uint32_t line, column;
    bool tolerated; /* its ecosystem installs without it: no reason against a verdict */
} bu_flaw;

/** Where a component stands: one that is needed in several places has several, and each is accounted for. */
typedef struct bu_place {
    size_t component;
    size_t parent;    /* whose archive it is inside of; BULLA_NO_COMPONENT: it is in the project */
    const char *path; /* in that archive, or from the folder of the lockfile */
    const char
        *folder; /* of the project, that it is or is copied from; NULL: it comes from elsewhere */
    const char *lockfile; /* that says so */
} bu_place;

typedef struct bu_graph {
    bu_arena *arena; /* owned, with all strings below */
    bulla_component *components;
    size_t count, cap;
    bu_edge *edges;
    size_t edge_count, edge_cap;
    bu_flaw *flaws; /* in the order found */
    size_t flaw_count, flaw_cap;
    bu_place *places; /* settled: by component */
    size_t place_count, place_cap;
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
/** Note a flaw (copied; its strings must live in graph->arena or be static). */
BULLA_MUST_USE bulla_status bu_graph_note(bu_graph *graph, const bu_flaw *flaw, bulla_error *err);
/** Add a place of a component (copied; its strings must live in graph->arena or be static). */
BULLA_MUST_USE bulla_status bu_graph_place(bu_graph *graph, const bu_place *place,
                                           bulla_error *err);

/**
 * Bring the graph to its final form once all is added: components with the same purl become one,
 * sorted by purl, edges sorted and unique, indices renewed.
 *
 * What becomes one keeps the strongest scope, and everything else of the place that is hardest to
 * prove, the first of them: one without any pin goes before one with a broken algorithm alone, that
 * before pinned ones, then what is installed, BUNDLED, and last LOCAL. Digests are united, but where
 * one place has no strong one, only its own are left; so are files, each once. A root that shares
 * its purl with what is not LOCAL is no root any more.
 *
 * Fails with ambiguous-lock when one purl has two pins of one algorithm, or two for a file of one
 * name, naming both places; the graph is then unchanged.
 */
BULLA_MUST_USE bulla_status bu_graph_settle(bu_graph *graph, bulla_error *err);

/**
 * The same for a graph of several settled documents: where two of them disagree about the pins of
 * one purl, one is kept and an ambiguous-lock flaw, not tolerated, names both. Fails with no-memory.
 */
BULLA_MUST_USE bulla_status bu_graph_settle_documents(bu_graph *graph, bulla_error *err);

/** The places of a component of a settled graph, `*count` of them; they follow each other. */
const bu_place *bu_graph_places(const bu_graph *graph, size_t component, size_t *count);

/**
 * Take everything of `from` over into `into` (another lockfile of the same run); settle again after.
 * Roots: the first stays. `from` is good for nothing but bu_graph_free() then.
 * Fails with no-memory or resource-limit; `into` may then hold a part and is to be freed, too.
 */
BULLA_MUST_USE bulla_status bu_graph_absorb(bu_graph *into, bu_graph *from, bulla_error *err);

#endif
