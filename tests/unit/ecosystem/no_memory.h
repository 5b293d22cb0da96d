/* SPDX-License-Identifier: MIT */
/*
 * What must hold for every format: whichever allocation fails, parsing says so
 * and does nothing else.
 */
#ifndef UNIT_ECOSYSTEM_NO_MEMORY_H
#define UNIT_ECOSYSTEM_NO_MEMORY_H

#include "alloc_fail.h"
#include "show.h"
#include "suite.h"

/** Parse that file of testdata/ecosystem/ID/valid/CASE again and again, until no allocation fails. */
static inline void no_memory_is_an_error_alone(const char *id, const char *name, const char *file)
{
    char relative[256];
    (void)snprintf(relative, sizeof relative, "testdata/ecosystem/%s/valid/%s/%s", id, name, file);
    char *path = unit_source_path(relative);
    ck_assert_msg(path != NULL, "no %s", relative);
    bulla_bytes text = unit_slurp(path);
    bool hit = true;
    for (size_t n = 0; hit; n++) {
        bulla_error err = { 0 };
        bu_graph *graph = NULL;
        alloc_fail_at(n);
        bulla_status status =
            show_parse(bu_ecosystem_by_id(bu_bytes_of(id)), text, file, NULL, &graph, &err);
        hit = alloc_fail_off();
        bu_graph_free(graph);
        if (hit)
            unit_fails(status, BULLA_E_NO_MEMORY, err);
        else
            unit_ok(status, err);
    }
    free((void *)(uintptr_t)text.ptr);
    free(path);
}

#endif
