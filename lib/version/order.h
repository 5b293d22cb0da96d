/* SPDX-License-Identifier: MIT */
/*
 * What orders of versions are made of: runs of characters taken from the
 * front, and numbers of any length that are compared as text.
 */
#ifndef BU_VERSION_ORDER_H
#define BU_VERSION_ORDER_H

#include "base/bytes.h"

/** No byte of a version is wrong. */
#define BU_NO_FAULT SIZE_MAX

/** Less than, equal to or greater than zero, as `a` comes before, with or after `b`. */
typedef int bu_order(bulla_bytes a, bulla_bytes b);

/** Offset of the first byte that no version has here, the length when the end is missing, or BU_NO_FAULT. */
typedef size_t bu_fault(bulla_bytes version);

static inline bool bu_is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static inline bool bu_is_letter(uint8_t c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static inline bool bu_is_alnum(uint8_t c)
{
    return bu_is_digit(c) || bu_is_letter(c);
}

/** The first byte, or NUL when there is none: for grammars that have no NUL. */
static inline uint8_t bu_front(bulla_bytes text)
{
    return text.len == 0 ? 0 : text.ptr[0];
}

/** Take `count` bytes, or all, from the front. */
static inline bulla_bytes bu_take_bytes(bulla_bytes *rest, size_t count)
{
    bulla_bytes taken = bu_bytes_first(*rest, count);
    *rest =
        (bulla_bytes){ rest->ptr == NULL ? NULL : rest->ptr + taken.len, rest->len - taken.len };
    return taken;
}

/** Take all at the front that `is`. */
static inline bulla_bytes bu_take_while(bulla_bytes *rest, bool (*is)(uint8_t))
{
    size_t n = 0;
    while (n < rest->len && is(rest->ptr[n]))
        n++;
    return bu_take_bytes(rest, n);
}

/** Take `byte` when it is at the front. */
static inline bool bu_take_byte(bulla_bytes *rest, uint8_t byte)
{
    return rest->len > 0 && rest->ptr[0] == byte && bu_take_bytes(rest, 1).len == 1;
}

/** Take all up to `end`, and `end` itself when it is there. */
static inline bulla_bytes bu_take_until(bulla_bytes *rest, uint8_t end)
{
    bulla_bytes taken = bu_take_bytes(rest, bu_bytes_find(*rest, end));
    (void)bu_take_byte(rest, end);
    return taken;
}

static inline bool bu_all(bulla_bytes text, bool (*is)(uint8_t))
{
    return bu_take_while(&text, is).len > 0 && text.len == 0;
}

/** Length of the word at the front that is `lower` in any case, or 0. */
static inline size_t bu_starts_folded(bulla_bytes text, const char *lower)
{
    size_t n = 0;
    for (; lower[n] != '\0'; n++)
        if (n == text.len || bu_lower(text.ptr[n]) != (uint8_t)lower[n])
            return 0;
    return n;
}

/** Order of decimal numbers; the empty one is 0. */
static inline int bu_compare_numbers(bulla_bytes a, bulla_bytes b)
{
    while (bu_front(a) == '0')
        a = bu_bytes_from(a, 1);
    while (bu_front(b) == '0')
        b = bu_bytes_from(b, 1);
    return a.len != b.len ? (a.len > b.len) - (a.len < b.len) : bu_bytes_compare(a, b);
}

static inline bool bu_is_zero(bulla_bytes number)
{
    return bu_compare_numbers(number, (bulla_bytes){ 0 }) == 0;
}

/** Order of bytes without case. */
static inline int bu_compare_folded(bulla_bytes a, bulla_bytes b)
{
    for (size_t i = 0; i < a.len && i < b.len; i++)
        if (bu_lower(a.ptr[i]) != bu_lower(b.ptr[i]))
            return bu_lower(a.ptr[i]) - bu_lower(b.ptr[i]);
    return (a.len > b.len) - (a.len < b.len);
}

/** The order of one more thing when all before it is equal. */
static inline int bu_then(int order, int next)
{
    return order != 0 ? order : next;
}

#endif
