/* SPDX-License-Identifier: MIT */
/*
 * Licences as stated. A text that only looks like an expression would make
 * the document claim more than the package does.
 */
#include "suite.h"

#include "bom/license.h"

static const struct {
    const char *text, *id;
    bool is_expression;
} cases[] = {
    { "MIT", "MIT", true },
    { "mit", "MIT", true },
    { "0BSD", "0BSD", true },
    { "ZPL-2.1", "ZPL-2.1", true },
    { "GPL-2.0+", "GPL-2.0+", true }, /* the list has this one itself */
    { "Apache-2.0+", NULL, true },
    { "", NULL, false },
    { "MI", NULL, false },
    { "MITT", NULL, false },
    { "UNLICENSED", NULL, false },
    { "SEE LICENSE IN LICENSE.txt", NULL, false },
    { "Apache 2.0", NULL, false },
    { "MIT OR Apache-2.0", NULL, true },
    { "(MIT OR Apache-2.0)", NULL, true },
    { "((MIT) AND (ISC OR 0BSD))", NULL, true },
    { "(MIT)OR(ISC)", NULL, true },
    { "MIT or ISC", NULL, false }, /* operators are upper-case */
    { "MIT OR", NULL, false },
    { "OR MIT", NULL, false },
    { "MIT ISC", NULL, false },
    { "(MIT", NULL, false },
    { "MIT)", NULL, false },
    { "MIT) AND (ISC", NULL, false },
    { "()", NULL, false },
    { "MIT ()", NULL, false },
    { "MIT/ISC", NULL, false },
    { "GPL-2.0-only WITH Classpath-exception-2.0", NULL, true },
    { "GPL-2.0-only WITH Classpath-exception-2.0 OR MIT", NULL, true },
    { "GPL-2.0-only WITH MIT", NULL, false },
    { "GPL-2.0-only WITH", NULL, false },
    { "(GPL-2.0-only) WITH Classpath-exception-2.0", NULL, false },
    { "Classpath-exception-2.0", NULL, false }, /* an exception is no license */
    { "LicenseRef-Ours", NULL, true },
    { "LicenseRef-", NULL, false },
    { "LicenseRef-a_b", NULL, false },
    { "DocumentRef-d:LicenseRef-x OR MIT", NULL, true },
    { "DocumentRef-:LicenseRef-x", NULL, false },
    { "DocumentRef-d", NULL, false },
};

START_TEST(a_license_is_an_id_an_expression_or_text)
{
    bulla_bytes text = bu_bytes_of(cases[_i].text);
    const char *id = bu_license_id(text);
    ck_assert_msg(bu_license_is_expression(text) == cases[_i].is_expression, "%s", cases[_i].text);
    if (cases[_i].id == NULL)
        ck_assert_msg(id == NULL, "%s is %s", cases[_i].text, id);
    else
        ck_assert_str_eq(id, cases[_i].id);
}
END_TEST

/* The search halves a sorted list: an identifier out of its place would not be found. */
START_TEST(every_identifier_of_the_list_is_found)
{
    for (size_t i = 0; i < bu_spdx_license_count; i++)
        ck_assert_ptr_eq(bu_license_id(bu_bytes_of(bu_spdx_licenses[i])), bu_spdx_licenses[i]);
    for (size_t i = 0; i < bu_spdx_exception_count; i++) {
        char text[128];
        (void)snprintf(text, sizeof text, "MIT WITH %s", bu_spdx_exceptions[i]);
        ck_assert_msg(bu_license_is_expression(bu_bytes_of(text)), "%s", text);
    }
}
END_TEST

START_TEST(no_depth_is_too_deep)
{
    enum { DEPTH = 1 << 20 };
    char *text = malloc(2 * DEPTH + 3);
    memset(text, '(', DEPTH);
    memcpy(text + DEPTH, "MIT", 3);
    memset(text + DEPTH + 3, ')', DEPTH);
    bulla_bytes whole = { (const uint8_t *)text, 2 * DEPTH + 3 };
    ck_assert(bu_license_is_expression(whole));
    ck_assert(!bu_license_is_expression(bu_bytes_first(whole, whole.len - 1)));
    free(text);
}
END_TEST

START_TEST(a_nul_within_hides_nothing)
{
    ck_assert_ptr_null(bu_license_id(BULLA_LIT("MIT\0")));
    ck_assert(!bu_license_is_expression(BULLA_LIT("MIT\0 OR ISC")));
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, a_license_is_an_id_an_expression_or_text, 0,
                        sizeof cases / sizeof cases[0]);
    tcase_add_test(tc, every_identifier_of_the_list_is_found);
    tcase_add_test(tc, no_depth_is_too_deep);
    tcase_add_test(tc, a_nul_within_hides_nothing);
}

int main(void)
{
    return unit_run("license", add);
}
