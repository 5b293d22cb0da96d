/* SPDX-License-Identifier: MIT */
/*
 * Bundler's lockfiles: what depends on memory. The format itself is in
 * testdata/ecosystem/bundler.
 */
#include "show.h"
#include "suite.h"

static const char *const cases[] = {
    "testdata/ecosystem/bundler/valid/sources/Gemfile.lock",
    "testdata/ecosystem/bundler/valid/platforms/Gemfile.lock",
    "testdata/ecosystem/bundler/valid/missing-dependency/Gemfile.lock",
};

START_TEST(no_memory_is_an_error_and_nothing_else)
{
    show_no_memory("bundler", cases[_i]);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, no_memory_is_an_error_and_nothing_else, 0,
                        sizeof cases / sizeof cases[0]);
}

int main(void)
{
    return unit_run("bundler", add);
}
