/* SPDX-License-Identifier: MIT */
/*
 * What a failed check stands for: what could not be read must not become a
 * reproach, and what is wrong must not become a mere lack.
 */
#include "evidence/facts.h"
#include "suite.h"

static const struct {
    bulla_code code;
    bulla_exit exit; /* given by bu_as(); ALLOWED: the code's own */
    bulla_outcome outcome;
} cases[] = {
    { BULLA_E_HASH_MISMATCH, BULLA_EXIT_ALLOWED, BULLA_BROKEN },
    { BULLA_E_BAD_SIGNATURE, BULLA_EXIT_ALLOWED, BULLA_BROKEN },
    { BULLA_E_TRUNCATED, BULLA_EXIT_ALLOWED, BULLA_BROKEN },
    { BULLA_E_SPECIAL_FILE, BULLA_EXIT_ALLOWED, BULLA_BROKEN },
    { BULLA_E_RESOURCE_LIMIT, BULLA_EXIT_ALLOWED, BULLA_BROKEN },
    { BULLA_E_EXPIRED, BULLA_EXIT_ALLOWED, BULLA_BROKEN },
    { BULLA_E_MISSING_FILE, BULLA_EXIT_DENIED, BULLA_BROKEN }, /* a manifest that must be there */
    { BULLA_E_MISSING_FILE, BULLA_EXIT_ALLOWED, BULLA_ABSENT },
    { BULLA_E_MISSING_FILE, BULLA_EXIT_TRUST, BULLA_ABSENT },
    { BULLA_E_WEAK_HASH, BULLA_EXIT_ALLOWED, BULLA_ABSENT },
    { BULLA_E_UNTRUSTED_KEY, BULLA_EXIT_ALLOWED, BULLA_ABSENT },
    { BULLA_E_THRESHOLD, BULLA_EXIT_ALLOWED, BULLA_ABSENT },
    { BULLA_E_UNREADABLE, BULLA_EXIT_ALLOWED, BULLA_UNDECIDED },
    { BULLA_E_UNREADABLE, BULLA_EXIT_UNPROVEN, BULLA_UNDECIDED },
    { BULLA_E_INTERRUPTED, BULLA_EXIT_ALLOWED, BULLA_UNDECIDED },
    { BULLA_E_MISSING_FILE, BULLA_EXIT_IO, BULLA_UNDECIDED },
    { BULLA_E_INTERNAL, BULLA_EXIT_ALLOWED, BULLA_UNDECIDED },
};

START_TEST(the_outcome_of_a_failure)
{
    bulla_error err = { 0 };
    bulla_status status = bu_fail(&err, cases[_i].code, "x");
    if (cases[_i].exit != BULLA_EXIT_ALLOWED)
        (void)bu_as(&err, status, cases[_i].exit);
    ck_assert_int_eq(bu_outcome_of(&err), cases[_i].outcome);
}
END_TEST

START_TEST(nothing_that_failed_is_held)
{
    for (int code = BULLA_OK; code < 100; code++)
        for (int exit = 0; exit <= BULLA_EXIT_INTERNAL; exit++) {
            const bulla_error err = { .code = (bulla_code)code, .exit = (bulla_exit)exit };
            ck_assert_int_ne(bu_outcome_of(&err), BULLA_HELD);
        }
}
END_TEST

START_TEST(a_finding_is_the_error_it_was_made_of)
{
    bu_arena *arena = bu_arena_new();
    bulla_error err = { 0 }, again, none;
    bulla_finding finding;
    bulla_status status = bu_fail(&err, BULLA_E_HASH_MISMATCH, "a %s", "\x1b[2J");
    (void)bu_expected(&err, status, BULLA_LIT("1"), BULLA_LIT("2"));
    (void)bu_in_file(&err, bu_at(&err, status, 3, 4), "f");
    unit_ok(bu_finding_of(&err, arena, &finding, &none), none);
    unit_fails(bu_finding_raise(&finding, &again), BULLA_E_HASH_MISMATCH, again);
    ck_assert_str_eq(again.text, err.text);
    ck_assert_ptr_null(strchr(again.text, 0x1b));
    ck_assert_str_eq(again.expected, "1");
    ck_assert_str_eq(again.got, "2");
    ck_assert_str_eq(again.file, "f");
    ck_assert_uint_eq(again.line, 3);
    ck_assert_uint_eq(again.column, 4);
    bu_arena_free(arena);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, the_outcome_of_a_failure, 0, sizeof cases / sizeof cases[0]);
    tcase_add_test(tc, nothing_that_failed_is_held);
    tcase_add_test(tc, a_finding_is_the_error_it_was_made_of);
}

int main(void)
{
    return unit_run("facts", add);
}
