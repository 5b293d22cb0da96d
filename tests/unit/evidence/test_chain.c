/* SPDX-License-Identifier: MIT */
/*
 * Looking up what signed indexes list: all entries for one package, version
 * and architecture, and none of a neighbour.
 */
#include "evidence/chain.h"
#include "suite.h"

/* Sorted, as bu_chain_load() leaves them. */
static bu_listed listed[] = {
    { .entry = { .package = "a", .version = "1", .architecture = "all", .line = 1 } },
    { .entry = { .package = "a", .version = "1", .architecture = "amd64", .line = 2 } },
    { .entry = { .package = "a", .version = "1", .architecture = "amd64", .line = 3 } },
    { .entry = { .package = "a", .version = "1", .architecture = "amd64", .line = 4 } },
    { .entry = { .package = "a", .version = "1+b1", .architecture = "amd64", .line = 5 } },
    { .entry = { .package = "a-b", .version = "1", .architecture = "amd64", .line = 6 } },
};
static const bu_chain chain = { .listed = listed, .count = sizeof listed / sizeof listed[0] };

static const struct {
    const char *name, *version, *architecture;
    uint32_t line; /* of the first; 0: none */
    size_t count;
} cases[] = {
    { "a", "1", "all", 1, 1 },     { "a", "1", "amd64", 2, 3 },  { "a", "1+b1", "amd64", 5, 1 },
    { "a-b", "1", "amd64", 6, 1 }, { "a", "1+b1", "all", 0, 0 }, { "a", "2", "amd64", 0, 0 },
    { "b", "1", "amd64", 0, 0 },   { "", "", "", 0, 0 },         { "a", NULL, NULL, 0, 0 },
};

START_TEST(all_entries_of_one_package_are_found)
{
    const bulla_component component = { .name = cases[_i].name,
                                        .version = cases[_i].version,
                                        .architecture = cases[_i].architecture };
    size_t count = 99;
    const bu_listed *found = bu_chain_find(&chain, &component, &count);
    ck_assert_uint_eq(count, cases[_i].count);
    if (cases[_i].line == 0)
        ck_assert_ptr_null(found);
    else
        ck_assert_uint_eq(found->entry.line, cases[_i].line);
}
END_TEST

START_TEST(an_empty_chain_lists_nothing)
{
    const bu_chain empty = { 0 };
    const bulla_component component = { .name = "a", .version = "1", .architecture = "all" };
    size_t count = 99;
    ck_assert_ptr_null(bu_chain_find(&empty, &component, &count));
    ck_assert_uint_eq(count, 0);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, all_entries_of_one_package_are_found, 0,
                        sizeof cases / sizeof cases[0]);
    tcase_add_test(tc, an_empty_chain_lists_nothing);
}

int main(void)
{
    return unit_run("chain", add);
}
