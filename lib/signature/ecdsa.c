/* SPDX-License-Identifier: MIT */
/*
 * ECDSA (FIPS 186-4) on the named curves P-256, P-384 and P-521, as DER
 * (RFC 3279) or r || s (IEEE P1363). Refuses points that are compressed or off
 * the curve, and r or s that are not in 1 .. n-1, before OpenSSL sees them.
 */
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/obj_mac.h>
#include <openssl/param_build.h>

#include "signature/crypto.h"

typedef struct curve {
    bulla_key_kind kind;
    const char *group; /* OpenSSL's name … */
    int nid;           /* … and number */
    size_t size;       /* bytes of a coordinate, and of r and s */
    uint8_t order[BU_SCALAR_MAX];
} curve;

static const curve curves[] = {
    { BULLA_KEY_ECDSA_P256, "P-256", NID_X9_62_prime256v1, 32, { 0xff, 0xff, 0xff, 0xff, 0x00, 0x00,
                                                                 0x00, 0x00, 0xff, 0xff, 0xff, 0xff,
                                                                 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6,
                                                                 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84,
                                                                 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63,
                                                                 0x25, 0x51 } },
    { BULLA_KEY_ECDSA_P384, "P-384", NID_secp384r1, 48, { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                                          0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                                          0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                                          0xff, 0xff, 0xff, 0xc7, 0x63, 0x4d, 0x81,
                                                          0xf4, 0x37, 0x2d, 0xdf, 0x58, 0x1a, 0x0d,
                                                          0xb2, 0x48, 0xb0, 0xa7, 0x7a, 0xec, 0xec,
                                                          0x19, 0x6a, 0xcc, 0xc5, 0x29, 0x73 } },
    { BULLA_KEY_ECDSA_P521,
      "P-521",
      NID_secp521r1,
      66,
      { 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0xff, 0xff, 0xff, 0xff, 0xfa, 0x51, 0x86, 0x87, 0x83, 0xbf, 0x2f, 0x96, 0x6b,
        0x7f, 0xcc, 0x01, 0x48, 0xf7, 0x09, 0xa5, 0xd0, 0x3b, 0xb5, 0xc9, 0xb8, 0x89, 0x9c,
        0x47, 0xae, 0xbb, 0x6f, 0xb7, 0x1e, 0x91, 0x38, 0x64, 0x09 } },
};

static const curve *curve_of(bulla_key_kind kind)
{
    for (size_t i = 0; i < sizeof curves / sizeof curves[0]; i++)
        if (curves[i].kind == kind)
            return &curves[i];
    return NULL;
}

typedef struct building {
    OSSL_PARAM_BLD *builder;
    BIGNUM *scalar;
    OSSL_PARAM *params;
} building;

static void clear_building(building *b)
{
    OSSL_PARAM_free(b->params);
    BN_clear_free(b->scalar);
    OSSL_PARAM_BLD_free(b->builder);
}

/* A public key, or with a scalar the pair. */
static bulla_status build(const char *group, bulla_bytes point, bulla_bytes scalar, EVP_PKEY **out,
                          bulla_error *err)
{
    __attribute__((cleanup(clear_building))) building b = { .builder = OSSL_PARAM_BLD_new() };
    if (b.builder == NULL ||
        OSSL_PARAM_BLD_push_utf8_string(b.builder, OSSL_PKEY_PARAM_GROUP_NAME, group, 0) != 1 ||
        OSSL_PARAM_BLD_push_octet_string(b.builder, OSSL_PKEY_PARAM_PUB_KEY, point.ptr,
                                         point.len) != 1)
        return bu_no_memory(err);
    if (scalar.len > 0 &&
        ((b.scalar = BN_secure_new()) == NULL ||
         BN_bin2bn(scalar.ptr, (int)scalar.len, b.scalar) == NULL ||
         OSSL_PARAM_BLD_push_BN(b.builder, OSSL_PKEY_PARAM_PRIV_KEY, b.scalar) != 1))
        return bu_no_memory(err);
    b.params = OSSL_PARAM_BLD_to_param(b.builder);
    if (b.params == NULL)
        return bu_no_memory(err);
    return bu_ossl_key("EC", scalar.len > 0 ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY, b.params, out,
                       err);
}

bulla_status bu_ecdsa_open(bu_key *key, bulla_error *err)
{
    /* SEC 1, 2.3.3: 04 X Y. The compressed form would give one key two values. */
    if (key->point.ptr[0] != 0x04)
        return bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE, "the point is not uncompressed");
    return build(curve_of(key->kind)->group, key->point, (bulla_bytes){ 0 }, &key->pkey, err);
}

/* FIPS 186-4, 6.4: r and s are in 1 .. n-1 (CVE-2022-21449); so is a private scalar, hence without
 * a branch on any byte. Subtracts the order and looks whether that borrows. */
static bool in_range(const curve *c, const uint8_t *number)
{
    unsigned any = 0;
    unsigned borrow = 0;
    for (size_t i = c->size; i-- > 0;) {
        any |= number[i];
        borrow = (number[i] - c->order[i] - borrow) >> 31;
    }
    return (any != 0) & (borrow != 0);
}

/* r || s, each filled up to the size of the curve. */
typedef struct pair {
    uint8_t numbers[2 * BU_SCALAR_MAX];
} pair;

static bool pair_of_der(const curve *c, bulla_bytes signature, pair *out)
{
    bu_der all = bu_der_of(signature);
    bu_der sequence = bu_der_enter(&all, BU_DER_SEQUENCE);
    *out = (pair){ 0 };
    for (size_t i = 0; i < 2; i++) {
        bulla_bytes number = bu_der_positive(&sequence);
        if (number.len == 0 || number.len > c->size)
            return false;
        memcpy(out->numbers + (i + 1) * c->size - number.len, number.ptr, number.len);
    }
    return bu_der_done(&sequence) && bu_der_done(&all);
}

static void pair_to_der(const curve *c, const pair *p, bu_buf *out)
{
    BU_CLEAR(bu_buf) content = { 0 };
    bu_der_add_positive(&content, (bulla_bytes){ p->numbers, c->size });
    bu_der_add_positive(&content, (bulla_bytes){ p->numbers + c->size, c->size });
    bu_der_add(out, BU_DER_SEQUENCE, bu_buf_bytes(&content));
    out->broken = out->broken || content.broken;
}

bulla_status bu_ecdsa_to_der(bulla_key_kind kind, bulla_bytes joined, bu_buf *out, bulla_error *err)
{
    const curve *c = curve_of(kind);
    pair p = { 0 };
    if (joined.len != 2 * c->size)
        return bu_fail(err, BULLA_E_BAD_SIGNATURE, "%zu bytes where r || s has %zu", joined.len,
                       2 * c->size);
    memcpy(p.numbers, joined.ptr, joined.len);
    pair_to_der(c, &p, out);
    return out->broken ? bu_no_memory(err) : BU_OK;
}

static bulla_status check_pair(const bu_key *key, const pair *p, const bulla_digest *digest,
                               bulla_bytes der, bulla_error *err)
{
    const curve *c = curve_of(key->kind);
    if (!in_range(c, p->numbers) || !in_range(c, p->numbers + c->size))
        return bu_fail(err, BULLA_E_BAD_SIGNATURE, "r or s is not in 1 .. n-1");
    return bu_ossl_verify(key, BU_NO_PADDING, 0, digest, der, err);
}

static bulla_status check_der(const bu_key *key, const bu_algorithm *algorithm,
                              const bulla_digest *digest, bulla_bytes signature, bulla_error *err)
{
    (void)algorithm;
    pair p;
    if (!pair_of_der(curve_of(key->kind), signature, &p))
        return bu_fail(err, BULLA_E_BAD_SIGNATURE, "not an ECDSA signature in strict DER");
    return check_pair(key, &p, digest, signature, err);
}

static bulla_status check_p1363(const bu_key *key, const bu_algorithm *algorithm,
                                const bulla_digest *digest, bulla_bytes signature, bulla_error *err)
{
    (void)algorithm;
    pair p = { 0 };
    BU_CLEAR(bu_buf) der = { 0 };
    BU_TRY(bu_ecdsa_to_der(key->kind, signature, &der, err));
    memcpy(p.numbers, signature.ptr, signature.len);
    return check_pair(key, &p, digest, bu_buf_bytes(&der), err);
}

static bulla_status make_der(const bu_secret_key *key, const bu_algorithm *algorithm,
                             const bulla_digest *digest, bu_buf *out, bulla_error *err)
{
    BU_AUTO_PKEY pkey = NULL;
    if (key->secret == NULL)
        return bu_signer_ask(key, algorithm, (bulla_bytes){ digest->bytes, digest->len }, out, err);
    BU_TRY(build(curve_of(key->public->kind)->group, key->public->point,
                 bu_secret_bytes(key->secret), &pkey, err));
    return bu_ossl_sign(pkey, BU_NO_PADDING, 0, digest, out, err);
}

static bulla_status make_p1363(const bu_secret_key *key, const bu_algorithm *algorithm,
                               const bulla_digest *digest, bu_buf *out, bulla_error *err)
{
    const curve *c = curve_of(key->public->kind);
    BU_CLEAR(bu_buf) der = { 0 };
    pair p;
    BU_TRY(make_der(key, algorithm, digest, &der, err));
    if (!pair_of_der(c, bu_buf_bytes(&der), &p))
        return bu_fail(err, BULLA_E_BAD_SIGNATURE, "what was made is no strict DER");
    bu_buf_add(out, (bulla_bytes){ p.numbers, 2 * c->size });
    return BU_OK;
}

const bu_scheme bu_scheme_ecdsa_der = { .check_digest = check_der, .make_digest = make_der };
const bu_scheme bu_scheme_ecdsa_p1363 = { .check_digest = check_p1363, .make_digest = make_p1363 };

size_t bu_ecdsa_size(bulla_key_kind kind)
{
    return curve_of(kind)->size;
}

bulla_status bu_ecdsa_new_scalar(bulla_key_kind kind, uint8_t out[BU_SCALAR_MAX], bulla_error *err)
{
    const curve *c = curve_of(kind);
    BU_TRY(bu_sodium_ready(err));
    do {
        bu_random(out, c->size);
        out[0] &= c->order[0]; /* of P-521 it is 1: not 127 of 128 in vain */
    } while (!in_range(c, out));
    return BU_OK;
}

typedef struct product {
    EC_GROUP *group;
    EC_POINT *point;
    BIGNUM *scalar;
} product;

static void clear_product(product *p)
{
    BN_clear_free(p->scalar);
    EC_POINT_free(p->point);
    EC_GROUP_free(p->group);
}

bulla_status bu_ecdsa_point(bulla_key_kind kind, bulla_bytes scalar, uint8_t out[BU_POINT_MAX],
                            bulla_error *err)
{
    const curve *c = curve_of(kind);
    size_t size = 1 + 2 * c->size;
    if (scalar.len != c->size || !in_range(c, scalar.ptr))
        return bu_fail(err, BULLA_E_BAD_KEY, "the scalar is not in 1 .. n-1");
    if (bu_ossl() == NULL)
        return bu_no_memory(err);
    __attribute__((cleanup(clear_product))) product p = {
        .group = EC_GROUP_new_by_curve_name_ex(bu_ossl(), NULL, c->nid),
        .scalar = BN_secure_new(),
    };
    if (p.group == NULL || p.scalar == NULL || (p.point = EC_POINT_new(p.group)) == NULL ||
        BN_bin2bn(scalar.ptr, (int)scalar.len, p.scalar) == NULL)
        return bu_no_memory(err);
    BN_set_flags(p.scalar, BN_FLG_CONSTTIME);
    if (EC_POINT_mul(p.group, p.point, p.scalar, NULL, NULL, NULL) != 1 ||
        EC_POINT_point2oct(p.group, p.point, POINT_CONVERSION_UNCOMPRESSED, out, size, NULL) !=
            size)
        return bu_no_memory(err);
    return BU_OK;
}
