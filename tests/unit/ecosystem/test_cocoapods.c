/* SPDX-License-Identifier: MIT */
/*
 * CocoaPods' lockfiles: what depends on memory. The format itself is in
 * testdata/ecosystem/cocoapods.
 */
#include "show.h"
#include "suite.h"

static const char *const cases[] = {
    "testdata/ecosystem/cocoapods/valid/pods/Podfile.lock",
    "testdata/ecosystem/cocoapods/valid/sources/Podfile.lock",
};

START_TEST(no_memory_is_an_error_and_nothing_else)
{
    show_no_memory("cocoapods", cases[_i]);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, no_memory_is_an_error_and_nothing_else, 0,
                        sizeof cases / sizeof cases[0]);
}

int main(void)
{
    return unit_run("cocoapods", add);
}
