/* SPDX-License-Identifier: MIT */
/* Times decide about expiry: every text means one second or is refused. */
#include "suite.h"

#include "base/time.h"

static const struct {
    const char *text;
    int64_t want; /* -1: refused */
} rfc3339[] = {
    { "1970-01-01T00:00:00Z", 0 },
    { "2026-11-21T19:12:00Z", 1795288320 },
    { "2024-02-29T23:59:59Z", 1709251199 },
    { "2026-11-21T20:12:00+01:00", 1795288320 },
    { "2026-11-21T14:12:00-05:00", 1795288320 },
    { "2026-11-21T19:12:00.999Z", 1795288320 },
    { "9999-12-31T23:59:59Z", 253402300799 },
    { "2026-11-21", -1 },
    { "2026-11-21T19:12:00", -1 }, /* whose time? */
    { "2023-02-29T00:00:00Z", -1 },
    { "2026-13-01T00:00:00Z", -1 },
    { "2026-00-01T00:00:00Z", -1 },
    { "2026-11-31T00:00:00Z", -1 },
    { "2026-11-21T24:00:00Z", -1 },
    { "2026-11-21T19:60:00Z", -1 },
    { "2026-11-21T19:12:00.Z", -1 },
    { "2026-11-21T19:12:00Zx", -1 },
    { "2026-11-21T19:12:00+24:00", -1 },
    { "+026-11-21T19:12:00Z", -1 },
    { "1969-12-31T23:59:59Z", -1 },
    { "", -1 },
};

START_TEST(rfc3339_means_one_second)
{
    int64_t got = -1;
    bulla_error err = { 0 };
    bulla_status status = bu_time_parse(bu_bytes_of(rfc3339[_i].text), &got, &err);
    if (rfc3339[_i].want < 0) {
        unit_fails(status, BULLA_E_BAD_TIME, err);
        return;
    }
    unit_ok(status, err);
    ck_assert_int_eq(got, rfc3339[_i].want);
}
END_TEST

static const struct {
    const char *text;
    int64_t want;
} rfc5322[] = {
    { "Sat, 21 Nov 2026 19:12:00 UTC", 1795288320 },
    { "Sat, 21 Nov 2026 19:12:00 +0000", 1795288320 },
    { "Thu, 1 Jan 1970 00:00:00 UTC", 0 },
    { "Sun, 21 Nov 2026 19:12:00 UTC", -1 }, /* it was no Sunday */
    { "Sat, 21 Nov 2026 19:12:00 +0100", -1 },
    { "Sat, 21 Foo 2026 19:12:00 UTC", -1 },
    { "Sat, 21 Nov 2026 19:12:00", -1 },
    { "Sat, 21 Nov 2026 19:12:00 UTC ", -1 },
};

START_TEST(rfc5322_means_one_second)
{
    int64_t got = -1;
    bulla_error err = { 0 };
    bulla_status status = bu_time_parse_rfc5322(bu_bytes_of(rfc5322[_i].text), &got, &err);
    if (rfc5322[_i].want < 0) {
        unit_fails(status, BULLA_E_BAD_TIME, err);
        return;
    }
    unit_ok(status, err);
    ck_assert_int_eq(got, rfc5322[_i].want);
}
END_TEST

START_TEST(formatting_is_the_inverse)
{
    char text[BU_TIME_TEXT];
    for (int64_t time = 0; time < 253402300799; time += 86399 * 367) {
        int64_t back;
        bulla_error err = { 0 };
        unit_ok(bu_time_parse(bu_bytes_of(bu_time_format(time, text)), &back, &err), err);
        ck_assert_int_eq(back, time);
    }
    ck_assert_str_eq(bu_time_format(-1, text), "1970-01-01T00:00:00Z");
    ck_assert_str_eq(bu_time_format(INT64_MAX, text), "9999-12-31T23:59:59Z");
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, rfc3339_means_one_second, 0, sizeof rfc3339 / sizeof rfc3339[0]);
    tcase_add_loop_test(tc, rfc5322_means_one_second, 0, sizeof rfc5322 / sizeof rfc5322[0]);
    tcase_add_test(tc, formatting_is_the_inverse);
}

int main(void)
{
    return unit_run("time", add);
}
