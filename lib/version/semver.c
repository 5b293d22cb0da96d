/* SPDX-License-Identifier: MIT */
/*
 * Semantic Versioning 2.0.0 section 11 and its relatives: a leading "v", fewer
 * or more than three numbers, NuGet's caseless pre-releases, Dart's ordered
 * builds. Go's pseudo-versions and "+incompatible" follow from the rules.
 */
#include "version/order.h"
#include "version/orders.h"

typedef struct semver {
    bulla_bytes numbers, pre, build;
} semver;

static bool is_number(uint8_t c)
{
    return bu_is_digit(c) || c == '.';
}

static bulla_bytes without_v(bulla_bytes version)
{
    bool has_v = version.len > 1 && (version.ptr[0] | 0x20) == 'v';
    return bu_bytes_from(version, has_v);
}

static semver parse(bulla_bytes version)
{
    semver out = { 0 };
    bulla_bytes rest = without_v(version);
    out.numbers = bu_take_while(&rest, is_number);
    (void)bu_take_byte(&rest, '-');
    out.pre = bu_take_until(&rest, '+');
    out.build = rest;
    return out;
}

static int compare_numbers(bulla_bytes a, bulla_bytes b)
{
    int order = 0;
    while (order == 0 && (a.len > 0 || b.len > 0)) {
        bulla_bytes left = bu_take_until(&a, '.'), right = bu_take_until(&b, '.');
        order = bu_compare_numbers(left, right);
    }
    return order;
}

static int compare_identifiers(bulla_bytes a, bulla_bytes b, bool fold)
{
    bool a_number = bu_all(a, bu_is_digit), b_number = bu_all(b, bu_is_digit);
    if (a_number && b_number)
        return bu_compare_numbers(a, b);
    if (a_number || b_number)
        return b_number - a_number;
    return fold ? bu_compare_folded(a, b) : bu_bytes_compare(a, b);
}

/* Of two lists that begin alike the longer one is greater. */
static int compare_lists(bulla_bytes a, bulla_bytes b, bool fold)
{
    int order = 0;
    while (order == 0 && a.len > 0 && b.len > 0) {
        bulla_bytes left = bu_take_until(&a, '.'), right = bu_take_until(&b, '.');
        order = compare_identifiers(left, right, fold);
    }
    return bu_then(order, (a.len > 0) - (b.len > 0));
}

/* None at all comes last. */
static int compare_pre(bulla_bytes a, bulla_bytes b, bool fold)
{
    if (a.len == 0 || b.len == 0)
        return (a.len == 0) - (b.len == 0);
    return compare_lists(a, b, fold);
}

static int compare(const semver *a, const semver *b, bool fold)
{
    int order = compare_numbers(a->numbers, b->numbers);
    return bu_then(order, compare_pre(a->pre, b->pre, fold));
}

int bu_order_semver(bulla_bytes a, bulla_bytes b)
{
    semver left = parse(a), right = parse(b);
    return compare(&left, &right, false);
}

int bu_order_nuget(bulla_bytes a, bulla_bytes b)
{
    semver left = parse(a), right = parse(b);
    return compare(&left, &right, true);
}

int bu_order_pub(bulla_bytes a, bulla_bytes b)
{
    semver left = parse(a), right = parse(b);
    int order = compare(&left, &right, false);
    return bu_then(order, compare_lists(left.build, right.build, false));
}

/* What registries have is wider than the specification; no version begins otherwise than so. */
size_t bu_fault_semver(bulla_bytes version)
{
    bulla_bytes rest = without_v(version);
    return bu_is_digit(bu_front(rest)) ? BU_NO_FAULT : version.len - rest.len;
}
