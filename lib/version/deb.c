/* SPDX-License-Identifier: MIT */
/*
 * Debian policy 5.6.12: [epoch:]upstream[-revision]. "~" sorts before the end,
 * letters before all other characters, runs of digits as numbers.
 */
#include "version/order.h"
#include "version/orders.h"

static int weight(uint8_t c)
{
    if (c == '~')
        return -1;
    if (c == 0 || bu_is_digit(c))
        return 0;
    return bu_is_letter(c) ? c : c + 256;
}

static int compare_text(bulla_bytes *a, bulla_bytes *b)
{
    int order = 0;
    while (order == 0 && (weight(bu_front(*a)) != 0 || weight(bu_front(*b)) != 0)) {
        order = weight(bu_front(*a)) - weight(bu_front(*b));
        (void)bu_take_bytes(a, 1);
        (void)bu_take_bytes(b, 1);
    }
    return order;
}

static int compare_part(bulla_bytes a, bulla_bytes b)
{
    int order = 0;
    while (order == 0 && (a.len > 0 || b.len > 0)) {
        order = compare_text(&a, &b);
        bulla_bytes left = bu_take_while(&a, bu_is_digit), right = bu_take_while(&b, bu_is_digit);
        order = bu_then(order, bu_compare_numbers(left, right));
    }
    return order;
}

typedef struct parts {
    bulla_bytes epoch, upstream, revision;
} parts;

static parts split(bulla_bytes version)
{
    parts out = { 0 };
    size_t colon = bu_bytes_find(version, ':');
    if (colon < version.len) {
        out.epoch = bu_bytes_first(version, colon);
        version = bu_bytes_from(version, colon + 1);
    }
    const uint8_t *dash = version.len == 0 ? NULL : memrchr(version.ptr, '-', version.len);
    size_t end = dash == NULL ? version.len : (size_t)(dash - version.ptr);
    out.upstream = bu_bytes_first(version, end);
    out.revision = bu_bytes_from(version, end + 1);
    return out;
}

int bu_order_deb(bulla_bytes a, bulla_bytes b)
{
    parts left = split(a), right = split(b);
    int order = bu_compare_numbers(left.epoch, right.epoch);
    order = bu_then(order, compare_part(left.upstream, right.upstream));
    return bu_then(order, compare_part(left.revision, right.revision));
}

int bu_order_opam(bulla_bytes a, bulla_bytes b)
{
    return compare_part(a, b);
}

size_t bu_fault_deb(bulla_bytes version)
{
    bulla_bytes rest = version, epoch = bu_take_while(&rest, bu_is_digit);
    size_t start = bu_front(rest) == ':' ? epoch.len + 1 : 0;
    const char *others = start > 0 ? ".+-~:" : ".+-~";
    if (start == 1 || start == version.len)
        return start == 1 ? 0 : version.len;
    for (size_t i = start; i < version.len; i++)
        if (!bu_is_alnum(version.ptr[i]) && strchr(others, version.ptr[i]) == NULL)
            return i;
    return bu_front(bu_bytes_from(version, start)) == '-' ? start : BU_NO_FAULT;
}
