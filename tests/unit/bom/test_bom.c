/* SPDX-License-Identifier: MIT */
/*
 * The table of formats and its two shortest rows: lists that other programs
 * read line by line.
 */
#include "suite.h"

#include "sample.h"

static bu_graph parts(void)
{
    static bulla_component components[] = {
        { .purl = "pkg:npm/a@1.0.0", .name = "a" },
        { .purl = "pkg:npm/b@1.0.0", .name = "b" },
        { .purl = "pkg:npm/product@1.0.0", .name = "product" },
    };
    static bulla_digest two[2];
    two[0] = sample_digests(BULLA_ALG_MD5, 1).items[0];
    two[1] = sample_digests(BULLA_ALG_SHA1, 2).items[0];
    components[0].digests = (bulla_digests){ two, 2 };
    components[2].digests = sample_pins(BULLA_ALG_SHA1, 3);
    bu_graph graph = sample_graph(components, 3);
    graph.root = 2;
    return graph;
}

static const struct {
    const char *id, *want;
} lists[] = {
    { "purl", "pkg:npm/a@1.0.0\npkg:npm/b@1.0.0\n" },
    { "hashes", "pkg:npm/a@1.0.0 md5 01010101010101010101010101010101\n"
                "pkg:npm/a@1.0.0 sha1 0202020202020202020202020202020202020202\n" },
};

START_TEST(a_list_has_every_part_and_not_the_product)
{
    bu_graph graph = parts();
    bu_buf out = { 0 };
    bulla_error err = { 0 };
    unit_ok(bu_bom_by_id(lists[_i].id)->write(&graph, &sample_options, &out, &err), err);
    ck_assert_str_eq((const char *)out.ptr, lists[_i].want);
    bu_buf_clear(&out);
}
END_TEST

START_TEST(a_list_without_memory_says_so)
{
    bu_graph graph = parts();
    bu_buf out = { .broken = true };
    bulla_error err = { 0 };
    unit_fails(bu_bom_by_id(lists[_i].id)->write(&graph, &sample_options, &out, &err),
               BULLA_E_NO_MEMORY, err);
}
END_TEST

START_TEST(an_unknown_format_is_no_row)
{
    ck_assert_ptr_null(bu_bom_by_id("CycloneDX"));
    ck_assert_ptr_null(bu_bom_by_id(""));
    ck_assert_str_eq(bu_bom_by_id("cyclonedx")->title, "CycloneDX 1.6 JSON");
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, a_list_has_every_part_and_not_the_product, 0, 2);
    tcase_add_loop_test(tc, a_list_without_memory_says_so, 0, 2);
    tcase_add_test(tc, an_unknown_format_is_no_row);
}

int main(void)
{
    return unit_run("bom", add);
}
