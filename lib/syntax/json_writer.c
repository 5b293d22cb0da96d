/* SPDX-License-Identifier: MIT */
/*
 * JSON as a stream of values (RFC 8259). Strings are checked and quoted in one
 * pass over their bytes; nothing is allocated but the buffer itself.
 */
#include "syntax/json_writer.h"

#include <inttypes.h>
#include <string.h>

#include "base/bytes.h"
#include "base/utf8.h"

/* The most that one byte of a string can become: \u0001. */
#define QUOTED_MAX 6

static void line_break(bu_json_writer *writer)
{
    if (writer->layout == BU_JSON_ONE_LINE)
        return;
    uint8_t *room = bu_buf_room(writer->out, 1 + 2 * writer->depth);
    if (room == NULL)
        return;
    room[0] = '\n';
    memset(room + 1, ' ', 2 * writer->depth);
    bu_buf_added(writer->out, 1 + 2 * writer->depth);
}

/* What stands before a value: the comma after its neighbour, its line, its key. */
static void begin_value(bu_json_writer *writer, const char *key)
{
    if (!writer->empty)
        bu_buf_add_byte(writer->out, ',');
    writer->empty = false;
    if (writer->depth > 0)
        line_break(writer);
    if (key == NULL)
        return;
    bu_buf_add_byte(writer->out, '"');
    bu_buf_add_text(writer->out, key);
    bu_buf_add_text(writer->out, writer->layout == BU_JSON_ONE_LINE ? "\":" : "\": ");
}

void bu_json_begin(bu_json_writer *writer, const char *key, char bracket)
{
    begin_value(writer, key);
    bu_buf_add_byte(writer->out, (uint8_t)bracket);
    writer->depth++;
    writer->empty = true;
}

void bu_json_end(bu_json_writer *writer, char bracket)
{
    writer->depth--;
    if (!writer->empty)
        line_break(writer);
    bu_buf_add_byte(writer->out, (uint8_t)bracket);
    writer->empty = false;
}

static uint8_t *put_unit(uint8_t *to, uint32_t unit)
{
    static const char digits[] = "0123456789abcdef";
    *to++ = '\\';
    *to++ = 'u';
    for (int shift = 12; shift >= 0; shift -= 4)
        *to++ = (uint8_t)digits[unit >> shift & 15];
    return to;
}

/* RFC 8259, section 7: what is beyond the Basic Multilingual Plane is a surrogate pair. */
static uint8_t *put_hidden(uint8_t *to, uint32_t code_point)
{
    if (code_point < 0x10000)
        return put_unit(to, code_point);
    uint32_t rest = code_point - 0x10000;
    return put_unit(put_unit(to, 0xd800 + (rest >> 10)), 0xdc00 + (rest & 0x3ff));
}

static uint8_t *put_ascii(uint8_t *to, uint8_t c)
{
    static const char short_forms[128] = {
        ['"'] = '"',  ['\\'] = '\\', ['\b'] = 'b', ['\f'] = 'f',
        ['\n'] = 'n', ['\r'] = 'r',  ['\t'] = 't',
    };
    if (short_forms[c] != 0) {
        *to++ = '\\';
        *to++ = (uint8_t)short_forms[c];
        return to;
    }
    if (c < ' ' || c == 0x7f)
        return put_unit(to, c);
    *to++ = c;
    return to;
}

/* Quote the code points of `value`; NULL when it is not UTF-8. */
static uint8_t *quote(bulla_bytes value, uint8_t *to)
{
    for (size_t i = 0; i < value.len;) {
        if (value.ptr[i] < 0x80) {
            to = put_ascii(to, value.ptr[i++]);
            continue;
        }
        uint32_t code_point;
        size_t size = bu_utf8_next(bu_bytes_from(value, i), &code_point);
        if (size == 0)
            return NULL;
        if (bu_utf8_is_hidden(code_point)) {
            to = put_hidden(to, code_point);
        } else {
            memcpy(to, value.ptr + i, size);
            to += size;
        }
        i += size;
    }
    return to;
}

/* Append the quoted string; false when it is not UTF-8. */
static bool add_quoted(bu_buf *out, bulla_bytes value)
{
    size_t most;
    if (__builtin_mul_overflow(value.len, (size_t)QUOTED_MAX, &most) ||
        __builtin_add_overflow(most, (size_t)2, &most))
        most = SIZE_MAX;
    uint8_t *room = bu_buf_room(out, most);
    if (room == NULL)
        return true; /* the buffer remembers */
    room[0] = '"';
    uint8_t *end = quote(value, room + 1);
    if (end == NULL)
        return false;
    *end++ = '"';
    bu_buf_added(out, (size_t)(end - room));
    return true;
}

void bu_json_put_string(bu_json_writer *writer, const char *key, bulla_bytes value)
{
    begin_value(writer, key);
    if (add_quoted(writer->out, value))
        return;
    BU_CLEAR(bu_buf) escaped = { 0 };
    bu_escape(value, &escaped);
    if (escaped.broken || !add_quoted(writer->out, bu_buf_bytes(&escaped)))
        writer->out->broken = true;
}

void bu_json_put_integer(bu_json_writer *writer, const char *key, int64_t value)
{
    begin_value(writer, key);
    bu_buf_add_format(writer->out, "%" PRId64, value);
}

void bu_json_put_raw(bu_json_writer *writer, const char *key, bulla_bytes json)
{
    begin_value(writer, key);
    bu_buf_add(writer->out, json);
}
