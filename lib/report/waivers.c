/* SPDX-License-Identifier: MIT */
/*
 * Waivers as text and as JSON: each is shown in every result, whether it counts or not.
 */
#include "report/waivers.h"

#include "base/time.h"
#include "report/render.h"

#define INDENT "          "

/* In the order in which they are counted. */
static const struct {
    bulla_waiver_state state;
    const char *name, *in_sum;
} states[] = {
    { BULLA_WAIVER_ACTIVE, "active", "active" },
    { BULLA_WAIVER_EXPIRING, "expiring", "expiring within 14 days" },
    { BULLA_WAIVER_UNUSED, "unused", "unused" },
    { BULLA_WAIVER_PROPOSED, "proposed", "proposed" },
    { BULLA_WAIVER_EXPIRED, "expired", "expired" },
    { BULLA_WAIVER_REVOKED, "revoked", "revoked" },
    { BULLA_WAIVER_REFUSED, "refused", "refused" },
};

#define STATE_COUNT (sizeof states / sizeof states[0])

const char *bulla_waiver_state_name(bulla_waiver_state state)
{
    for (size_t i = 0; i < STATE_COUNT; i++)
        if (states[i].state == state)
            return states[i].name;
    return "refused";
}

static void put_signers(const bulla_waiver *waiver, bu_buf *out)
{
    for (size_t i = 0; i < waiver->signer_count; i++) {
        bu_buf_add_text(out, i == 0 ? "" : ", ");
        bu_add_foreign(out, waiver->signers[i].person);
    }
}

static void put_codes(const bulla_waiver *waiver, bu_buf *out)
{
    for (size_t i = 0; i < waiver->waives_count; i++)
        bu_buf_add_format(out, "%s%s", i == 0 ? "" : ", ", bulla_code_name(waiver->waives[i]));
}

/* "W-0123456789  active    until …  pkg:npm/x@1  [rule]  missing-file  awaiting-fix  alice, bob" */
static void put_line(const bulla_waiver *waiver, bu_buf *out)
{
    char until[BU_TIME_TEXT];
    bu_buf_add_format(out, INDENT "%-12s  %-8s  ", waiver->id,
                      bulla_waiver_state_name(waiver->state));
    if (waiver->purl == NULL) { /* not read */
        bu_add_shown(out, waiver->file);
        bu_buf_add_format(out, ":%u  %s\n", waiver->line, bulla_code_name(waiver->finding.code));
        return;
    }
    bu_buf_add_format(out, "until %s  ", bu_time_format(waiver->until, until));
    bu_add_foreign(out, waiver->purl);
    bu_buf_add_text(out, "  [");
    bu_add_foreign(out, waiver->rule);
    bu_buf_add_text(out, "]  ");
    put_codes(waiver, out);
    bu_buf_add_text(out, "  ");
    bu_add_foreign(out, waiver->reason);
    bu_buf_add_text(out, waiver->signer_count == 0 ? "" : "  ");
    put_signers(waiver, out);
    if (waiver->finding.code != BULLA_OK)
        bu_buf_add_format(out, "  %s", bulla_code_name(waiver->finding.code));
    bu_buf_add_byte(out, '\n');
}

static void put_sum(const bu_waivers *waivers, bu_buf *out)
{
    const char *between = "";
    bu_buf_add_format(out, "%-10s", "waivers:");
    for (size_t i = 0; i < STATE_COUNT; i++) {
        size_t count = 0;
        for (size_t k = 0; k < waivers->count; k++)
            count += waivers->items[k].shown.state == states[i].state;
        if (count == 0)
            continue;
        bu_buf_add_format(out, "%s%zu %s", between, count, states[i].in_sum);
        between = ", ";
    }
    bu_buf_add_text(out, waivers->count == 0 ? "none\n" : "\n");
}

static void put_list(const bu_waivers *waivers, bu_buf *out)
{
    put_sum(waivers, out);
    for (size_t i = 0; i < waivers->count; i++)
        put_line(&waivers->items[i].shown, out);
}

void bu_waivers_put_text(const bu_waivers *waivers, bu_buf *out)
{
    if (waivers->count > 0)
        put_list(waivers, out);
}

/* Texts of ours that hold foreign ones are escaped already. */
static void put_shown(bu_json_writer *writer, const char *key, const char *value)
{
    BU_CLEAR(bu_buf) text = { 0 };
    if (value[0] == '\0')
        return;
    bu_add_shown(&text, value);
    writer->out->broken |= text.broken;
    bu_json_put_string(writer, key, bu_buf_bytes(&text));
}

static void put_time(bu_json_writer *writer, const char *key, int64_t time)
{
    char text[BU_TIME_TEXT];
    bu_json_put_string(writer, key, bu_bytes_of(bu_time_format(time, text)));
}

static void put_finding(bu_json_writer *writer, const bulla_finding *finding)
{
    if (finding->code == BULLA_OK)
        return;
    bu_json_begin(writer, "finding", '{');
    bu_json_put_string(writer, "code", bu_bytes_of(bulla_code_name(finding->code)));
    bu_json_put_integer(writer, "exit", finding->exit);
    put_shown(writer, "file", finding->file);
    if (finding->line > 0) {
        bu_json_put_integer(writer, "line", finding->line);
        bu_json_put_integer(writer, "column", finding->column);
    }
    put_shown(writer, "expected", finding->expected);
    put_shown(writer, "got", finding->got);
    put_shown(writer, "text", finding->text);
    bu_json_put_string(writer, "next", bu_bytes_of(bu_next_of(finding)));
    bu_json_end(writer, '}');
}

static void put_read(bu_json_writer *writer, const bulla_waiver *waiver)
{
    bu_put_foreign(writer, "id", waiver->id);
    bu_put_foreign(writer, "package", waiver->purl);
    bu_put_foreign(writer, "rule", waiver->rule);
    bu_json_begin(writer, "waives", '[');
    for (size_t i = 0; i < waiver->waives_count; i++)
        bu_json_put_string(writer, NULL, bu_bytes_of(bulla_code_name(waiver->waives[i])));
    bu_json_end(writer, ']');
    bu_put_foreign(writer, "reason", waiver->reason);
    bu_put_foreign(writer, "role", waiver->role);
    put_time(writer, "issued", waiver->issued);
    put_time(writer, "until", waiver->until);
    bu_json_begin(writer, "signers", '[');
    for (size_t i = 0; i < waiver->signer_count; i++)
        bu_put_foreign(writer, NULL, waiver->signers[i].person);
    bu_json_end(writer, ']');
}

static void put_waiver(bu_json_writer *writer, const bulla_waiver *waiver)
{
    BU_CLEAR(bu_buf) digest = { 0 };
    bu_json_begin(writer, NULL, '{');
    bu_json_put_string(writer, "state", bu_bytes_of(bulla_waiver_state_name(waiver->state)));
    if (waiver->purl != NULL)
        put_read(writer, waiver);
    if (waiver->payload.alg != BULLA_ALG_NONE) {
        bu_add_digest(&digest, &waiver->payload);
        writer->out->broken |= digest.broken;
        bu_json_put_string(writer, "digest", bu_buf_bytes(&digest));
    }
    put_shown(writer, "file", waiver->file);
    bu_json_put_integer(writer, "line", waiver->line);
    put_finding(writer, &waiver->finding);
    bu_json_end(writer, '}');
}

void bu_waivers_put_json(const bu_waivers *waivers, bu_json_writer *writer)
{
    bu_json_begin(writer, "waivers", '[');
    for (size_t i = 0; i < waivers->count; i++)
        put_waiver(writer, &waivers->items[i].shown);
    bu_json_end(writer, ']');
}

bulla_status bu_waivers_render(const bu_waivers *waivers, int64_t now, const char *format,
                               bu_buf *out, bulla_error *err)
{
    if (strcmp(format, "text") == 0) {
        put_list(waivers, out);
        return BU_OK;
    }
    if (strcmp(format, "json") != 0)
        return bu_expected(err,
                           bu_fail(err, BULLA_E_USAGE, "waivers cannot be written in this format"),
                           BULLA_LIT("text or json"), bu_bytes_of(format));
    bu_json_writer writer = bu_json_writer_of(out, BU_JSON_INDENTED);
    bu_json_begin(&writer, NULL, '{');
    bu_json_put_string(&writer, "schema", BULLA_LIT("bulla.waiver-list/1"));
    put_time(&writer, "time", now);
    bu_waivers_put_json(waivers, &writer);
    bu_json_end(&writer, '}');
    bu_buf_add_byte(out, '\n');
    return BU_OK;
}

void bu_waiver_describe(const bulla_waiver *waiver, bu_buf *out)
{
    char issued[BU_TIME_TEXT], until[BU_TIME_TEXT];
    bu_buf_add_format(out, "waiver    %s\npackage   ", waiver->id);
    bu_add_foreign(out, waiver->purl);
    bu_buf_add_text(out, "\nrule      ");
    bu_add_foreign(out, waiver->rule);
    bu_buf_add_text(out, "\nwaives    ");
    put_codes(waiver, out);
    bu_buf_add_text(out, "\nreason    ");
    bu_add_foreign(out, waiver->reason);
    bu_buf_add_text(out, "\nrole      ");
    bu_add_foreign(out, waiver->role);
    bu_buf_add_format(out, "\nissued    %s\nuntil     %s\nsigned    ",
                      bu_time_format(waiver->issued, issued), bu_time_format(waiver->until, until));
    put_signers(waiver, out);
    bu_buf_add_byte(out, '\n');
}
