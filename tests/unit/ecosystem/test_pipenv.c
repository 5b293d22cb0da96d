/* SPDX-License-Identifier: MIT */
/*
 * Pipenv's lockfile: what cases cannot say. The format itself is in
 * testdata/ecosystem/pipenv.
 */
#include "no_memory.h"

START_TEST(no_memory_is_an_error_and_nothing_else)
{
    no_memory_is_an_error_alone("pipenv", "categories", "Pipfile.lock");
    no_memory_is_an_error_alone("pipenv", "sources", "Pipfile.lock");
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_test(tc, no_memory_is_an_error_and_nothing_else);
}

int main(void)
{
    return unit_run("pipenv", add);
}
