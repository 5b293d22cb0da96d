/* SPDX-License-Identifier: MIT */
/*
 * A duration has one number and one unit: no months or years, whose length
 * depends on when they begin.
 */
#include "base/duration.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/bytes.h"

#define DAY        INT64_C(86400)
#define LONGEST    (36525 * DAY)
#define UNIT_COUNT (sizeof units / sizeof units[0])

/* The largest first. */
static const struct {
    char letter;
    const char *word;
    int64_t seconds;
} units[] = { { 'w', "week", 7 * DAY },
              { 'd', "day", DAY },
              { 'h', "hour", 3600 },
              { 'm', "minute", 60 },
              { 's', "second", 1 } };

static int64_t unit_of(uint8_t letter)
{
    for (size_t i = 0; i < UNIT_COUNT; i++)
        if ((uint8_t)units[i].letter == letter)
            return units[i].seconds;
    return 0;
}

/* Decimal digits without a leading zero, at most LONGEST; 0 when it is none. */
static int64_t number_of(bulla_bytes digits)
{
    int64_t number = 0;
    for (size_t i = 0; i < digits.len; i++) {
        uint8_t c = digits.ptr[i];
        if (c < '0' || c > '9' || (i == 0 && c == '0') || number > LONGEST)
            return 0;
        number = 10 * number + (c - '0');
    }
    return number;
}

bulla_status bu_duration_parse(bulla_bytes text, int64_t *out, bulla_error *err)
{
    int64_t number = 0, unit = 0, seconds = 0;
    if (text.len > 1) {
        number = number_of(bu_bytes_first(text, text.len - 1));
        unit = unit_of(text.ptr[text.len - 1]);
    }
    if (number > 0 && unit > 0 && !__builtin_mul_overflow(number, unit, &seconds) &&
        seconds <= LONGEST) {
        *out = seconds;
        return BU_OK;
    }
    bulla_status status = bu_fail(err, BULLA_E_BAD_TIME, "not a length of time");
    return bu_expected(err, status, BULLA_LIT("a number and a unit like 90d, 24h or 30m"), text);
}

const char *bu_duration_format(int64_t seconds, char out[BU_DURATION_TEXT])
{
    size_t i = 1; /* in days, not in weeks */
    while (i + 1 < UNIT_COUNT && seconds % units[i].seconds != 0)
        i++;
    int64_t number = seconds / units[i].seconds;
    (void)snprintf(out, BU_DURATION_TEXT, "%" PRId64 " %s%s", number, units[i].word,
                   number == 1 ? "" : "s");
    return out;
}
