/* SPDX-License-Identifier: MIT */
/*
 * Private keys: made, read from and written to PKCS#8 version 1 (RFC 5208,
 * 8410, 5915). Refuses keys whose public half is not theirs, and kinds that
 * bulla only verifies with.
 */
#include <sodium.h>

#include "base/limits.h"
#include "signature/pem.h"
#include "signature/secret_key.h"

#define LABEL           "PRIVATE KEY"
#define LABEL_ENCRYPTED "ENCRYPTED PRIVATE KEY"

void bu_secret_key_free(bu_secret_key *key)
{
    if (key == NULL)
        return;
    bu_secret_free(key->secret);
    bu_key_free(key->public);
    free(key);
}

const bu_key *bu_secret_key_public(const bu_secret_key *key)
{
    return key->public;
}

static bulla_status from_seed(bulla_bytes seed, bu_secret_key *key, bulla_error *err)
{
    uint8_t point[crypto_sign_PUBLICKEYBYTES];
    if (seed.len != BU_ED25519_SEED_BYTES)
        return bu_fail(err, BULLA_E_BAD_KEY, "a seed of %zu bytes", seed.len);
    key->secret = bu_secret_new(crypto_sign_SECRETKEYBYTES);
    if (key->secret == NULL)
        return bu_no_memory(err);
    if (crypto_sign_seed_keypair(point, key->secret->ptr, seed.ptr) != 0)
        return bu_fail(err, BULLA_E_INTERNAL, "libsodium could not make a key of its seed");
    return bu_key_of_point(BULLA_KEY_ED25519, (bulla_bytes){ point, sizeof point }, &key->public,
                           err);
}

static bulla_status from_scalar(bulla_bytes scalar, bu_secret_key *key, bulla_error *err)
{
    uint8_t point[BU_P256_POINT_BYTES];
    BU_TRY(bu_p256_point(scalar, point, err));
    key->secret = bu_secret_copy(scalar);
    if (key->secret == NULL)
        return bu_no_memory(err);
    return bu_key_of_point(BULLA_KEY_ECDSA_P256, (bulla_bytes){ point, sizeof point }, &key->public,
                           err);
}

bulla_status bu_secret_key_new(bulla_key_kind kind, bu_secret_key **out, bulla_error *err)
{
    BU_AUTO(bu_secret_key) key = calloc(1, sizeof *key);
    BU_AUTO(bu_secret) fresh = bu_secret_new(BU_ED25519_SEED_BYTES);
    if (key == NULL || fresh == NULL)
        return bu_no_memory(err);
    if (kind == BULLA_KEY_ED25519) {
        bu_random(fresh->ptr, fresh->len);
        BU_TRY(from_seed(bu_secret_bytes(fresh), key, err));
    } else if (kind == BULLA_KEY_ECDSA_P256) {
        BU_TRY(bu_p256_new_scalar(fresh->ptr, err));
        BU_TRY(from_scalar(bu_secret_bytes(fresh), key, err));
    } else {
        return bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE, "no new keys of the kind %s are made",
                       bulla_key_kind_name(kind));
    }
    *out = BU_STEAL(key);
    return BU_OK;
}

/* RFC 8410, section 7: CurvePrivateKey ::= OCTET STRING */
static bulla_status read_ed25519(bulla_bytes private, bu_secret_key *key, bulla_error *err)
{
    bu_der der = bu_der_of(private);
    bulla_bytes seed = bu_der_take(&der, BU_DER_OCTET_STRING);
    if (!bu_der_done(&der))
        return bu_fail(err, BULLA_E_BAD_ENCODING, "the CurvePrivateKey is not strict DER");
    return from_seed(seed, key, err);
}

/* RFC 5915, section 3: version 1, privateKey, [0] parameters OPTIONAL, [1] publicKey OPTIONAL */
static bulla_status read_p256(bulla_bytes private, bu_secret_key *key, bulla_error *err)
{
    bulla_bytes point = { 0 };
    bu_der der = bu_der_of(private);
    bu_der fields = bu_der_enter(&der, BU_DER_SEQUENCE);
    bulla_bytes version = bu_der_positive(&fields);
    bulla_bytes scalar = bu_der_take(&fields, BU_DER_OCTET_STRING);
    if (bu_der_is(&fields, BU_DER_CONTEXT_0)) /* the curve is named once already */
        (void)bu_der_take(&fields, BU_DER_CONTEXT_0);
    if (bu_der_is(&fields, BU_DER_CONTEXT_1)) {
        bu_der inside = bu_der_enter(&fields, BU_DER_CONTEXT_1);
        point = bu_der_bits(&inside);
        fields.broken = fields.broken || !bu_der_done(&inside);
    }
    if (!bu_der_done(&fields) || !bu_der_done(&der) || version.len != 1 || version.ptr[0] != 1)
        return bu_fail(err, BULLA_E_BAD_ENCODING, "the ECPrivateKey is not strict DER");
    BU_TRY(from_scalar(scalar, key, err));
    if (point.len > 0 && !bu_bytes_equal(point, key->public->point))
        return bu_fail(err, BULLA_E_BAD_KEY, "the public half is not that of the private one");
    return BU_OK;
}

static bulla_status read_pkcs8(bulla_bytes der, bu_secret_key **out, bulla_error *err)
{
    static const uint8_t zero[] = { 0 };
    BU_AUTO(bu_secret_key) key = calloc(1, sizeof *key);
    if (key == NULL)
        return bu_no_memory(err);
    bu_der all = bu_der_of(der);
    bu_der info = bu_der_enter(&all, BU_DER_SEQUENCE);
    bulla_bytes version = bu_der_take(&info, BU_DER_INTEGER);
    bulla_bytes identifier = bu_der_take(&info, BU_DER_SEQUENCE);
    bulla_bytes private = bu_der_take(&info, BU_DER_OCTET_STRING);
    if (info.broken || !bu_der_done(&all))
        return bu_fail(err, BULLA_E_BAD_ENCODING, "the PrivateKeyInfo is not strict DER");
    if (!bu_bytes_equal(version, (bulla_bytes){ zero, 1 }) || !bu_der_done(&info))
        return bu_fail(err, BULLA_E_UNSUPPORTED_VERSION, "PKCS#8 with more than version 1 has");
    BU_TRY(bu_sodium_ready(err));
    if (bu_bytes_equal(identifier, bu_key_algorithm_identifier(BULLA_KEY_ED25519)))
        BU_TRY(read_ed25519(private, key, err));
    else if (bu_bytes_equal(identifier, bu_key_algorithm_identifier(BULLA_KEY_ECDSA_P256)))
        BU_TRY(read_p256(private, key, err));
    else
        return bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE,
                       "a private key that is neither Ed25519 nor ECDSA on P-256");
    *out = BU_STEAL(key);
    return BU_OK;
}

/* The forms of a key file, told apart by how they start. */
typedef enum form { FORM_PUBLIC, FORM_PLAIN, FORM_ENCRYPTED, FORM_SEALED } form;

static bulla_status form_of(bulla_bytes text, form *out, bulla_error *err)
{
    static const struct {
        const char *label;
        form form;
    } labels[] = {
        { "PUBLIC KEY", FORM_PUBLIC },
        { LABEL, FORM_PLAIN },
        { LABEL_ENCRYPTED, FORM_ENCRYPTED },
    };
    bulla_bytes label = bu_pem_label(text);
    if (text.len > BU_LIMIT_METADATA_BYTES)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "a key of %zu bytes", text.len);
    *out = text.len > 0 && text.ptr[0] == '{' ? FORM_SEALED : FORM_PUBLIC;
    if (label.len == 0)
        return BU_OK;
    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++)
        if (bu_bytes_is(label, labels[i].label)) {
            *out = labels[i].form;
            return BU_OK;
        }
    return bu_expected(err, bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE, "PEM that is not read here"),
                       BULLA_LIT("PUBLIC KEY, PRIVATE KEY or ENCRYPTED PRIVATE KEY"), label);
}

static bulla_status read_plain(bulla_bytes text, bu_secret_key **out, bulla_error *err)
{
    BU_WIPED der = { 0 };
    BU_TRY(bu_pem_decode(text, LABEL, &der, err));
    return read_pkcs8(bu_buf_bytes(&der), out, err);
}

static bulla_status read_encrypted(bulla_bytes text, const bu_secret *passphrase,
                                   bu_secret_key **out, bulla_error *err)
{
    BU_CLEAR(bu_buf) der = { 0 };
    BU_AUTO(bu_secret) plain = NULL;
    BU_TRY(bu_pem_decode(text, LABEL_ENCRYPTED, &der, err));
    BU_TRY(bu_pbes2_open(bu_buf_bytes(&der), passphrase, &plain, err));
    return read_pkcs8(bu_secret_bytes(plain), out, err);
}

static bulla_status read_sealed(bulla_bytes text, const bu_secret *passphrase, bu_secret_key **out,
                                bulla_error *err)
{
    BU_AUTO(bu_key) public = NULL;
    BU_AUTO(bu_secret) plain = NULL;
    BU_AUTO(bu_secret_key) key = NULL;
    BU_TRY(bu_key_file_open(text, passphrase, &public, &plain, err));
    BU_TRY(read_pkcs8(bu_secret_bytes(plain), &key, err));
    if (!bu_key_equal(public, key->public))
        return bu_fail(err, BULLA_E_BAD_KEY, "the public half is not that of the private one");
    *out = BU_STEAL(key);
    return BU_OK;
}

bulla_status bu_secret_key_read(bulla_bytes text, const bu_secret *passphrase, bu_secret_key **out,
                                bulla_error *err)
{
    form found;
    BU_TRY(form_of(text, &found, err));
    if (found == FORM_PUBLIC)
        return bu_next(err,
                       bu_fail(err, BULLA_E_BAD_KEY, "a public key where a private one is due"),
                       "name the private key: the file without .pub");
    if (found == FORM_PLAIN)
        return read_plain(text, out, err);
    if (passphrase == NULL)
        return bu_fail(err, BULLA_E_WRONG_PASSPHRASE, "the key is encrypted, no passphrase given");
    if (found == FORM_ENCRYPTED)
        return read_encrypted(text, passphrase, out, err);
    return read_sealed(text, passphrase, out, err);
}

bulla_status bu_key_describe(bulla_bytes text, bu_key **out, bool *is_private, bool *is_encrypted,
                             bulla_error *err)
{
    form found;
    BU_AUTO(bu_secret_key) key = NULL;
    BU_TRY(form_of(text, &found, err));
    *is_private = found != FORM_PUBLIC;
    *is_encrypted = found == FORM_ENCRYPTED || found == FORM_SEALED;
    *out = NULL;
    if (found == FORM_PUBLIC)
        return bu_key_read(text, out, err);
    if (found == FORM_SEALED)
        return bu_key_file_describe(text, out, err);
    if (found == FORM_ENCRYPTED)
        return BU_OK;
    BU_TRY(read_plain(text, &key, err));
    *out = BU_STEAL(key->public);
    return BU_OK;
}

/* PKCS#8 as it stands around the secret bytes of each kind; all lengths are fixed. */
#define ED25519_FRONT "\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20"
#define P256_FRONT                                                                                 \
    "\x30\x81\x87\x02\x01\x00\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01"                         \
    "\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x04\x6d\x30\x6b\x02\x01\x01\x04\x20"
#define P256_BETWEEN "\xa1\x44\x03\x42\x00"

static bulla_status join(const bulla_bytes *parts, size_t count, bu_secret **out, bulla_error *err)
{
    size_t size = 0;
    for (size_t i = 0; i < count; i++)
        size += parts[i].len;
    bu_secret *joined = bu_secret_new(size);
    if (joined == NULL)
        return bu_no_memory(err);
    size_t at = 0;
    for (size_t i = 0; i < count; at += parts[i].len, i++)
        memcpy(joined->ptr + at, parts[i].ptr, parts[i].len);
    *out = joined;
    return BU_OK;
}

bulla_status bu_secret_key_der(const bu_secret_key *key, bu_secret **out, bulla_error *err)
{
    if (key->public->kind == BULLA_KEY_ED25519) {
        const bulla_bytes parts[] = { BULLA_LIT(ED25519_FRONT),
                                      { key->secret->ptr, BU_ED25519_SEED_BYTES } };
        return join(parts, 2, out, err);
    }
    const bulla_bytes parts[] = { BULLA_LIT(P256_FRONT), bu_secret_bytes(key->secret),
                                  BULLA_LIT(P256_BETWEEN), key->public->point };
    return join(parts, 4, out, err);
}

bulla_status bu_secret_key_write_plain(const bu_secret_key *key, bu_secret **out, bulla_error *err)
{
    BU_AUTO(bu_secret) der = NULL;
    BU_WIPED pem = { 0 };
    BU_TRY(bu_secret_key_der(key, &der, err));
    (void)bu_buf_room(&pem, 2 * der->len + sizeof "-----BEGIN " LABEL "-----\n" * 2);
    bu_pem_encode(bu_secret_bytes(der), LABEL, &pem);
    bu_secret *text = pem.broken ? NULL : bu_secret_copy(bu_buf_bytes(&pem));
    if (text == NULL)
        return bu_no_memory(err);
    *out = text;
    return BU_OK;
}
