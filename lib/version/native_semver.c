/* SPDX-License-Identifier: MIT */
/*
 * Ranges over semantic versions: Cargo, Composer, Hex, pub. Carets, tildes and
 * wildcards become a lower and an upper bound.
 */
#include "version/native.h"
#include "version/native_semver.h"
#include "version/orders.h"

static bool is_wild(uint8_t c)
{
    return c == '*' || bu_lower(c) == 'x';
}

bulla_status bu_partial_read(const bu_reading *r, bulla_bytes version, bu_partial *out)
{
    bulla_bytes rest = bu_bytes_from(version, bu_starts_folded(version, "v"));
    const bulla_bytes zero = BULLA_LIT("0");
    *out = (bu_partial){ .all = version, .number = { zero, zero, zero } };
    for (size_t i = 0; i < 3; i++) {
        if (is_wild(bu_front(rest))) {
            (void)bu_take_bytes(&rest, 1);
            out->is_wild = true;
        } else if (bu_is_digit(bu_front(rest)) && !out->is_wild) {
            out->number[i] = bu_take_while(&rest, bu_is_digit);
            out->given = i + 1;
        } else {
            return bu_native_refuse(r, version.ptr, "not a version");
        }
        if (i == 2 || !bu_take_byte(&rest, '.'))
            break;
    }
    out->tail = rest;
    bool is_tail =
        rest.len == 0 || bu_front(rest) == '-' || bu_front(rest) == '+' || bu_front(rest) == '.';
    if (!is_tail || (rest.len > 0 && (out->is_wild || out->given < 3)))
        return bu_native_refuse(r, rest.ptr, "not a version");
    return BU_OK;
}

static bulla_bytes kept(const bu_reading *r, const bu_buf *text)
{
    return text->broken ? (bulla_bytes){ 0 } : bu_arena_copy(r->range->arena, bu_buf_bytes(text));
}

static void write_numbers(const bu_partial *v, bu_buf *out)
{
    for (size_t i = 0; i < 3; i++) {
        bulla_bytes number = v->number[i];
        while (number.len > 1 && number.ptr[0] == '0')
            number = bu_bytes_from(number, 1);
        bu_buf_add_text(out, i == 0 ? "" : ".");
        bu_buf_add(out, number);
    }
}

bulla_status bu_partial_add(const bu_reading *r, bu_comparator comparator, const bu_partial *v,
                            bool with_tail)
{
    BU_CLEAR(bu_buf) text = { 0 };
    write_numbers(v, &text);
    if (with_tail)
        bu_buf_add(&text, v->tail);
    bulla_bytes version = kept(r, &text);
    if (version.ptr == NULL)
        return bu_no_memory(r->err);
    return bu_native_add(r, comparator, version, v->all.ptr);
}

bulla_status bu_partial_add_raised(const bu_reading *r, bu_comparator comparator,
                                   const bu_partial *v, size_t index)
{
    static const char *const tails[] = { ".0.0", ".0", "" };
    BU_CLEAR(bu_buf) text = { 0 };
    write_numbers(v, &text);
    bulla_bytes version = kept(r, &text), raised;
    if (version.ptr == NULL)
        return bu_no_memory(r->err);
    BU_TRY(bu_native_raise(r, version, index, tails[index], &raised));
    return bu_native_add(r, comparator, raised, v->all.ptr);
}

bulla_status bu_partial_add_range(const bu_reading *r, const bu_partial *v, size_t index)
{
    BU_TRY(bu_partial_add(r, BU_GE, v, true));
    return bu_partial_add_raised(r, BU_LT, v, index);
}

size_t bu_partial_caret(const bu_partial *v)
{
    size_t index = 0;
    while (index + 1 < v->given && bu_is_zero(v->number[index]))
        index++;
    return index;
}

bulla_status bu_partial_hyphen(const bu_reading *r, bulla_bytes low, bulla_bytes high)
{
    bu_partial from, to;
    BU_TRY(bu_partial_read(r, low, &from));
    BU_TRY(bu_partial_read(r, high, &to));
    BU_TRY(bu_partial_add(r, BU_GE, &from, true));
    if (to.given == 0)
        return BU_OK;
    return to.given == 3 ? bu_partial_add(r, BU_LE, &to, true)
                         : bu_partial_add_raised(r, BU_LT, &to, to.given - 1);
}

bulla_status bu_expand_caret(const bu_reading *r, bu_comparator comparator, bulla_bytes version)
{
    (void)comparator;
    bu_partial v;
    BU_TRY(bu_partial_read(r, version, &v));
    if (v.given == 0)
        return bu_partial_add(r, BU_GE, &v, false);
    return bu_partial_add_range(r, &v, bu_partial_caret(&v));
}

/* "~1.2.3" and "~1.2" stay in 1.2, "~1" in 1. */
static bulla_status tilde(const bu_reading *r, bu_comparator comparator, bulla_bytes version)
{
    (void)comparator;
    bu_partial v;
    BU_TRY(bu_partial_read(r, version, &v));
    if (v.given == 0)
        return bu_partial_add(r, BU_GE, &v, false);
    return bu_partial_add_range(r, &v, v.given > 1);
}

/* "~1.2.3" stays in 1.2, "~1.2" and "~1" in 1: the last number given may grow. */
static bulla_status pessimistic(const bu_reading *r, bu_comparator comparator, bulla_bytes version)
{
    (void)comparator;
    bu_partial v;
    BU_TRY(bu_partial_read(r, version, &v));
    if (v.given == 0)
        return bu_native_refuse(r, version.ptr, "not a version");
    return bu_partial_add_range(r, &v, v.given > 2);
}

/* A wildcard is what it stands for; all else as bu_expand_semver(). */
static bulla_status maybe_wild(const bu_reading *r, bu_comparator comparator, bulla_bytes version)
{
    bu_partial v;
    if (comparator != BU_EQ || bu_bytes_find(version, '*') == version.len)
        return bu_expand_semver(r, comparator, version);
    BU_TRY(bu_partial_read(r, version, &v));
    if (v.given == 0)
        return bu_partial_add(r, BU_GE, &v, false);
    return bu_partial_add_range(r, &v, v.given - 1);
}

static bulla_status caret_or_wild(const bu_reading *r, bu_comparator comparator,
                                  bulla_bytes version)
{
    bool wild = bu_bytes_find(version, '*') < version.len;
    return wild ? maybe_wild(r, comparator, version) : bu_expand_caret(r, comparator, version);
}

bulla_status bu_native_cargo(bulla_bytes native, bu_range *range, bulla_error *err)
{
    static const bu_sign signs[] = {
        { "==", BU_EQ, bu_expand_semver }, { "=", BU_EQ, maybe_wild },
        { "<=", BU_LE, bu_expand_semver }, { ">=", BU_GE, bu_expand_semver },
        { "<", BU_LT, bu_expand_semver },  { ">", BU_GT, bu_expand_semver },
        { "^", BU_EQ, bu_expand_caret },   { "~", BU_EQ, tilde },
        { "", BU_EQ, caret_or_wild },      { 0 },
    };
    static const bu_dialect dialect = { signs, .blanks_join = false };
    return bu_native_read(native, &dialect, range, err);
}

/* Stability flags ("@dev") only choose among versions. */
static bulla_status composer_plain(const bu_reading *r, bu_comparator comparator,
                                   bulla_bytes version)
{
    return maybe_wild(r, comparator, bu_bytes_first(version, bu_bytes_find(version, '@')));
}

bulla_status bu_native_composer(bulla_bytes native, bu_range *range, bulla_error *err)
{
    static const bu_sign signs[] = {
        { "==", BU_EQ, composer_plain }, { "=", BU_EQ, composer_plain },
        { "!=", BU_NE, composer_plain }, { "<>", BU_NE, composer_plain },
        { "<=", BU_LE, composer_plain }, { ">=", BU_GE, composer_plain },
        { "<", BU_LT, composer_plain },  { ">", BU_GT, composer_plain },
        { "^", BU_EQ, bu_expand_caret }, { "~", BU_EQ, pessimistic },
        { "", BU_EQ, composer_plain },   { 0 },
    };
    static const bu_dialect dialect = { signs, .either = "|", .blanks_join = true,
                                        .hyphen = bu_partial_hyphen };
    return bu_native_read(native, &dialect, range, err);
}

bulla_status bu_native_hex(bulla_bytes native, bu_range *range, bulla_error *err)
{
    static const bu_sign signs[] = {
        { "==", BU_EQ, bu_expand_semver }, { "=", BU_EQ, bu_expand_semver },
        { "!=", BU_NE, bu_expand_semver }, { "<=", BU_LE, bu_expand_semver },
        { ">=", BU_GE, bu_expand_semver }, { "<", BU_LT, bu_expand_semver },
        { ">", BU_GT, bu_expand_semver },  { "~>", BU_EQ, pessimistic },
        { "", BU_EQ, bu_expand_semver },   { 0 },
    };
    static const bu_dialect dialect = { signs, .either = "or ", .both = "and ",
                                        .blanks_join = true };
    return bu_native_read(native, &dialect, range, err);
}

bulla_status bu_native_pub(bulla_bytes native, bu_range *range, bulla_error *err)
{
    static const bu_sign signs[] = {
        { "==", BU_EQ, bu_expand_semver },
        { "=", BU_EQ, bu_expand_semver },
        { "<=", BU_LE, bu_expand_semver },
        { ">=", BU_GE, bu_expand_semver },
        { "<", BU_LT, bu_expand_semver },
        { ">", BU_GT, bu_expand_semver },
        { "^", BU_EQ, bu_expand_caret },
        { "", BU_EQ, bu_expand_semver },
        { 0 },
    };
    static const bu_dialect dialect = { signs, .blanks_join = true };
    range->all = bu_bytes_is(bu_bytes_trim(native), "any");
    return range->all ? BU_OK : bu_native_read(native, &dialect, range, err);
}
