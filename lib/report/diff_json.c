/* SPDX-License-Identifier: MIT */
/*
 * A comparison for programs: `bulla.diff/1`, doc/schema/diff.json. Texts from
 * outside are escaped as in the text form.
 */
#include "report/diff.h"
#include "report/render.h"
#include "syntax/json_writer.h"

typedef struct writer {
    bu_json_writer json;
    bu_buf text; /* room for one escaped string */
} writer;

static void add_foreign(writer *w, const char *key, const char *value)
{
    if (value == NULL)
        return;
    w->text.len = 0;
    bu_add_foreign(&w->text, value);
    if (w->text.broken)
        w->json.out->broken = true;
    bu_json_put_string(&w->json, key, bu_buf_bytes(&w->text));
}

static void add_word(writer *w, const char *key, const char *value)
{
    bu_json_put_string(&w->json, key, bu_bytes_of(value));
}

static void add_sizes(writer *w, const bulla_difference *d)
{
    if (d->kind != BULLA_DIFF_FILE_ADDED)
        bu_json_put_integer(&w->json, "size_before", (int64_t)d->size_before);
    if (d->kind != BULLA_DIFF_FILE_REMOVED)
        bu_json_put_integer(&w->json, "size_after", (int64_t)d->size_after);
}

static void add_difference(writer *w, const bulla_difference *d)
{
    const bu_diff_row *row = &bu_diff_rows[d->kind];
    bool is_file = d->kind >= BULLA_DIFF_FILE_CHANGED;
    bu_json_begin(&w->json, NULL, '{');
    add_word(w, "kind", row->name);
    if (row->code != BULLA_OK)
        add_word(w, "code", bulla_code_name(row->code));
    add_foreign(w, is_file ? "path" : "purl", d->name);
    add_foreign(w, "before", d->before);
    add_foreign(w, "after", d->after);
    if (is_file)
        add_sizes(w, d);
    add_foreign(w, "lockfile", d->lockfile);
    if (d->line > 0) {
        bu_json_put_integer(&w->json, "line", d->line);
        bu_json_put_integer(&w->json, "column", d->column);
    }
    bu_json_end(&w->json, '}');
}

void bu_diff_json(const bulla_differences *differences, bu_buf *out)
{
    writer w = { .json = bu_json_writer_of(out, BU_JSON_INDENTED) };
    size_t suspicious = bu_diff_suspicious(differences);
    bu_json_begin(&w.json, NULL, '{');
    add_word(&w, "schema", "bulla.diff/1");
    add_word(&w, "result",
             suspicious > 0           ? "suspicious"
             : differences->count > 0 ? "changed"
                                      : "same");
    bu_json_put_integer(&w.json, "exit", (int64_t)bulla_differences_exit(differences));
    add_foreign(&w, "before", differences->before);
    add_foreign(&w, "after", differences->after);
    add_word(&w, "compared", differences->is_files ? "files" : "packages");
    bu_json_put_integer(&w.json, "suspicious", (int64_t)suspicious);
    bu_json_begin(&w.json, "differences", '[');
    for (size_t i = 0; i < differences->count; i++)
        add_difference(&w, &differences->items[i]);
    bu_json_end(&w.json, ']');
    bu_json_end(&w.json, '}');
    bu_buf_add_byte(out, '\n');
    bu_buf_clear(&w.text);
}
