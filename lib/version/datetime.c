/* SPDX-License-Identifier: MIT */
/*
 * Points in time as RFC 3339 section 5.6 writes them, "T" and "Z" in either
 * case. Fractions have any length. Refused: what is no date, an hour 24, an
 * offset that no clock has.
 */
#include "version/order.h"
#include "version/orders.h"

static const char pattern[] = "0000-00-00T00:00:00";
#define SECONDS_END (sizeof pattern - 1)

static bulla_bytes fraction_of(bulla_bytes time, bulla_bytes *zone)
{
    *zone = bu_bytes_from(time, SECONDS_END);
    if (!bu_take_byte(zone, '.'))
        return (bulla_bytes){ 0 };
    bulla_bytes fraction = bu_take_while(zone, bu_is_digit);
    while (fraction.len > 0 && fraction.ptr[fraction.len - 1] == '0')
        fraction.len--;
    return fraction;
}

static int number_at(bulla_bytes text, size_t at, size_t digits)
{
    int value = 0;
    for (size_t i = at; i < at + digits; i++)
        value = value * 10 + (text.ptr[i] - '0');
    return value;
}

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* Days since the first of March of the year 0, by the Gregorian calendar. */
static int64_t day_of(int year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year, m = month <= 2 ? month + 9 : month - 3;
    int64_t century_leaps = y >= 0 ? y / 4 - y / 100 + y / 400 : -1;
    return y * 365 + century_leaps + (m * 153 + 2) / 5 + day;
}

static int64_t second_of(bulla_bytes time, bulla_bytes zone)
{
    int64_t day = day_of(number_at(time, 0, 4), number_at(time, 5, 2), number_at(time, 8, 2));
    int64_t second =
        number_at(time, 11, 2) * 3600 + number_at(time, 14, 2) * 60 + number_at(time, 17, 2);
    int64_t offset = zone.len == 1 ? 0 : number_at(zone, 1, 2) * 3600 + number_at(zone, 4, 2) * 60;
    return day * 86400 + second - (bu_front(zone) == '-' ? -offset : offset);
}

int bu_order_datetime(bulla_bytes a, bulla_bytes b)
{
    bulla_bytes a_zone, b_zone;
    bulla_bytes a_fraction = fraction_of(a, &a_zone), b_fraction = fraction_of(b, &b_zone);
    int64_t left = second_of(a, a_zone), right = second_of(b, b_zone);
    return bu_then((left > right) - (left < right), bu_bytes_compare(a_fraction, b_fraction));
}

/* Offset of the first byte that differs from the pattern, where 0 stands for any digit. */
static size_t mismatch(bulla_bytes text, const char *wanted)
{
    for (size_t i = 0; wanted[i] != '\0'; i++) {
        uint8_t c = i < text.len ? text.ptr[i] : 0;
        if (wanted[i] == '0' ? !bu_is_digit(c) : bu_lower(c) != bu_lower((uint8_t)wanted[i]))
            return i;
    }
    return BU_NO_FAULT;
}

static size_t fault_of_fields(bulla_bytes time)
{
    static const uint8_t days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    int year = number_at(time, 0, 4), month = number_at(time, 5, 2), day = number_at(time, 8, 2);
    if (month < 1 || month > 12)
        return 5;
    if (day < 1 || day > days[month - 1] || (month == 2 && day == 29 && !is_leap(year)))
        return 8;
    if (number_at(time, 11, 2) > 23)
        return 11;
    if (number_at(time, 14, 2) > 59)
        return 14;
    return number_at(time, 17, 2) > 60 ? 17 : BU_NO_FAULT;
}

static size_t fault_of_zone(bulla_bytes zone)
{
    if (zone.len == 1 && bu_lower(zone.ptr[0]) == 'z')
        return BU_NO_FAULT;
    size_t at = mismatch(zone, bu_front(zone) == '-' ? "-00:00" : "+00:00");
    if (at != BU_NO_FAULT || zone.len > 6)
        return at != BU_NO_FAULT ? at : 6;
    if (number_at(zone, 1, 2) > 23)
        return 1;
    return number_at(zone, 4, 2) > 59 ? 4 : BU_NO_FAULT;
}

size_t bu_fault_datetime(bulla_bytes version)
{
    bulla_bytes zone;
    size_t at = mismatch(version, pattern);
    if (at == BU_NO_FAULT)
        at = fault_of_fields(version);
    if (at != BU_NO_FAULT)
        return at;
    (void)fraction_of(version, &zone);
    size_t start = version.len - zone.len;
    bool lacks_fraction = start == SECONDS_END + 1;
    at = lacks_fraction ? 0 : fault_of_zone(zone);
    return at == BU_NO_FAULT ? at : start + at;
}
