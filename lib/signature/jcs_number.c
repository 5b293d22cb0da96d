/* SPDX-License-Identifier: MIT */
/*
 * Numbers as ECMAScript's Number::toString writes them: the fewest digits that are read as the same
 * double. Texts go to the C library without a decimal point, so that no locale changes them.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/bytes.h"
#include "signature/jcs.h"

#define MOST_DIGITS 17
#define FAR_AWAY    100000 /* a power of ten at which every double is zero, or has been refused */

/* Digits d1 d2 … dk of a number 0.d1d2…dk × 10^point. */
typedef struct decimal {
    char digits[MOST_DIGITS + 1];
    int count, point;
} decimal;

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static long exponent_of(bulla_bytes text)
{
    bool is_negative = bu_bytes_starts(text, "-");
    long value = 0;
    for (size_t i = 0; i < text.len; i++)
        if (is_digit(text.ptr[i]) && value < FAR_AWAY)
            value = value * 10 + (text.ptr[i] - '0');
    return is_negative ? -value : value;
}

/* Its size, without the sign. */
static bool read(bulla_bytes text, double *out)
{
    BU_CLEAR(bu_buf) plain = { 0 };
    size_t i = bu_bytes_starts(text, "-") ? 1 : 0;
    long point = 0;
    bool is_fraction = false;
    for (; i < text.len && (text.ptr[i] | 0x20) != 'e'; i++) {
        if (is_digit(text.ptr[i]))
            bu_buf_add_byte(&plain, text.ptr[i]);
        point -= is_fraction && is_digit(text.ptr[i]);
        is_fraction = is_fraction || text.ptr[i] == '.';
    }
    bu_buf_add_format(&plain, "e%ld", point + exponent_of(bu_bytes_from(text, i + 1)));
    *out = plain.broken ? 0 : strtod((const char *)plain.ptr, NULL);
    return !plain.broken;
}

static double value_of(const decimal *d)
{
    char text[64];
    (void)snprintf(text, sizeof text, "%se%d", d->digits, d->point - d->count);
    return strtod(text, NULL);
}

/* The nearest number of so many digits. */
static decimal nearest(double value, int count)
{
    char text[64];
    decimal out = { .count = count };
    int digits = 0;
    (void)snprintf(text, sizeof text, "%.*e", count - 1, value);
    const char *at = text;
    for (; *at != 'e'; at++)
        if (is_digit((uint8_t)*at))
            out.digits[digits++] = *at;
    out.point = (int)strtol(at + 1, NULL, 10) + 1;
    return out;
}

/* One more in the last place. Above a power of two a double stands for more than below it, so the
 * next number may be read as the same double when the nearest is not. */
static bool is_next(decimal *d, double value)
{
    int i = d->count - 1;
    if (d->digits[i] == '9')
        return false;
    d->digits[i]++;
    return value_of(d) == value;
}

static decimal shortest(double value)
{
    decimal d = { 0 };
    for (int count = 1; count <= MOST_DIGITS; count++) {
        d = nearest(value, count);
        if (value_of(&d) == value || is_next(&d, value))
            break;
    }
    return d;
}

static void add_zeros(int count, bu_buf *out)
{
    while (count-- > 0)
        bu_buf_add_byte(out, '0');
}

/* ECMAScript, Number::toString, steps 6 to 11. */
static void write(const decimal *d, bu_buf *out)
{
    int e = d->point - 1;
    if (d->point > 21 || d->point <= -6) {
        bu_buf_add_format(out, "%c%s%s", d->digits[0], d->count > 1 ? "." : "", d->digits + 1);
        bu_buf_add_format(out, "e%c%d", e < 0 ? '-' : '+', abs(e));
    } else if (d->point <= 0) {
        bu_buf_add_text(out, "0.");
        add_zeros(-d->point, out);
        bu_buf_add_text(out, d->digits);
    } else if (d->count <= d->point) {
        bu_buf_add_text(out, d->digits);
        add_zeros(d->point - d->count, out);
    } else {
        bu_buf_add_format(out, "%.*s.%s", d->point, d->digits, d->digits + d->point);
    }
}

void bu_jcs_number(bulla_bytes text, bu_buf *out)
{
    double value;
    if (!read(text, &value)) {
        out->broken = true;
        return;
    }
    if (value == 0) { /* also what was written -0 */
        bu_buf_add_byte(out, '0');
        return;
    }
    decimal d = shortest(value);
    if (bu_bytes_starts(text, "-"))
        bu_buf_add_byte(out, '-');
    write(&d, out);
}
