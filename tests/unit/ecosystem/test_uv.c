/* SPDX-License-Identifier: MIT */
/*
 * uv's lockfile: what cases cannot say. The format itself is in
 * testdata/ecosystem/uv.
 */
#include "show.h"
#include "suite.h"

/* A chain of a hundred thousand packages is gone through without recursion; scopes reach its end. */
START_TEST(a_long_chain_keeps_its_scope)
{
    const size_t count = 100000;
    BU_AUTO(bu_graph) graph = bu_graph_new();
    BU_CLEAR(bu_buf) text = { 0 };
    bulla_error err = { 0 };
    bu_buf_add_text(&text, "version = 1\n[[package]]\nname = \"p\"\nsource = { virtual = \".\" }\n"
                           "[package.dev-dependencies]\ndev = [{ name = \"a0\" }]\n");
    for (size_t i = 0; i < count; i++)
        bu_buf_add_format(&text,
                          "[[package]]\nname = \"a%zu\"\nversion = \"1\"\n"
                          "source = { registry = \"x\" }\ndependencies = [{ name = \"a%zu\" }]\n",
                          i, (i + 1) % count);
    unit_ok(bu_ecosystem_by_id(BULLA_LIT("uv"))
                ->parse(bu_buf_bytes(&text), "uv.lock", &show_options, graph, &err),
            err);
    ck_assert_uint_eq(graph->count, count + 1);
    for (size_t i = 1; i <= count; i++)
        ck_assert_int_eq(graph->components[i].scope, BULLA_SCOPE_DEV);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_test(tc, a_long_chain_keeps_its_scope);
}

int main(void)
{
    return unit_run("uv", add);
}
