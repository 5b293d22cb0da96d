/* SPDX-License-Identifier: MIT */
/*
 * Nix's lockfiles: inputs that follow others, and what depends on memory. The
 * format itself is in testdata/ecosystem/nix.
 */
#include "show.h"
#include "suite.h"

static const char *const cases[] = {
    "testdata/ecosystem/nix/valid/kinds/flake.lock",
    "testdata/ecosystem/nix/valid/follows/flake.lock",
};

static const struct {
    const char *inputs; /* of the root */
    bulla_code code;
    uint32_t column;
} follows[] = {
    { "{\"a\":\"n\",\"b\":[\"a\"],\"c\":[\"b\"],\"d\":[]}", BULLA_OK, 0 },
    { "{\"a\":[\"a\"]}", BULLA_E_CYCLE, 53 },
    { "{\"a\":[\"b\"],\"b\":[\"c\"],\"c\":[\"a\"]}", BULLA_E_CYCLE, 73 },
    { "{\"a\":[\"b\",\"a\"],\"b\":[\"a\",\"b\"]}", BULLA_E_CYCLE, 53 },
    { "{\"a\":[\"gone\"]}", BULLA_E_BAD_REFERENCE, 54 },
    { "{\"a\":\"n\",\"b\":[\"a\",\"gone\"]}", BULLA_E_BAD_REFERENCE, 66 },
    { "{\"a\":[],\"b\":[\"a\",\"x\"]}", BULLA_E_BAD_REFERENCE, 65 },
};

START_TEST(an_input_leads_somewhere_and_not_in_circles)
{
    char text[512];
    bulla_error err = { 0 };
    bu_graph *graph = NULL;
    (void)snprintf(
        text, sizeof text,
        "{\"version\":7,\"root\":\"r\",\"nodes\":{\"r\":{\"inputs\":%s},\"n\":{\"locked\":"
        "{\"type\":\"path\",\"path\":\"./n\"}}}}",
        follows[_i].inputs);
    bulla_status status = show_parse(bu_ecosystem_by_id(BULLA_LIT("nix")), bu_bytes_of(text),
                                     "flake.lock", NULL, &graph, &err);
    ck_assert_int_eq(status.code, follows[_i].code);
    ck_assert_uint_eq(err.column, follows[_i].column);
    bu_graph_free(graph);
}
END_TEST

START_TEST(no_memory_is_an_error_and_nothing_else)
{
    show_no_memory("nix", cases[_i]);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, an_input_leads_somewhere_and_not_in_circles, 0,
                        sizeof follows / sizeof follows[0]);
    tcase_add_loop_test(tc, no_memory_is_an_error_and_nothing_else, 0,
                        sizeof cases / sizeof cases[0]);
}

int main(void)
{
    return unit_run("nix", add);
}
