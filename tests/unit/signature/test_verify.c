/* SPDX-License-Identifier: MIT */
/* Raw signatures: what verifies is what the key signed, in its one form, and nothing else. */
#include "keys.h"

#include <sodium.h>

#define MESSAGE BULLA_LIT("the count must match")

/* What bulla can make, it can check. */
static const struct {
    const char *key, *algorithm;
    size_t min, max; /* bytes of a signature */
} made[] = {
    { "throwaway-ed25519.pem", "ed25519", 64, 64 },
    { "throwaway-p256.pem", "ecdsa-p256-sha256", 8, 72 },
    { "throwaway-p256.pem", "ecdsa-p256-sha384", 8, 72 },
    { "throwaway-p256.pem", "ecdsa-p256-sha512", 8, 72 },
    { "throwaway-p256.pem", "ecdsa-p256-sha256-p1363", 64, 64 },
    { "throwaway-p256.pem", "ecdsa-p256-sha512-p1363", 64, 64 },
    { "throwaway-p384.pem", "ecdsa-p384-sha384", 8, 104 },
    { "throwaway-p384.pem", "ecdsa-p384-sha256-p1363", 96, 96 },
    { "throwaway-p521.pem", "ecdsa-p521-sha512", 8, 139 },
    { "throwaway-p521.pem", "ecdsa-p521-sha512-p1363", 132, 132 },
    { "throwaway-rsa2048.pem", "rsa-pkcs1-sha256", 256, 256 },
    { "throwaway-rsa2048.pem", "rsa-pkcs1-sha512", 256, 256 },
    { "throwaway-rsa2048.pem", "rsa-pss-sha256-mgf1sha256-salt32", 256, 256 },
    { "throwaway-rsa2048.pem", "rsa-pss-sha384-mgf1sha384-salt48", 256, 256 },
    { "throwaway-rsa2048.pem", "rsa-pss-sha512-mgf1sha512-salt0", 256, 256 },
};

static const bu_algorithm *algorithm(const char *name)
{
    const bu_algorithm *found = bu_algorithm_by_name(bu_bytes_of(name));
    ck_assert_msg(found != NULL, "no %s", name);
    ck_assert_str_eq(bu_algorithm_name(found), name);
    return found;
}

static void sign(const bu_secret_key *key, const char *name, bu_buf *out)
{
    bulla_error err = { 0 };
    unit_ok(bu_sign(key, algorithm(name), MESSAGE, out, &err), err);
}

static void verifies_as(const bu_key *key, const char *name, bulla_bytes message,
                        bulla_bytes signature, bulla_code want)
{
    bulla_error err = { 0 };
    bulla_status status = bu_verify(key, algorithm(name), message, signature, &err);
    ck_assert_msg(status.code == want, "%s: %s (%s)", name, bulla_code_name(status.code), err.text);
    if (want != BULLA_OK)
        unit_fails(status, want, err);
}

START_TEST(every_bit_counts)
{
    BU_AUTO(bu_secret_key) key = private_key(made[_i].key);
    const bu_key *public = bu_secret_key_public(key);
    BU_CLEAR(bu_buf) sig = { 0 };
    sign(key, made[_i].algorithm, &sig);
    ck_assert_uint_ge(sig.len, made[_i].min);
    ck_assert_uint_le(sig.len, made[_i].max);
    verifies_as(public, made[_i].algorithm, MESSAGE, bu_buf_bytes(&sig), BULLA_OK);
    for (size_t bit = 0; bit < 8 * sig.len; bit++) {
        sig.ptr[bit / 8] ^= (uint8_t)(1u << bit % 8);
        verifies_as(public, made[_i].algorithm, MESSAGE, bu_buf_bytes(&sig), BULLA_E_BAD_SIGNATURE);
        sig.ptr[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    for (size_t len = 0; len < sig.len; len++)
        verifies_as(public, made[_i].algorithm, MESSAGE, bu_bytes_first(bu_buf_bytes(&sig), len),
                    BULLA_E_BAD_SIGNATURE);
    verifies_as(public, made[_i].algorithm, BULLA_LIT("the count must not match"),
                bu_buf_bytes(&sig), BULLA_E_BAD_SIGNATURE);
    verifies_as(public, made[_i].algorithm, (bulla_bytes){ 0 }, bu_buf_bytes(&sig),
                BULLA_E_BAD_SIGNATURE);
    bu_buf_add_byte(&sig, 0);
    verifies_as(public, made[_i].algorithm, MESSAGE, bu_buf_bytes(&sig), BULLA_E_BAD_SIGNATURE);
}
END_TEST

START_TEST(the_empty_message_can_be_signed)
{
    bulla_error err = { 0 };
    BU_AUTO(bu_secret_key) key = private_key(made[_i].key);
    BU_CLEAR(bu_buf) sig = { 0 };
    unit_ok(bu_sign(key, algorithm(made[_i].algorithm), (bulla_bytes){ 0 }, &sig, &err), err);
    verifies_as(bu_secret_key_public(key), made[_i].algorithm, (bulla_bytes){ 0 },
                bu_buf_bytes(&sig), BULLA_OK);
}
END_TEST

/* A signature is made for one key and one way of signing. */
static const struct {
    const char *key, *algorithm;
    bulla_code want;
} mismatches[] = {
    { "p256.pub", "ed25519", BULLA_E_WRONG_USAGE },
    { "ed25519.pub", "ecdsa-p256-sha256", BULLA_E_WRONG_USAGE },
    { "p384.pub", "ecdsa-p256-sha256", BULLA_E_WRONG_USAGE },
    { "rsa2048.pub", "ecdsa-p521-sha512", BULLA_E_WRONG_USAGE },
    { "p521.pub", "rsa-pkcs1-sha256", BULLA_E_WRONG_USAGE },
    { "p256.pub", "ecdsa-p256-sha512", BULLA_E_BAD_SIGNATURE },
    { "p256.pub", "ecdsa-p256-sha256-p1363", BULLA_E_BAD_SIGNATURE },
};

START_TEST(keys_are_not_mixed_up)
{
    BU_AUTO(bu_secret_key) signer = private_key("throwaway-p256.pem");
    BU_AUTO(bu_key) key = public_key(mismatches[_i].key);
    BU_CLEAR(bu_buf) sig = { 0 };
    sign(signer, "ecdsa-p256-sha256", &sig);
    verifies_as(key, mismatches[_i].algorithm, MESSAGE, bu_buf_bytes(&sig), mismatches[_i].want);
}
END_TEST

START_TEST(making_needs_the_right_key)
{
    bulla_error err = { 0 };
    BU_CLEAR(bu_buf) sig = { 0 };
    BU_AUTO(bu_secret_key) key = private_key("throwaway-ed25519.pem");
    unit_fails(bu_sign(key, algorithm("ecdsa-p256-sha256"), MESSAGE, &sig, &err),
               BULLA_E_WRONG_USAGE, err);
    ck_assert_str_eq(err.expected, "ecdsa-p256");
    ck_assert_str_eq(err.got, "ed25519");
    ck_assert_uint_eq(sig.len, 0);
}
END_TEST

/* L, the order of the group, little-endian. */
static const uint8_t group_order[32] = { 0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58,
                                         0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
                                         0,    0,    0,    0,    0,    0,    0,    0,
                                         0,    0,    0,    0,    0,    0,    0,    0x10 };

/* S + L gives a second signature to whoever has one: signify accepts it. */
START_TEST(ed25519_s_is_canonical)
{
    BU_AUTO(bu_secret_key) key = private_key("throwaway-ed25519.pem");
    BU_CLEAR(bu_buf) sig = { 0 };
    sign(key, "ed25519", &sig);
    sodium_add(sig.ptr + 32, group_order, 32);
    verifies_as(bu_secret_key_public(key), "ed25519", MESSAGE, bu_buf_bytes(&sig),
                BULLA_E_BAD_SIGNATURE);
}
END_TEST

/* R of small order: with S = k * a it verifies in libraries that do not look. */
static bulla_status check_ed25519(const uint8_t point[crypto_sign_PUBLICKEYBYTES],
                                  const char *algorithm, bulla_bytes message,
                                  const uint8_t signature[crypto_sign_BYTES], bulla_error *err)
{
    uint8_t spki[12 + crypto_sign_PUBLICKEYBYTES] = { 0x30, 0x2a, 0x30, 0x05, 0x06, 0x03,
                                                      0x2b, 0x65, 0x70, 0x03, 0x21, 0x00 };
    BU_AUTO(bu_key) key = NULL;
    memcpy(spki + 12, point, crypto_sign_PUBLICKEYBYTES);
    unit_ok(bu_key_read((bulla_bytes){ spki, sizeof spki }, &key, err), *err);
    return bu_verify(key, bu_algorithm_by_name(bu_bytes_of(algorithm)), message,
                     (bulla_bytes){ signature, crypto_sign_BYTES }, err);
}

START_TEST(a_prehashed_signature_is_another_one)
{
    static const bulla_bytes message = { (const uint8_t *)"message", 7 };
    uint8_t point[crypto_sign_PUBLICKEYBYTES], secret[crypto_sign_SECRETKEYBYTES];
    uint8_t pure[crypto_sign_BYTES], prehashed[crypto_sign_BYTES];
    crypto_sign_state state;
    bulla_error err = { 0 };
    ck_assert(sodium_init() >= 0 && crypto_sign_keypair(point, secret) == 0);
    ck_assert(crypto_sign_detached(pure, NULL, message.ptr, message.len, secret) == 0);
    ck_assert(crypto_sign_init(&state) == 0);
    ck_assert(crypto_sign_update(&state, message.ptr, message.len) == 0);
    ck_assert(crypto_sign_final_create(&state, prehashed, NULL, secret) == 0);
    unit_ok(check_ed25519(point, "ed25519ph", message, prehashed, &err), err);
    unit_ok(check_ed25519(point, "ed25519", message, pure, &err), err);
    unit_fails(check_ed25519(point, "ed25519", message, prehashed, &err), BULLA_E_BAD_SIGNATURE,
               err);
    unit_fails(check_ed25519(point, "ed25519ph", message, pure, &err), BULLA_E_BAD_SIGNATURE, err);
    for (size_t i = 0; i < sizeof prehashed; i++) {
        prehashed[i] ^= 1;
        unit_fails(check_ed25519(point, "ed25519ph", message, prehashed, &err),
                   BULLA_E_BAD_SIGNATURE, err);
        prehashed[i] ^= 1;
    }
}
END_TEST

START_TEST(ed25519_r_is_not_of_small_order)
{
    uint8_t hash[64], k[32], az[64], s[32];
    uint8_t sig[64] = { 1 }; /* R is the neutral point */
    BU_AUTO(bu_secret_key) key = private_key("throwaway-ed25519.pem");
    BU_AUTO(bu_secret) pem = NULL;
    bulla_error err = { 0 };
    unit_ok(bu_secret_key_write_plain(key, &pem, &err), err);
    bulla_bytes spki = bu_key_spki(bu_secret_key_public(key));
    size_t der_len = 0;
    uint8_t der[64];
    ck_assert_int_eq(sodium_base642bin(der, sizeof der, (const char *)pem->ptr + 28, 64, NULL,
                                       &der_len, NULL, sodium_base64_VARIANT_ORIGINAL),
                     0);
    ck_assert_uint_eq(der_len, 48);
    crypto_hash_sha512(az, der + 16, 32);
    az[0] &= 248;
    az[31] = (az[31] & 63) | 64;
    memset(az + 32, 0, 32);
    crypto_core_ed25519_scalar_reduce(az, az);
    crypto_hash_sha512_state state;
    crypto_hash_sha512_init(&state);
    crypto_hash_sha512_update(&state, sig, 32);
    crypto_hash_sha512_update(&state, spki.ptr + 12, 32);
    crypto_hash_sha512_update(&state, MESSAGE.ptr, MESSAGE.len);
    crypto_hash_sha512_final(&state, hash);
    crypto_core_ed25519_scalar_reduce(k, hash);
    crypto_core_ed25519_scalar_mul(s, k, az);
    memcpy(sig + 32, s, 32);
    verifies_as(bu_secret_key_public(key), "ed25519", MESSAGE, (bulla_bytes){ sig, 64 },
                BULLA_E_BAD_SIGNATURE);
}
END_TEST

/* n of P-256, and n - 1. */
#define N                                                                                          \
    "\xff\xff\xff\xff\0\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff\xbc\xe6\xfa\xad\xa7\x17\x9e\x84"     \
    "\xf3\xb9\xca\xc2\xfc\x63\x25\x51"
#define ZERO32 "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"

/* CVE-2022-21449 and its neighbours: r or s of 0 or n; and DER that is not the one form. */
static const struct {
    const char *what, *algorithm;
    bulla_bytes sig;
    const char *says;
} ranges[] = {
#define SIG(s)                                                                                     \
    {                                                                                              \
        (const uint8_t *)(s), sizeof(s) - 1                                                        \
    }
    { "both 0", "ecdsa-p256-sha256-p1363", SIG(ZERO32 ZERO32), "1 .. n-1" },
    { "r is n", "ecdsa-p256-sha256-p1363", SIG(N N), "1 .. n-1" },
    { "both 0 in DER", "ecdsa-p256-sha256", SIG("\x30\x06\x02\x01\x00\x02\x01\x00"), "strict DER" },
    { "r is n in DER", "ecdsa-p256-sha256", SIG("\x30\x26\x02\x21\x00" N "\x02\x01\x01"),
      "1 .. n-1" },
    { "s is n in DER", "ecdsa-p256-sha256", SIG("\x30\x26\x02\x01\x01\x02\x21\x00" N), "1 .. n-1" },
    { "negative", "ecdsa-p256-sha256", SIG("\x30\x06\x02\x01\xff\x02\x01\x01"), "strict DER" },
    { "padded integer", "ecdsa-p256-sha256", SIG("\x30\x07\x02\x02\x00\x01\x02\x01\x01"),
      "strict DER" },
    { "long length", "ecdsa-p256-sha256", SIG("\x30\x81\x06\x02\x01\x01\x02\x01\x01"),
      "strict DER" },
    { "indefinite length", "ecdsa-p256-sha256", SIG("\x30\x80\x02\x01\x01\x02\x01\x01\x00\x00"),
      "strict DER" },
    { "three integers", "ecdsa-p256-sha256", SIG("\x30\x09\x02\x01\x01\x02\x01\x01\x02\x01\x01"),
      "strict DER" },
    { "one integer", "ecdsa-p256-sha256", SIG("\x30\x03\x02\x01\x01"), "strict DER" },
    { "a byte behind", "ecdsa-p256-sha256", SIG("\x30\x06\x02\x01\x01\x02\x01\x01\x00"),
      "strict DER" },
    { "a set", "ecdsa-p256-sha256", SIG("\x31\x06\x02\x01\x01\x02\x01\x01"), "strict DER" },
    { "integer of 33 bytes", "ecdsa-p256-sha256", SIG("\x30\x26\x02\x21\x01" ZERO32 "\x02\x01\x01"),
      "strict DER" },
    { "in range, but wrong", "ecdsa-p256-sha256", SIG("\x30\x06\x02\x01\x01\x02\x01\x01"),
      "does not verify" },
};

START_TEST(ecdsa_numbers_are_in_range)
{
    bulla_error err = { 0 };
    BU_AUTO(bu_key) key = public_key("p256.pub");
    bulla_status status =
        bu_verify(key, algorithm(ranges[_i].algorithm), MESSAGE, ranges[_i].sig, &err);
    unit_fails(status, BULLA_E_BAD_SIGNATURE, err);
    ck_assert_msg(strstr(err.text, ranges[_i].says) != NULL, "%s: %s", ranges[_i].what, err.text);
}
END_TEST

START_TEST(rsa_signatures_are_as_long_as_the_key)
{
    static uint8_t sig[257] = { 0 };
    static const char *const names[] = { "rsa-pkcs1-sha256", "rsa-pss-sha256-mgf1sha256-salt32" };
    static const size_t lengths[] = { 0, 1, 255, 256, 257 };
    bulla_error err = { 0 };
    BU_AUTO(bu_key) key = public_key("rsa2048.pub");
    for (size_t n = 0; n < 2; n++)
        for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
            unit_fails(bu_verify(key, algorithm(names[n]), MESSAGE,
                                 (bulla_bytes){ sig, lengths[i] }, &err),
                       BULLA_E_BAD_SIGNATURE, err);
            ck_assert(lengths[i] == 256 || strstr(err.text, "have 256") != NULL);
        }
}
END_TEST

/* TUF names no length of salt, and each of its makers has another one. */
START_TEST(salts_of_any_length_are_checked_not_made)
{
    static const char *const salts[] = { "rsa-pss-sha256-mgf1sha256-salt32",
                                         "rsa-pss-sha256-mgf1sha256-salt0" };
    static const char any[] = "rsa-pss-sha256-mgf1sha256";
    BU_AUTO(bu_secret_key) key = private_key("throwaway-rsa2048.pem");
    const bu_key *public = bu_secret_key_public(key);
    BU_CLEAR(bu_buf) none = { 0 };
    bulla_error err = { 0 };
    for (size_t i = 0; i < sizeof salts / sizeof salts[0]; i++) {
        BU_CLEAR(bu_buf) sig = { 0 };
        sign(key, salts[i], &sig);
        verifies_as(public, any, MESSAGE, bu_buf_bytes(&sig), BULLA_OK);
        verifies_as(public, "rsa-pss-sha512-mgf1sha512", MESSAGE, bu_buf_bytes(&sig),
                    BULLA_E_BAD_SIGNATURE);
        sig.ptr[sig.len - 1] ^= 1;
        verifies_as(public, any, MESSAGE, bu_buf_bytes(&sig), BULLA_E_BAD_SIGNATURE);
    }
    unit_fails(bu_sign(key, algorithm(any), MESSAGE, &none, &err), BULLA_E_WRONG_USAGE, err);
    ck_assert_uint_eq(none.len, 0);
}
END_TEST

START_TEST(what_is_broken_has_no_name)
{
    static const char *const none[] = { "rsa-pkcs1-sha1",
                                        "rsa-pkcs1-md5",
                                        "ecdsa-p256-sha1",
                                        "rsa-pss-sha1-mgf1sha1-salt20",
                                        "dsa-sha256",
                                        "ED25519",
                                        "ed25519ctx",
                                        "",
                                        "rsa-pss-sha256-mgf1sha1-salt32" };
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        ck_assert_msg(bu_algorithm_by_name(bu_bytes_of(none[i])) == NULL, "%s", none[i]);
}
END_TEST

START_TEST(keys_know_how_they_sign)
{
    static const char *const names[][2] = {
        { "ed25519.pub", "ed25519" },
        { "p256.pub", "ecdsa-p256-sha256" },
        { "p384.pub", "ecdsa-p384-sha384" },
        { "p521.pub", "ecdsa-p521-sha512" },
        { "rsa2048.pub", "rsa-pss-sha256-mgf1sha256-salt32" },
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        BU_AUTO(bu_key) key = public_key(names[i][0]);
        ck_assert_str_eq(bu_algorithm_name(bu_algorithm_of_key(key)), names[i][1]);
    }
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, every_bit_counts, 0, (int)(sizeof made / sizeof made[0]));
    tcase_add_loop_test(tc, the_empty_message_can_be_signed, 0,
                        (int)(sizeof made / sizeof made[0]));
    tcase_add_loop_test(tc, keys_are_not_mixed_up, 0,
                        (int)(sizeof mismatches / sizeof mismatches[0]));
    tcase_add_test(tc, making_needs_the_right_key);
    tcase_add_test(tc, ed25519_s_is_canonical);
    tcase_add_test(tc, a_prehashed_signature_is_another_one);
    tcase_add_test(tc, ed25519_r_is_not_of_small_order);
    tcase_add_loop_test(tc, ecdsa_numbers_are_in_range, 0, (int)(sizeof ranges / sizeof ranges[0]));
    tcase_add_test(tc, rsa_signatures_are_as_long_as_the_key);
    tcase_add_test(tc, salts_of_any_length_are_checked_not_made);
    tcase_add_test(tc, what_is_broken_has_no_name);
    tcase_add_test(tc, keys_know_how_they_sign);
}

int main(void)
{
    return unit_run("signature/verify", add);
}
