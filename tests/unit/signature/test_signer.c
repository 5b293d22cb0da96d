/* SPDX-License-Identifier: MIT */
/* Keys that live elsewhere: they sign like any other, and no answer is believed. */
#include "keys.h"

#include "digest/hasher.h"
#include "signature/secret_key.h"

typedef enum manner { HONEST, OTHER_BIT, NOTHING, MUCH, TOO_MUCH, FAILING } manner;

/* Elsewhere is a key of the tests; what it answers can be spoilt. */
typedef struct elsewhere {
    bu_secret_key *key;
    manner manner;
    char algorithm[64];
    bulla_digest seen;
    size_t released;
} elsewhere;

static bulla_status sign(void *context, const char *algorithm, bulla_bytes input, uint8_t *out,
                         size_t cap, size_t *len, bulla_error *err)
{
    elsewhere *self = context;
    BU_CLEAR(bu_buf) sig = { 0 };
    const bu_algorithm *row = bu_algorithm_by_name(bu_bytes_of(algorithm));
    (void)snprintf(self->algorithm, sizeof self->algorithm, "%s", algorithm);
    if (self->manner == FAILING)
        return bu_fail(err, BULLA_E_UNREADABLE, "the token is not there");
    if (bu_algorithm_digest(row) == BULLA_ALG_NONE) {
        BU_TRY(bu_sign(self->key, row, input, &sig, err));
    } else {
        self->seen = (bulla_digest){ bu_algorithm_digest(row), (uint32_t)input.len, { 0 } };
        memcpy(self->seen.bytes, input.ptr, input.len);
        BU_TRY(bu_sign_digest(self->key, row, &self->seen, &sig, err));
    }
    sig.ptr[sig.len - 1] ^= self->manner == OTHER_BIT;
    memset(out, 0, cap);
    memcpy(out, sig.ptr, sig.len);
    *len = self->manner == NOTHING ? 0 : self->manner == MUCH ? cap : sig.len;
    if (self->manner == TOO_MUCH)
        *len = cap + 1;
    return BU_OK;
}

static void release(void *context)
{
    ((elsewhere *)context)->released++;
}

static const struct {
    const char *file, *algorithm, *asked;
} keys[] = {
    { "throwaway-ed25519.pem", "ed25519", "ed25519" },
    { "throwaway-p256.pem", "ecdsa-p256-sha256", "ecdsa-p256-sha256" },
    { "throwaway-p384.pem", "ecdsa-p384-sha384", "ecdsa-p384-sha384" },
    { "throwaway-rsa2048.pem", "rsa-pkcs1-sha256", "rsa-pkcs1-sha256" },
    { "throwaway-rsa2048.pem", "rsa-pss-sha256-mgf1sha256-salt32",
      "rsa-pss-sha256-mgf1sha256-salt32" },
};
#define KEYS (sizeof keys / sizeof keys[0])

static void start(elsewhere *self, const char *file, bu_secret_key **out)
{
    bulla_error err = { 0 };
    *self = (elsewhere){ .key = private_key(file) };
    const bulla_signer signer = { sign, release, self };
    unit_ok(
        bu_secret_key_elsewhere(bu_key_spki(bu_secret_key_public(self->key)), &signer, out, &err),
        err);
}

START_TEST(elsewhere_signs_like_here)
{
    elsewhere self;
    bulla_error err = { 0 };
    bu_secret_key *key = NULL;
    BU_CLEAR(bu_buf) sig = { 0 };
    start(&self, keys[_i].file, &key);
    const bu_algorithm *row = bu_algorithm_by_name(bu_bytes_of(keys[_i].algorithm));
    unit_ok(bu_sign(key, row, BULLA_LIT("x"), &sig, &err), err);
    ck_assert_str_eq(self.algorithm, keys[_i].asked);
    unit_ok(
        bu_verify(bu_secret_key_public(self.key), row, BULLA_LIT("x"), bu_buf_bytes(&sig), &err),
        err);
    bu_secret_key_free(key);
    ck_assert_uint_eq(self.released, 1);
    bu_secret_key_free(self.key);
}
END_TEST

START_TEST(no_answer_is_believed)
{
    static const struct {
        manner manner;
        bulla_code want;
    } manners[] = {
        { OTHER_BIT, BULLA_E_BAD_SIGNATURE }, { NOTHING, BULLA_E_BAD_SIGNATURE },
        { MUCH, BULLA_E_BAD_SIGNATURE },      { TOO_MUCH, BULLA_E_RESOURCE_LIMIT },
        { FAILING, BULLA_E_UNREADABLE },
    };
    elsewhere self;
    bu_secret_key *key = NULL;
    start(&self, keys[_i].file, &key);
    const bu_algorithm *row = bu_algorithm_by_name(bu_bytes_of(keys[_i].algorithm));
    for (size_t i = 0; i < sizeof manners / sizeof manners[0]; i++) {
        bulla_error err = { 0 };
        BU_CLEAR(bu_buf) sig = { 0 };
        self.manner = manners[i].manner;
        unit_fails(bu_sign(key, row, BULLA_LIT("x"), &sig, &err), manners[i].want, err);
        ck_assert_uint_eq(sig.len, 0);
    }
    bu_secret_key_free(key);
    bu_secret_key_free(self.key);
}
END_TEST

/* P1363 is made of the DER that was answered. */
START_TEST(the_answer_is_der)
{
    elsewhere self;
    bulla_error err = { 0 };
    bu_secret_key *key = NULL;
    BU_CLEAR(bu_buf) sig = { 0 };
    start(&self, "throwaway-p256.pem", &key);
    const bu_algorithm *row = bu_algorithm_by_name(BULLA_LIT("ecdsa-p256-sha256-p1363"));
    unit_fails(bu_sign(key, row, BULLA_LIT("x"), &sig, &err), BULLA_E_BAD_SIGNATURE, err);
    bu_secret_key_free(key);
    bu_secret_key_free(self.key);
}
END_TEST

START_TEST(elsewhere_is_not_copied)
{
    elsewhere self;
    bulla_error err = { 0 };
    bu_secret_key *key = NULL;
    bu_secret *out = NULL;
    start(&self, "throwaway-p256.pem", &key);
    unit_fails(bu_secret_key_der(key, &out, &err), BULLA_E_WRONG_USAGE, err);
    unit_fails(bu_secret_key_write_plain(key, &out, &err), BULLA_E_WRONG_USAGE, err);
    bu_secret_key_free(key);
    bu_secret_key_free(self.key);
}
END_TEST

/* A digest is signed as what it is a digest of. */
START_TEST(digests_are_signed)
{
    bulla_error err = { 0 };
    bulla_digest sha256, sha512;
    BU_CLEAR(bu_buf) sig = { 0 };
    BU_AUTO(bu_secret_key) key = private_key("throwaway-p256.pem");
    BU_AUTO(bu_secret_key) edwards = private_key("throwaway-ed25519.pem");
    const bu_algorithm *row = bu_algorithm_by_name(BULLA_LIT("ecdsa-p256-sha256"));
    unit_ok(bu_digest_of(BULLA_ALG_SHA256, BULLA_LIT("x"), &sha256, &err), err);
    unit_ok(bu_digest_of(BULLA_ALG_SHA512, BULLA_LIT("x"), &sha512, &err), err);
    unit_ok(bu_sign_digest(key, row, &sha256, &sig, &err), err);
    unit_ok(bu_verify(bu_secret_key_public(key), row, BULLA_LIT("x"), bu_buf_bytes(&sig), &err),
            err);
    unit_fails(bu_sign_digest(key, row, &sha512, &sig, &err), BULLA_E_WRONG_USAGE, err);
    unit_fails(
        bu_sign_digest(edwards, bu_algorithm_by_name(BULLA_LIT("ed25519")), &sha512, &sig, &err),
        BULLA_E_WRONG_USAGE, err);
    unit_fails(bu_sign_digest(edwards, row, &sha256, &sig, &err), BULLA_E_WRONG_USAGE, err);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, elsewhere_signs_like_here, 0, (int)KEYS);
    tcase_add_loop_test(tc, no_answer_is_believed, 0, (int)KEYS);
    tcase_add_test(tc, the_answer_is_der);
    tcase_add_test(tc, elsewhere_is_not_copied);
    tcase_add_test(tc, digests_are_signed);
}

int main(void)
{
    return unit_run("signature/signer", add);
}
