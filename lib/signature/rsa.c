/* SPDX-License-Identifier: MIT */
/*
 * RSA signatures (RFC 8017): RSASSA-PKCS1-v1_5, where OpenSSL builds the whole
 * padded block again and compares, and RSASSA-PSS with a salt of exactly the
 * length that the algorithm names, where it names one.
 */
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include "signature/crypto.h"

#define BITS_MIN           2048
#define BITS_MAX           8192
#define EXPONENT_BYTES_MAX 8 /* OpenSSL checks with no longer one where the modulus is long */

typedef struct rsa_numbers {
    bulla_bytes modulus, exponent;
} rsa_numbers;

static size_t bits_of(bulla_bytes number)
{
    return 8 * number.len - (size_t)(__builtin_clz(number.ptr[0]) - 24);
}

static bool is_odd(bulla_bytes number)
{
    return (number.ptr[number.len - 1] & 1) != 0;
}

static bulla_status judge(const rsa_numbers *numbers, bulla_error *err)
{
    size_t bits = bits_of(numbers->modulus);
    if (bits < BITS_MIN || bits > BITS_MAX)
        return bu_fail(err, BULLA_E_WEAK_KEY, "an RSA modulus of %zu bits, not %u to %u", bits,
                       BITS_MIN, BITS_MAX);
    if (!is_odd(numbers->modulus))
        return bu_fail(err, BULLA_E_BAD_KEY, "an even RSA modulus");
    /* With 3, too: the padded block is built again and compared, so nothing can hide behind it. */
    if (bits_of(numbers->exponent) < 2 || !is_odd(numbers->exponent))
        return bu_fail(err, BULLA_E_WEAK_KEY, "an RSA exponent that is even or 1");
    if (numbers->exponent.len > EXPONENT_BYTES_MAX)
        return bu_fail(err, BULLA_E_WEAK_KEY, "an RSA exponent of over %u bits",
                       8 * EXPONENT_BYTES_MAX);
    return BU_OK;
}

typedef struct building {
    OSSL_PARAM_BLD *builder;
    BIGNUM *modulus, *exponent;
    OSSL_PARAM *params;
} building;

static void clear_building(building *b)
{
    OSSL_PARAM_free(b->params);
    BN_free(b->exponent);
    BN_free(b->modulus);
    OSSL_PARAM_BLD_free(b->builder);
}

static bulla_status build(const rsa_numbers *numbers, EVP_PKEY **out, bulla_error *err)
{
    __attribute__((cleanup(clear_building))) building b = {
        .builder = OSSL_PARAM_BLD_new(),
        .modulus = BN_bin2bn(numbers->modulus.ptr, (int)numbers->modulus.len, NULL),
        .exponent = BN_bin2bn(numbers->exponent.ptr, (int)numbers->exponent.len, NULL),
    };
    if (b.builder == NULL || b.modulus == NULL || b.exponent == NULL ||
        OSSL_PARAM_BLD_push_BN(b.builder, OSSL_PKEY_PARAM_RSA_N, b.modulus) != 1 ||
        OSSL_PARAM_BLD_push_BN(b.builder, OSSL_PKEY_PARAM_RSA_E, b.exponent) != 1 ||
        (b.params = OSSL_PARAM_BLD_to_param(b.builder)) == NULL)
        return bu_no_memory(err);
    return bu_ossl_key("RSA", EVP_PKEY_PUBLIC_KEY, b.params, out, err);
}

/* RFC 8017 A.1.1, RSAPublicKey. */
static bool read_numbers(bulla_bytes der, rsa_numbers *out)
{
    bu_der all = bu_der_of(der);
    bu_der sequence = bu_der_enter(&all, BU_DER_SEQUENCE);
    out->modulus = bu_der_positive(&sequence);
    out->exponent = bu_der_positive(&sequence);
    return bu_der_done(&sequence) && bu_der_done(&all);
}

bulla_status bu_rsa_open(bu_key *key, bulla_error *err)
{
    rsa_numbers numbers;
    if (!read_numbers(key->point, &numbers))
        return bu_fail(err, BULLA_E_BAD_ENCODING, "the RSAPublicKey is not strict DER");
    BU_TRY(judge(&numbers, err));
    return build(&numbers, &key->pkey, err);
}

bool bu_key_may_be_enrolled(const bu_key *key)
{
    rsa_numbers numbers;
    if (key->kind != BULLA_KEY_RSA)
        return true;
    return read_numbers(key->point, &numbers) &&
           bits_of(numbers.exponent) >= 17; /* FIPS 186-5, 5.1 */
}

static bulla_status check_padded(const bu_key *key, const bu_algorithm *algorithm, int padding,
                                 const bulla_digest *digest, bulla_bytes signature,
                                 bulla_error *err)
{
    size_t due = (size_t)EVP_PKEY_get_size(key->pkey);
    /* RFC 8017 8.1.2 and 8.2.2, step 1: a signature is as long as the modulus. */
    if (signature.len != due)
        return bu_fail(err, BULLA_E_BAD_SIGNATURE, "%zu bytes where this key's signatures have %zu",
                       signature.len, due);
    return bu_ossl_verify(key, padding, algorithm->salt, digest, signature, err);
}

static bulla_status check_pkcs1(const bu_key *key, const bu_algorithm *algorithm,
                                const bulla_digest *digest, bulla_bytes signature, bulla_error *err)
{
    return check_padded(key, algorithm, RSA_PKCS1_PADDING, digest, signature, err);
}

static bulla_status check_pss(const bu_key *key, const bu_algorithm *algorithm,
                              const bulla_digest *digest, bulla_bytes signature, bulla_error *err)
{
    return check_padded(key, algorithm, RSA_PKCS1_PSS_PADDING, digest, signature, err);
}

static bulla_status make_padded(const bu_secret_key *key, const bu_algorithm *algorithm,
                                int padding, const bulla_digest *digest, bu_buf *out,
                                bulla_error *err)
{
    BU_AUTO_PKEY pkey = NULL;
    if (key->secret == NULL)
        return bu_signer_ask(key, algorithm, (bulla_bytes){ digest->bytes, digest->len }, out, err);
    BU_TRY(bu_rsa_pair(bu_secret_bytes(key->secret), &pkey, err));
    return bu_ossl_sign(pkey, padding, algorithm->salt, digest, out, err);
}

static bulla_status make_pkcs1(const bu_secret_key *key, const bu_algorithm *algorithm,
                               const bulla_digest *digest, bu_buf *out, bulla_error *err)
{
    return make_padded(key, algorithm, RSA_PKCS1_PADDING, digest, out, err);
}

static bulla_status make_pss(const bu_secret_key *key, const bu_algorithm *algorithm,
                             const bulla_digest *digest, bu_buf *out, bulla_error *err)
{
    return make_padded(key, algorithm, RSA_PKCS1_PSS_PADDING, digest, out, err);
}

static bulla_status make_none(const bu_secret_key *key, const bu_algorithm *algorithm,
                              const bulla_digest *digest, bu_buf *out, bulla_error *err)
{
    (void)key;
    (void)digest;
    (void)out;
    return bu_fail(err, BULLA_E_WRONG_USAGE, "%s does not say how long a salt to sign with",
                   algorithm->name);
}

/* Beginnings of a DigestInfo (RFC 8017, 9.2, note 1). */
static bool is_weak_digest_info(bulla_bytes info)
{
    static const bulla_bytes rows[] = {
        { (const uint8_t *)"\x30\x21\x30\x09\x06\x05\x2b\x0e\x03\x02\x1a\x05\x00\x04\x14", 15 },
        { (const uint8_t
               *)"\x30\x20\x30\x0c\x06\x08\x2a\x86\x48\x86\xf7\x0d\x02\x05\x05\x00\x04\x10",
          18 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (bu_bytes_equal(bu_bytes_first(info, rows[i].len), rows[i]))
            return true;
    return false;
}

static void free_context(EVP_PKEY_CTX **context)
{
    EVP_PKEY_CTX_free(*context);
}

bool bu_rsa_is_over_weak_hash(const bu_key *key, bulla_bytes signature)
{
    uint8_t info[BITS_MAX / 8];
    size_t len = sizeof info;
    if (key->kind != BULLA_KEY_RSA)
        return false;
    __attribute__((cleanup(free_context))) EVP_PKEY_CTX *context =
        EVP_PKEY_CTX_new_from_pkey(bu_ossl(), key->pkey, NULL);
    (void)ERR_set_mark();
    bool is_recovered =
        context != NULL && EVP_PKEY_verify_recover_init(context) == 1 &&
        EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1 &&
        EVP_PKEY_verify_recover(context, info, &len, signature.ptr, signature.len) == 1;
    (void)ERR_pop_to_mark();
    return is_recovered && is_weak_digest_info((bulla_bytes){ info, len });
}

const bu_scheme bu_scheme_rsa_pkcs1 = { .check_digest = check_pkcs1, .make_digest = make_pkcs1 };
const bu_scheme bu_scheme_rsa_pss = { .check_digest = check_pss, .make_digest = make_pss };
const bu_scheme bu_scheme_rsa_pss_any_salt = { .check_digest = check_pss,
                                               .make_digest = make_none };
