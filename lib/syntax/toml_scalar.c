/* SPDX-License-Identifier: MIT */
/*
 * Values of a TOML document that have nothing inside: numbers, dates, times,
 * true and false. Refused beyond the grammar: integers beyond 64 bits, and
 * points in time before 1970.
 */
#include <inttypes.h>

#include "base/bytes.h"
#include "base/time.h"
#include "syntax/toml.h"

/* Numbers */

static bool is_digit(uint8_t byte)
{
    return byte >= '0' && byte <= '9';
}

/* Digits; "each underscore must be surrounded by at least one digit on each side". */
static bulla_status skip_digits(bu_toml_text *t, uint8_t base)
{
    for (;; t->at++) {
        if (bu_toml_digit(*t->at) >= base)
            return bu_toml_unexpected(t, t->at, BULLA_E_BAD_NUMBER, "a digit");
        while (bu_toml_digit(*t->at) < base)
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
             __builtin_sub_overflow(value, bu_toml_digit(digits.ptr[i]), &value)))
            return false;
    *out = value;
    return negative || !__builtin_sub_overflow(0, value, out);
}

/* An integer from `start`, whose digits are from `digits` to `t->at`. Its text is plain decimal, as
 * bu_node_integer() wants it. */
static bulla_status set_integer(bu_toml_text *t, const uint8_t *start, const uint8_t *digits,
                                uint8_t base, bu_node *out)
{
    int64_t value;
    bulla_bytes written = { start, (size_t)(t->at - start) };
    if (!to_integer((bulla_bytes){ digits, (size_t)(t->at - digits) }, base, *start == '-', &value))
        return bu_toml_refuse(t, start, BULLA_E_BAD_NUMBER, "an integer of 64 bits");
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

/* 0x, 0o and 0b; all else is decimal. */
static uint8_t base_of(const uint8_t *at)
{
    if (at[0] != '0')
        return 10;
    return at[1] == 'x' ? 16 : at[1] == 'o' ? 8 : at[1] == 'b' ? 2 : 10;
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
    t->at += base != 10 ? 2 : *start == '+' || *start == '-';
    if (base == 10 && (*t->at == 'i' || *t->at == 'n')) {
        BU_TRY(read_word(t, *t->at == 'i' ? "inf" : "nan"));
        return set_text(t, start, BU_NODE_REAL, out);
    }
    const uint8_t *digits = t->at;
    BU_TRY(skip_digits(t, base));
    if (base == 10 && *digits == '0' && t->at > digits + 1)
        return bu_toml_refuse(t, digits + 1, BULLA_E_BAD_NUMBER, "a number without leading zeros");
    if (base != 10 || (*t->at != '.' && (*t->at | 0x20) != 'e'))
        return set_integer(t, start, digits, base, out);
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
        return bu_toml_refuse(t, start, BULLA_E_BAD_NUMBER, "a date or time that exists");
    return set_text(t, start, BU_NODE_LOCAL_TIME, out);
}

static bulla_status set_time(bu_toml_text *t, const uint8_t *start, bu_node *out)
{
    bulla_bytes written = { start, (size_t)(t->at - start) };
    if (!bulla_ok(bu_time_parse(written, &out->number, NULL)) || out->number < 0)
        return bu_toml_refuse(t, start, BULLA_E_BAD_NUMBER, "a time that exists, from 1970 on");
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
    BU_TRY(bu_toml_string(t, true, &text));
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
        return bu_toml_refuse(t, t->at, BULLA_E_BAD_NUMBER, "a number that begins with a digit");
    default:
        return bu_toml_unexpected(t, t->at, BULLA_E_BAD_SYNTAX, "a value");
    }
}
