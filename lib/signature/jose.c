/* SPDX-License-Identifier: MIT */
/*
 * JOSE signatures. An algorithm counts for one kind of key alone, so that nothing can be passed off
 * as a signature of another kind; a key that comes along is compared, never used.
 */
#include "signature/jose.h"

#include "base/bytes.h"
#include "base/encode.h"
#include "signature/crypto.h"

static const struct {
    const char *name, *algorithm;
} rows[] = {
    { "EdDSA", "ed25519" },
    { "Ed25519", "ed25519" },
    { "ES256", "ecdsa-p256-sha256-p1363" },
    { "ES384", "ecdsa-p384-sha384-p1363" },
    { "ES512", "ecdsa-p521-sha512-p1363" },
    { "RS256", "rsa-pkcs1-sha256" },
    { "RS384", "rsa-pkcs1-sha384" },
    { "RS512", "rsa-pkcs1-sha512" },
    { "PS256", "rsa-pss-sha256-mgf1sha256-salt32" },
    { "PS384", "rsa-pss-sha384-mgf1sha384-salt48" },
    { "PS512", "rsa-pss-sha512-mgf1sha512-salt64" },
};

static const bu_algorithm *algorithm_of(bulla_bytes name)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (bu_bytes_is(name, rows[i].name))
            return bu_algorithm_by_name(bu_bytes_of(rows[i].algorithm));
    return NULL;
}

bulla_status bu_jose_algorithm_known(bulla_bytes name, bulla_error *err)
{
    if (algorithm_of(name) != NULL)
        return BU_OK;
    bool is_shared = bu_bytes_starts(name, "HS");
    bulla_status status = bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE, "%s",
                                  bu_bytes_is(name, "none") ? "an algorithm that signs nothing"
                                  : is_shared ? "an algorithm with a shared secret, which is no "
                                                "signature"
                                              : "an algorithm that is not known");
    return bu_expected(err, status, BULLA_LIT("EdDSA, ES256, RS256, PS256 …"), name);
}

bulla_status bu_base64url_decode(bulla_bytes text, bu_buf *out, bulla_error *err)
{
    BU_CLEAR(bu_buf) padded = { 0 };
    if (bu_bytes_find(text, '=') < text.len)
        return bu_fail(err, BULLA_E_BAD_ENCODING, "padding, which base64url of JOSE has not");
    bu_buf_add(&padded, text);
    while (padded.len % 4 != 0)
        bu_buf_add_byte(&padded, '=');
    if (padded.broken)
        return bu_no_memory(err);
    return bu_base64_decode(bu_buf_bytes(&padded), BU_BASE64_URL, out, err);
}

void bu_base64url_encode(bulla_bytes in, bu_buf *out)
{
    size_t start = out->len;
    bu_base64_encode(in, out);
    for (size_t i = start; i < out->len; i++) {
        if (out->ptr[i] == '+')
            out->ptr[i] = '-';
        if (out->ptr[i] == '/')
            out->ptr[i] = '_';
    }
    while (out->len > start && out->ptr[out->len - 1] == '=')
        out->ptr[--out->len] = '\0';
}

/* JWK */

static bool member_is(const bu_node *jwk, const char *name, const char *want)
{
    return bu_bytes_is(bu_node_text(bu_node_get(jwk, name)), want);
}

static bool member_holds(const bu_node *jwk, const char *name, bulla_bytes want)
{
    BU_CLEAR(bu_buf) text = { 0 };
    bu_base64url_encode(want, &text);
    return !text.broken && text.len > 0 &&
           bu_bytes_equal(bu_node_text(bu_node_get(jwk, name)), bu_buf_bytes(&text));
}

static bool is_rsa(const bu_node *jwk, const bu_key *key)
{
    bu_der all = bu_der_of(key->point);
    bu_der numbers = bu_der_enter(&all, BU_DER_SEQUENCE);
    bulla_bytes n = bu_der_positive(&numbers), e = bu_der_positive(&numbers);
    return member_is(jwk, "kty", "RSA") && member_holds(jwk, "n", n) && member_holds(jwk, "e", e);
}

static bool is_ec(const bu_node *jwk, const bu_key *key, const char *curve)
{
    bulla_bytes xy = bu_bytes_from(key->point, 1);
    return member_is(jwk, "kty", "EC") && member_is(jwk, "crv", curve) &&
           member_holds(jwk, "x", bu_bytes_first(xy, xy.len / 2)) &&
           member_holds(jwk, "y", bu_bytes_from(xy, xy.len / 2));
}

bool bu_jwk_is(const bu_node *jwk, const bu_key *key)
{
    switch (key->kind) {
    case BULLA_KEY_ED25519:
        return member_is(jwk, "kty", "OKP") && member_is(jwk, "crv", "Ed25519") &&
               member_holds(jwk, "x", key->point);
    case BULLA_KEY_ECDSA_P256:
        return is_ec(jwk, key, "P-256");
    case BULLA_KEY_ECDSA_P384:
        return is_ec(jwk, key, "P-384");
    case BULLA_KEY_ECDSA_P521:
        return is_ec(jwk, key, "P-521");
    case BULLA_KEY_RSA:
        return is_rsa(jwk, key);
    default:
        return false;
    }
}

/* Checking */

bulla_status bu_jose_try(const bu_jose_signature *signature, bulla_bytes input,
                         bu_jose_tally *tally, bulla_error *err)
{
    const bu_algorithm *algorithm = algorithm_of(signature->algorithm);
    for (size_t i = 0; i < tally->count && algorithm != NULL; i++) {
        const bu_key *key = tally->keys[i];
        if (key->kind != algorithm->kind ||
            (signature->jwk != NULL && !bu_jwk_is(signature->jwk, key)))
            continue;
        bulla_error why = { 0 };
        bulla_status status = bu_verify(key, algorithm, input, signature->value, &why);
        if (status.code == BULLA_E_NO_MEMORY)
            return bu_no_memory(err);
        bool is_named = signature->jwk != NULL || bu_bytes_is(signature->keyid, key->id);
        if (bulla_ok(status))
            tally->signed_by[i] = tally->any_signed = true;
        else if (is_named)
            tally->broken_by[i] = tally->any_broken = true;
        else if (signature->keyid.len == 0)
            tally->any_broken = true;
    }
    return BU_OK;
}

bulla_status bu_jose_judge(const bu_jose_tally *tally, bulla_error *err)
{
    if (tally->any_signed)
        return BU_OK;
    if (tally->any_broken)
        return bu_fail(err, BULLA_E_BAD_SIGNATURE, "the signature does not verify");
    return bu_fail(err, BULLA_E_UNTRUSTED_KEY, "signed by no key that is trusted");
}
