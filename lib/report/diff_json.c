/* SPDX-License-Identifier: MIT */
/*
 * A comparison for programs: `bulla.diff/1`, doc/schema/diff.json. Texts from
 * outside are escaped as in the text form.
 */
#include "report/diff.h"
#include "report/render.h"

static void add_word(bu_json_writer *w, const char *key, const char *value)
{
    bu_json_put_string(w, key, bu_bytes_of(value));
}

static void add_sizes(bu_json_writer *w, const bulla_difference *d)
{
    if (d->kind != BULLA_DIFF_FILE_ADDED)
        bu_json_put_integer(w, "size_before", (int64_t)d->size_before);
    if (d->kind != BULLA_DIFF_FILE_REMOVED)
        bu_json_put_integer(w, "size_after", (int64_t)d->size_after);
}

static void add_difference(bu_json_writer *w, const bulla_difference *d)
{
    const bu_diff_row *row = &bu_diff_rows[d->kind];
    bool is_file = d->kind >= BULLA_DIFF_FILE_CHANGED;
    bu_json_begin(w, NULL, '{');
    add_word(w, "kind", row->name);
    if (row->code != BULLA_OK)
        add_word(w, "code", bulla_code_name(row->code));
    bu_put_foreign(w, is_file ? "path" : "purl", d->name);
    bu_put_foreign(w, "before", d->before);
    bu_put_foreign(w, "after", d->after);
    if (is_file)
        add_sizes(w, d);
    bu_put_foreign(w, "lockfile", d->lockfile);
    if (d->line > 0) {
        bu_json_put_integer(w, "line", d->line);
        bu_json_put_integer(w, "column", d->column);
    }
    bu_json_end(w, '}');
}

void bu_diff_json(const bulla_differences *differences, bu_buf *out)
{
    bu_json_writer w = bu_json_writer_of(out, BU_JSON_INDENTED);
    size_t suspicious = bu_diff_suspicious(differences);
    bu_json_begin(&w, NULL, '{');
    add_word(&w, "schema", "bulla.diff/1");
    add_word(&w, "result",
             suspicious > 0           ? "suspicious"
             : differences->count > 0 ? "changed"
                                      : "same");
    bu_json_put_integer(&w, "exit", (int64_t)bulla_differences_exit(differences));
    bu_put_foreign(&w, "before", differences->before);
    bu_put_foreign(&w, "after", differences->after);
    add_word(&w, "compared", differences->is_files ? "files" : "packages");
    bu_json_put_integer(&w, "suspicious", (int64_t)suspicious);
    bu_json_begin(&w, "differences", '[');
    for (size_t i = 0; i < differences->count; i++)
        add_difference(&w, &differences->items[i]);
    bu_json_end(&w, ']');
    bu_json_end(&w, '}');
    bu_buf_add_byte(out, '\n');
}
