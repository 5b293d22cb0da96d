/* SPDX-License-Identifier: MIT */
/*
 * GitHub's workflows and actions: what depends on memory. The format itself is in
 * testdata/ecosystem/actions.
 */
#include "show.h"
#include "suite.h"

static const char *const cases[] = {
    "testdata/ecosystem/actions/valid/workflow/action.yml",
    "testdata/ecosystem/actions/valid/unpinned/action.yml",
};

START_TEST(no_memory_is_an_error_and_nothing_else)
{
    show_no_memory("actions", cases[_i]);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, no_memory_is_an_error_and_nothing_else, 0,
                        sizeof cases / sizeof cases[0]);
}

int main(void)
{
    return unit_run("actions", add);
}
