/* SPDX-License-Identifier: MIT */
/*
 * Findings of lint: under each rule what it was found in, and what to do; the
 * answer last.
 */
#include "report/render.h"
#include "report/weakness.h"

#include <inttypes.h>

#define SCHEMA "bulla.trust-lint/1"
#define INDENT "          "

bulla_exit bu_lint_exit(const bu_lint_report *report)
{
    return report->errors > 0 ? BULLA_EXIT_DENIED : BULLA_EXIT_ALLOWED;
}

static const char *result_of(const bu_lint_report *report)
{
    return report->errors > 0 ? "errors" : report->count > 0 ? "warnings" : "clean";
}

/* Text. */

static void add_part(bu_buf *out, const char *label, const char *text, const char **between)
{
    if (text == NULL)
        return;
    bu_buf_add_format(out, "%s%s", *between, label);
    bu_add_foreign(out, text);
    *between = ", ";
}

/* "alice, role release, key 1f…: pkg:**"; nothing where it is about the whole store. */
static void add_finding(bu_buf *out, const bu_lint_finding *finding)
{
    const char *between = INDENT;
    add_part(out, "", finding->person, &between);
    add_part(out, "gate ", finding->gate, &between);
    add_part(out, "role ", finding->role, &between);
    add_part(out, "key ", finding->keyid, &between);
    if (finding->detail != NULL)
        between = strcmp(between, INDENT) == 0 ? INDENT : ": ";
    add_part(out, "", finding->detail, &between);
    if (strcmp(between, INDENT) != 0)
        bu_buf_add_byte(out, '\n');
}

static void write_text(const bu_lint_report *report, bu_buf *out)
{
    for (size_t i = 0; i < report->count; i++) {
        const bu_lint_row *row = &bu_lint_rows[report->items[i].rule];
        bool is_first = i == 0 || report->items[i - 1].rule != report->items[i].rule;
        bool is_last = i + 1 == report->count || report->items[i + 1].rule != report->items[i].rule;
        if (is_first)
            bu_buf_add_format(out, "%-10s%s: %s\n", row->is_error ? "ERROR" : "WARNING", row->name,
                              row->what);
        add_finding(out, &report->items[i]);
        if (is_last)
            bu_buf_add_format(out, INDENT "next: %s\n", row->next);
    }
    size_t warnings = report->count - report->errors;
    bu_buf_add_text(out, report->count > 0 ? "\n" : "");
    bu_buf_add_count(out, report->errors, "error");
    bu_buf_add_text(out, ", ");
    bu_buf_add_count(out, warnings, "warning");
    bu_buf_add_byte(out, '\n');
    bu_buf_add_format(out, "RESULT: %s (exit %d)\n",
                      report->errors > 0  ? "ERRORS"
                      : report->count > 0 ? "WARNINGS"
                                          : "CLEAN",
                      (int)bu_lint_exit(report));
}

/* JSON. */

static void put_finding(bu_json_writer *out, const bu_lint_finding *finding)
{
    const bu_lint_row *row = &bu_lint_rows[finding->rule];
    bu_json_begin(out, NULL, '{');
    bu_put_foreign(out, "rule", row->name);
    bu_put_foreign(out, "severity", row->is_error ? "error" : "warning");
    bu_put_foreign(out, "what", row->what);
    bu_put_foreign(out, "person", finding->person);
    bu_put_foreign(out, "gate", finding->gate);
    bu_put_foreign(out, "role", finding->role);
    bu_put_foreign(out, "keyid", finding->keyid);
    bu_put_foreign(out, "detail", finding->detail);
    bu_put_foreign(out, "next", row->next);
    bu_json_end(out, '}');
}

static bulla_status write_json(const bu_scene *scene, const bu_lint_report *report, bu_buf *out,
                               bulla_error *err)
{
    bu_json_writer json = bu_json_writer_of(out, BU_JSON_INDENTED);
    BU_TRY(bu_weakness_begin(scene, SCHEMA, result_of(report), bu_lint_exit(report), &json, err));
    bu_json_put_integer(&json, "errors", (int64_t)report->errors);
    bu_json_put_integer(&json, "warnings", (int64_t)(report->count - report->errors));
    bu_json_begin(&json, "findings", '[');
    for (size_t i = 0; i < report->count; i++)
        put_finding(&json, &report->items[i]);
    bu_json_end(&json, ']');
    bu_json_end(&json, '}');
    bu_buf_add_byte(out, '\n');
    return BU_OK;
}

bulla_status bu_lint_write(const bu_scene *scene, const bu_lint_report *report, const char *format,
                           bu_buf *out, bulla_error *err)
{
    bool is_json;
    BU_TRY(bu_weakness_format(format, &is_json, err));
    if (is_json)
        BU_TRY(write_json(scene, report, out, err));
    else
        write_text(report, out);
    return out->broken ? bu_no_memory(err) : BU_OK;
}
