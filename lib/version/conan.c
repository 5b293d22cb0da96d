/* SPDX-License-Identifier: MIT */
/*
 * Conan's versions: items parted by dots, then "-pre-release" and "+build",
 * each of the last a version of its own. A number and a word are compared as
 * text, as Conan does, so that "10" < "1a" < "2" < "10".
 */
#include "version/order.h"
#include "version/orders.h"

static bulla_bytes next_item(bulla_bytes *rest)
{
    return bu_take_until(rest, '.');
}

static int compare_items(bulla_bytes a, bulla_bytes b)
{
    bool numbers = bu_all(a, bu_is_digit) && bu_all(b, bu_is_digit);
    return numbers ? bu_compare_numbers(a, b) : bu_bytes_compare(a, b);
}

/* Zeros at the end are nothing. */
static bulla_bytes without_zeros(bulla_bytes items)
{
    for (;;) {
        const uint8_t *dot = items.len == 0 ? NULL : memrchr(items.ptr, '.', items.len);
        size_t from = dot == NULL ? 0 : (size_t)(dot - items.ptr) + 1;
        bulla_bytes last = bu_bytes_from(items, from);
        if (!bu_all(last, bu_is_digit) || !bu_is_zero(last))
            return items;
        items.len = from == 0 ? 0 : from - 1;
    }
}

static int compare_main(bulla_bytes a, bulla_bytes b)
{
    int order = 0;
    a = without_zeros(a);
    b = without_zeros(b);
    while (order == 0 && a.len > 0 && b.len > 0) {
        bulla_bytes left = next_item(&a), right = next_item(&b);
        order = compare_items(left, right);
    }
    return bu_then(order, (a.len > 0) - (b.len > 0));
}

/* Cut what follows the last `mark` off; false when there is no mark. */
static bool cut_last(bulla_bytes *text, uint8_t mark, bulla_bytes *tail)
{
    const uint8_t *at = text->len == 0 ? NULL : memrchr(text->ptr, mark, text->len);
    *tail = (bulla_bytes){ 0 };
    if (at == NULL)
        return false;
    *tail = bu_bytes_from(*text, (size_t)(at - text->ptr) + 1);
    text->len = (size_t)(at - text->ptr);
    return true;
}

typedef struct parts {
    bulla_bytes main, pre, build;
    bool has_pre, has_build;
} parts;

static parts split(bulla_bytes text)
{
    parts out = { .main = text };
    out.has_build = cut_last(&out.main, '+', &out.build);
    out.has_pre = cut_last(&out.main, '-', &out.pre);
    return out;
}

/* A pre-release comes before, a build after what has none. */
int bu_order_conan(bulla_bytes a, bulla_bytes b)
{
    parts left = split(a), right = split(b);
    int order = compare_main(left.main, right.main);
    order = bu_then(order, right.has_pre - left.has_pre);
    order = bu_then(order, compare_main(left.pre, right.pre));
    order = bu_then(order, left.has_build - right.has_build);
    return bu_then(order, compare_main(left.build, right.build));
}
