/* SPDX-License-Identifier: MIT */
/* The pool: every index once, whatever the number of threads. */
#include "suite.h"

#include "base/limits.h"
#include "io/pool.h"

#define COUNT 5000

static void mark(void *context, size_t worker, size_t index)
{
    int *seen = context;
    ck_assert_uint_lt(worker, 8);
    __atomic_add_fetch(&seen[index], 1, __ATOMIC_RELAXED);
}

START_TEST(every_index_once)
{
    static int seen[COUNT];
    static size_t order[COUNT];
    for (size_t i = 0; i < COUNT; i++)
        order[i] = COUNT - 1 - i;
    bulla_error err = { 0 };
    unit_ok(bu_pool_run((size_t)_i, order, COUNT, mark, seen, &err), err);
    for (size_t i = 0; i < COUNT; i++)
        ck_assert_int_eq(seen[i], 1);
    unit_ok(bu_pool_run((size_t)_i, order, 0, mark, seen, &err), err);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, every_index_once, 0, 9);
}

int main(void)
{
    return unit_run("pool", add);
}
