/* SPDX-License-Identifier: MIT */
/*
 * Private RSA keys: RSAPrivateKey (RFC 8017, A.1.2) with two primes, as strict DER. Refuses keys
 * whose modulus is not the product of the primes; numbers that do not fit each other otherwise show
 * when what was signed does not verify.
 */
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/param_build.h>

#include "base/limits.h"
#include "signature/secret_key.h"

/* In the order of the structure, without its version. */
enum { MODULUS, EXPONENT, PRIVATE, PRIME_1, PRIME_2, EXPONENT_1, EXPONENT_2, COEFFICIENT, NUMBERS };

static const char *const names[NUMBERS] = {
    OSSL_PKEY_PARAM_RSA_N,         OSSL_PKEY_PARAM_RSA_E,
    OSSL_PKEY_PARAM_RSA_D,         OSSL_PKEY_PARAM_RSA_FACTOR1,
    OSSL_PKEY_PARAM_RSA_FACTOR2,   OSSL_PKEY_PARAM_RSA_EXPONENT1,
    OSSL_PKEY_PARAM_RSA_EXPONENT2, OSSL_PKEY_PARAM_RSA_COEFFICIENT1,
};

static bulla_status parse(bulla_bytes private, bulla_bytes numbers[NUMBERS], bulla_error *err)
{
    static const uint8_t two_primes[] = { 0 };
    bu_der all = bu_der_of(private);
    bu_der sequence = bu_der_enter(&all, BU_DER_SEQUENCE);
    bulla_bytes version = bu_der_take(&sequence, BU_DER_INTEGER);
    for (size_t i = 0; i < NUMBERS; i++)
        numbers[i] = bu_der_positive(&sequence);
    if (!bu_bytes_equal(version, (bulla_bytes){ two_primes, 1 }) || !bu_der_done(&sequence) ||
        !bu_der_done(&all))
        return bu_fail(err, BULLA_E_BAD_ENCODING,
                       "the RSAPrivateKey is not strict DER with two primes");
    return BU_OK;
}

bulla_status bu_rsa_public(bulla_bytes private, bu_key **out, bulla_error *err)
{
    bulla_bytes numbers[NUMBERS];
    BU_CLEAR(bu_buf) pair = { 0 };
    BU_CLEAR(bu_buf) point = { 0 };
    BU_TRY(parse(private, numbers, err));
    bu_der_add_positive(&pair, numbers[MODULUS]);
    bu_der_add_positive(&pair, numbers[EXPONENT]);
    bu_der_add(&point, BU_DER_SEQUENCE, bu_buf_bytes(&pair));
    if (pair.broken || point.broken)
        return bu_no_memory(err);
    return bu_key_of_point(BULLA_KEY_RSA, bu_buf_bytes(&point), out, err);
}

/* What OpenSSL is given: wiped with it. */
typedef struct building {
    OSSL_PARAM_BLD *builder;
    BIGNUM *numbers[NUMBERS], *product;
    BN_CTX *scratch;
    OSSL_PARAM *params;
} building;

static void clear_building(building *b)
{
    OSSL_PARAM_free(b->params);
    BN_CTX_free(b->scratch);
    BN_clear_free(b->product);
    for (size_t i = 0; i < NUMBERS; i++)
        BN_clear_free(b->numbers[i]);
    OSSL_PARAM_BLD_free(b->builder);
}
#define AUTO_BUILDING __attribute__((cleanup(clear_building))) building

/* The least of what must fit: of another modulus, every signature would be refused anyway. */
static bulla_status check_product(building *b, bulla_error *err)
{
    b->product = BN_secure_new();
    b->scratch = BN_CTX_secure_new();
    if (b->product == NULL || b->scratch == NULL ||
        BN_mul(b->product, b->numbers[PRIME_1], b->numbers[PRIME_2], b->scratch) != 1)
        return bu_no_memory(err);
    if (BN_cmp(b->product, b->numbers[MODULUS]) != 0)
        return bu_fail(err, BULLA_E_BAD_KEY, "the modulus is not the product of the primes");
    return BU_OK;
}

bulla_status bu_rsa_pair(bulla_bytes private, EVP_PKEY **out, bulla_error *err)
{
    bulla_bytes numbers[NUMBERS];
    BU_TRY(parse(private, numbers, err));
    AUTO_BUILDING b = { .builder = OSSL_PARAM_BLD_new() };
    if (b.builder == NULL)
        return bu_no_memory(err);
    for (size_t i = 0; i < NUMBERS; i++) {
        b.numbers[i] = BN_secure_new();
        if (b.numbers[i] == NULL ||
            BN_bin2bn(numbers[i].ptr, (int)numbers[i].len, b.numbers[i]) == NULL ||
            OSSL_PARAM_BLD_push_BN(b.builder, names[i], b.numbers[i]) != 1)
            return bu_no_memory(err);
    }
    BU_TRY(check_product(&b, err));
    b.params = OSSL_PARAM_BLD_to_param(b.builder);
    if (b.params == NULL)
        return bu_no_memory(err);
    return bu_ossl_key("RSA", EVP_PKEY_KEYPAIR, b.params, out, err);
}

/* The exponent for one prime: d mod (p - 1). */
static bool reduce(building *b, size_t prime, size_t exponent)
{
    b->numbers[exponent] = BN_secure_new();
    return b->numbers[exponent] != NULL && BN_copy(b->product, b->numbers[prime]) != NULL &&
           BN_sub_word(b->product, 1) == 1 &&
           BN_mod(b->numbers[exponent], b->numbers[PRIVATE], b->product, b->scratch) == 1;
}

static bulla_status write(const building *b, size_t size, bu_secret **out, bulla_error *err)
{
    static const uint8_t version[] = { 0 };
    BU_WIPED content = { 0 };
    BU_WIPED der = { 0 };
    BU_AUTO(bu_secret) number = bu_secret_new(size);
    if (number == NULL || bu_buf_room(&content, NUMBERS * (size + 8)) == NULL ||
        bu_buf_room(&der, NUMBERS * (size + 8) + 8) == NULL)
        return bu_no_memory(err);
    bu_der_add(&content, BU_DER_INTEGER, (bulla_bytes){ version, 1 });
    for (size_t i = 0; i < NUMBERS; i++) {
        if (BN_bn2binpad(b->numbers[i], number->ptr, (int)size) < 0)
            return bu_fail(err, BULLA_E_BAD_KEY, "an RSA number is longer than the modulus");
        bu_der_add_positive(&content, bu_secret_bytes(number));
    }
    bu_der_add(&der, BU_DER_SEQUENCE, bu_buf_bytes(&content));
    *out = bu_secret_copy(bu_buf_bytes(&der));
    return *out == NULL ? bu_no_memory(err) : BU_OK;
}

static bulla_status take(building *b, size_t which, bulla_bytes number, bulla_error *err)
{
    if (number.len > BU_LIMIT_METADATA_BYTES)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "an RSA number of %zu bytes", number.len);
    b->numbers[which] = BN_secure_new();
    if (b->numbers[which] == NULL ||
        BN_bin2bn(number.ptr, (int)number.len, b->numbers[which]) == NULL)
        return bu_no_memory(err);
    if (BN_is_zero(b->numbers[which]) || BN_is_one(b->numbers[which]))
        return bu_fail(err, BULLA_E_BAD_KEY, "an RSA number that is zero or one");
    return BU_OK;
}

bulla_status bu_rsa_write(const bu_rsa_numbers *given, bu_secret **out, bulla_error *err)
{
    AUTO_BUILDING b = { .product = BN_secure_new(), .scratch = BN_CTX_secure_new() };
    BU_TRY(take(&b, MODULUS, given->n, err));
    BU_TRY(take(&b, EXPONENT, given->e, err));
    BU_TRY(take(&b, PRIVATE, given->d, err));
    BU_TRY(take(&b, PRIME_1, given->p, err));
    BU_TRY(take(&b, PRIME_2, given->q, err));
    BU_TRY(take(&b, COEFFICIENT, given->coefficient, err));
    if (b.product == NULL || b.scratch == NULL || !reduce(&b, PRIME_1, EXPONENT_1) ||
        !reduce(&b, PRIME_2, EXPONENT_2))
        return bu_no_memory(err);
    return write(&b, given->n.len, out, err);
}
