/* SPDX-License-Identifier: MIT */
/*
 * Terraform's lockfiles: what depends on memory. The format itself is in
 * testdata/ecosystem/terraform.
 */
#include "show.h"
#include "suite.h"

static const char *const cases[] = {
    "testdata/ecosystem/terraform/valid/two-providers/.terraform.lock.hcl",
    "testdata/ecosystem/terraform/valid/layout/.terraform.lock.hcl",
};

START_TEST(no_memory_is_an_error_and_nothing_else)
{
    show_no_memory("terraform", cases[_i]);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, no_memory_is_an_error_and_nothing_else, 0,
                        sizeof cases / sizeof cases[0]);
}

int main(void)
{
    return unit_run("terraform", add);
}
