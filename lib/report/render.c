/* SPDX-License-Identifier: MIT */
/*
 * The table of renderers, and the ways in which they may append text.
 */
#include "report/render.h"

#include "base/bytes.h"
#include "base/utf8.h"

typedef struct renderer {
    const char *name;
    void (*render)(const bulla_result *result, const bulla_render_options *options, bu_buf *out);
} renderer;

static const renderer renderers[] = {
#define BULLA_RENDERER(name) { #name, bu_render_##name },
#include "report/renderers.def"
#undef BULLA_RENDERER
};

#define KNOWN "text, json or input"

bulla_status bulla_result_render(const bulla_result *result, const char *format,
                                 const bulla_render_options *options, bulla_buffer *out,
                                 bulla_error *err)
{
    static const bulla_render_options plain = { 0 };
    for (size_t i = 0; i < sizeof renderers / sizeof renderers[0]; i++) {
        if (strcmp(renderers[i].name, format) != 0)
            continue;
        BU_CLEAR(bu_buf) text = { 0 };
        renderers[i].render(result, options == NULL ? &plain : options, &text);
        return bu_buf_take(&text, out, err);
    }
    bulla_status status = bu_fail(err, BULLA_E_USAGE, "a result cannot be written in this format");
    return bu_expected(err, status, BULLA_LIT(KNOWN), bu_bytes_of(format));
}

/* Nearly all text is plain: one look at each byte, and no step for each character. */
static bool is_plain(bulla_bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < 0x20 || text.ptr[i] > 0x7e || text.ptr[i] == '\\')
            return false;
    }
    return true;
}

void bu_add_foreign(bu_buf *out, const char *text)
{
    bulla_bytes bytes = bu_bytes_of(text);
    if (is_plain(bytes))
        bu_buf_add(out, bytes);
    else
        bu_escape(bytes, out);
}

void bu_put_foreign(bu_json_writer *json, const char *key, const char *text)
{
    BU_CLEAR(bu_buf) shown = { 0 };
    if (text == NULL)
        return;
    bu_add_foreign(&shown, text);
    json->out->broken |= shown.broken;
    bu_json_put_string(json, key, bu_buf_bytes(&shown));
}

void bu_add_shown(bu_buf *out, const char *text)
{
    bulla_bytes bytes = bu_bytes_of(text);
    size_t at;
    if (bu_utf8_hides(bytes, &at))
        bu_escape(bytes, out);
    else
        bu_buf_add(out, bytes);
}

void bu_add_digest(bu_buf *out, const bulla_digest *digest)
{
    char hex[BULLA_DIGEST_HEX_MAX];
    bu_buf_add_format(out, "%s:%s", bulla_alg_name(digest->alg), bulla_digest_hex(digest, hex));
}
