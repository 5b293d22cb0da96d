/* SPDX-License-Identifier: MIT */
/*
 * Keys of a JSON object found by brackets and quotes alone; the parser judges the rest.
 */
#include "trust/json_look.h"

#include "base/bytes.h"

static size_t skip_blanks(bulla_bytes text, size_t at)
{
    while (at < text.len && memchr(" \t\r\n", text.ptr[at], 4) != NULL)
        at++;
    return at;
}

/* Past the string that begins at `at`; the length when it has no end. Payloads are long strings: to
 * the next quote at once, and on when it is an escaped one. */
static size_t skip_string(bulla_bytes text, size_t at)
{
    for (at++; at < text.len; at++) {
        at += bu_bytes_find(bu_bytes_from(text, at), '"');
        size_t slashes = 0;
        while (text.ptr[at - 1 - slashes] == '\\')
            slashes++;
        if (at < text.len && slashes % 2 == 0)
            return at + 1;
    }
    return text.len;
}

bool bu_json_looks_to_have(bulla_bytes text, const char *key)
{
    size_t depth = 0;
    for (size_t at = skip_blanks(text, 0); at < text.len; at++) {
        uint8_t c = text.ptr[at];
        if (depth == 0 && c != '{')
            return false;
        depth += c == '{' || c == '[';
        depth -= c == '}' || c == ']';
        if (depth == 0)
            return false;
        if (c != '"')
            continue;
        size_t end = skip_string(text, at), colon = skip_blanks(text, end);
        bulla_bytes quoted = bu_bytes_from(bu_bytes_first(text, end - 1), at + 1);
        if (depth == 1 && colon < text.len && text.ptr[colon] == ':' && bu_bytes_is(quoted, key))
            return true;
        at = end - 1;
    }
    return false;
}
