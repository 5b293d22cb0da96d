/* SPDX-License-Identifier: MIT */
/*
 * A comparison as a comment on a pull request: a table for each kind of
 * difference. What comes from outside stands in <code>, where code hosts look
 * for no names of people or issues, and all in it that could be markup is
 * written by its number.
 */
#include <inttypes.h>
#include <stdio.h>

#include "base/utf8.h"
#include "report/diff.h"

#define ROWS_MAX   50 /* of one kind that is not suspicious: a comment has 65536 characters */
#define DIGEST_MAX 20 /* characters of a digest that are shown */

static bool is_plain(uint8_t c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '/' ||
           c == '-' || c == ' ' || c >= 0x80;
}

static void add_code(bu_buf *out, const char *text)
{
    BU_CLEAR(bu_buf) escaped = { 0 };
    bu_escape(bu_bytes_of(text), &escaped);
    if (escaped.broken)
        out->broken = true;
    bu_buf_add_text(out, "<code>");
    for (size_t i = 0; i < escaped.len; i++) {
        if (is_plain(escaped.ptr[i]))
            bu_buf_add_byte(out, escaped.ptr[i]);
        else
            bu_buf_add_format(out, "&#%u;", escaped.ptr[i]);
    }
    bu_buf_add_text(out, "</code>");
}

static void add_value(bu_buf *out, bulla_diff_kind kind, const char *value)
{
    char front[DIGEST_MAX + 4];
    bu_buf_add_text(out, " | ");
    if (value == NULL)
        return;
    bool is_long =
        kind == BULLA_DIFF_DIGEST && strlen(value) > DIGEST_MAX && strchr(value, '/') == NULL;
    (void)snprintf(front, sizeof front, "%.*s…", DIGEST_MAX, value);
    add_code(out, is_long ? front : value);
}

static void add_row(bu_buf *out, const bulla_difference *d)
{
    bu_buf_add_text(out, "| ");
    add_code(out, d->name);
    if (d->kind >= BULLA_DIFF_FILE_CHANGED) {
        bu_buf_add_format(out, " | %" PRIu64 " | %" PRIu64 " |\n", d->size_before, d->size_after);
        return;
    }
    add_value(out, d->kind, d->before);
    add_value(out, d->kind, d->after);
    bu_buf_add_text(out, " |\n");
}

static void add_table(bu_buf *out, const bulla_difference *run, size_t count)
{
    const bu_diff_row *row = &bu_diff_rows[run->kind];
    bool is_file = run->kind >= BULLA_DIFF_FILE_CHANGED, is_bad = row->code != BULLA_OK;
    size_t shown = is_bad || count <= ROWS_MAX ? count : ROWS_MAX;
    bu_buf_add_format(out, "\n**%s%s** (%zu): %s\n\n", is_bad ? "⚠ " : "",
                      is_bad ? bulla_code_name(row->code) : row->name, count, row->title);
    bu_buf_add_format(out, "| %s | before | after |\n|---|---|---|\n",
                      is_file ? "file, bytes" : "package");
    for (size_t i = 0; i < shown; i++)
        add_row(out, &run[i]);
    if (shown < count)
        bu_buf_add_format(out, "| and %zu more | | |\n", count - shown);
}

void bu_diff_markdown(const bulla_differences *differences, bu_buf *out)
{
    size_t suspicious = bu_diff_suspicious(differences);
    bu_buf_add_text(out, "### bulla diff: ");
    bu_buf_add_count(out, differences->count, "difference");
    bu_buf_add_format(out, ", %zu suspicious\n\n", suspicious);
    add_code(out, differences->before);
    bu_buf_add_text(out, " → ");
    add_code(out, differences->after);
    bu_buf_add_byte(out, '\n');
    for (size_t i = 0, run; i < differences->count; i += run) {
        run = bu_diff_run(differences, i);
        add_table(out, &differences->items[i], run);
    }
}
