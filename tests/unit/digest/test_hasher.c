/* SPDX-License-Identifier: MIT */
/* The hasher against the published values of its algorithms (FIPS 180-4, RFC 1321, RFC 7693). */
#include "suite.h"

#include "digest/hasher.h"

static const struct {
    bulla_alg alg;
    const char *hex; /* of "abc" */
} cases[] = {
    { BULLA_ALG_MD5, "900150983cd24fb0d6963f7d28e17f72" },
    { BULLA_ALG_SHA1, "a9993e364706816aba3e25717850c26c9cd0d89d" },
    { BULLA_ALG_SHA256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
    { BULLA_ALG_SHA384, "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
                        "8086072ba1e7cc2358baeca134c825a7" },
    { BULLA_ALG_BLAKE2B, "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
                         "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923" },
    { BULLA_ALG_SHA512, "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                        "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f" },
};

START_TEST(published_values)
{
    bulla_digest got;
    char hex[BULLA_DIGEST_HEX_MAX];
    bulla_error err = { 0 };
    unit_ok(bu_digest_of(cases[_i].alg, BULLA_LIT("abc"), &got, &err), err);
    ck_assert_str_eq(bulla_digest_hex(&got, hex), cases[_i].hex);
}
END_TEST

START_TEST(one_pass_makes_all)
{
    BU_AUTO(bu_hasher) hasher = NULL;
    bulla_error err = { 0 };
    bulla_digest_set set;
    char hex[BULLA_DIGEST_HEX_MAX];
    unit_ok(bu_hasher_new(&hasher, &err), err);
    for (int round = 0; round < 2; round++) { /* a hasher serves many files */
        unit_ok(bu_hasher_start(hasher, BU_ALGS(BULLA_ALG_SHA1) | BU_ALGS(BULLA_ALG_SHA512), &err),
                err);
        unit_ok(bu_hasher_add(hasher, BULLA_LIT("a"), &err), err);
        unit_ok(bu_hasher_add(hasher, (bulla_bytes){ 0 }, &err), err);
        unit_ok(bu_hasher_add(hasher, BULLA_LIT("bc"), &err), err);
        unit_ok(bu_hasher_finish(hasher, &set, &err), err);
        ck_assert_uint_eq(set.count, 2);
        ck_assert_str_eq(bulla_digest_hex(&set.items[0], hex), cases[1].hex);
        ck_assert_str_eq(bulla_digest_hex(&set.items[1], hex), cases[5].hex);
    }
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, published_values, 0, sizeof cases / sizeof cases[0]);
    tcase_add_test(tc, one_pass_makes_all);
}

int main(void)
{
    return unit_run("hasher", add);
}
