/* SPDX-License-Identifier: MIT */
/*
 * Versions that are numbers alone: CRAN (dots and dashes), Hackage, intdot of
 * the vers specification (whatever follows the numbers is ignored), Perl's
 * decimals and dotted decimals.
 */
#include "version/order.h"
#include "version/orders.h"

static bool is_separator(uint8_t c)
{
    return c == '.' || c == '-';
}

/* Of two that begin alike the longer one is greater. */
int bu_order_numbers(bulla_bytes a, bulla_bytes b)
{
    int order = 0;
    while (order == 0 && a.len > 0 && b.len > 0) {
        order = bu_compare_numbers(bu_take_while(&a, bu_is_digit), bu_take_while(&b, bu_is_digit));
        (void)bu_take_bytes(&a, 1);
        (void)bu_take_bytes(&b, 1);
    }
    return bu_then(order, (a.len > 0) - (b.len > 0));
}

static size_t fault_of(bulla_bytes version, bool dashes)
{
    bool after_digit = false;
    for (size_t i = 0; i < version.len; i++) {
        uint8_t c = version.ptr[i];
        bool separates = dashes ? is_separator(c) : c == '.';
        if (!bu_is_digit(c) && !(separates && after_digit))
            return i;
        after_digit = bu_is_digit(c);
    }
    return after_digit ? BU_NO_FAULT : version.len;
}

size_t bu_fault_cran(bulla_bytes version)
{
    return fault_of(version, true);
}

size_t bu_fault_hackage(bulla_bytes version)
{
    return fault_of(version, false);
}

/* The next number of an intdot version; empty at its end. */
static bulla_bytes next_number(bulla_bytes *rest)
{
    bulla_bytes number = bu_take_while(rest, bu_is_digit);
    if (number.len == 0 || !bu_take_byte(rest, '.'))
        *rest = (bulla_bytes){ 0 };
    return number;
}

int bu_order_intdot(bulla_bytes a, bulla_bytes b)
{
    int order = 0;
    while (order == 0 && (a.len > 0 || b.len > 0)) {
        bulla_bytes left = next_number(&a), right = next_number(&b);
        order = bu_compare_numbers(left, right);
    }
    return order;
}

size_t bu_fault_intdot(bulla_bytes version)
{
    return bu_is_digit(bu_front(version)) ? BU_NO_FAULT : 0;
}

/* Perl: "1.2.3" and "v1.2" are dotted; of "1.002003" each three decimals are a number. */

typedef struct perl {
    bulla_bytes rest;
    bool dotted, first;
} perl;

static perl perl_of(bulla_bytes version)
{
    bool has_v = bu_front(version) == 'v';
    bulla_bytes rest = bu_bytes_from(version, has_v), tail = rest;
    (void)bu_take_until(&tail, '.');
    return (perl){ rest, has_v || bu_bytes_find(tail, '.') < tail.len, true };
}

/* The next three decimals as a number from 0 to 999; underscores do not count. */
static int next_decimals(bulla_bytes *rest)
{
    int value = 0, count = 0;
    while (count < 3) {
        if (bu_take_byte(rest, '_'))
            continue;
        bulla_bytes digit = bu_take_bytes(rest, 1);
        value = value * 10 + (digit.len == 0 ? 0 : digit.ptr[0] - '0');
        count++;
    }
    return value;
}

static int compare_decimals(bulla_bytes number, int decimals)
{
    uint8_t text[] = { (uint8_t)('0' + decimals / 100), (uint8_t)('0' + decimals / 10 % 10),
                       (uint8_t)('0' + decimals % 10) };
    return bu_compare_numbers(number, (bulla_bytes){ text, sizeof text });
}

static int compare_perl_parts(perl *a, perl *b)
{
    if (a->first || (a->dotted && b->dotted)) {
        bulla_bytes left = bu_take_until(&a->rest, '.'), right = bu_take_until(&b->rest, '.');
        a->first = b->first = false;
        return bu_compare_numbers(left, right);
    }
    if (a->dotted)
        return compare_decimals(bu_take_until(&a->rest, '.'), next_decimals(&b->rest));
    if (b->dotted)
        return -compare_decimals(bu_take_until(&b->rest, '.'), next_decimals(&a->rest));
    return next_decimals(&a->rest) - next_decimals(&b->rest);
}

int bu_order_cpan(bulla_bytes a, bulla_bytes b)
{
    perl left = perl_of(a), right = perl_of(b);
    int order = 0;
    while (order == 0 && (left.rest.len > 0 || right.rest.len > 0))
        order = compare_perl_parts(&left, &right);
    return order;
}

size_t bu_fault_cpan(bulla_bytes version)
{
    bool has_v = bu_front(version) == 'v', after_digit = false, decimal = false;
    for (size_t i = has_v; i < version.len; i++) {
        uint8_t c = version.ptr[i];
        if (!bu_is_digit(c) && !(after_digit && (c == '.' || (c == '_' && decimal))))
            return i;
        decimal = decimal || c == '.';
        after_digit = bu_is_digit(c);
    }
    return after_digit ? BU_NO_FAULT : version.len;
}
