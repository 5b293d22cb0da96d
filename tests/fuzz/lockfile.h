/* SPDX-License-Identifier: MIT */
/*
 * What holds for every lockfile format and every input: a graph that bom/,
 * evidence/ and policy/ can go through by index, or a refusal that explains
 * itself.
 */
#ifndef FUZZ_LOCKFILE_H
#define FUZZ_LOCKFILE_H

#include "ecosystem/ecosystem.h"
#include "fuzz.h"
#include "model/purl.h"

static inline void fuzz_check_component(const bu_graph *graph, size_t index)
{
    const bulla_component *c = &graph->components[index];
    bu_purl purl;
    bulla_error err = { 0 };
    BU_AUTO(bu_arena) arena = bu_arena_new();
    FUZZ_CHECK(arena != NULL);
    FUZZ_CHECK(bulla_ok(bu_purl_parse(bu_bytes_of(c->purl), arena, &purl, &err)));
    FUZZ_CHECK(index == 0 || strcmp(graph->components[index - 1].purl, c->purl) < 0);
    FUZZ_CHECK(c->type != NULL && c->name != NULL && c->name[0] != '\0');
    FUZZ_CHECK(c->line > 0 && c->column > 0 && strcmp(c->lockfile, "x") == 0);
    FUZZ_CHECK(c->parent < graph->count || c->parent == BULLA_NO_COMPONENT);
    FUZZ_CHECK(c->origin == BULLA_ORIGIN_BUNDLED || c->parent == BULLA_NO_COMPONENT);
    FUZZ_CHECK(c->may_be_absent || !c->excluded_here);
}

static inline void fuzz_check_graph(const bu_graph *graph)
{
    for (size_t i = 0; i < graph->count; i++)
        fuzz_check_component(graph, i);
    for (size_t i = 0; i < graph->edge_count; i++) {
        const bu_edge *e = &graph->edges[i];
        FUZZ_CHECK(e->from < graph->count && e->to < graph->count && e->from != e->to);
        FUZZ_CHECK(i == 0 || e[-1].from < e->from || (e[-1].from == e->from && e[-1].to < e->to));
    }
    for (size_t i = 0; i < graph->flaw_count; i++) {
        const bu_flaw *flaw = &graph->flaws[i];
        FUZZ_CHECK(flaw->component < graph->count || flaw->component == BULLA_NO_COMPONENT);
        FUZZ_CHECK(flaw->code != BULLA_OK && flaw->what != NULL && flaw->line > 0);
    }
    FUZZ_CHECK(graph->root == BULLA_NO_COMPONENT ||
               (graph->root < graph->count &&
                graph->components[graph->root].origin == BULLA_ORIGIN_LOCAL));
}

static inline int fuzz_lockfile(const bu_ecosystem *ecosystem, const uint8_t *data, size_t size)
{
    const bu_ecosystem_options options = {
        .os = "linux", .cpu = "x64", .libc = "glibc", .distribution = "debian"
    };
    bulla_bytes text = fuzz_copy(data, size);
    bulla_error err = { 0 };
    BU_AUTO(bu_graph) graph = bu_graph_new();
    FUZZ_CHECK(graph != NULL);
    bulla_status status = ecosystem->parse(text, "x", &options, graph, &err);
    fuzz_free(text); /* the graph borrows nothing from it */
    if (bulla_ok(status))
        status = bu_graph_settle(graph, &err);
    if (bulla_ok(status))
        fuzz_check_graph(graph);
    else
        fuzz_check_refusal(status, &err, size);
    return 0;
}

#endif
