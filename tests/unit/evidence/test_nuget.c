/* SPDX-License-Identifier: MIT */
/*
 * The text that a NuGet signature signs: it has one form, and names one digest of the package.
 */
#include "evidence/nuget.h"

#include "suite.h"

#define SHA256 "2.16.840.1.101.3.4.2.1-Hash:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=\n"

static const struct {
    const char *text;
    bulla_code code;
    bulla_alg alg;
} cases[] = {
    { "Version:1\n\n" SHA256 "\n", BULLA_OK, BULLA_ALG_SHA256 },
    { "Version:1\n\n2.16.840.1.101.3.4.2.3-Hash:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB"
      "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQ==\n\n",
      BULLA_OK, BULLA_ALG_SHA512 },
    { "", BULLA_E_BAD_SYNTAX, 0 },
    { "Version:2\n\n" SHA256 "\n", BULLA_E_UNSUPPORTED_VERSION, 0 },
    { "Version:1\n" SHA256 "\n", BULLA_E_BAD_SYNTAX, 0 },
    { "Version:1\r\n\r\n" SHA256 "\n", BULLA_E_UNSUPPORTED_VERSION, 0 },
    { "Version:1\n\n" SHA256, BULLA_E_BAD_SYNTAX, 0 },
    { "Version:1\n\n" SHA256 SHA256 "\n", BULLA_E_BAD_SYNTAX, 0 },
    { "Version:1\n\n" SHA256 "\nx", BULLA_E_TRAILING_DATA, 0 },
    { "Version:1\n\n1.3.14.3.2.26-Hash:AQEBAQEBAQEBAQEBAQEBAQEBAQE=\n\n", BULLA_E_WEAK_HASH, 0 },
    { "Version:1\n\n1.2.3-Hash:AQEB\n\n", BULLA_E_UNSUPPORTED_HASH, 0 },
    { "Version:1\n\n2.16.840.1.101.3.4.2.1:AQEB\n\n", BULLA_E_BAD_SYNTAX, 0 },
    { "Version:1\n\n2.16.840.1.101.3.4.2.1-Hash:AQEB\n\n", BULLA_E_BAD_ENCODING, 0 },
    { "Version:1\n\n2.16.840.1.101.3.4.2.1-Hash:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQF=\n\n",
      BULLA_E_BAD_ENCODING, 0 },
};

START_TEST(the_signed_text_is_read_strictly)
{
    bulla_digest got = { 0 };
    bulla_error err = { 0 };
    bulla_status status = bu_nuget_content_read(bu_bytes_of(cases[_i].text), &got, &err);
    ck_assert_msg(status.code == cases[_i].code, "%d: %s (%s)", _i, bulla_code_name(status.code),
                  err.text);
    if (bulla_ok(status))
        ck_assert_int_eq(got.alg, cases[_i].alg);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, the_signed_text_is_read_strictly, 0, sizeof cases / sizeof cases[0]);
}

int main(void)
{
    return unit_run("nuget", add);
}
