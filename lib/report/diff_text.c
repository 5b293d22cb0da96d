/* SPDX-License-Identifier: MIT */
/*
 * A comparison for people: one line for each difference, the worst first, and
 * the answer last.
 */
#include <inttypes.h>

#include "report/diff.h"
#include "report/render.h"

static void add_size(bu_buf *out, bulla_diff_kind kind, bulla_diff_kind absent, uint64_t size)
{
    if (kind == absent)
        bu_buf_add_text(out, "-");
    else
        bu_buf_add_format(out, "%" PRIu64 " bytes", size);
}

static void add_values(bu_buf *out, const bulla_difference *d)
{
    bu_buf_add_text(out, "  ");
    if (d->kind >= BULLA_DIFF_FILE_CHANGED) {
        add_size(out, d->kind, BULLA_DIFF_FILE_ADDED, d->size_before);
        bu_buf_add_text(out, " -> ");
        add_size(out, d->kind, BULLA_DIFF_FILE_REMOVED, d->size_after);
        return;
    }
    bu_add_foreign(out, d->before);
    bu_buf_add_text(out, d->before != NULL && d->after != NULL ? " -> " : "");
    bu_add_foreign(out, d->after);
}

static void add_line(bu_buf *out, const bulla_difference *d)
{
    const bu_diff_row *row = &bu_diff_rows[d->kind];
    bu_buf_add_format(out, "%-12s  ", row->name);
    bu_add_foreign(out, d->name);
    add_values(out, d);
    if (d->lockfile != NULL && d->line > 0) {
        bu_buf_add_text(out, "  ");
        bu_add_foreign(out, d->lockfile);
        bu_buf_add_format(out, ":%" PRIu32 ":%" PRIu32, d->line, d->column);
    }
    if (row->code != BULLA_OK)
        bu_buf_add_format(out, "  [%s]", bulla_code_name(row->code));
    bu_buf_add_byte(out, '\n');
}

static void add_next(bu_buf *out, bulla_diff_kind kind)
{
    const bu_diff_row *row = &bu_diff_rows[kind];
    if (row->code != BULLA_OK)
        bu_buf_add_format(out, "              %s: ask who changed it, and why\n", row->title);
}

void bu_diff_text(const bulla_differences *differences, bu_buf *out)
{
    for (size_t i = 0, run; i < differences->count; i += run) {
        run = bu_diff_run(differences, i);
        for (size_t j = 0; j < run; j++)
            add_line(out, &differences->items[i + j]);
        add_next(out, differences->items[i].kind);
    }
    size_t suspicious = bu_diff_suspicious(differences);
    bu_buf_add_text(out, differences->count > 0 ? "\n" : "");
    bu_buf_add_format(out, "%-10s", "compared:");
    bu_add_foreign(out, differences->before);
    bu_buf_add_text(out, " -> ");
    bu_add_foreign(out, differences->after);
    bu_buf_add_format(out, "  (%s)\n", differences->is_files ? "files" : "packages");
    bu_buf_add_count(out, differences->count, "difference");
    bu_buf_add_format(out, ", %zu suspicious\n", suspicious);
    bu_buf_add_format(out, "RESULT: %s (exit %d)\n",
                      suspicious > 0           ? "SUSPICIOUS"
                      : differences->count > 0 ? "CHANGED"
                                               : "SAME",
                      (int)bulla_differences_exit(differences));
}
