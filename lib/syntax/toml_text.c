/* SPDX-License-Identifier: MIT */
/*
 * The text of a TOML document: blanks and comments, strings, keys, and what to
 * say where it is none. Refused beyond the grammar: U+0000 in a string.
 */
#include "base/bytes.h"
#include "base/utf8.h"
#include "syntax/eight.h"
#include "syntax/toml.h"

/* Refusing */

/* "Bare keys may only contain ASCII letters, ASCII digits, underscores, and dashes". */
static bool is_bare(uint8_t byte)
{
    uint8_t low = byte | 0x20;
    return (low >= 'a' && low <= 'z') || (byte >= '0' && byte <= '9') || byte == '_' || byte == '-';
}

/* What stands at a place, for people: a word, number or time, or one character. */
static bulla_bytes excerpt(const bu_toml_text *t, const uint8_t *at)
{
    if (at >= t->end)
        return BULLA_LIT("end of text");
    if (*at == '\n' || *at == '\r')
        return BULLA_LIT("end of line");
    size_t len = 0;
    while (len < 40 && (is_bare(at[len]) || at[len] == '+' || at[len] == '.' || at[len] == ':'))
        len++;
    uint32_t code_point;
    if (len == 0)
        len = bu_utf8_next((bulla_bytes){ at, (size_t)(t->end - at) }, &code_point);
    return (bulla_bytes){ at, len == 0 ? 1 : len };
}

bulla_status bu_toml_placed(const bu_toml_text *t, const uint8_t *at, bulla_status status)
{
    if (bulla_ok(status))
        return status;
    return bu_tree_blame(t->tree, (uint64_t)(at - t->start), status, t->err);
}

bulla_status bu_toml_refuse(const bu_toml_text *t, const uint8_t *at, bulla_code code,
                            const char *expected)
{
    bulla_status status = bu_fail(t->err, code, "not TOML 1.0: expected %s", expected);
    bu_expected(t->err, status, bu_bytes_of(expected), excerpt(t, at));
    return bu_toml_placed(t, at, status);
}

bulla_status bu_toml_unexpected(const bu_toml_text *t, const uint8_t *at, bulla_code code,
                                const char *expected)
{
    uint32_t code_point;
    if (at >= t->end)
        return bu_toml_refuse(t, at, BULLA_E_TRUNCATED, expected);
    if (bu_utf8_next((bulla_bytes){ at, (size_t)(t->end - at) }, &code_point) == 0)
        return bu_toml_refuse(t, at, BULLA_E_BAD_ENCODING, "UTF-8");
    return bu_toml_refuse(t, at, code, expected);
}

/* Blanks */

void bu_toml_skip_blanks(bu_toml_text *t)
{
    while (*t->at == ' ' || *t->at == '\t')
        t->at++;
}

/* The next byte that is one of these two, a control character or not ASCII. */
static const uint8_t *skip_plain(const uint8_t *at, uint8_t quote, uint8_t escape)
{
    for (;; at += 8) {
        uint64_t eight = bu_eight_at(at);
        uint64_t special = bu_eight_below(eight, 0x20) | bu_eight_high(eight) |
                           bu_eight_is(eight, 0x7F) | bu_eight_is(eight, quote) |
                           bu_eight_is(eight, escape);
        if (special != 0)
            return at + bu_eight_first(special);
    }
}

/* The next of these two, or what may not stand in a line: any control character but the tab, or
 * bytes that are not UTF-8. */
static const uint8_t *skip_text(const bu_toml_text *t, const uint8_t *at, uint8_t quote,
                                uint8_t escape)
{
    uint32_t code_point;
    for (;;) {
        at = skip_plain(at, quote, escape);
        size_t len = *at == '\t';
        if (*at >= 0x80)
            len = bu_utf8_next((bulla_bytes){ at, (size_t)(t->end - at) }, &code_point);
        if (len == 0)
            return at;
        at += len;
    }
}

bulla_status bu_toml_skip_comment(bu_toml_text *t)
{
    if (*t->at != '#')
        return BU_OK;
    t->at = skip_text(t, t->at, '\n', '\n');
    if (t->at == t->end || *t->at == '\n' || *t->at == '\r')
        return BU_OK;
    return bu_toml_unexpected(t, t->at, BULLA_E_BAD_SYNTAX, "a comment without control characters");
}

bulla_status bu_toml_skip_newline(bu_toml_text *t, bool *out)
{
    if (*t->at == '\r' && t->at[1] != '\n')
        return bu_toml_unexpected(t, t->at + 1, BULLA_E_BAD_SYNTAX, "LF after CR");
    *out = *t->at == '\r' || *t->at == '\n';
    t->at += *t->at == '\r';
    t->at += *out;
    return BU_OK;
}

/* Strings */

/* A string that is being read. What was read before `from` is in `unescaped`. */
typedef struct string {
    uint8_t quote;
    uint8_t escape; /* the quote again where there are no escapes */
    bool lines;     /* between three quotes each: it may have several */
    bool copied;
    const uint8_t *from;
} string;

static void copy_so_far(bu_toml_text *t, string *s)
{
    s->copied = true;
    bu_buf_add(&t->unescaped, (bulla_bytes){ s->from, (size_t)(t->at - s->from) });
}

/* \uXXXX or \UXXXXXXXX. */
static bulla_status unescape_unicode(bu_toml_text *t, size_t digits)
{
    const uint8_t *start = t->at;
    uint32_t code_point = 0;
    for (t->at += 2; t->at < start + 2 + digits; t->at++) {
        uint8_t digit = bu_toml_digit(*t->at);
        if (digit > 15)
            return bu_toml_unexpected(t, t->at, BULLA_E_BAD_SYNTAX,
                                      digits == 4 ? "four hex digits" : "eight hex digits");
        code_point = code_point << 4 | digit;
    }
    if (code_point == 0)
        return bu_toml_refuse(t, start, BULLA_E_BAD_ENCODING, "a string without U+0000");
    if (code_point > 0x10FFFF || (code_point >= 0xD800 && code_point <= 0xDFFF))
        return bu_toml_refuse(t, start, BULLA_E_BAD_ENCODING, "a Unicode scalar value");
    bu_utf8_encode(code_point, &t->unescaped);
    return BU_OK;
}

/* "When the last non-whitespace character on a line is an unescaped \, it will be trimmed along with
 * all whitespace (including newlines) up to the next non-whitespace character". */
static bulla_status unescape_newline(bu_toml_text *t)
{
    bool newline;
    t->at++;
    bu_toml_skip_blanks(t);
    BU_TRY(bu_toml_skip_newline(t, &newline));
    if (!newline)
        return bu_toml_unexpected(t, t->at, BULLA_E_BAD_SYNTAX, "the end of the line after \\");
    while (newline) {
        bu_toml_skip_blanks(t);
        BU_TRY(bu_toml_skip_newline(t, &newline));
    }
    return BU_OK;
}

static bulla_status unescape(bu_toml_text *t, const string *s)
{
    static const char letters[] = "\"\\bfnrt", meanings[] = "\"\\\b\f\n\r\t";
    uint8_t next = t->at[1];
    if (next == 'u' || next == 'U')
        return unescape_unicode(t, next == 'u' ? 4 : 8);
    if (s->lines && (next == ' ' || next == '\t' || next == '\r' || next == '\n'))
        return unescape_newline(t);
    const char *letter = next == '\0' ? NULL : strchr(letters, next);
    if (letter == NULL)
        return bu_toml_unexpected(t, t->at + 1, BULLA_E_BAD_SYNTAX, "an escape that TOML has");
    bu_buf_add_byte(&t->unescaped, (uint8_t)meanings[letter - letters]);
    t->at += 2;
    return BU_OK;
}

/* The quotes that `t->at` is on: do they end the string? Of five, two are the last of its text. */
static bool at_end(bu_toml_text *t, const string *s)
{
    size_t quotes = 1;
    if (!s->lines)
        return true;
    while (quotes < 5 && t->at[quotes] == s->quote)
        quotes++;
    bool end = quotes >= 3;
    t->at += end ? quotes - 3 : quotes;
    return end;
}

/* One step over what is not plain text, but for the end. */
static bulla_status read_special(bu_toml_text *t, string *s)
{
    bool newline = *t->at == '\n' || *t->at == '\r';
    if (*t->at == '\\' && s->escape == '\\') {
        copy_so_far(t, s);
        BU_TRY(unescape(t, s));
        s->from = t->at;
        return BU_OK;
    }
    if (!s->lines || !newline)
        return bu_toml_unexpected(t, t->at, BULLA_E_BAD_SYNTAX,
                                  newline || t->at == t->end
                                      ? "the end of the string"
                                      : "a string without control characters");
    if (*t->at == '\r') { /* a line ends in LF, whatever the file has */
        copy_so_far(t, s);
        s->from = t->at + 1;
    }
    return bu_toml_skip_newline(t, &newline);
}

/* Past the opening quotes, and the line end behind three of them. */
static bulla_status open_string(bu_toml_text *t, bool may_have_lines, string *out)
{
    bool newline;
    uint8_t quote = *t->at;
    *out = (string){ .quote = quote, .escape = quote == '"' ? '\\' : quote };
    out->lines = may_have_lines && t->at[1] == quote && t->at[2] == quote;
    t->at += out->lines ? 3 : 1;
    t->unescaped.len = 0;
    if (out->lines)
        BU_TRY(bu_toml_skip_newline(t, &newline));
    out->from = t->at;
    return BU_OK;
}

/* A string; `t->at` is on its opening quote. */
bulla_status bu_toml_string(bu_toml_text *t, bool may_have_lines, bulla_bytes *out)
{
    string s;
    BU_TRY(open_string(t, may_have_lines, &s));
    for (;;) {
        t->at = skip_text(t, t->at, s.quote, s.escape);
        if (*t->at != s.quote)
            BU_TRY(read_special(t, &s));
        else if (at_end(t, &s))
            break;
    }
    *out = (bulla_bytes){ s.from, (size_t)(t->at - s.from) };
    if (s.copied) {
        copy_so_far(t, &s);
        *out = bu_arena_copy(bu_tree_arena(t->tree), bu_buf_bytes(&t->unescaped));
    }
    t->at += s.lines ? 3 : 1;
    return t->unescaped.broken || out->ptr == NULL ? bu_no_memory(t->err) : BU_OK;
}

bulla_status bu_toml_key_part(bu_toml_text *t, bulla_bytes *out)
{
    if (*t->at == '"' || *t->at == '\'')
        return bu_toml_string(t, false, out);
    const uint8_t *start = t->at;
    while (is_bare(*t->at))
        t->at++;
    if (t->at == start)
        return bu_toml_unexpected(t, start, BULLA_E_BAD_SYNTAX, "a key");
    *out = (bulla_bytes){ start, (size_t)(t->at - start) };
    return BU_OK;
}
