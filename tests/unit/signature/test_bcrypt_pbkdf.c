/* SPDX-License-Identifier: MIT */
/* bcrypt_pbkdf against published values: a wrong table of Blowfish would open no key of anybody. */
#include "keys.h"

#include "base/encode.h"
#include "base/limits.h"
#include "signature/bcrypt_pbkdf.h"

static const struct {
    uint32_t rounds;
    const char *passphrase, *salt, *hex;
} cases[] = {
    { 4, "password", "salt", "5bbf0cc293587f1c3635555c27796598d47e579071bf427e9d8fbe842aba34d9" },
    { 12, "password", "salt", "1ae42c05d487bc02f64921a4ebe4ea93bcacfe135fda99974c06b7b01fae149a" },
};

START_TEST(published_values)
{
    bulla_error err = { 0 };
    BU_CLEAR(bu_buf) hex = { 0 };
    BU_AUTO(bu_secret) passphrase = secret_of(cases[_i].passphrase);
    BU_AUTO(bu_secret) key = bu_secret_new(32);
    unit_ok(bu_bcrypt_pbkdf(passphrase, bu_bytes_of(cases[_i].salt), cases[_i].rounds, key, &err),
            err);
    bu_hex_encode(bu_secret_bytes(key), &hex);
    ck_assert_str_eq((const char *)hex.ptr, cases[_i].hex);
}
END_TEST

static const struct {
    const char *passphrase, *salt;
    uint32_t rounds;
    bulla_code want;
} refused[] = {
    { "p", "salt", BU_LIMIT_KDF_ROUNDS + 1, BULLA_E_RESOURCE_LIMIT },
    { "p", "salt", UINT32_MAX, BULLA_E_RESOURCE_LIMIT },
    { "p", "salt", 0, BULLA_E_BAD_NUMBER },
    { "p", "", 1, BULLA_E_BAD_KEY },
    { "p", "01234567890123456789012345678901234567890123456789012345678901234", 1,
      BULLA_E_BAD_KEY },
    { "", "salt", 1, BULLA_E_WRONG_PASSPHRASE },
};

START_TEST(what_would_be_weak_or_endless_is_refused)
{
    bulla_error err = { 0 };
    BU_AUTO(bu_secret) passphrase = secret_of(refused[_i].passphrase);
    BU_AUTO(bu_secret) key = bu_secret_new(32);
    unit_fails(
        bu_bcrypt_pbkdf(passphrase, bu_bytes_of(refused[_i].salt), refused[_i].rounds, key, &err),
        refused[_i].want, err);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, published_values, 0, (int)(sizeof cases / sizeof cases[0]));
    tcase_add_loop_test(tc, what_would_be_weak_or_endless_is_refused, 0,
                        (int)(sizeof refused / sizeof refused[0]));
}

int main(void)
{
    return unit_run("signature/bcrypt_pbkdf", add);
}
