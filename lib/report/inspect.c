/* SPDX-License-Identifier: MIT */
/*
 * What a file claims, for people and as JSON; every form says that nothing was verified.
 */
#include "report/inspect.h"

#include "base/utf8.h"
#include "syntax/json_writer.h"

static void write_text(const bu_inspection *in, bu_buf *out)
{
    for (size_t i = 0; i < in->count; i++) {
        const bu_described *d = &in->items[i];
        bu_escape(bu_bytes_of(in->file), out);
        bu_buf_add_format(out, ": %s, not verified\n", d->title);
        for (size_t c = 0; c < d->claims.count; c++) {
            bu_buf_add_format(out, "  %s: ", d->claims.items[c].label);
            bu_escape(d->claims.items[c].text, out);
            bu_buf_add_byte(out, '\n');
        }
    }
}

static void put_foreign(bu_json_writer *json, const char *key, bulla_bytes text)
{
    BU_CLEAR(bu_buf) escaped = { 0 };
    bu_escape(text, &escaped);
    json->out->broken |= escaped.broken;
    bu_json_put_string(json, key, bu_buf_bytes(&escaped));
}

static void write_document(bu_json_writer *json, const bu_described *d)
{
    bu_json_begin(json, NULL, '{');
    bu_json_put_string(json, "format", bu_bytes_of(d->id));
    bu_json_put_string(json, "title", bu_bytes_of(d->title));
    bu_json_put_raw(json, "verified", BULLA_LIT("false"));
    bu_json_begin(json, "claims", '[');
    for (size_t i = 0; i < d->claims.count; i++) {
        bu_json_begin(json, NULL, '{');
        bu_json_put_string(json, "label", bu_bytes_of(d->claims.items[i].label));
        put_foreign(json, "text", d->claims.items[i].text);
        bu_json_end(json, '}');
    }
    bu_json_end(json, ']');
    bu_json_end(json, '}');
}

static void write_json(const bu_inspection *in, bu_buf *out)
{
    bu_json_writer json = bu_json_writer_of(out, BU_JSON_INDENTED);
    bu_json_begin(&json, NULL, '{');
    bu_json_put_string(&json, "schema", BULLA_LIT("bulla.inspect/1"));
    put_foreign(&json, "file", bu_bytes_of(in->file));
    bu_json_begin(&json, "documents", '[');
    for (size_t i = 0; i < in->count; i++)
        write_document(&json, &in->items[i]);
    bu_json_end(&json, ']');
    bu_json_end(&json, '}');
    bu_buf_add_byte(out, '\n');
}

bulla_status bu_inspection_render(const bu_inspection *in, const char *format, bu_buf *out,
                                  bulla_error *err)
{
    bool json = strcmp(format, "json") == 0;
    if (!json && strcmp(format, "text") != 0)
        return bu_fail(err, BULLA_E_USAGE, "no format %s", format);
    if (json)
        write_json(in, out);
    else
        write_text(in, out);
    return out->broken ? bu_no_memory(err) : BU_OK;
}
