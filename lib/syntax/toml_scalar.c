/* SPDX-License-Identifier: MIT */
/*
 * What a TOML document is made of, below its tables: blanks and comments, keys,
 * strings, numbers, dates and times. Refused beyond the grammar: U+0000 in a
 * string, integers beyond 64 bits, and points in time before 1970.
 */
#include <inttypes.h>

#include "base/bytes.h"
#include "base/time.h"
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

static bulla_status refuse(const bu_toml_text *t, const uint8_t *at, bulla_code code,
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
        return refuse(t, at, BULLA_E_TRUNCATED, expected);
    if (bu_utf8_next((bulla_bytes){ at, (size_t)(t->end - at) }, &code_point) == 0)
        return refuse(t, at, BULLA_E_BAD_ENCODING, "UTF-8");
    return refuse(t, at, code, expected);
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

/* The digits of \uXXXX and \UXXXXXXXX. */
static bulla_status unescape_unicode(bu_toml_text *t, size_t digits)
{
    static const char hex[] = "0123456789abcdef";
    const uint8_t *start = t->at;
    uint32_t code_point = 0;
    for (t->at += 2; t->at < start + 2 + digits; t->at++) {
        const char *digit =
            *t->at == '\0' ? NULL : strchr(hex, *t->at <= '9' ? *t->at : *t->at | 0x20);
        if (digit == NULL)
            return bu_toml_unexpected(t, t->at, BULLA_E_BAD_SYNTAX,
                                      digits == 4 ? "four hex digits" : "eight hex digits");
        code_point = code_point << 4 | (uint32_t)(digit - hex);
    }
    if (code_point == 0)
        return refuse(t, start, BULLA_E_BAD_ENCODING, "a string without U+0000");
    if (code_point > 0x10FFFF || (code_point >= 0xD800 && code_point <= 0xDFFF))
        return refuse(t, start, BULLA_E_BAD_ENCODING, "a Unicode scalar value");
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
    while (s->lines && quotes < 5 && t->at[quotes] == s->quote)
        quotes++;
    bool end = !s->lines || quotes >= 3;
    t->at += s->lines && end ? quotes - 3 : end ? 0 : quotes;
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
static bulla_status read_string(bu_toml_text *t, bool may_have_lines, bulla_bytes *out)
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
        return read_string(t, false, out);
    const uint8_t *start = t->at;
    while (is_bare(*t->at))
        t->at++;
    if (t->at == start)
        return bu_toml_unexpected(t, start, BULLA_E_BAD_SYNTAX, "a key");
    *out = (bulla_bytes){ start, (size_t)(t->at - start) };
    return BU_OK;
}

/* Numbers */

static bool is_digit(uint8_t byte)
{
    return byte >= '0' && byte <= '9';
}

/* The value of a digit, or 16. */
static uint8_t digit_value(uint8_t byte)
{
    uint8_t low = byte | 0x20;
    if (is_digit(byte))
        return byte - '0';
    return low >= 'a' && low <= 'f' ? (uint8_t)(low - 'a' + 10) : 16;
}

/* Digits; "each underscore must be surrounded by at least one digit on each side". */
static bulla_status skip_digits(bu_toml_text *t, uint8_t base)
{
    for (;; t->at++) {
        if (digit_value(*t->at) >= base)
            return bu_toml_unexpected(t, t->at, BULLA_E_BAD_NUMBER, "a digit");
        while (digit_value(*t->at) < base)
            t->at++;
        if (*t->at != '_')
            return BU_OK;
    }
}

/* The integer whose digits are `digits`; negative while it is made, as INT64_MIN has no positive
 * counterpart. */
static bool to_integer(bulla_bytes digits, uint8_t base, bool negative, int64_t *out)
{
    int64_t value = 0;
    for (size_t i = 0; i < digits.len; i++)
        if (digits.ptr[i] != '_' &&
            (__builtin_mul_overflow(value, base, &value) ||
             __builtin_sub_overflow(value, digit_value(digits.ptr[i]), &value)))
            return false;
    *out = value;
    return negative || !__builtin_sub_overflow(0, value, out);
}

/* An integer from `start`, whose digits are from `digits` to `t->at`. */
static bulla_status set_integer(bu_toml_text *t, const uint8_t *start, const uint8_t *digits,
                                uint8_t base, bu_node *out)
{
    int64_t value;
    bulla_bytes written = { start, (size_t)(t->at - start) };
    if (!to_integer((bulla_bytes){ digits, (size_t)(t->at - digits) }, base, *start == '-', &value))
        return refuse(t, start, BULLA_E_BAD_NUMBER, "an integer of 64 bits");
    if (value == 0 || base != 10 || *start == '+' || bu_bytes_find(written, '_') < written.len) {
        const char *text = bu_arena_format(bu_tree_arena(t->tree), "%" PRId64, value);
        if (text == NULL)
            return bu_no_memory(t->err);
        written = bu_bytes_of(text);
    }
    out->kind = BU_NODE_INTEGER;
    out->text = written.ptr;
    out->size = (uint32_t)written.len;
    return BU_OK;
}

static bulla_status set_text(bu_toml_text *t, const uint8_t *start, bu_node_kind kind, bu_node *out)
{
    out->kind = (uint32_t)kind & 0xFu;
    out->text = start;
    out->size = (uint32_t)(t->at - start);
    return BU_OK;
}

static bulla_status read_word(bu_toml_text *t, const char *word)
{
    for (; *word != '\0'; word++, t->at++)
        if (*t->at != (uint8_t)*word)
            return bu_toml_unexpected(t, t->at, BULLA_E_BAD_SYNTAX, "a value");
    return BU_OK;
}

/* 0x, 0o and 0b; 0 for what begins otherwise. */
static uint8_t base_of(const uint8_t *at)
{
    if (at[0] != '0')
        return 0;
    return at[1] == 'x' ? 16 : at[1] == 'o' ? 8 : at[1] == 'b' ? 2 : 0;
}

static bulla_status read_fraction(bu_toml_text *t)
{
    if (*t->at == '.') {
        t->at++;
        BU_TRY(skip_digits(t, 10));
    }
    if ((*t->at | 0x20) != 'e')
        return BU_OK;
    t->at++;
    t->at += *t->at == '+' || *t->at == '-';
    return skip_digits(t, 10);
}

static bulla_status read_number(bu_toml_text *t, bu_node *out)
{
    const uint8_t *start = t->at;
    uint8_t base = base_of(start);
    t->at += base != 0 ? 2 : *start == '+' || *start == '-';
    if (base == 0 && (*t->at == 'i' || *t->at == 'n')) {
        BU_TRY(read_word(t, *t->at == 'i' ? "inf" : "nan"));
        return set_text(t, start, BU_NODE_REAL, out);
    }
    const uint8_t *digits = t->at;
    BU_TRY(skip_digits(t, base == 0 ? 10 : base));
    if (base == 0 && *digits == '0' && t->at > digits + 1)
        return refuse(t, digits + 1, BULLA_E_BAD_NUMBER, "a number without leading zeros");
    if (base != 0 || (*t->at != '.' && (*t->at | 0x20) != 'e'))
        return set_integer(t, start, digits, base == 0 ? 10 : base, out);
    BU_TRY(read_fraction(t));
    return set_text(t, start, BU_NODE_REAL, out);
}

/* Times */

/* Past text of this form, where 0 stands for any digit. */
static bulla_status read_form(bu_toml_text *t, const char *form)
{
    for (; *form != '\0'; form++, t->at++)
        if (*form == '0' ? !is_digit(*t->at) : *t->at != (uint8_t)*form)
            return bu_toml_unexpected(t, t->at, BULLA_E_BAD_SYNTAX, "a date or time");
    return BU_OK;
}

static bulla_status read_clock(bu_toml_text *t)
{
    BU_TRY(read_form(t, "00:00:00"));
    if (*t->at != '.')
        return BU_OK;
    BU_TRY(read_form(t, ".0"));
    while (is_digit(*t->at))
        t->at++;
    return BU_OK;
}

static bulla_status read_offset(bu_toml_text *t)
{
    if (*t->at == '+' || *t->at == '-')
        return read_form(t, *t->at == '+' ? "+00:00" : "-00:00");
    t->at++;
    return BU_OK;
}

/* Is there such a date or time? It is judged as one in UTC, and in a year that is as long: the
 * calendar repeats itself every 400 years. */
static bool local_exists(const uint8_t *date, const uint8_t *clock)
{
    char text[] = "2000-01-01T00:00:00Z";
    int64_t ignored;
    if (date != NULL) {
        memcpy(text, date, strlen("2000-01-01"));
        int century = ((text[0] - '0') * 10 + text[1] - '0') % 4 + 20;
        text[0] = (char)('0' + century / 10);
        text[1] = (char)('0' + century % 10);
    }
    if (clock != NULL)
        memcpy(text + strlen("2000-01-01T"), clock, strlen("00:00:00"));
    return bulla_ok(bu_time_parse(bu_bytes_of(text), &ignored, NULL));
}

static bulla_status set_local(bu_toml_text *t, const uint8_t *start, const uint8_t *date,
                              const uint8_t *clock, bu_node *out)
{
    if (!local_exists(date, clock))
        return refuse(t, start, BULLA_E_BAD_NUMBER, "a date or time that exists");
    return set_text(t, start, BU_NODE_LOCAL_TIME, out);
}

static bulla_status set_time(bu_toml_text *t, const uint8_t *start, bu_node *out)
{
    bulla_bytes written = { start, (size_t)(t->at - start) };
    if (!bulla_ok(bu_time_parse(written, &out->number, NULL)) || out->number < 0)
        return refuse(t, start, BULLA_E_BAD_NUMBER, "a time that exists, from 1970 on");
    out->kind = BU_NODE_TIME;
    return BU_OK;
}

/* "2026-11-21", with or without a time behind it. */
static bulla_status read_date(bu_toml_text *t, bu_node *out)
{
    const uint8_t *start = t->at;
    BU_TRY(read_form(t, "0000-00-00"));
    if ((*t->at | 0x20) != 't' && !(*t->at == ' ' && is_digit(t->at[1])))
        return set_local(t, start, start, NULL, out);
    const uint8_t *clock = ++t->at;
    BU_TRY(read_clock(t));
    if ((*t->at | 0x20) != 'z' && *t->at != '+' && *t->at != '-')
        return set_local(t, start, start, clock, out);
    BU_TRY(read_offset(t));
    return set_time(t, start, out);
}

static bulla_status read_time(bu_toml_text *t, bu_node *out)
{
    const uint8_t *start = t->at;
    BU_TRY(read_clock(t));
    return set_local(t, start, NULL, start, out);
}

/* Values */

static bulla_status read_digits(bu_toml_text *t, bu_node *out)
{
    size_t digits = 0;
    while (digits < 4 && is_digit(t->at[digits]))
        digits++;
    if (digits == 4 && t->at[4] == '-')
        return read_date(t, out);
    if (digits == 2 && t->at[2] == ':')
        return read_time(t, out);
    return read_number(t, out);
}

static bulla_status read_bool(bu_toml_text *t, bu_node *out)
{
    const uint8_t *start = t->at;
    BU_TRY(read_word(t, *start == 't' ? "true" : "false"));
    return set_text(t, start, BU_NODE_BOOL, out);
}

static bulla_status read_text(bu_toml_text *t, bu_node *out)
{
    bulla_bytes text;
    BU_TRY(read_string(t, true, &text));
    out->kind = BU_NODE_STRING;
    out->text = text.ptr;
    out->size = (uint32_t)text.len;
    return BU_OK;
}

bulla_status bu_toml_scalar(bu_toml_text *t, bu_node *out)
{
    out->offset = (uint32_t)(t->at - t->start);
    if (is_digit(*t->at))
        return read_digits(t, out);
    switch (*t->at) {
    case '"':
    case '\'':
        return read_text(t, out);
    case 't':
    case 'f':
        return read_bool(t, out);
    case '+':
    case '-':
    case 'i':
    case 'n':
        return read_number(t, out);
    case '.':
    case '_':
        return refuse(t, t->at, BULLA_E_BAD_NUMBER, "a number that begins with a digit");
    default:
        return bu_toml_unexpected(t, t->at, BULLA_E_BAD_SYNTAX, "a value");
    }
}
