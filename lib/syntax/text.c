/* SPDX-License-Identifier: MIT */
/*
 * Lines of a text: one pass, no copy.
 */
#include "syntax/text.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/limits.h"
#include "base/utf8.h"

uint32_t bu_text_column(const bu_text *text, const uint8_t *at)
{
    return (uint32_t)(at - text->line.ptr) + 1;
}

bulla_status bu_text_fail(const bu_text *text, const uint8_t *at, bulla_error *err, bulla_code code,
                          const char *format, ...)
{
    char sentence[512];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(sentence, sizeof sentence, format, args);
    va_end(args);
    bulla_status status = bu_fail(err, code, "%s", sentence);
    (void)bu_at(err, status, text->number, bu_text_column(text, at));
    return bu_at_offset(err, status, (uint64_t)(at - text->all.ptr));
}

/* Judged line by line, so that a refusal has its place. */
static bulla_status judge_line(const bu_text *text, bulla_error *err)
{
    bulla_bytes line = text->line;
    if (line.len > BU_LIMIT_LINE_BYTES)
        return bu_text_fail(text, line.ptr, err, BULLA_E_RESOURCE_LIMIT, "a line of %zu bytes",
                            line.len);
    size_t valid = bu_utf8_valid(line);
    if (valid < line.len)
        return bu_text_fail(text, line.ptr + valid, err, BULLA_E_BAD_ENCODING, "not UTF-8");
    if (text->number == 1 && bu_bytes_starts(line, "\xEF\xBB\xBF"))
        return bu_text_fail(text, line.ptr, err, BULLA_E_BAD_ENCODING, "a byte order mark");
    for (size_t i = 0; i < line.len; i++)
        if ((line.ptr[i] < 0x20 && line.ptr[i] != '\t') || line.ptr[i] == 0x7f)
            return bu_text_fail(text, line.ptr + i, err, BULLA_E_CONTROL_CHARACTER,
                                "a control character (0x%02x)", line.ptr[i]);
    return BU_OK;
}

bulla_status bu_text_next(bu_text *text, bool *more, bulla_error *err)
{
    *more = text->next < text->all.len;
    if (!*more)
        return BU_OK;
    bulla_bytes rest = bu_bytes_from(text->all, text->next);
    size_t end = bu_bytes_find(rest, '\n');
    text->next += end < rest.len ? end + 1 : end;
    text->line = bu_bytes_first(rest, end);
    if (end < rest.len && end > 0 && rest.ptr[end - 1] == '\r')
        text->line.len--;
    text->number++;
    return judge_line(text, err);
}

bulla_status bu_text_each(bu_text *text, bulla_status (*take)(void *context, bulla_error *err),
                          void *context, bulla_error *err)
{
    for (bool more = true; more;) {
        BU_TRY(bu_text_next(text, &more, err));
        if (more)
            BU_TRY(take(context, err));
    }
    return BU_OK;
}
