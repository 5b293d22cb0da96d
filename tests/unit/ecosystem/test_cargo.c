/* SPDX-License-Identifier: MIT */
/*
 * Cargo's lockfiles: what depends on memory. The format itself is in
 * testdata/ecosystem/cargo.
 */
#include "show.h"
#include "suite.h"

static const char *const cases[] = {
    "testdata/ecosystem/cargo/valid/v1-metadata/Cargo.lock",
    "testdata/ecosystem/cargo/valid/v4-sources/Cargo.lock",
    "testdata/ecosystem/cargo/valid/v4-ambiguous-dependency/Cargo.lock",
};

START_TEST(no_memory_is_an_error_and_nothing_else)
{
    show_no_memory("cargo", cases[_i]);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, no_memory_is_an_error_and_nothing_else, 0,
                        sizeof cases / sizeof cases[0]);
}

int main(void)
{
    return unit_run("cargo", add);
}
