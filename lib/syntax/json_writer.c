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
#include "syntax/eight.h"

/* The most that one byte of a string can become: \u0001. */
#define QUOTED_MAX 6

static uint8_t *put_line_break(const bu_json_writer *writer, uint8_t *to)
{
    *to++ = '\n';
    memset(to, ' ', 2 * writer->depth);
    return to + 2 * writer->depth;
}

/* The comma behind a value's neighbour, and its own line where it has one. */
static uint8_t *put_gap(const bu_json_writer *writer, uint8_t *to)
{
    if (!writer->empty)
        *to++ = ',';
    if (writer->depth > 0 && writer->depth <= writer->lines)
        return put_line_break(writer, to);
    if (!writer->empty && writer->layout == BU_JSON_INDENTED)
        *to++ = ' ';
    return to;
}

static uint8_t *put_key(const bu_json_writer *writer, bulla_bytes key, uint8_t *to)
{
    *to++ = '"';
    memcpy(to, key.ptr, key.len);
    to += key.len;
    *to++ = '"';
    *to++ = ':';
    if (writer->layout == BU_JSON_INDENTED)
        *to++ = ' ';
    return to;
}

static void begin_value(bu_json_writer *writer, const char *key)
{
    bulla_bytes name = bu_bytes_of(key);
    uint8_t *room = bu_buf_room(writer->out, sizeof ",\n\"\": " + 2 * writer->depth + name.len);
    if (room == NULL)
        return;
    uint8_t *to = put_gap(writer, room);
    if (key != NULL)
        to = put_key(writer, name, to);
    bu_buf_added(writer->out, (size_t)(to - room));
    writer->empty = false;
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
    bool has_lines = !writer->empty && writer->depth <= writer->lines;
    writer->depth--;
    uint8_t *room = bu_buf_room(writer->out, 2 + 2 * writer->depth);
    if (room == NULL)
        return;
    uint8_t *to = has_lines ? put_line_break(writer, room) : room;
    *to++ = (uint8_t)bracket;
    bu_buf_added(writer->out, (size_t)(to - room));
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

/* Eight visible ASCII characters, none of them one that JSON escapes. */
static bool is_plain(const uint8_t *bytes)
{
    uint64_t eight = bu_eight_at(bytes);
    return (bu_eight_below(eight, ' ') | bu_eight_is(eight, '"') | bu_eight_is(eight, '\\') |
            bu_eight_is(eight, 0x7f) | bu_eight_high(eight)) == 0;
}

/* Quote the code point at the front of `value` and step over it; NULL when it is not UTF-8. */
static uint8_t *quote_one(bulla_bytes *value, uint8_t *to)
{
    uint32_t code_point;
    size_t size = bu_utf8_next(*value, &code_point);
    if (size == 0)
        return NULL;
    if (size == 1) {
        to = put_ascii(to, value->ptr[0]);
    } else if (bu_utf8_is_hidden(code_point)) {
        to = put_hidden(to, code_point);
    } else {
        memcpy(to, value->ptr, size);
        to += size;
    }
    *value = bu_bytes_from(*value, size);
    return to;
}

/* Quote the whole of `value`; NULL when it is not UTF-8. Most of it is plain: eight bytes at a
 * step. */
static uint8_t *quote(bulla_bytes value, uint8_t *to)
{
    while (value.len > 0 && to != NULL) {
        if (value.len >= 8 && is_plain(value.ptr)) {
            memcpy(to, value.ptr, 8);
            to += 8;
            value = bu_bytes_from(value, 8);
        } else {
            to = quote_one(&value, to);
        }
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

void bu_json_quote(bulla_bytes value, bu_buf *out)
{
    if (add_quoted(out, value))
        return;
    BU_CLEAR(bu_buf) escaped = { 0 };
    bu_escape(value, &escaped);
    if (escaped.broken || !add_quoted(out, bu_buf_bytes(&escaped)))
        out->broken = true;
}

void bu_json_put_string(bu_json_writer *writer, const char *key, bulla_bytes value)
{
    begin_value(writer, key);
    bu_json_quote(value, writer->out);
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
