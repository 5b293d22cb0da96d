/* SPDX-License-Identifier: MIT */
/* Private keys: only the forms that are named, only with the right public half, never in the clear
 * by accident. */
#include "keys.h"

#include "alloc_fail.h"
#include "base/encode.h"
#include "signature/pem.h"
#include "signature/secret_key.h"

static const struct {
    const char *file, *passphrase;
    bulla_code want;
    const char *public; /* whose private half it is; NULL: not kept as PEM */
} files[] = {
    { "throwaway-ed25519.pem", NULL, BULLA_OK, "ed25519.pub" },
    { "throwaway-p256.pem", NULL, BULLA_OK, "p256.pub" },
    { "throwaway-p256.pem", "not needed", BULLA_OK, "p256.pub" },
    { "throwaway-p256-pbes2.pem", PASSPHRASE, BULLA_OK, "p256.pub" },
    { "throwaway-ed25519-pbes2.pem", PASSPHRASE, BULLA_OK, "ed25519.pub" },
    { "throwaway-p256-pbes2.pem", NULL, BULLA_E_WRONG_PASSPHRASE, NULL },
    { "throwaway-p256-pbes2.pem", "test passphrase ", BULLA_E_WRONG_PASSPHRASE, NULL },
    { "throwaway-ed25519-pbes2.pem", "", BULLA_E_WRONG_PASSPHRASE, NULL },
    { "throwaway-p256-scrypt.pem", PASSPHRASE, BULLA_E_UNSUPPORTED_FEATURE, NULL },
    { "throwaway-p256-pbes1.pem", PASSPHRASE, BULLA_E_UNSUPPORTED_FEATURE, NULL },
    { "throwaway-p256-sha1.pem", PASSPHRASE, BULLA_E_UNSUPPORTED_FEATURE, NULL },
    { "throwaway-p256-sec1.pem", NULL, BULLA_OK, "p256.pub" },
    { "throwaway-p384-sec1.pem", NULL, BULLA_OK, "p384.pub" },
    { "throwaway-p384.pem", NULL, BULLA_OK, "p384.pub" },
    { "throwaway-p521-sec1.pem", NULL, BULLA_OK, "p521.pub" },
    { "throwaway-p521.pem", NULL, BULLA_OK, "p521.pub" },
    { "throwaway-rsa2048.pem", NULL, BULLA_OK, "rsa2048.pub" },
    { "throwaway-rsa2048-pkcs1.pem", NULL, BULLA_OK, "rsa2048.pub" },
    { "throwaway-rsa2048-pbes2.pem", PASSPHRASE, BULLA_OK, "rsa2048.pub" },
    { "throwaway-rsa1024.pem", NULL, BULLA_E_WEAK_KEY, NULL },
    { "throwaway-secp256k1-sec1.pem", NULL, BULLA_E_UNSUPPORTED_FEATURE, NULL },
    { "throwaway-p256-legacy.pem", PASSPHRASE, BULLA_E_BAD_ENCODING, NULL },
    { "p256.pub", NULL, BULLA_E_BAD_KEY, NULL },
    { "throwaway-rsa2048.ssh", NULL, BULLA_OK, "rsa2048.pub" },
    { "throwaway-p256-bcrypt.ssh", PASSPHRASE, BULLA_OK, "p256.pub" },
    { "throwaway-p384-bcrypt.ssh", PASSPHRASE, BULLA_OK, "p384.pub" },
    { "throwaway-ed25519-bcrypt.ssh", PASSPHRASE, BULLA_OK, NULL },
    { "throwaway-ed25519-bcrypt.ssh", NULL, BULLA_E_WRONG_PASSPHRASE, NULL },
    { "throwaway-ed25519-bcrypt.ssh", "x", BULLA_E_WRONG_PASSPHRASE, NULL },
    { "throwaway-p256-cbc.ssh", PASSPHRASE, BULLA_E_UNSUPPORTED_FEATURE, NULL },
};

START_TEST(forms_of_private_keys)
{
    bulla_error err = { 0 };
    BU_AUTO(bu_secret_key) key = NULL;
    BU_AUTO(bu_secret)
    secret = files[_i].passphrase == NULL ? NULL : secret_of(files[_i].passphrase);
    bulla_bytes text = key_text(files[_i].file);
    bulla_status status = bu_secret_key_read(text, secret, &key, &err);
    ck_assert_msg(status.code == files[_i].want, "%s: %s (%s)", files[_i].file,
                  bulla_code_name(status.code), err.text);
    free_text(text);
    if (!bulla_ok(status)) {
        unit_fails(status, files[_i].want, err);
        return;
    }
    if (files[_i].public == NULL)
        return;
    BU_AUTO(bu_key) public = public_key(files[_i].public);
    ck_assert(bu_key_equal(bu_secret_key_public(key), public));
}
END_TEST

static bulla_code read_labelled(const char *label, const uint8_t *der, size_t len, bulla_error *err)
{
    BU_CLEAR(bu_buf) pem = { 0 };
    BU_AUTO(bu_secret_key) key = NULL;
    bu_pem_encode((bulla_bytes){ der, len }, label, &pem);
    return bu_secret_key_read(bu_buf_bytes(&pem), NULL, &key, err).code;
}

static bulla_code read_der(const uint8_t *der, size_t len, bulla_error *err)
{
    return read_labelled("PRIVATE KEY", der, len, err);
}

#define DER_MAX 2048

static size_t der_of(const char *name, uint8_t der[DER_MAX])
{
    BU_CLEAR(bu_buf) buf = { 0 };
    bulla_error err = { 0 };
    bulla_bytes text = key_text(name);
    char label[32] = "";
    memcpy(label, bu_pem_label(text).ptr, bu_pem_label(text).len);
    unit_ok(bu_pem_decode(text, label, &buf, &err), err);
    ck_assert_uint_le(buf.len, DER_MAX);
    memcpy(der, buf.ptr, buf.len);
    free_text(text);
    return buf.len;
}

START_TEST(what_is_inside_must_fit)
{
    bulla_error err = { 0 };
    uint8_t der[DER_MAX];
    size_t len = der_of("throwaway-p256.pem", der);
    ck_assert_uint_eq(len, 138);
    der[len - 1] ^= 1; /* another public half than the private one's */
    ck_assert_int_eq(read_der(der, len, &err), BULLA_E_BAD_KEY);
    der[len - 1] ^= 1;
    memset(der + 36, 0, 32); /* a scalar of 0 */
    ck_assert_int_eq(read_der(der, len, &err), BULLA_E_BAD_KEY);
    memset(der + 36, 0xff, 32); /* one beyond the order */
    ck_assert_int_eq(read_der(der, len, &err), BULLA_E_BAD_KEY);
    len = der_of("throwaway-p256.pem", der);
    der[5] = 0x80; /* the version: negative */
    ck_assert_int_eq(read_der(der, len, &err), BULLA_E_UNSUPPORTED_VERSION);
    der[5] = 1;
    ck_assert_int_eq(read_der(der, len, &err), BULLA_E_UNSUPPORTED_VERSION);
    der[5] = 0;
    der[33] = 2; /* version of the ECPrivateKey */
    ck_assert_int_eq(read_der(der, len, &err), BULLA_E_BAD_ENCODING);
    len = der_of("throwaway-ed25519.pem", der);
    ck_assert_int_eq(read_der(der, len, &err), BULLA_OK);
    for (size_t less = 0; less < len; less++)
        ck_assert_int_eq(read_der(der, less, &err), BULLA_E_BAD_ENCODING);
    der[len] = 0;
    ck_assert_int_eq(read_der(der, len + 1, &err), BULLA_E_BAD_ENCODING);
}
END_TEST

#define P256_IDENTIFIER                                                                            \
    "\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07"

/* RFC 5915: the public half may be left out. */
START_TEST(public_half_is_derived)
{
    bulla_error err = { 0 };
    uint8_t whole[DER_MAX];
    BU_CLEAR(bu_buf) der = { 0 };
    BU_CLEAR(bu_buf) pem = { 0 };
    BU_AUTO(bu_secret_key) key = NULL;
    BU_AUTO(bu_key) public = public_key("p256.pub");
    (void)der_of("throwaway-p256.pem", whole);
    bu_buf_add(&der, BULLA_LIT("\x30\x41\x02\x01\x00" P256_IDENTIFIER
                               "\x04\x27\x30\x25\x02\x01\x01\x04\x20"));
    bu_buf_add(&der, (bulla_bytes){ whole + 36, 32 });
    bu_pem_encode(bu_buf_bytes(&der), "PRIVATE KEY", &pem);
    unit_ok(bu_secret_key_read(bu_buf_bytes(&pem), NULL, &key, &err), err);
    ck_assert(bu_key_equal(bu_secret_key_public(key), public));
}
END_TEST

#define SEC1 "EC PRIVATE KEY"

/* SEC 1: the curve is named inside, and the scalar must be on it. */
START_TEST(sec1_must_fit)
{
    bulla_error err = { 0 };
    uint8_t der[DER_MAX];
    size_t len = der_of("throwaway-p384-sec1.pem", der);
    ck_assert_int_eq(read_labelled(SEC1, der, len, &err), BULLA_OK);
    for (size_t less = 0; less < len; less++)
        ck_assert_int_eq(read_labelled(SEC1, der, less, &err), BULLA_E_BAD_ENCODING);
    der[len - 1] ^= 1;
    ck_assert_int_eq(read_labelled(SEC1, der, len, &err), BULLA_E_BAD_KEY);
    der[len - 1] ^= 1;
    memset(der + 8, 0xff, 48); /* a scalar beyond the order */
    ck_assert_int_eq(read_labelled(SEC1, der, len, &err), BULLA_E_BAD_KEY);
    ck_assert_uint_eq(der[64], 0x22); /* the last byte of the curve's name */
    der[64] = 0x0a;                   /* secp256k1 */
    ck_assert_int_eq(read_labelled(SEC1, der, len, &err), BULLA_E_UNSUPPORTED_FEATURE);
    der[64] = 0x23; /* P-521: its scalar is longer, its point is another */
    ck_assert_int_eq(read_labelled(SEC1, der, len, &err), BULLA_E_BAD_KEY);
}
END_TEST

/* RSA: numbers that do not belong together are refused at the latest when they have signed. */
START_TEST(rsa_numbers_must_fit)
{
    bulla_error err = { 0 };
    uint8_t der[DER_MAX];
    size_t len = der_of("throwaway-rsa2048-pkcs1.pem", der);
    for (size_t less = 0; less < len; less += 7)
        ck_assert_int_eq(read_labelled("RSA PRIVATE KEY", der, less, &err), BULLA_E_BAD_ENCODING);
    der[len] = 0;
    ck_assert_int_eq(read_labelled("RSA PRIVATE KEY", der, len + 1, &err), BULLA_E_BAD_ENCODING);
    der[6] = 1; /* the version: many primes */
    ck_assert_int_eq(read_labelled("RSA PRIVATE KEY", der, len, &err), BULLA_E_BAD_ENCODING);
    der[6] = 0;
    der[40] ^= 2; /* in the modulus */
    ck_assert_int_eq(read_labelled("RSA PRIVATE KEY", der, len, &err), BULLA_E_BAD_KEY);
    der[40] ^= 2;
    der[len - 1] ^= 2; /* in the coefficient: seen only by what it makes */
    BU_CLEAR(bu_buf) pem = { 0 };
    BU_CLEAR(bu_buf) sig = { 0 };
    BU_AUTO(bu_secret_key) key = NULL;
    bu_pem_encode((bulla_bytes){ der, len }, "RSA PRIVATE KEY", &pem);
    unit_ok(bu_secret_key_read(bu_buf_bytes(&pem), NULL, &key, &err), err);
    bulla_status status =
        bu_sign(key, bu_algorithm_of_key(bu_secret_key_public(key)), BULLA_LIT("x"), &sig, &err);
    if (!bulla_ok(status)) /* OpenSSL may have seen it and done without */
        unit_fails(status, BULLA_E_BAD_KEY, err);
    else
        unit_ok(bu_verify(bu_secret_key_public(key), bu_algorithm_of_key(bu_secret_key_public(key)),
                          BULLA_LIT("x"), bu_buf_bytes(&sig), &err),
                err);
}
END_TEST

/* Forms that leave out the two exponents get them computed. */
START_TEST(rsa_exponents_are_computed)
{
    bulla_error err = { 0 };
    uint8_t der[DER_MAX];
    size_t len = der_of("throwaway-rsa2048-pkcs1.pem", der);
    bulla_bytes numbers[8];
    bu_der all = bu_der_of((bulla_bytes){ der, len });
    bu_der sequence = bu_der_enter(&all, BU_DER_SEQUENCE);
    (void)bu_der_take(&sequence, BU_DER_INTEGER);
    for (size_t i = 0; i < 8; i++)
        numbers[i] = bu_der_positive(&sequence);
    ck_assert(bu_der_done(&sequence));
    bu_rsa_numbers rsa = { numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[7] };
    BU_AUTO(bu_secret) written = NULL;
    unit_ok(bu_rsa_write(&rsa, &written, &err), err);
    ck_assert(bu_bytes_equal(bu_secret_bytes(written), (bulla_bytes){ der, len }));
    BU_AUTO(bu_secret) none = NULL;
    rsa.p = (bulla_bytes){ 0 };
    unit_fails(bu_rsa_write(&rsa, &none, &err), BULLA_E_BAD_KEY, err);
    rsa.p = BULLA_LIT("\1"); /* nothing is left of it less one */
    unit_fails(bu_rsa_write(&rsa, &none, &err), BULLA_E_BAD_KEY, err);
    rsa.p = BULLA_LIT("\0");
    unit_fails(bu_rsa_write(&rsa, &none, &err), BULLA_E_BAD_KEY, err);
}
END_TEST

START_TEST(new_keys_differ_and_sign)
{
    static const bulla_key_kind kinds[] = { BULLA_KEY_ED25519, BULLA_KEY_ECDSA_P256,
                                            BULLA_KEY_ECDSA_P384, BULLA_KEY_ECDSA_P521 };
    bulla_error err = { 0 };
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        BU_AUTO(bu_secret_key) a = NULL;
        BU_AUTO(bu_secret_key) b = NULL;
        BU_CLEAR(bu_buf) sig = { 0 };
        unit_ok(bu_secret_key_new(kinds[i], &a, &err), err);
        unit_ok(bu_secret_key_new(kinds[i], &b, &err), err);
        const bu_key *public = bu_secret_key_public(a);
        ck_assert_int_eq(bu_key_kind(public), kinds[i]);
        ck_assert(!bu_key_equal(public, bu_secret_key_public(b)));
        unit_ok(bu_sign(a, bu_algorithm_of_key(public), BULLA_LIT("x"), &sig, &err), err);
        unit_fails(bu_verify(bu_secret_key_public(b), bu_algorithm_of_key(public), BULLA_LIT("x"),
                             bu_buf_bytes(&sig), &err),
                   BULLA_E_BAD_SIGNATURE, err);
    }
    BU_AUTO(bu_secret_key) none = NULL;
    unit_fails(bu_secret_key_new(BULLA_KEY_RSA, &none, &err), BULLA_E_UNSUPPORTED_FEATURE, err);
    unit_fails(bu_secret_key_new(BULLA_KEY_NONE, &none, &err), BULLA_E_UNSUPPORTED_FEATURE, err);
}
END_TEST

START_TEST(plain_form_goes_round)
{
    static const char *const names[] = { "throwaway-ed25519.pem", "throwaway-p256.pem",
                                         "throwaway-p384.pem", "throwaway-p521.pem",
                                         "throwaway-rsa2048.pem" };
    bulla_error err = { 0 };
    bulla_bytes text = key_text(names[_i]);
    BU_AUTO(bu_secret_key) key = private_key(names[_i]);
    BU_AUTO(bu_secret) pem = NULL;
    unit_ok(bu_secret_key_write_plain(key, &pem, &err), err);
    ck_assert(bu_bytes_equal(bu_secret_bytes(pem), text)); /* byte for byte what openssl writes */
    free_text(text);
}
END_TEST

/* Bytes of an encrypted PKCS#8 that ask for work without end. */
START_TEST(iterations_are_bounded)
{
    BU_CLEAR(bu_buf) der = { 0 };
    BU_CLEAR(bu_buf) pem = { 0 };
    BU_AUTO(bu_secret) secret = secret_of(PASSPHRASE);
    BU_AUTO(bu_secret_key) key = NULL;
    bulla_error err = { 0 };
    bulla_bytes text = key_text("throwaway-p256-pbes2.pem");
    unit_ok(bu_pem_decode(text, "ENCRYPTED PRIVATE KEY", &der, &err), err);
    free_text(text);
    static const uint8_t count[] = { 0x02, 0x02, 0x08, 0x00 }; /* 2048 */
    uint8_t *at = memmem(der.ptr, der.len, count, sizeof count);
    ck_assert_ptr_nonnull(at);
    /* The same with four bytes, the salt two shorter, so that no other length changes. */
    static const uint8_t huge[] = {
        0x04, 0x06, 1, 2, 3, 4, 5, 6, 0x02, 0x04, 0x7f, 0xff, 0xff, 0xff
    };
    memcpy(at - 10, huge, sizeof huge);
    bu_pem_encode(bu_buf_bytes(&der), "ENCRYPTED PRIVATE KEY", &pem);
    unit_fails(bu_secret_key_read(bu_buf_bytes(&pem), secret, &key, &err), BULLA_E_RESOURCE_LIMIT,
               err);
}
END_TEST

static const struct {
    const char *file;
    bulla_code want;
    bool is_private, is_encrypted, has_public;
} descriptions[] = {
    { "p256.pub", BULLA_OK, false, false, true },
    { "throwaway-p256.pem", BULLA_OK, true, false, true },
    { "throwaway-p256-pbes2.pem", BULLA_OK, true, true, false },
    { "throwaway-p256-sec1.pem", BULLA_OK, true, false, true },
    { "throwaway-rsa2048-pbes2.pem", BULLA_OK, true, true, false },
    { "throwaway-rsa1024.pem", BULLA_E_WEAK_KEY, true, false, false },
    { "throwaway-secp256k1-sec1.pem", BULLA_E_UNSUPPORTED_FEATURE, true, false, false },
    { "rsa1024.pub", BULLA_E_WEAK_KEY, false, false, false },
};

START_TEST(keys_describe_themselves)
{
    bulla_error err = { 0 };
    bool is_private = false;
    bool is_encrypted = false;
    BU_AUTO(bu_key) public = NULL;
    bulla_bytes text = key_text(descriptions[_i].file);
    bulla_status status = bu_key_describe(text, &public, &is_private, &is_encrypted, &err);
    free_text(text);
    ck_assert_int_eq(status.code, descriptions[_i].want);
    if (!bulla_ok(status))
        return;
    ck_assert(is_private == descriptions[_i].is_private);
    ck_assert(is_encrypted == descriptions[_i].is_encrypted);
    ck_assert((public != NULL) == descriptions[_i].has_public);
}
END_TEST

START_TEST(no_memory_is_said)
{
    static const char *const names[] = { "throwaway-ed25519.pem", "throwaway-p256.pem",
                                         "throwaway-p256-pbes2.pem",
                                         "throwaway-rsa2048-pkcs1.pem" };
    bulla_bytes text = key_text(names[_i]);
    BU_AUTO(bu_secret) secret = secret_of(PASSPHRASE);
    for (size_t n = 0;; n++) {
        BU_AUTO(bu_secret_key) key = NULL;
        bulla_error err = { 0 };
        alloc_fail_at(n);
        bulla_status status = bu_secret_key_read(text, secret, &key, &err);
        if (!alloc_fail_off()) {
            unit_ok(status, err);
            ck_assert_uint_ge(n, 5);
            break;
        }
        unit_fails(status, BULLA_E_NO_MEMORY, err);
    }
    free_text(text);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, forms_of_private_keys, 0, (int)(sizeof files / sizeof files[0]));
    tcase_add_test(tc, what_is_inside_must_fit);
    tcase_add_test(tc, sec1_must_fit);
    tcase_add_test(tc, rsa_numbers_must_fit);
    tcase_add_test(tc, rsa_exponents_are_computed);
    tcase_add_test(tc, public_half_is_derived);
    tcase_add_test(tc, new_keys_differ_and_sign);
    tcase_add_loop_test(tc, plain_form_goes_round, 0, 5);
    tcase_add_test(tc, iterations_are_bounded);
    tcase_add_loop_test(tc, keys_describe_themselves, 0,
                        (int)(sizeof descriptions / sizeof descriptions[0]));
    tcase_add_loop_test(tc, no_memory_is_said, 0, 4);
}

int main(void)
{
    return unit_run("signature/secret_key", add);
}
