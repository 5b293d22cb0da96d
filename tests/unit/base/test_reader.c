/* SPDX-License-Identifier: MIT */
/* The reader: the first missing piece is told with its column, and nothing after it is believed. */
#include "suite.h"

#include "base/reader.h"

static const struct {
    const char *text;
    bulla_code want;
    uint32_t column;
} cases[] = {
    { "name 12 end", BULLA_OK, 0 },
    { "name 12 end.", BULLA_E_TRAILING_DATA, 12 },
    { " 12 end", BULLA_E_BAD_SYNTAX, 1 },
    { "name 012 end", BULLA_E_BAD_SYNTAX, 6 },
    { "name 101 end", BULLA_E_BAD_SYNTAX, 6 },
    { "name -1 end", BULLA_E_BAD_SYNTAX, 6 },
    { "name 99999999999999999999 end", BULLA_E_BAD_SYNTAX, 6 },
    { "name 12 en", BULLA_E_BAD_SYNTAX, 9 },
    { "name", BULLA_E_BAD_SYNTAX, 1 },
    { "", BULLA_E_BAD_SYNTAX, 1 },
};

START_TEST(the_first_missing_piece_is_told)
{
    bu_reader r = bu_reader_of(bu_bytes_of(cases[_i].text));
    bulla_error err = { 0 };
    (void)bu_until(&r, ' ', "a name");
    (void)bu_number(&r, 100, "a number up to 100");
    bu_expect(&r, BULLA_LIT(" "), "a blank");
    bu_expect(&r, BULLA_LIT("end"), "\"end\"");
    bulla_status status = bu_done(&r, &err);
    ck_assert_int_eq(status.code, cases[_i].want);
    ck_assert_uint_eq(err.column, cases[_i].column);
}
END_TEST

START_TEST(a_broken_reader_gives_nothing)
{
    bu_reader r = bu_reader_of(BULLA_LIT("abc def"));
    bu_expect(&r, BULLA_LIT("x"), "x");
    ck_assert_uint_eq(bu_take(&r, 1, "one").len, 0);
    ck_assert_uint_eq(bu_until(&r, ' ', "word").len, 0);
    ck_assert_uint_eq(bu_rest(&r).len, 0);
    ck_assert(!bu_accept(&r, BULLA_LIT("a")));
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, the_first_missing_piece_is_told, 0, sizeof cases / sizeof cases[0]);
    tcase_add_test(tc, a_broken_reader_gives_nothing);
}

int main(void)
{
    return unit_run("reader", add);
}
