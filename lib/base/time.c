/* SPDX-License-Identifier: MIT */
/*
 * RFC 3339 and RFC 5322 dates to Unix seconds and back; proleptic Gregorian
 * calendar, no leap seconds, no locale, no time zone of the machine.
 */
#include "base/time.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/reader.h"

/* Days since 1970-01-01 (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms"). */
static int64_t days_of(int64_t year, int64_t month, int64_t day)
{
    year -= month <= 2;
    int64_t era = year / 400;
    int64_t of_era = year - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static int64_t days_in_month(int64_t year, int64_t month)
{
    static const int8_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return days[month - 1] + (month == 2 && leap);
}

/* Exactly `count` digits; -1 when they are not there. */
static int64_t digits(bu_reader *r, size_t count, const char *what)
{
    bulla_bytes text = bu_take(r, count, what);
    int64_t value = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            r->wanted = r->wanted == NULL ? what : r->wanted;
        value = value * 10 + (text.ptr[i] - '0');
    }
    return r->wanted == NULL ? value : -1;
}

static bulla_status bad_time(bulla_bytes text, bulla_error *err)
{
    bulla_status status = bu_fail(err, BULLA_E_BAD_TIME, "not a time");
    return bu_expected(err, status, BULLA_LIT("a time like 2026-11-21T00:00:00Z"), text);
}

typedef struct clock_parts {
    int64_t year, month, day, hour, minute, second;
} clock_parts;

static bool to_seconds(const clock_parts *c, int64_t *out)
{
    if (c->year < 1970 || c->year > 9999 || c->month < 1 || c->month > 12 || c->day < 1 ||
        c->day > days_in_month(c->year, c->month) || c->hour > 23 || c->minute > 59 ||
        c->second > 59)
        return false;
    *out = days_of(c->year, c->month, c->day) * 86400 + c->hour * 3600 + c->minute * 60 + c->second;
    return true;
}

/* RFC 3339 "time-offset" in seconds; both of its sides are judged by the caller through `r`. */
static int64_t offset_of(bu_reader *r)
{
    if (bu_accept(r, BULLA_LIT("Z")) || bu_accept(r, BULLA_LIT("z")))
        return 0;
    int64_t sign = bu_accept(r, BULLA_LIT("-")) ? -1 : 1;
    if (sign == 1)
        bu_expect(r, BULLA_LIT("+"), "Z or an offset");
    int64_t hours = digits(r, 2, "hours");
    bu_expect(r, BULLA_LIT(":"), "\":\"");
    int64_t minutes = digits(r, 2, "minutes");
    if (hours > 23 || minutes > 59)
        r->wanted = r->wanted == NULL ? "an offset" : r->wanted;
    return sign * (hours * 3600 + minutes * 60);
}

bulla_status bu_time_parse(bulla_bytes text, int64_t *out, bulla_error *err)
{
    bu_reader r = bu_reader_of(text);
    clock_parts c = { .year = digits(&r, 4, "year") };
    bu_expect(&r, BULLA_LIT("-"), "\"-\"");
    c.month = digits(&r, 2, "month");
    bu_expect(&r, BULLA_LIT("-"), "\"-\"");
    c.day = digits(&r, 2, "day");
    if (!bu_accept(&r, BULLA_LIT("T")) && !bu_accept(&r, BULLA_LIT("t")))
        bu_expect(&r, BULLA_LIT(" "), "\"T\"");
    c.hour = digits(&r, 2, "hour");
    bu_expect(&r, BULLA_LIT(":"), "\":\"");
    c.minute = digits(&r, 2, "minute");
    bu_expect(&r, BULLA_LIT(":"), "\":\"");
    c.second = digits(&r, 2, "second");
    if (bu_accept(&r, BULLA_LIT("."))) {
        (void)digits(&r, 1, "fraction");
        while (r.rest.len > 0 && r.rest.ptr[0] >= '0' && r.rest.ptr[0] <= '9')
            (void)bu_take(&r, 1, "fraction");
    }
    int64_t offset = offset_of(&r);
    int64_t seconds = 0;
    if (r.wanted != NULL || r.rest.len > 0 || !to_seconds(&c, &seconds))
        return bad_time(text, err);
    *out = seconds - offset;
    return BU_OK;
}

bulla_status bu_time_parse_rfc5322(bulla_bytes text, int64_t *out, bulla_error *err)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    static const char days[] = "MonTueWedThuFriSatSun";
    bu_reader r = bu_reader_of(text);
    clock_parts c = { 0 };
    bulla_bytes weekday = bu_take(&r, 3, "day of the week");
    bu_expect(&r, BULLA_LIT(", "), "\", \"");
    size_t width = r.rest.len > 1 && r.rest.ptr[1] == ' ' ? 1 : 2;
    c.day = digits(&r, width, "day");
    bu_expect(&r, BULLA_LIT(" "), "a blank");
    bulla_bytes month = bu_take(&r, 3, "month");
    for (int64_t i = 0; i < 12; i++)
        if (bu_bytes_equal(month, (bulla_bytes){ (const uint8_t *)months + 3 * i, 3 }))
            c.month = i + 1;
    bu_expect(&r, BULLA_LIT(" "), "a blank");
    c.year = digits(&r, 4, "year");
    bu_expect(&r, BULLA_LIT(" "), "a blank");
    c.hour = digits(&r, 2, "hour");
    bu_expect(&r, BULLA_LIT(":"), "\":\"");
    c.minute = digits(&r, 2, "minute");
    bu_expect(&r, BULLA_LIT(":"), "\":\"");
    c.second = digits(&r, 2, "second");
    if (!bu_accept(&r, BULLA_LIT(" UTC")) && !bu_accept(&r, BULLA_LIT(" GMT")))
        bu_expect(&r, BULLA_LIT(" +0000"), "UTC");
    int64_t seconds = 0;
    if (r.wanted != NULL || r.rest.len > 0 || !to_seconds(&c, &seconds))
        return bad_time(text, err);
    size_t day = (size_t)((seconds / 86400 + 3) % 7); /* 1970-01-01 was a Thursday */
    if (!bu_bytes_equal(weekday, (bulla_bytes){ (const uint8_t *)days + 3 * day, 3 }))
        return bad_time(text, err);
    *out = seconds;
    return BU_OK;
}

const char *bu_time_format(int64_t time, char out[BU_TIME_TEXT])
{
    const int64_t last = 253402300799; /* 9999-12-31T23:59:59Z */
    time = time < 0 ? 0 : time > last ? last : time;
    int64_t day = time / 86400 + 719468, second = time % 86400;
    int64_t era = day / 146097, of_era = day - era * 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t shifted = (5 * of_year + 2) / 153;
    int64_t month = shifted < 10 ? shifted + 3 : shifted - 9;
    year += era * 400 + (month <= 2);
    char text[64];
    (void)snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02dZ", (int)year, (int)month,
                   (int)(of_year - (153 * shifted + 2) / 5 + 1), (int)(second / 3600),
                   (int)(second / 60 % 60), (int)(second % 60));
    memcpy(out, text, BU_TIME_TEXT - 1);
    out[BU_TIME_TEXT - 1] = '\0';
    return out;
}
