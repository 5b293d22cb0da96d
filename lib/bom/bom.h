/* SPDX-License-Identifier: MIT */
/*
 * Bills of materials: a settled graph to the bytes of a document. One file
 * and one row of boms.def a format.
 */
#ifndef BU_BOM_BOM_H
#define BU_BOM_BOM_H

#include "base/buf.h"
#include "model/graph.h"

typedef struct bu_bom_options {
    int64_t timestamp; /* INT64_MIN: none */
    const bulla_digest_set
        *measured; /* by component index: digests of found bytes; NULL: none were measured */
    const char *tool_version;
} bu_bom_options;

typedef struct bu_bom {
    const char *id;    /* "cyclonedx" */
    const char *title; /* "CycloneDX 1.6 JSON" */
    bulla_status (*write)(const bu_graph *graph, const bu_bom_options *options, bu_buf *out,
                          bulla_error *err);
} bu_bom;

/** The row of that id, or NULL. */
const bu_bom *bu_bom_by_id(const char *id);

#endif
