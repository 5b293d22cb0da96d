/* SPDX-License-Identifier: MIT */
/*
 * What differs between two graphs, or two lists of files.
 */
#ifndef BU_EVIDENCE_DIFFERENCE_H
#define BU_EVIDENCE_DIFFERENCE_H

#include "bulla/diff.h"
#include "evidence/files.h"
#include "model/graph.h"

struct bulla_differences {
    bu_arena *arena;            /* owned: all strings */
    const char *before, *after; /* as they were named */
    bool is_files;              /* files were compared, not packages */
    bulla_difference *items;    /* owned */
    size_t count, cap;
};
BU_DEFINE_AUTO(bulla_differences)

/** Empty, or NULL. */
bulla_differences *bu_differences_new(void);

/** Add what differs between two settled graphs. Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_differences_of_graphs(bulla_differences *out, const bu_graph *before,
                                                     const bu_graph *after, bulla_error *err);

/** Add what differs between two sorted lists of files. Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_differences_of_files(bulla_differences *out, const bu_files *before,
                                                    const bu_files *after, bulla_error *err);

/** All are there: put them in order. */
void bu_differences_sort(bulla_differences *differences);

/** Add one; its strings are copied. Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_differences_add(bulla_differences *out,
                                               const bulla_difference *difference,
                                               bulla_error *err);

#endif
