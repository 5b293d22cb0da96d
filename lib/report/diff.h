/* SPDX-License-Identifier: MIT */
/*
 * What the forms of a comparison share.
 */
#ifndef BU_REPORT_DIFF_H
#define BU_REPORT_DIFF_H

#include "base/buf.h"
#include "evidence/difference.h"

/** A row of diffs.def. */
typedef struct bu_diff_row {
    const char *name, *title;
    bulla_code code; /* BULLA_OK: not suspicious */
} bu_diff_row;
extern const bu_diff_row bu_diff_rows[BULLA_DIFF_COUNT];

/** How many differences are suspicious; they come first. */
size_t bu_diff_suspicious(const bulla_differences *differences);

/** How many from `start` on are of the same kind. */
size_t bu_diff_run(const bulla_differences *differences, size_t start);

void bu_diff_text(const bulla_differences *differences, bu_buf *out);
void bu_diff_json(const bulla_differences *differences, bu_buf *out);
void bu_diff_markdown(const bulla_differences *differences, bu_buf *out);

#endif
