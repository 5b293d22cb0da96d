/* SPDX-License-Identifier: MIT */
/*
 * Points in time: one moment has many texts, and texts that are no moment are
 * refused where they go wrong.
 */
#include "suite.h"

#include "version/scheme.h"

static const struct {
    const char *a, *b;
    int want;
} ordered[] = {
    { "2024-01-01T00:00:00Z", "2023-12-31T19:00:00-05:00", 0 },
    { "2024-01-01T00:00:00Z", "2024-01-01t00:00:00z", 0 },
    { "2024-01-01T00:00:00+02:00", "2023-12-31T23:00:00Z", -1 },
    { "2024-03-01T00:30:00+01:00", "2024-02-29T23:30:00Z", 0 },
    { "1900-02-28T23:59:59Z", "1900-03-01T00:00:00Z", -1 },
    { "0000-01-01T00:00:00Z", "0000-12-31T00:00:00Z", -1 },
    { "0000-03-01T00:00:00+23:59", "0000-02-29T00:01:00Z", 0 },
    { "2024-01-01T00:00:00.1Z", "2024-01-01T00:00:00.100000Z", 0 },
    { "2024-01-01T00:00:00.09Z", "2024-01-01T00:00:00.1Z", -1 },
    { "2024-01-01T00:00:00Z", "2024-01-01T00:00:00.0000000000000000000001Z", -1 },
    { "2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z", 0 },
    { "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", 1 },
};

START_TEST(moments_are_ordered_by_time)
{
    const bu_scheme *scheme = bu_scheme_of_type(BULLA_LIT("datetime"));
    bulla_bytes a = bu_bytes_of(ordered[_i].a), b = bu_bytes_of(ordered[_i].b);
    bulla_error err = { 0 };
    unit_ok(bu_version_check(scheme, a, &err), err);
    unit_ok(bu_version_check(scheme, b, &err), err);
    ck_assert_int_eq(bu_version_compare(scheme, a, b), ordered[_i].want);
    ck_assert_int_eq(bu_version_compare(scheme, b, a), -ordered[_i].want);
}
END_TEST

static const struct {
    const char *text;
    uint64_t offset;
} refused[] = {
    { "2024-01-01", 10 },
    { "2024-01-01 00:00:00Z", 10 },
    { "2024-01-01T00:00:00", 19 },
    { "2024-01-01T00:00:00.Z", 20 },
    { "2024-01-01T00:00:00.5", 21 },
    { "2024-00-01T00:00:00Z", 5 },
    { "2024-13-01T00:00:00Z", 5 },
    { "2023-02-29T00:00:00Z", 8 },
    { "1900-02-29T00:00:00Z", 8 },
    { "2024-04-31T00:00:00Z", 8 },
    { "2024-01-01T24:00:00Z", 11 },
    { "2024-01-01T00:60:00Z", 14 },
    { "2024-01-01T00:00:61Z", 17 },
    { "2024-01-01T00:00:00+24:00", 20 },
    { "2024-01-01T00:00:00-00:60", 23 },
    { "2024-01-01T00:00:00+0100", 22 },
    { "2024-01-01T00:00:00+01:000", 25 },
    { "2024-01-01T00:00:00ZZ", 19 },
    { "20240101T000000Z", 4 },
};

START_TEST(a_text_that_is_no_moment_is_refused_at_its_place)
{
    const bu_scheme *scheme = bu_scheme_of_type(BULLA_LIT("datetime"));
    bulla_error err = { 0 };
    unit_fails(bu_version_check(scheme, bu_bytes_of(refused[_i].text), &err), BULLA_E_BAD_SYNTAX,
               err);
    ck_assert_uint_eq(err.offset, refused[_i].offset);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, moments_are_ordered_by_time, 0, sizeof ordered / sizeof ordered[0]);
    tcase_add_loop_test(tc, a_text_that_is_no_moment_is_refused_at_its_place, 0,
                        sizeof refused / sizeof refused[0]);
}

int main(void)
{
    return unit_run("datetime", add);
}
