/* SPDX-License-Identifier: MIT */
/* Digests and integrity strings: what a lockfile pins is read in one way only. */
#include "suite.h"

#include "digest/digest.h"

#define A64                                                                                        \
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=="
#define B64                                                                                        \
    "BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=="
#define S1 "sha1-AAAAAAAAAAAAAAAAAAAAAAAAAAA="

static const struct {
    const char *text;
    bulla_code want;
    bulla_alg strongest;
    uint32_t count;
} cases[] = {
    { "sha512-" A64, BULLA_OK, BULLA_ALG_SHA512, 1 },
    { S1, BULLA_OK, BULLA_ALG_SHA1, 1 },
    { S1 " sha512-" A64, BULLA_OK, BULLA_ALG_SHA512, 2 },
    { "  sha512-" A64 "\t" S1 " ", BULLA_OK, BULLA_ALG_SHA512, 2 },
    { "sha512-" A64 "?foo=bar", BULLA_OK, BULLA_ALG_SHA512, 1 },
    { "sha512-" A64 " sha512-" A64, BULLA_OK, BULLA_ALG_SHA512, 1 },
    { "sha512-" A64 " sha512-" B64, BULLA_E_AMBIGUOUS_HASH, 0, 0 }, /* "any of them" is no pin */
    { "sha3-" A64 " " S1, BULLA_OK, BULLA_ALG_SHA1, 1 },
    { "sha3-" A64, BULLA_E_UNSUPPORTED_HASH, 0, 0 },
    { "", BULLA_E_BAD_ENCODING, 0, 0 },
    { "   ", BULLA_E_BAD_ENCODING, 0, 0 },
    { "sha512", BULLA_E_BAD_ENCODING, 0, 0 },
    { "sha512-AAAA", BULLA_E_BAD_ENCODING, 0, 0 }, /* too short */
    { "sha512-" A64 "AAAA", BULLA_E_BAD_ENCODING, 0, 0 },
    { "sha1-" A64, BULLA_E_BAD_ENCODING, 0, 0 }, /* a longer value under a shorter name */
    { "sha512-!" A64, BULLA_E_BAD_ENCODING, 0, 0 },
};

START_TEST(integrity_is_strict)
{
    bulla_digest_set set = { 0 };
    bulla_error err = { 0 };
    bulla_status status = bu_digest_parse_sri(bu_bytes_of(cases[_i].text), &set, &err);
    ck_assert_msg(status.code == cases[_i].want, "%s: %s", cases[_i].text,
                  bulla_code_name(status.code));
    ck_assert_uint_eq(set.count, cases[_i].count);
    if (bulla_ok(status))
        ck_assert_int_eq(bulla_digest_set_strongest(&set)->alg, cases[_i].strongest);
}
END_TEST

START_TEST(names_of_algorithms)
{
    ck_assert_int_eq(bu_alg_of(BULLA_LIT("sha256")), BULLA_ALG_SHA256);
    ck_assert_int_eq(bu_alg_of(BULLA_LIT("SHA-256")), BULLA_ALG_SHA256);
    ck_assert_int_eq(bu_alg_of(BULLA_LIT("SHA512")), BULLA_ALG_SHA512);
    ck_assert_int_eq(bu_alg_of(BULLA_LIT("sha2566")), BULLA_ALG_NONE);
    ck_assert_int_eq(bu_alg_of(BULLA_LIT("none")), BULLA_ALG_NONE);
    ck_assert_int_eq(bu_alg_of(BULLA_LIT("blake2b-512")), BULLA_ALG_NONE); /* pins nothing */
    ck_assert_int_eq(bu_alg_of(BULLA_LIT("")), BULLA_ALG_NONE);
    ck_assert(bulla_alg_is_strong(BULLA_ALG_SHA256));
    ck_assert(!bulla_alg_is_strong(BULLA_ALG_SHA1));
    ck_assert(!bulla_alg_is_strong(BULLA_ALG_MD5));
    ck_assert(!bulla_alg_is_strong(BULLA_ALG_NONE));
    ck_assert_str_eq(bulla_alg_name((bulla_alg)77), "none");
}
END_TEST

START_TEST(nothing_equals_no_digest)
{
    bulla_digest none = { 0 };
    ck_assert(!bulla_digest_equal(&none, &none));
    bulla_digest_set empty = { 0 };
    ck_assert_ptr_null(bulla_digest_set_strongest(&empty));
}
END_TEST

START_TEST(sri_goes_round)
{
    bulla_digest_set set = { 0 };
    bulla_error err = { 0 };
    unit_ok(bu_digest_parse_sri(BULLA_LIT("sha512-" B64), &set, &err), err);
    BU_CLEAR(bu_buf) text = { 0 };
    bu_digest_format_sri(&set.items[0], &text);
    ck_assert_str_eq((const char *)text.ptr, "sha512-" B64);
}
END_TEST

/* A dirhash is not of the bytes that some document names by it. */
START_TEST(h1_is_asked_for_by_nobody_who_has_bytes)
{
    ck_assert_int_eq(bu_alg_of(BULLA_LIT("h1")), BULLA_ALG_NONE);
    ck_assert(!bulla_alg_is_of_bytes(BULLA_ALG_H1));
    ck_assert(bulla_alg_is_of_bytes(BULLA_ALG_SHA256));
    ck_assert(!bulla_alg_is_of_bytes(BULLA_ALG_NONE));
    ck_assert(bulla_alg_is_strong(BULLA_ALG_H1));
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_test(tc, h1_is_asked_for_by_nobody_who_has_bytes);
    tcase_add_loop_test(tc, integrity_is_strict, 0, sizeof cases / sizeof cases[0]);
    tcase_add_test(tc, names_of_algorithms);
    tcase_add_test(tc, nothing_equals_no_digest);
    tcase_add_test(tc, sri_goes_round);
}

int main(void)
{
    return unit_run("digest", add);
}
