/* SPDX-License-Identifier: MIT */
/* Public keys: one key is one value, and weak ones are no keys. */
#include "keys.h"

#include <sodium.h>

#include "alloc_fail.h"
#include "base/encode.h"

static const struct {
    const char *file;
    bulla_code want;
    bulla_key_kind kind;
} files[] = {
    { "ed25519.pub", BULLA_OK, BULLA_KEY_ED25519 },
    { "p256.pub", BULLA_OK, BULLA_KEY_ECDSA_P256 },
    { "p384.pub", BULLA_OK, BULLA_KEY_ECDSA_P384 },
    { "p521.pub", BULLA_OK, BULLA_KEY_ECDSA_P521 },
    { "rsa2048.pub", BULLA_OK, BULLA_KEY_RSA },
    { "rsa1024.pub", BULLA_E_WEAK_KEY, 0 },
    { "rsa2048-e3.pub", BULLA_OK, BULLA_KEY_RSA },
    { "p256-explicit.pub", BULLA_E_WEAK_KEY, 0 }, /* CVE-2020-0601 */
    { "p256-compressed.pub", BULLA_E_BAD_KEY, 0 },
    { "p256-hybrid.pub", BULLA_E_UNSUPPORTED_FEATURE, 0 },
    { "secp256k1.pub", BULLA_E_UNSUPPORTED_FEATURE, 0 },
    { "ed448.pub", BULLA_E_UNSUPPORTED_FEATURE, 0 },
    { "rsa2048-pkcs1.pub", BULLA_E_UNSUPPORTED_FEATURE, 0 },
    { "throwaway-p256.pem", BULLA_E_BAD_KEY, 0 },
    { "throwaway-p256-pbes2.pem", BULLA_E_BAD_KEY, 0 },
};

START_TEST(kinds_of_keys)
{
    BU_AUTO(bu_key) key = NULL;
    bulla_error err = { 0 };
    bulla_bytes text = key_text(files[_i].file);
    bulla_status status = bu_key_read(text, &key, &err);
    ck_assert_msg(status.code == files[_i].want, "%s: %s (%s)", files[_i].file,
                  bulla_code_name(status.code), err.text);
    if (bulla_ok(status)) {
        BU_CLEAR(bu_buf) pem = { 0 };
        ck_assert_int_eq(bu_key_kind(key), files[_i].kind);
        bu_key_write_pem(key, &pem);
        ck_assert(bu_bytes_equal(bu_buf_bytes(&pem), text)); /* canonical: nothing changed */
    } else {
        unit_fails(status, files[_i].want, err);
        ck_assert_ptr_null(key);
    }
    free_text(text);
}
END_TEST

START_TEST(a_small_exponent_is_not_enrolled)
{
    BU_AUTO(bu_key) small = public_key("rsa2048-e3.pub");
    BU_AUTO(bu_key) usual = public_key("rsa2048.pub");
    BU_AUTO(bu_key) other = public_key("p256.pub");
    ck_assert(!bu_key_may_be_enrolled(small));
    ck_assert(bu_key_may_be_enrolled(usual));
    ck_assert(bu_key_may_be_enrolled(other));
}
END_TEST

START_TEST(one_key_has_one_id)
{
    bulla_error err = { 0 };
    char want[BU_KEYID_TEXT];
    uint8_t digest[32];
    BU_AUTO(bu_key) a = public_key("p256.pub");
    BU_AUTO(bu_key) b = NULL;
    BU_AUTO(bu_key) other = public_key("ed25519.pub");
    unit_ok(bu_key_read(bu_key_spki(a), &b, &err), err); /* the same key as DER */
    crypto_hash_sha256(digest, bu_key_spki(a).ptr, bu_key_spki(a).len);
    sodium_bin2hex(want, sizeof want, digest, sizeof digest);
    ck_assert_str_eq(bu_key_id(a), want);
    ck_assert_str_eq(bu_key_id(b), want);
    ck_assert(bu_key_equal(a, b));
    ck_assert(!bu_key_equal(a, other));
}
END_TEST

static void reads_as(const char *what, const uint8_t *der, size_t len, bulla_code want,
                     uint64_t offset)
{
    BU_AUTO(bu_key) key = NULL;
    bulla_error err = { 0 };
    uint8_t *exact = malloc(len); /* so that one byte read too far is caught */
    ck_assert_ptr_nonnull(exact);
    memcpy(exact, der, len);
    bulla_status status = bu_key_read((bulla_bytes){ exact, len }, &key, &err);
    ck_assert_msg(status.code == want, "%s: %s (%s)", what, bulla_code_name(status.code), err.text);
    ck_assert_msg(err.offset == offset, "%s: at %llu", what, (unsigned long long)err.offset);
    free(exact);
}

/* Every way to write the DER of one key but one is refused. */
START_TEST(der_has_one_form)
{
    uint8_t der[64];
    BU_AUTO(bu_key) key = public_key("ed25519.pub");
    memcpy(der, bu_key_spki(key).ptr, 44);
    der[44] = 0;
    reads_as("a byte behind", der, 45, BULLA_E_TRAILING_DATA, 44);
    for (size_t len = 1; len < 44; len++)
        reads_as("a byte less", der, len, BULLA_E_BAD_ENCODING, len > 2 ? 2 : len);
    uint8_t padded[64] = { 0x30, 0x81, 0x2a }; /* a length in two bytes where one does */
    memcpy(padded + 3, der + 2, 42);
    reads_as("a long length", padded, 45, BULLA_E_BAD_ENCODING, 3);
    uint8_t indefinite[64] = { 0x30, 0x80 };
    memcpy(indefinite + 2, der + 2, 42);
    reads_as("an indefinite length", indefinite, 46, BULLA_E_BAD_ENCODING, 2);
    uint8_t unused[64];
    memcpy(unused, der, 44);
    unused[11] = 1; /* unused bits in the BIT STRING */
    reads_as("unused bits", unused, 44, BULLA_E_BAD_ENCODING, 44);
}
END_TEST

#define P255 "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"

/* Points of order 1, 2, 4 and 8, and other ways to write them (RFC 8032, 5.1.3 forbids y >= p).
 * For each there are signatures that verify over many messages. */
static const char *const weak_points[] = {
    "0100000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "ec" P255 "ff7f",
    "ec" P255 "ffff",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "ed" P255 "ff7f",
    "ed" P255 "ffff",
    "ee" P255 "ff7f",
    "ee" P255 "ffff",
    "0200000000000000000000000000000000000000000000000000000000000000", /* on no curve */
};

static void ed25519_spki(const uint8_t point[32], uint8_t out[44])
{
    static const uint8_t front[] = { 0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0 };
    memcpy(out, front, sizeof front);
    memcpy(out + sizeof front, point, 32);
}

START_TEST(weak_ed25519_points)
{
    uint8_t point[32];
    uint8_t der[44];
    bulla_error err = { 0 };
    unit_ok(bu_hex_decode(bu_bytes_of(weak_points[_i]), point, sizeof point, &err), err);
    ed25519_spki(point, der);
    reads_as(weak_points[_i], der, sizeof der, BULLA_E_WEAK_KEY, BU_OFFSET_NONE);
}
END_TEST

/* A good point plus one of small order: libraries disagree on what verifies (CVE-2025-69277). */
START_TEST(mixed_ed25519_points)
{
    static const size_t small[] = { 2, 4, 6, 8 };
    uint8_t torsion[32];
    uint8_t mixed[32];
    uint8_t der[44];
    bulla_error err = { 0 };
    BU_AUTO(bu_key) key = public_key("ed25519.pub");
    unit_ok(bu_hex_decode(bu_bytes_of(weak_points[small[_i]]), torsion, 32, &err), err);
    ck_assert_int_eq(crypto_core_ed25519_add(mixed, bu_key_spki(key).ptr + 12, torsion), 0);
    ed25519_spki(mixed, der);
    reads_as(weak_points[small[_i]], der, sizeof der, BULLA_E_WEAK_KEY, BU_OFFSET_NONE);
}
END_TEST

START_TEST(points_off_the_curve)
{
    static const char *const names[] = { "p256.pub", "p384.pub", "p521.pub" };
    uint8_t der[256];
    BU_AUTO(bu_key) key = public_key(names[_i]);
    bulla_bytes spki = bu_key_spki(key);
    memcpy(der, spki.ptr, spki.len);
    der[spki.len - 1] ^= 1;
    reads_as("another y", der, spki.len, BULLA_E_BAD_KEY, BU_OFFSET_NONE);
    memset(der + spki.len - 64, 0xff, 64);
    reads_as("coordinates beyond the field", der, spki.len, BULLA_E_BAD_KEY, BU_OFFSET_NONE);
}
END_TEST

START_TEST(rsa_numbers)
{
    uint8_t der[512];
    BU_AUTO(bu_key) key = public_key("rsa2048.pub");
    bulla_bytes spki = bu_key_spki(key);
    memcpy(der, spki.ptr, spki.len);
    der[spki.len - 1] = 0; /* 65537 becomes 65536 */
    reads_as("an even exponent", der, spki.len, BULLA_E_WEAK_KEY, BU_OFFSET_NONE);
    der[spki.len - 1] = 1;
    der[spki.len - 6] &= 0xfe; /* the last byte of the modulus */
    reads_as("an even modulus", der, spki.len, BULLA_E_BAD_KEY, BU_OFFSET_NONE);
    memcpy(der, spki.ptr, spki.len);
    der[33] &= 0x7f; /* the zero byte before the modulus is now one too many */
    reads_as("a padded integer", der, spki.len, BULLA_E_BAD_ENCODING, BU_OFFSET_NONE);
    memcpy(der, spki.ptr, spki.len);
    der[spki.len - 3] = 0x80; /* a negative exponent */
    reads_as("a negative integer", der, spki.len, BULLA_E_BAD_ENCODING, BU_OFFSET_NONE);
}
END_TEST

START_TEST(names_of_kinds)
{
    static const bulla_key_kind all[] = { BULLA_KEY_ED25519, BULLA_KEY_ECDSA_P256,
                                          BULLA_KEY_ECDSA_P384, BULLA_KEY_ECDSA_P521,
                                          BULLA_KEY_RSA };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        ck_assert_int_eq(bulla_key_kind_of(bulla_key_kind_name(all[i])), all[i]);
    ck_assert_str_eq(bulla_key_kind_name(BULLA_KEY_ECDSA_P256), "ecdsa-p256");
    ck_assert_str_eq(bulla_key_kind_name(BULLA_KEY_NONE), "none");
    ck_assert_str_eq(bulla_key_kind_name((bulla_key_kind)99), "none");
    ck_assert_int_eq(bulla_key_kind_of("none"), BULLA_KEY_NONE);
    ck_assert_int_eq(bulla_key_kind_of("dsa"), BULLA_KEY_NONE);
}
END_TEST

START_TEST(no_memory_is_said)
{
    bulla_bytes text = key_text(_i == 0 ? "ed25519.pub" : "rsa2048.pub");
    for (size_t n = 0;; n++) {
        BU_AUTO(bu_key) key = NULL;
        bulla_error err = { 0 };
        alloc_fail_at(n);
        bulla_status status = bu_key_read(text, &key, &err);
        if (!alloc_fail_off()) {
            unit_ok(status, err);
            ck_assert_uint_ge(n, 3);
            break;
        }
        unit_fails(status, BULLA_E_NO_MEMORY, err);
    }
    free_text(text);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, kinds_of_keys, 0, (int)(sizeof files / sizeof files[0]));
    tcase_add_test(tc, a_small_exponent_is_not_enrolled);
    tcase_add_test(tc, one_key_has_one_id);
    tcase_add_test(tc, der_has_one_form);
    tcase_add_loop_test(tc, weak_ed25519_points, 0,
                        (int)(sizeof weak_points / sizeof weak_points[0]));
    tcase_add_loop_test(tc, mixed_ed25519_points, 0, 4);
    tcase_add_loop_test(tc, points_off_the_curve, 0, 3);
    tcase_add_test(tc, rsa_numbers);
    tcase_add_test(tc, names_of_kinds);
    tcase_add_loop_test(tc, no_memory_is_said, 0, 2);
}

int main(void)
{
    return unit_run("signature/key", add);
}
