/* SPDX-License-Identifier: MIT */
/*
 * [epoch:]version[-release] as rpmvercmp orders them ("~" before the end, "^"
 * after it but before anything else), and Arch Linux's older variant of it.
 */
#include "version/order.h"
#include "version/orders.h"

static bool is_separator(uint8_t c)
{
    return !bu_is_alnum(c) && c != '~' && c != '^';
}

/* Runs at the front of both, of the kind that `a` has; numbers are newer than letters. */
static int compare_runs(bulla_bytes *a, bulla_bytes *b)
{
    bool is_number = bu_is_digit(bu_front(*a));
    bulla_bytes left = bu_take_while(a, is_number ? bu_is_digit : bu_is_letter);
    bulla_bytes right = bu_take_while(b, is_number ? bu_is_digit : bu_is_letter);
    if (right.len == 0)
        return is_number ? 1 : -1;
    return is_number ? bu_compare_numbers(left, right) : bu_bytes_compare(left, right);
}

/* Take "~" or "^" from both; `*order` when only one has it. */
static bool take_mark(bulla_bytes *a, bulla_bytes *b, int *order)
{
    bool a_tilde = bu_take_byte(a, '~'), b_tilde = bu_take_byte(b, '~');
    if (a_tilde || b_tilde) {
        *order = b_tilde - a_tilde;
        return true;
    }
    size_t a_left = a->len, b_left = b->len;
    bool a_caret = bu_take_byte(a, '^'), b_caret = bu_take_byte(b, '^');
    if (a_caret && !b_caret)
        *order = b_left == 0 ? 1 : -1;
    if (b_caret && !a_caret)
        *order = a_left == 0 ? -1 : 1;
    return a_caret || b_caret;
}

static int compare_part(bulla_bytes a, bulla_bytes b)
{
    int order = (a.len > 0) - (b.len > 0);
    if (a.len == 0 || b.len == 0)
        return order;
    while (order == 0) {
        (void)bu_take_while(&a, is_separator);
        (void)bu_take_while(&b, is_separator);
        if (take_mark(&a, &b, &order))
            continue;
        if (a.len == 0 || b.len == 0)
            return (a.len > 0) - (b.len > 0);
        order = compare_runs(&a, &b);
    }
    return order;
}

typedef struct parts {
    bulla_bytes epoch, version, release;
} parts;

static parts split(bulla_bytes text)
{
    parts out = { 0 };
    bulla_bytes rest = text, epoch = bu_take_while(&rest, bu_is_digit);
    if (bu_front(rest) == ':') {
        out.epoch = epoch;
        text = bu_bytes_from(rest, 1);
    }
    out.version = text;
    return out;
}

int bu_order_rpm(bulla_bytes a, bulla_bytes b)
{
    parts left = split(a), right = split(b);
    size_t a_dash = bu_bytes_find(left.version, '-'), b_dash = bu_bytes_find(right.version, '-');
    left.release = bu_bytes_from(left.version, a_dash); /* with its dash: empty is not absent */
    right.release = bu_bytes_from(right.version, b_dash);
    int order = bu_compare_numbers(left.epoch, right.epoch);
    order = bu_then(order, compare_part(bu_bytes_first(left.version, a_dash),
                                        bu_bytes_first(right.version, b_dash)));
    return bu_then(order, compare_part(left.release, right.release));
}

/* Arch Linux: separators of different length decide, and letters that are left over are older. */

static bool is_mark(uint8_t c)
{
    return !bu_is_alnum(c);
}

static int compare_left_over(bulla_bytes a, bulla_bytes b)
{
    if (a.len == 0 && b.len == 0)
        return 0;
    if (a.len == 0)
        return bu_is_letter(bu_front(b)) ? 1 : -1;
    return bu_is_letter(bu_front(a)) ? -1 : 1;
}

static int compare_arch_part(bulla_bytes a, bulla_bytes b)
{
    int order = 0;
    while (order == 0 && a.len > 0 && b.len > 0) {
        bulla_bytes left = bu_take_while(&a, is_mark), right = bu_take_while(&b, is_mark);
        if (a.len == 0 || b.len == 0)
            break;
        order = (left.len > right.len) - (left.len < right.len);
        if (order == 0)
            order = compare_runs(&a, &b);
    }
    return bu_then(order, compare_left_over(a, b));
}

static parts split_arch(bulla_bytes text)
{
    parts out = split(text);
    bulla_bytes all = out.version;
    const uint8_t *dash = all.len == 0 ? NULL : memrchr(all.ptr, '-', all.len);
    if (dash == NULL)
        return out;
    out.version = bu_bytes_first(all, (size_t)(dash - all.ptr));
    out.release = bu_bytes_from(all, (size_t)(dash - all.ptr) + 1);
    return out;
}

int bu_order_alpm(bulla_bytes a, bulla_bytes b)
{
    parts left = split_arch(a), right = split_arch(b);
    int order = bu_compare_numbers(left.epoch, right.epoch);
    order = bu_then(order, compare_arch_part(left.version, right.version));
    if (order != 0 || left.release.len == 0 || right.release.len == 0)
        return order; /* without a release: any */
    return compare_arch_part(left.release, right.release);
}
