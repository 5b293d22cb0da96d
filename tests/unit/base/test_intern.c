/* SPDX-License-Identifier: MIT */
/*
 * Numbers for names.
 */
#include "alloc_fail.h"
#include "base/intern.h"
#include "suite.h"

START_TEST(each_name_has_one_number_in_each_space)
{
    BU_CLEAR(bu_intern) names = { 0 };
    bulla_error err = { 0 };
    size_t number;
    ck_assert_uint_eq(bu_intern_find(&names, 0, BULLA_LIT("a")), BU_INTERN_NONE);
    static const struct {
        size_t space;
        const char *key;
        size_t number;
    } cases[] = { { 0, "a", 0 }, { 0, "b", 1 },       { 1, "a", 2 }, { 0, "a", 0 },
                  { 0, "", 3 },  { SIZE_MAX, "", 4 }, { 0, "", 3 },  { 1, "a", 2 } };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        unit_ok(bu_intern_add(&names, cases[i].space, bu_bytes_of(cases[i].key), &number, &err),
                err);
        ck_assert_uint_eq(number, cases[i].number);
        ck_assert_uint_eq(bu_intern_find(&names, cases[i].space, bu_bytes_of(cases[i].key)),
                          cases[i].number);
    }
    ck_assert_uint_eq(bu_intern_find(&names, 2, BULLA_LIT("a")), BU_INTERN_NONE);
    ck_assert_uint_eq(names.count, 5);
    ck_assert_uint_eq(names.items[2].space, 1);
}
END_TEST

START_TEST(numbers_stay_while_it_grows)
{
    BU_CLEAR(bu_intern) names = { 0 };
    bulla_error err = { 0 };
    static char keys[20000][8];
    for (size_t i = 0; i < 20000; i++) {
        size_t number;
        (void)snprintf(keys[i], sizeof keys[i], "%zu", i / 2);
        unit_ok(bu_intern_add(&names, i % 2, bu_bytes_of(keys[i]), &number, &err), err);
        ck_assert_uint_eq(number, i);
    }
    for (size_t i = 0; i < 20000; i++)
        ck_assert_uint_eq(bu_intern_find(&names, i % 2, bu_bytes_of(keys[i])), i);
}
END_TEST

static bulla_status fill(bulla_error *err)
{
    BU_CLEAR(bu_intern) names = { 0 };
    size_t number;
    for (size_t i = 0; i < 100; i++)
        BU_TRY(bu_intern_add(&names, i, BULLA_LIT("x"), &number, err));
    return BU_OK;
}

START_TEST(no_memory_is_an_error)
{
    for (size_t n = 0;; n++) {
        bulla_error err = { 0 };
        alloc_fail_at(n);
        bulla_status status = fill(&err);
        if (!alloc_fail_off()) {
            unit_ok(status, err);
            break;
        }
        unit_fails(status, BULLA_E_NO_MEMORY, err);
    }
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_test(tc, each_name_has_one_number_in_each_space);
    tcase_add_test(tc, numbers_stay_while_it_grows);
    tcase_add_test(tc, no_memory_is_an_error);
}

int main(void)
{
    return unit_run("intern", add);
}
