/* SPDX-License-Identifier: MIT */
/*
 * Ranges that are not requirements: intervals of Maven and NuGet, and the
 * lists of nginx's security advisories ("1.1.4-1.2.8, 1.5.0+").
 */
#include "version/native_semver.h"

/* What is between two brackets, and which brackets they are. */
typedef struct interval {
    bulla_bytes low, high;
    bool takes_low, takes_high, single;
    const uint8_t *at;
} interval;

static bulla_status read_interval(const bu_reading *r, bulla_bytes *rest, interval *out)
{
    *out = (interval){ .at = rest->ptr };
    out->takes_low = bu_front(*rest) == '[';
    if (!bu_take_byte(rest, '[') && !bu_take_byte(rest, '('))
        return bu_native_refuse(r, rest->ptr, "'[' or '(' is missing");
    size_t end = 0;
    while (end < rest->len && rest->ptr[end] != ']' && rest->ptr[end] != ')')
        end++;
    if (end == rest->len)
        return bu_native_refuse(r, out->at, "an interval is not closed");
    bulla_bytes inside = bu_take_bytes(rest, end);
    out->takes_high = bu_front(bu_take_bytes(rest, 1)) == ']';
    size_t comma = bu_bytes_find(inside, ',');
    out->single = comma == inside.len;
    out->low = bu_bytes_trim(bu_bytes_first(inside, comma));
    out->high = out->single ? out->low : bu_bytes_trim(bu_bytes_from(inside, comma + 1));
    return BU_OK;
}

/* `last`: where the interval before ended; empty when it had no end, NULL when there was none. */
static bulla_status check_interval(const bu_reading *r, const interval *i, bulla_bytes last)
{
    const bu_scheme *scheme = r->range->scheme;
    if (i->single && (i->low.len == 0 || !i->takes_low || !i->takes_high))
        return bu_native_refuse(r, i->at, "a single version is between '[' and ']'");
    int order =
        i->low.len == 0 || i->high.len == 0 ? -1 : bu_version_compare(scheme, i->low, i->high);
    if (order > 0 || (order == 0 && (!i->takes_low || !i->takes_high)))
        return bu_native_refuse(r, i->at, "an interval that holds nothing");
    if (last.ptr != NULL &&
        (last.len == 0 || i->low.len == 0 || bu_version_compare(scheme, i->low, last) < 0))
        return bu_native_refuse(r, i->at, "intervals that overlap");
    return BU_OK;
}

static bulla_status add_interval(const bu_reading *r, const interval *i)
{
    bool equal = i->low.len > 0 && i->high.len > 0 &&
                 bu_version_compare(r->range->scheme, i->low, i->high) == 0;
    r->range->all = i->low.len == 0 && i->high.len == 0;
    if (equal)
        return bu_native_add(r, BU_EQ, i->low, i->at);
    if (i->low.len > 0)
        BU_TRY(bu_native_add(r, i->takes_low ? BU_GE : BU_GT, i->low, i->at));
    if (i->high.len > 0)
        BU_TRY(bu_native_add(r, i->takes_high ? BU_LE : BU_LT, i->high, i->at));
    return BU_OK;
}

static bulla_status read_intervals(const bu_reading *r, bulla_bytes rest)
{
    bulla_bytes last = { 0 };
    interval i;
    for (;;) {
        BU_TRY(read_interval(r, &rest, &i));
        BU_TRY(check_interval(r, &i, last));
        BU_TRY(add_interval(r, &i));
        last = (bulla_bytes){ i.at, 0 };
        if (i.high.len > 0)
            last = i.high;
        rest = bu_bytes_trim(rest);
        if (rest.len == 0)
            return BU_OK;
        (void)bu_take_byte(&rest, ',');
        rest = bu_bytes_trim(rest);
    }
}

/* Intervals; signs as in advisories; or a version alone, which `alone` is said of. */
static bulla_status read(bulla_bytes native, bu_comparator alone, bu_range *range, bulla_error *err)
{
    const bu_reading reading = { native, range, err };
    bulla_bytes text = bu_bytes_trim(native);
    uint8_t first = bu_front(text);
    if (first == '[' || first == '(')
        return read_intervals(&reading, text);
    if (text.len == 0 || bu_bytes_is(text, "*") || strchr("<>=!", first) != NULL)
        return bu_native_relation(native, range, err);
    if (bu_bytes_find(text, '*') < text.len || bu_bytes_find(text, ',') < text.len)
        return bu_native_refuse(&reading, text.ptr, "not an interval");
    return bu_native_add(&reading, alone, text, text.ptr);
}

bulla_status bu_native_maven(bulla_bytes native, bu_range *range, bulla_error *err)
{
    return read(native, BU_EQ, range, err);
}

/* To NuGet a version alone is the least that will do. */
bulla_status bu_native_nuget(bulla_bytes native, bu_range *range, bulla_error *err)
{
    return read(native, BU_GE, range, err);
}

/* nginx */

static bulla_status nginx_add(const bu_reading *r, bu_comparator comparator, bulla_bytes version,
                              bu_partial *out)
{
    BU_TRY(bu_partial_read(r, bu_bytes_trim(version), out));
    if (out->is_wild)
        return bu_native_refuse(r, version.ptr, "not a version");
    return bu_partial_add(r, comparator, out, true);
}

/* From this version on: in a stable branch, of even minor number, to the end of the branch. */
static bulla_status nginx_and_later(const bu_reading *r, bulla_bytes version)
{
    bu_partial v;
    BU_TRY(nginx_add(r, BU_GE, version, &v));
    bulla_bytes minor = v.number[1];
    bool is_stable = (minor.ptr[minor.len - 1] - '0') % 2 == 0;
    return is_stable ? bu_partial_add_raised(r, BU_LT, &v, 1) : BU_OK;
}

static bulla_status nginx_clause(const bu_reading *r, bulla_bytes clause)
{
    bu_partial v;
    size_t dash = bu_bytes_find(clause, '-');
    if (bu_bytes_ends(clause, "+"))
        return nginx_and_later(r, bu_bytes_first(clause, clause.len - 1));
    BU_TRY(nginx_add(r, dash < clause.len ? BU_GE : BU_EQ, bu_bytes_first(clause, dash), &v));
    if (dash == clause.len)
        return BU_OK;
    return nginx_add(r, BU_LE, (bulla_bytes){ clause.ptr + dash + 1, clause.len - dash - 1 }, &v);
}

bulla_status bu_native_nginx(bulla_bytes native, bu_range *range, bulla_error *err)
{
    const bu_reading reading = { native, range, err };
    bulla_bytes rest = bu_bytes_trim(native);
    if (bu_bytes_starts(rest, "nginx/Windows "))
        rest = bu_bytes_trim(bu_bytes_from(rest, strlen("nginx/Windows ")));
    range->all = bu_starts_folded(rest, "all") > 0 && rest.len == 3;
    while (!range->all) {
        size_t comma = bu_bytes_find(rest, ',');
        BU_TRY(nginx_clause(&reading, bu_bytes_trim(bu_bytes_first(rest, comma))));
        if (comma == rest.len)
            break;
        rest = (bulla_bytes){ rest.ptr + comma + 1, rest.len - comma - 1 };
    }
    return BU_OK;
}
