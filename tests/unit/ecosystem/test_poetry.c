/* SPDX-License-Identifier: MIT */
/*
 * Poetry's lockfile: what cases cannot say. The format itself is in
 * testdata/ecosystem/poetry.
 */
#include "show.h"
#include "suite.h"

/* Each version of a name goes through the list that they share: their number is limited. */
static bulla_status parse_versions(size_t count, bulla_error *err)
{
    BU_AUTO(bu_graph) graph = bu_graph_new();
    BU_CLEAR(bu_buf) text = { 0 };
    for (size_t i = 0; i < count; i++)
        bu_buf_add_format(&text, "[[package]]\nname = \"a\"\nversion = \"%zu\"\n", i);
    bu_buf_add_text(&text, "[metadata.files]\na = []\n");
    return bu_ecosystem_by_id(BULLA_LIT("poetry"))
        ->parse(bu_buf_bytes(&text), "poetry.lock", &show_options, graph, err);
}

START_TEST(versions_that_share_a_list_are_limited)
{
    bulla_error err = { 0 };
    unit_ok(parse_versions(16, &err), err);
    unit_fails(parse_versions(17, &err), BULLA_E_RESOURCE_LIMIT, err);
    ck_assert_uint_eq(err.line, 3 * 16 + 1);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_test(tc, versions_that_share_a_list_are_limited);
}

int main(void)
{
    return unit_run("poetry", add);
}
