/* SPDX-License-Identifier: MIT */
/* How old an approval may be: a slip of the pen must not make it count for ever. */
#include "suite.h"

#include "base/duration.h"

static const struct {
    const char *text;
    int64_t want; /* -1: refused */
    const char *words;
} cases[] = {
    { "90d", 7776000, "90 days" },
    { "24h", 86400, "1 day" },
    { "30m", 1800, "30 minutes" },
    { "1s", 1, "1 second" },
    { "2w", 1209600, "14 days" },
    { "36h", 129600, "36 hours" },
    { "36525d", 3155760000, "36525 days" },
    { "36526d", -1, "" },
    { "9223372036854775807w", -1, "" },
    { "99999999999999999999d", -1, "" },
    { "0d", -1, "" },
    { "-1d", -1, "" },
    { "+1d", -1, "" },
    { "01d", -1, "" },
    { "1.5d", -1, "" },
    { " 1d", -1, "" },
    { "1 d", -1, "" },
    { "1D", -1, "" },
    { "1y", -1, "" },
    { "1", -1, "" },
    { "d", -1, "" },
    { "", -1, "" },
};

START_TEST(durations_mean_seconds)
{
    int64_t got = -1;
    char words[BU_DURATION_TEXT];
    bulla_error err = { 0 };
    bulla_status status = bu_duration_parse(bu_bytes_of(cases[_i].text), &got, &err);
    if (cases[_i].want < 0) {
        unit_fails(status, BULLA_E_BAD_TIME, err);
        return;
    }
    unit_ok(status, err);
    ck_assert_int_eq(got, cases[_i].want);
    ck_assert_str_eq(bu_duration_format(got, words), cases[_i].words);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, durations_mean_seconds, 0, sizeof cases / sizeof cases[0]);
}

int main(void)
{
    return unit_run("duration", add);
}
