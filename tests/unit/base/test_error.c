/* SPDX-License-Identifier: MIT */
/* Errors: every code has a name, an exit class and a next step; nothing hostile gets into one. */
#include "suite.h"

#include "bulla/error.h"

START_TEST(every_code_is_told_apart)
{
    ck_assert_str_eq(bulla_code_name(BULLA_OK), "ok");
    for (int code = 1; code <= BULLA_E_INTERNAL; code++) {
        ck_assert_str_ne(bulla_code_name((bulla_code)code), "ok");
        ck_assert_str_ne(bulla_code_next((bulla_code)code), "");
        ck_assert_int_ne(bulla_code_exit((bulla_code)code), BULLA_EXIT_ALLOWED);
        for (int other = 1; other < code; other++)
            ck_assert_str_ne(bulla_code_name((bulla_code)code), bulla_code_name((bulla_code)other));
    }
    ck_assert_int_ne(bulla_code_exit((bulla_code)9999),
                     BULLA_EXIT_ALLOWED); /* no row: still no "ok" */
}
END_TEST

START_TEST(the_worst_exit_class_wins)
{
    static const bulla_exit order[] = { 8, 2, 7, 5, 6, 1, 3, 4, 0 };
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++)
        for (size_t j = i; j < sizeof order / sizeof order[0]; j++) {
            ck_assert_int_eq(bulla_exit_worse(order[i], order[j]), order[i]);
            ck_assert_int_eq(bulla_exit_worse(order[j], order[i]), order[i]);
        }
}
END_TEST

START_TEST(foreign_text_is_escaped)
{
    bulla_error err;
    bulla_status status = bu_fail(&err, BULLA_E_BAD_NAME, "name %s", "\x1b[2J\n::error::");
    ck_assert_str_eq(err.text, "name \\x1B[2J\\x0A::error::");
    (void)bu_in_file(&err, status, "a\rb");
    ck_assert_str_eq(err.file, "a\\x0Db");
    (void)bu_expected(&err, status, BULLA_LIT("x"), BULLA_LIT("\xff\0y"));
    ck_assert_str_eq(err.got, "\\xFF\\x00y");
}
END_TEST

START_TEST(context_comes_in_front_and_fits)
{
    bulla_error err;
    char name[600];
    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    bulla_status status = bu_within(&err, bu_fail(&err, BULLA_E_EMPTY, "empty"), "go.sum");
    ck_assert_str_eq(err.text, "go.sum: empty");
    (void)bu_within(&err, status, "%s", name);
    ck_assert_uint_lt(strlen(err.text), sizeof err.text);
    (void)bu_within(&err, status, "%s", "gr\xc3\xbc\xc3\x9f");
    ck_assert_msg(strncmp(err.text, "gr\xc3\xbc\xc3\x9f: nnn", 10) == 0, "%s", err.text);
}
END_TEST

START_TEST(the_deepest_file_stays)
{
    bulla_error err;
    bulla_status status = bu_in_file(&err, bu_fail(&err, BULLA_E_EMPTY, "empty"), "inner");
    (void)bu_in_file(&err, status, "outer");
    ck_assert_str_eq(err.file, "inner");
    ck_assert_int_eq(bu_fail(NULL, BULLA_E_EMPTY, "no error wanted").code, BULLA_E_EMPTY);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_test(tc, every_code_is_told_apart);
    tcase_add_test(tc, the_worst_exit_class_wins);
    tcase_add_test(tc, foreign_text_is_escaped);
    tcase_add_test(tc, context_comes_in_front_and_fits);
    tcase_add_test(tc, the_deepest_file_stays);
}

int main(void)
{
    return unit_run("error", add);
}
