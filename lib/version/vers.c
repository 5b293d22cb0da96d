/* SPDX-License-Identifier: MIT */
/*
 * Reading and writing vers (clause 5 and "How to parse" of the vers
 * specification). Refused: blanks, what is encoded badly, constraints out of
 * order, "*" beside anything else, the type "invalid".
 */
#include "version/vers.h"

#include "base/utf8.h"
#include "base/vec.h"

void bu_range_clear(bu_range *range)
{
    free(range->items);
    range->items = NULL;
    range->count = range->cap = 0;
}

bulla_status bu_range_add(bu_range *range, bu_comparator comparator, bulla_bytes version,
                          bulla_error *err)
{
    if (range->scheme != NULL)
        BU_TRY(bu_version_check(range->scheme, version, err));
    BU_TRY(bu_vec_grow(&range->items, range->count, &range->cap, sizeof *range->items, err));
    range->items[range->count++] = (bu_constraint){ comparator, version };
    return BU_OK;
}

static int compare(const bu_range *range, const bu_constraint *a, const bu_constraint *b)
{
    int order = bu_version_compare(range->scheme, a->version, b->version);
    return bu_then(order, (int)a->comparator - (int)b->comparator);
}

static void merge(const bu_range *range, size_t from, size_t middle, size_t end, bu_constraint *to)
{
    size_t left = from, right = middle;
    for (size_t i = from; i < end; i++) {
        bool takes_left = right >= end || (left < middle && compare(range, &range->items[left],
                                                                    &range->items[right]) <= 0);
        to[i] = range->items[takes_left ? left++ : right++];
    }
}

/* Merged by hand: stable, and sound for the orders that are not transitive. */
bulla_status bu_range_sort(bu_range *range, bulla_error *err)
{
    size_t n = range->scheme == NULL ? 0 : range->count;
    bu_constraint *to = bu_arena_get_array(range->arena, n, sizeof *to);
    if (to == NULL)
        return bu_no_memory(err);
    for (size_t width = 1; width < n; width *= 2) {
        for (size_t from = 0; from < n; from += 2 * width) {
            size_t middle = n - from < width ? n : from + width;
            size_t end = n - middle < width ? n : middle + width;
            merge(range, from, middle, end, to);
        }
        memcpy(range->items, to, n * sizeof *to);
    }
    return BU_OK;
}

/* Reading */

typedef struct reader {
    bulla_bytes all;
    bool is_strict;
    bu_range *range;
    bulla_error *err;
    bool has_before, has_bound;
    bu_constraint before; /* the last that is not "!=" */
    bu_constraint bound;  /* the last bound */
} reader;

static bulla_status refuse(const reader *r, const uint8_t *at, const char *why)
{
    bulla_status status = bu_fail(r->err, BULLA_E_BAD_SYNTAX, "not a valid vers: %s", why);
    bu_expected(r->err, status, BULLA_LIT("a vers like vers:npm/>=1.0.0|<2.0.0"), r->all);
    return bu_at_offset(r->err, status, at == NULL ? 0 : (uint64_t)(at - r->all.ptr));
}

static bulla_status check_bytes(const reader *r)
{
    for (size_t i = 0; i < r->all.len; i++)
        if (r->all.ptr[i] <= ' ' || r->all.ptr[i] > '~')
            return refuse(r, r->all.ptr + i, "blanks and other than visible ASCII are encoded");
    return BU_OK;
}

static int hex_value(uint8_t c)
{
    if (bu_is_digit(c))
        return c - '0';
    uint8_t low = bu_lower(c);
    return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

static bulla_status decode(const reader *r, bulla_bytes text, bulla_bytes *out)
{
    uint8_t *bytes = bu_arena_get(r->range->arena, text.len);
    size_t len = 0;
    bool is_time = bu_bytes_is(r->range->type, "datetime");
    if (bytes == NULL)
        return bu_no_memory(r->err);
    for (size_t i = 0; i < text.len; i++) {
        const uint8_t *at = text.ptr + i;
        bytes[len] = *at;
        if (*at == '%') {
            int high = text.len - i > 2 ? hex_value(at[1]) : -1;
            int low = text.len - i > 2 ? hex_value(at[2]) : -1;
            if (high < 0 || low < 0)
                return refuse(r, at, "'%' without two hex digits");
            bytes[len] = (uint8_t)(high * 16 + low);
            i += 2;
            if (bytes[len] < ' ' || bytes[len] == 0x7F)
                return refuse(r, at, "an encoded control character");
            if (bytes[len] == ':' && is_time)
                return refuse(r, at, "the colons of a time are not encoded");
        } else if (is_time && *at >= 'a') {
            return refuse(r, at, "the letters of a time are capitals");
        } else if (strchr("<>=!*", *at) != NULL) {
            return refuse(r, at, "one of <>=!* that is not encoded");
        }
        len++;
    }
    *out = (bulla_bytes){ bytes, len };
    return BU_OK;
}

static const struct {
    const char *text;
    bu_comparator comparator;
} comparators[] = { { ">=", BU_GE }, { "<=", BU_LE }, { "!=", BU_NE },
                    { ">", BU_GT },  { "<", BU_LT },  { "", BU_EQ } };

static bulla_status read_constraint(const reader *r, bulla_bytes text)
{
    size_t which = 0;
    while (!bu_bytes_starts(text, comparators[which].text))
        which++;
    size_t length = strlen(comparators[which].text);
    bulla_bytes version = { text.ptr + length, text.len - length };
    if (bu_front(text) == '=')
        return refuse(r, text.ptr, "equality has no sign");
    if (version.len == 0)
        return refuse(r, version.ptr, "a version is missing");
    bulla_bytes decoded;
    BU_TRY(decode(r, version, &decoded));
    bulla_status status = bu_range_add(r->range, comparators[which].comparator, decoded, r->err);
    if (status.code == BULLA_E_BAD_SYNTAX)
        return bu_at_offset(r->err, status, (uint64_t)(version.ptr - r->all.ptr));
    return status;
}

static bool is_lower_bound(const bu_constraint *c)
{
    return c->comparator == BU_GT || c->comparator == BU_GE;
}

static bool is_upper_bound(const bu_constraint *c)
{
    return c->comparator == BU_LT || c->comparator == BU_LE;
}

static bool is_bound(const bu_constraint *c)
{
    return is_lower_bound(c) || is_upper_bound(c);
}

/* Not sorted: it is refused, for the order says which intervals are meant. */
static bulla_status check_order(const reader *r, const uint8_t *at)
{
    const bu_range *range = r->range;
    if (range->scheme == NULL || range->scheme->any_order || range->count < 2)
        return BU_OK;
    const bu_constraint *last = &range->items[range->count - 1];
    int order = bu_version_compare(range->scheme, last[-1].version, last->version);
    if (order > 0)
        return refuse(r, at, "constraints that are not sorted by version");
    if (order == 0 && r->is_strict)
        return refuse(r, at, "a version that is named twice");
    return BU_OK;
}

/* Clause 5.4: beside "!=", a version is followed by no upper bound, and bounds alternate. */
static bulla_status check_sequence(reader *r, const uint8_t *at)
{
    const bu_range *range = r->range;
    const bu_constraint *last = &range->items[range->count - 1];
    bool is_free = !r->is_strict || (range->scheme != NULL && range->scheme->any_order);
    if (is_free || last->comparator == BU_NE)
        return BU_OK;
    bool after_version = r->has_before && r->before.comparator == BU_EQ;
    bool repeats =
        r->has_bound && is_bound(last) && is_upper_bound(&r->bound) == is_upper_bound(last);
    if (repeats || (after_version && is_upper_bound(last)))
        return refuse(r, at, "a constraint that says nothing new behind the one before it");
    r->before = *last;
    r->has_before = true;
    r->bound = is_bound(last) ? *last : r->bound;
    r->has_bound = r->has_bound || is_bound(last);
    return BU_OK;
}

static bulla_status read_constraints(reader *r, bulla_bytes text)
{
    for (;;) {
        size_t end = bu_bytes_find(text, '|');
        if (end == 0)
            return refuse(r, text.ptr, "a constraint is missing");
        BU_TRY(read_constraint(r, bu_bytes_first(text, end)));
        BU_TRY(check_order(r, text.ptr));
        BU_TRY(check_sequence(r, text.ptr));
        if (end == text.len)
            return BU_OK;
        text = (bulla_bytes){ text.ptr + end + 1, text.len - end - 1 };
    }
}

static bool is_type(bulla_bytes type)
{
    for (size_t i = 0; i < type.len; i++) {
        uint8_t c = type.ptr[i];
        bool is_letter = c >= 'a' && c <= 'z';
        if (!is_letter && (i == 0 || (!bu_is_digit(c) && c != '.' && c != '-')))
            return false;
    }
    return type.len > 0;
}

static bool is_only_all(bulla_bytes type)
{
    return bu_bytes_is(type, "all") || bu_bytes_is(type, "none");
}

static bulla_status read_range(reader *r)
{
    bulla_bytes rest = bu_bytes_from(r->all, 5);
    if (!bu_bytes_starts(r->all, "vers:"))
        return refuse(r, r->all.ptr, "it begins with \"vers:\"");
    size_t slash = bu_bytes_find(rest, '/');
    bulla_bytes type = bu_bytes_first(rest, slash);
    if (!is_type(type) || slash == rest.len || bu_bytes_is(type, "invalid"))
        return refuse(r, r->all.ptr + 5,
                      "the type is lower-case letters, digits, dots and dashes, then '/'");
    bulla_bytes constraints = { rest.ptr + slash + 1, rest.len - slash - 1 };
    r->range->type = type;
    r->range->scheme = bu_scheme_of_type(type);
    r->range->all = bu_bytes_is(constraints, "*");
    if (r->range->all)
        return BU_OK;
    if (is_only_all(type))
        return refuse(r, constraints.ptr, "only \"*\" goes with this type");
    return read_constraints(r, constraints);
}

bulla_status bu_vers_parse(bulla_bytes vers, bool is_strict, bu_arena *arena, bu_range *range,
                           bulla_error *err)
{
    *range = (bu_range){ .arena = arena };
    reader r = { .all = vers, .is_strict = is_strict, .range = range, .err = err };
    BU_TRY(check_bytes(&r));
    BU_TRY(read_range(&r));
    return bu_range_sort(range, err);
}

/* Writing */

static void write_version(bulla_bytes version, bu_buf *out)
{
    for (size_t i = 0; i < version.len; i++) {
        uint8_t c = version.ptr[i];
        if (c <= ' ' || c > '~' || strchr("<>=!*|%", c) != NULL)
            bu_buf_add_format(out, "%%%02X", c);
        else
            bu_buf_add_byte(out, c);
    }
}

void bu_vers_write(const bu_range *range, bu_buf *out)
{
    static const char *const signs[] = {
        [BU_NE] = "!=", [BU_LT] = "<", [BU_LE] = "<=", [BU_EQ] = "", [BU_GT] = ">", [BU_GE] = ">="
    };
    bu_buf_add_text(out, "vers:");
    bu_buf_add(out, range->type);
    bu_buf_add_text(out, range->all ? "/*" : "/");
    for (size_t i = 0; !range->all && i < range->count; i++) {
        bu_buf_add_text(out, i == 0 ? "" : "|");
        bu_buf_add_text(out, signs[range->items[i].comparator]);
        write_version(range->items[i].version, out);
    }
}

/* Containment */

/* What single versions say: 1 in, -1 out, 0 nothing. */
static int judge_equal(const bu_range *range, bu_order *order, bulla_bytes version)
{
    int verdict = 0;
    for (size_t i = 0; i < range->count; i++) {
        const bu_constraint *c = &range->items[i];
        bool names = c->comparator != BU_LT && c->comparator != BU_GT;
        if (!names || order(c->version, version) != 0)
            continue;
        if (c->comparator == BU_NE)
            return -1;
        verdict = 1;
    }
    return verdict;
}

/* The version equals none that takes it in. It is in when the nearest bound below it opens an
 * interval or the nearest above it closes one; of several in one direction the widest counts so. */
static bool is_between(const bu_range *range, bulla_bytes version)
{
    const bu_constraint *below = NULL, *above = NULL;
    bool only_excludes = true;
    for (size_t i = 0; i < range->count; i++) {
        const bu_constraint *c = &range->items[i];
        only_excludes = only_excludes && c->comparator == BU_NE;
        if (!is_bound(c))
            continue;
        int order = bu_version_compare(range->scheme, c->version, version);
        if (order < 0 || (order == 0 && is_upper_bound(c)))
            below = c;
        else if (above == NULL)
            above = c;
    }
    return only_excludes || (below != NULL && is_lower_bound(below)) ||
           (above != NULL && is_upper_bound(above));
}

/* Of versions that have no order that is known, the same text is the same version. */
static bulla_status judge_text(const bu_range *range, bulla_bytes version, bool *out,
                               bulla_error *err)
{
    int verdict = range->all ? 1 : judge_equal(range, bu_bytes_compare, version);
    *out = verdict > 0 && !bu_bytes_is(range->type, "none");
    if (verdict != 0)
        return BU_OK;
    return bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE, "versions of this type have no order");
}

bulla_status bu_vers_contains(const bu_range *range, bulla_bytes version, bool *out,
                              bulla_error *err)
{
    *out = false;
    if (range->scheme == NULL)
        return judge_text(range, version, out, err);
    BU_TRY(bu_version_check(range->scheme, version, err));
    int verdict = range->all ? 1 : judge_equal(range, range->scheme->order, version);
    *out = verdict == 0 ? is_between(range, version) : verdict > 0;
    return BU_OK;
}
