/* SPDX-License-Identifier: MIT */
/*
 * Swift's Package.resolved: what depends on memory. The format itself is in
 * testdata/ecosystem/swift.
 */
#include "show.h"
#include "suite.h"

static const char *const cases[] = {
    "testdata/ecosystem/swift/valid/v1/Package.resolved",
    "testdata/ecosystem/swift/valid/v2/Package.resolved",
};

START_TEST(no_memory_is_an_error_and_nothing_else)
{
    show_no_memory("swift", cases[_i]);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, no_memory_is_an_error_and_nothing_else, 0,
                        sizeof cases / sizeof cases[0]);
}

int main(void)
{
    return unit_run("swift", add);
}
