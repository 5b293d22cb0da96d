/* SPDX-License-Identifier: MIT */
/*
 * The shortest bill of materials: one canonical purl a line. A settled graph
 * is sorted already; its root is the product, not a part of it.
 */
#include "bom/bom.h"

static bulla_status write_purls(const bu_graph *graph, const bu_bom_options *options, bu_buf *out,
                                bulla_error *err)
{
    (void)options;
    for (size_t i = 0; i < graph->count; i++) {
        if (i == graph->root)
            continue;
        bu_buf_add_text(out, graph->components[i].purl);
        bu_buf_add_byte(out, '\n');
    }
    return out->broken ? bu_no_memory(err) : BU_OK;
}

extern const bu_bom bu_bom_purl;
const bu_bom bu_bom_purl = { .id = "purl", .title = "one purl a line", .write = write_purls };
