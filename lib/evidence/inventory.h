/* SPDX-License-Identifier: MIT */
/*
 * From what a person names (checkouts, lockfiles, artifacts, folders of
 * Debian packages) to one settled graph of components. Shared by verify and
 * sbom. Trouble with one document never hides the others.
 */
#ifndef BU_EVIDENCE_INVENTORY_H
#define BU_EVIDENCE_INVENTORY_H

#include "bulla/verify.h"
#include "ecosystem/ecosystem.h"
#include "evidence/discover.h"
#include "evidence/facts.h"

typedef struct bu_inventory_options {
    const char *const *paths; /* NULL-terminated */
    const bulla_input *inputs;
    size_t input_count;
    const char *const
        *archives; /* NULL-terminated; *.deb in them are components when `apt` is an input */
    const char *const *exclude; /* patterns of exclude.h, NULL-terminated; NULL: none */
    const char *exclude_base;   /* the first path, from the folder of the patterns */
    const char *distribution;   /* NULL: "debian" */
    bool artifacts;             /* other files are artifacts; else they are refused */
} bu_inventory_options;

typedef struct bu_inventory {
    bu_graph *graph;    /* owned; settled */
    const char **lists; /* folders of apt lists, `list_count` of them; in graph->arena */
    size_t list_count;
    size_t documents;             /* lockfiles and databases that were read */
    size_t artifacts;             /* files given by hand */
    size_t packages;              /* .deb files found */
    bu_findings troubles;         /* in graph->arena */
    struct bu_left_out *left_out; /* folders and documents that were left out; owned */
    size_t left_out_count, left_out_cap;
} bu_inventory;

/** Fails with no-memory and usage (no such kind); what single documents are refused for is in `troubles`. */
BULLA_MUST_USE bulla_status bu_inventory_make(const bu_inventory_options *options,
                                              bu_inventory *out, bulla_error *err);
void bu_inventory_clear(bu_inventory *inventory);
BU_DEFINE_CLEAR(bu_inventory)

#endif
