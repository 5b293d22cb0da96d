/* SPDX-License-Identifier: MIT */
/*
 * Composer's lockfiles: what depends on memory. The format itself is in
 * testdata/ecosystem/composer.
 */
#include "show.h"
#include "suite.h"

static const char *const cases[] = {
    "testdata/ecosystem/composer/valid/packages/composer.lock",
    "testdata/ecosystem/composer/valid/sources/composer.lock",
    "testdata/ecosystem/composer/valid/provided/composer.lock",
};

START_TEST(no_memory_is_an_error_and_nothing_else)
{
    show_no_memory("composer", cases[_i]);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, no_memory_is_an_error_and_nothing_else, 0,
                        sizeof cases / sizeof cases[0]);
}

int main(void)
{
    return unit_run("composer", add);
}
