/* SPDX-License-Identifier: MIT */
/*
 * Lockfiles from text, and how long they take.
 */
#include "lockfile.h"

#include <time.h>

#include "suite.h"

static const bu_ecosystem *reader_of(const char *id)
{
    const bu_ecosystem *ecosystem = bu_ecosystem_by_id(bu_bytes_of(id));
    ck_assert_ptr_nonnull(ecosystem);
    return ecosystem;
}

static double seconds_for(const bu_ecosystem *ecosystem, void (*make)(bu_buf *, size_t),
                          size_t count)
{
    BU_CLEAR(bu_buf) text = { 0 };
    bulla_error err = { 0 };
    bu_graph *graph = NULL;
    struct timespec from, to;
    make(&text, count);
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
    bulla_status status = show_parse(ecosystem, bu_buf_bytes(&text), "x", NULL, &graph, &err);
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
    unit_ok(status, err);
    ck_assert_uint_eq(graph->count, count);
    ck_assert_uint_eq(graph->edge_count, count - 1);
    bu_graph_free(graph);
    return (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) * 1e-9;
}

/* 16 times the packages: 16 times the work, with slack for caches and neighbours; n² would be 256. */
void lockfile_is_linear(const char *id, void (*make)(bu_buf *text, size_t count))
{
    double small = seconds_for(reader_of(id), make, 4000);
    double large = seconds_for(reader_of(id), make, 64000);
    ck_assert_msg(large < small * 16 * 6, "4,000 packages: %f s, 64,000: %f s", small, large);
}

bu_graph *lockfile_parse(const char *id, const char *text, const bu_ecosystem_options *options)
{
    bulla_error err = { 0 };
    bu_graph *graph = bu_graph_new();
    ck_assert_ptr_nonnull(graph);
    unit_ok(reader_of(id)->parse(bu_bytes_of(text), "x", options, graph, &err), err);
    return graph;
}

const bulla_component *lockfile_find(const bu_graph *graph, const char *name)
{
    for (size_t i = 0; i < graph->count; i++)
        if (strcmp(graph->components[i].name, name) == 0)
            return &graph->components[i];
    ck_abort_msg("no component named %s", name);
    return NULL;
}
