/* SPDX-License-Identifier: MIT */
/*
 * UTF-8 (RFC 3629) and escaping. One function makes text from outside safe to
 * show; it is the only one.
 */
#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"

size_t bu_utf8_next(bulla_bytes in, uint32_t *code_point)
{
    static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
    if (in.len == 0)
        return 0;
    uint8_t lead = in.ptr[0];
    if (lead < 0x80) {
        *code_point = lead;
        return 1;
    }
    size_t len = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || in.len < len)
        return 0;
    uint32_t value = lead & (0x7Fu >> len);
    for (size_t i = 1; i < len; i++) {
        if ((in.ptr[i] & 0xC0) != 0x80)
            return 0;
        value = value << 6 | (in.ptr[i] & 0x3Fu);
    }
    if (value < smallest[len] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
        return 0;
    *code_point = value;
    return len;
}

size_t bu_utf8_valid(bulla_bytes in)
{
    size_t at = 0;
    while (at < in.len) {
        uint64_t eight;
        if (in.len - at >= sizeof eight) { /* most text is ASCII: eight bytes at a step */
            memcpy(&eight, in.ptr + at, sizeof eight);
            if ((eight & 0x8080808080808080u) == 0) {
                at += sizeof eight;
                continue;
            }
        }
        uint32_t code_point;
        size_t len = bu_utf8_next(bu_bytes_from(in, at), &code_point);
        if (len == 0)
            return at;
        at += len;
    }
    return in.len;
}

void bu_utf8_encode(uint32_t code_point, bu_buf *out)
{
    static const uint8_t leads[] = { 0, 0, 0xC0, 0xE0, 0xF0 };
    size_t len = code_point < 0x80 ? 1 : code_point < 0x800 ? 2 : code_point < 0x10000 ? 3 : 4;
    uint8_t bytes[4];
    for (size_t i = len; i-- > 1; code_point >>= 6)
        bytes[i] = (uint8_t)(0x80 | (code_point & 0x3F));
    bytes[0] = (uint8_t)(leads[len] | code_point);
    bu_buf_add(out, (bulla_bytes){ bytes, len });
}

bool bu_utf8_is_hidden(uint32_t code_point)
{
    static const struct {
        uint32_t first, last;
    } hidden[] = {
        { 0x00, 0x1F },       { 0x7F, 0x9F },       { 0xAD, 0xAD },     { 0x61C, 0x61C },
        { 0x115F, 0x1160 },   { 0x17B4, 0x17B5 },   { 0x180B, 0x180F }, { 0x200B, 0x200F },
        { 0x2028, 0x202E },   { 0x2060, 0x206F },   { 0x3164, 0x3164 }, { 0xFE00, 0xFE0F },
        { 0xFEFF, 0xFEFF },   { 0xFFA0, 0xFFA0 },   { 0xFFF0, 0xFFFB }, { 0x1BCA0, 0x1BCA3 },
        { 0x1D173, 0x1D17A }, { 0xE0000, 0xE0FFF },
    };
    for (size_t i = 0; i < sizeof hidden / sizeof hidden[0]; i++)
        if (code_point >= hidden[i].first && code_point <= hidden[i].last)
            return true;
    return false;
}

bool bu_utf8_hides(bulla_bytes in, size_t *at)
{
    for (size_t i = 0; i < in.len;) {
        uint32_t code_point = 0;
        size_t len = bu_utf8_next(bu_bytes_from(in, i), &code_point);
        if (len == 0 || bu_utf8_is_hidden(code_point)) {
            *at = i;
            return true;
        }
        i += len;
    }
    return false;
}

#define ESCAPE_MAX 12 /* "\u{10FFFF}" and NUL, with room */

static size_t keep(bulla_bytes in, size_t len, char out[ESCAPE_MAX], size_t *out_len)
{
    memcpy(out, in.ptr, len);
    *out_len = len;
    return len;
}

/* One step: the escaped form of what `in` starts with into `out`; returns bytes of `in` used. */
static size_t escape_step(bulla_bytes in, char out[ESCAPE_MAX], size_t *out_len)
{
    if (in.ptr[0] >= ' ' && in.ptr[0] <= '~' && in.ptr[0] != '\\') /* most of all text */
        return keep(in, 1, out, out_len);
    uint32_t code_point = 0;
    size_t len = bu_utf8_next(in, &code_point);
    if (len > 0 && code_point != '\\' && !bu_utf8_is_hidden(code_point))
        return keep(in, len, out, out_len);
    int written;
    if (len == 0)
        written = snprintf(out, ESCAPE_MAX, "\\x%02X", in.ptr[0]);
    else if (code_point == '\\')
        written = snprintf(out, ESCAPE_MAX, "\\\\");
    else if (code_point < 0x80)
        written = snprintf(out, ESCAPE_MAX, "\\x%02X", code_point);
    else
        written = snprintf(out, ESCAPE_MAX, "\\u{%X}", code_point);
    *out_len = (size_t)written;
    return len == 0 ? 1 : len;
}

void bu_escape(bulla_bytes in, bu_buf *out)
{
    while (in.len > 0) {
        char piece[ESCAPE_MAX];
        size_t len;
        in = bu_bytes_from(in, escape_step(in, piece, &len));
        bu_buf_add(out, (bulla_bytes){ (const uint8_t *)piece, len });
    }
}

void bu_escape_into(bulla_bytes in, char *out, size_t cap)
{
    size_t used = 0, fits = 0; /* `fits`: how far the text goes when "..." has to follow */
    while (in.len > 0) {
        char piece[ESCAPE_MAX];
        size_t len;
        in = bu_bytes_from(in, escape_step(in, piece, &len));
        if (used + len + 1 > cap) {
            memcpy(out + fits, "...", 4);
            return;
        }
        memcpy(out + used, piece, len);
        used += len;
        if (used + 4 <= cap)
            fits = used;
    }
    out[used] = '\0';
}
