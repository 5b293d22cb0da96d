/* SPDX-License-Identifier: MIT */
/*
 * PDM's lockfile: what cases cannot say. The format itself is in
 * testdata/ecosystem/pdm.
 */
#include "show.h"
#include "suite.h"

static const struct {
    const char *version;
    bulla_code code;
} versions[] = {
    { "1.0", BULLA_OK },
    { "4.99.9", BULLA_OK },
    { "5.0", BULLA_E_UNSUPPORTED_VERSION },
    { "0.9", BULLA_E_UNSUPPORTED_VERSION },
    { "44", BULLA_E_UNSUPPORTED_VERSION },
    { "", BULLA_E_UNSUPPORTED_VERSION },
    { ".4", BULLA_E_UNSUPPORTED_VERSION },
};

START_TEST(only_known_major_versions_are_read)
{
    BU_AUTO(bu_graph) graph = bu_graph_new();
    BU_CLEAR(bu_buf) text = { 0 };
    bulla_error err = { 0 };
    bu_buf_add_format(&text, "[metadata]\nlock_version = \"%s\"\n", versions[_i].version);
    bulla_status status = bu_ecosystem_by_id(BULLA_LIT("pdm"))
                              ->parse(bu_buf_bytes(&text), "pdm.lock", &show_options, graph, &err);
    ck_assert_int_eq(status.code, versions[_i].code);
    ck_assert_uint_eq(err.line, bulla_ok(status) ? 0 : 2);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, only_known_major_versions_are_read, 0,
                        sizeof versions / sizeof versions[0]);
}

int main(void)
{
    return unit_run("pdm", add);
}
