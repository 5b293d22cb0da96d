/* SPDX-License-Identifier: MIT */
/*
 * A key on a token: its public half, from the public key or the certificate
 * that has its id, and signing with it (CKM_ECDSA, CKM_EDDSA, CKM_RSA_PKCS,
 * CKM_RSA_PKCS_PSS), over digests that were made here.
 */
#include <openssl/x509.h>

#include "signature/pkcs11_inside.h"

#define OID_EC      "\x06\x07\x2a\x86\x48\xce\x3d\x02\x01"
#define OID_ED25519 "\x06\x03\x2b\x65\x70"
#define OID_RSA     "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00"

/* SubjectPublicKeyInfo of an AlgorithmIdentifier's content and the key itself. */
static bulla_status add_spki(bulla_bytes identifier, bulla_bytes key, bu_buf *out, bulla_error *err)
{
    BU_CLEAR(bu_buf) info = { 0 };
    bu_der_add(&info, BU_DER_SEQUENCE, identifier);
    bu_der_add_bits(&info, key);
    bu_der_add(out, BU_DER_SEQUENCE, bu_buf_bytes(&info));
    return info.broken || out->broken ? bu_no_memory(err) : BU_OK;
}

/* PKCS#11: CKA_EC_POINT is the "DER-encoding of ANSI X9.62 ECPoint value"; some tokens leave the
 * OCTET STRING away. */
static bulla_bytes point_of(const bu_buf *attribute)
{
    bu_der der = bu_der_of(bu_buf_bytes(attribute));
    bulla_bytes inside = bu_der_take(&der, BU_DER_OCTET_STRING);
    return bu_der_done(&der) ? inside : bu_buf_bytes(attribute);
}

static bulla_status add_curve(const bu_token *token, CK_OBJECT_HANDLE object, bu_buf *out,
                              bulla_error *err)
{
    BU_CLEAR(bu_buf) point = { 0 };
    BU_CLEAR(bu_buf) identifier = { 0 };
    bu_buf_add(&identifier, BULLA_LIT(OID_EC));
    BU_TRY(bu_token_attribute(token, object, CKA_EC_PARAMS, &identifier, err));
    BU_TRY(bu_token_attribute(token, object, CKA_EC_POINT, &point, err));
    return add_spki(bu_buf_bytes(&identifier), point_of(&point), out, err);
}

/* Its curve is written in several ways; what is not Ed25519 will not verify. */
static bulla_status add_edwards(const bu_token *token, CK_OBJECT_HANDLE object, bu_buf *out,
                                bulla_error *err)
{
    BU_CLEAR(bu_buf) point = { 0 };
    BU_TRY(bu_token_attribute(token, object, CKA_EC_POINT, &point, err));
    return add_spki(BULLA_LIT(OID_ED25519), point_of(&point), out, err);
}

static bulla_status add_rsa(const bu_token *token, CK_OBJECT_HANDLE object, bu_buf *out,
                            bulla_error *err)
{
    BU_CLEAR(bu_buf) number = { 0 };
    BU_CLEAR(bu_buf) numbers = { 0 };
    BU_CLEAR(bu_buf) key = { 0 };
    BU_TRY(bu_token_attribute(token, object, CKA_MODULUS, &number, err));
    bu_der_add_positive(&numbers, bu_buf_bytes(&number));
    number.len = 0;
    BU_TRY(bu_token_attribute(token, object, CKA_PUBLIC_EXPONENT, &number, err));
    bu_der_add_positive(&numbers, bu_buf_bytes(&number));
    bu_der_add(&key, BU_DER_SEQUENCE, bu_buf_bytes(&numbers));
    if (numbers.broken || key.broken)
        return bu_no_memory(err);
    return add_spki(BULLA_LIT(OID_RSA), bu_buf_bytes(&key), out, err);
}

static bulla_status add_public_key(const bu_token *token, CK_OBJECT_HANDLE object, bu_buf *out,
                                   bulla_error *err)
{
    static const struct {
        CK_KEY_TYPE type;
        bulla_status (*add)(const bu_token *token, CK_OBJECT_HANDLE object, bu_buf *out,
                            bulla_error *err);
    } kinds[] = { { CKK_EC, add_curve }, { CKK_EC_EDWARDS, add_edwards }, { CKK_RSA, add_rsa } };
    CK_KEY_TYPE type = 0;
    CK_ATTRIBUTE attribute = { CKA_KEY_TYPE, &type, sizeof type };
    BU_TRY(bu_token_ok(token->functions->C_GetAttributeValue(token->session, object, &attribute, 1),
                       "C_GetAttributeValue", err));
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (kinds[i].type == type)
            return kinds[i].add(token, object, out, err);
    return bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE, "a key that is neither EC, EdDSA nor RSA");
}

static void x509_auto(X509 **certificate)
{
    X509_free(*certificate);
}

/* The certificate is only looked at for its key. */
static bulla_status add_certificate(const bu_token *token, CK_OBJECT_HANDLE object, bu_buf *out,
                                    bulla_error *err)
{
    BU_CLEAR(bu_buf) der = { 0 };
    BU_TRY(bu_token_attribute(token, object, CKA_VALUE, &der, err));
    const unsigned char *at = der.ptr;
    __attribute__((cleanup(x509_auto))) X509 *certificate = d2i_X509(NULL, &at, (long)der.len);
    int size = certificate == NULL ? 0 : i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), NULL);
    if (size <= 0)
        return bu_fail(err, BULLA_E_BAD_ENCODING, "the token's certificate is none");
    uint8_t *room = bu_buf_room(out, (size_t)size);
    if (room == NULL)
        return bu_no_memory(err);
    bu_buf_added(out, (size_t)i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &room));
    return BU_OK;
}

bulla_status bu_token_public(const bu_token *token, bu_buf *out, bulla_error *err)
{
    static CK_OBJECT_CLASS public_key = CKO_PUBLIC_KEY, certificate = CKO_CERTIFICATE;
    const struct {
        CK_OBJECT_CLASS *class;
        bulla_status (*add)(const bu_token *token, CK_OBJECT_HANDLE object, bu_buf *out,
                            bulla_error *err);
    } places[] = { { &public_key, add_public_key }, { &certificate, add_certificate } };
    BU_CLEAR(bu_buf) id = { 0 };
    BU_TRY(bu_token_attribute(token, token->key, CKA_ID, &id, err));
    for (size_t i = 0; i < 2; i++) {
        size_t count = 0;
        CK_OBJECT_HANDLE found[2];
        CK_ATTRIBUTE wanted[] = { { CKA_CLASS, places[i].class, sizeof *places[i].class },
                                  { CKA_ID, id.ptr, id.len } };
        BU_TRY(bu_token_find(token, wanted, 2, found, &count, err));
        if (count > 0)
            return places[i].add(token, found[0], out, err);
    }
    return bu_fail(err, BULLA_E_UNREADABLE,
                   "the token has neither a public key nor a certificate with the id of the key");
}

/* RFC 8017, 9.2, notes: DigestInfo up to the digest. */
static bulla_bytes digest_info(bulla_alg alg)
{
#define DIGEST_INFO(whole, oid, size)                                                              \
    BULLA_LIT("\x30" whole "\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02" oid                  \
              "\x05\x00\x04" size)
    if (alg == BULLA_ALG_SHA256)
        return DIGEST_INFO("\x31", "\x01", "\x20");
    if (alg == BULLA_ALG_SHA384)
        return DIGEST_INFO("\x41", "\x02", "\x30");
    return DIGEST_INFO("\x51", "\x03", "\x40");
}

static CK_RSA_PKCS_PSS_PARAMS pss_of(const bu_algorithm *algorithm)
{
    if (algorithm->digest == BULLA_ALG_SHA256)
        return (CK_RSA_PKCS_PSS_PARAMS){ CKM_SHA256, CKG_MGF1_SHA256, algorithm->salt };
    if (algorithm->digest == BULLA_ALG_SHA384)
        return (CK_RSA_PKCS_PSS_PARAMS){ CKM_SHA384, CKG_MGF1_SHA384, algorithm->salt };
    return (CK_RSA_PKCS_PSS_PARAMS){ CKM_SHA512, CKG_MGF1_SHA512, algorithm->salt };
}

static CK_MECHANISM mechanism_of(const bu_algorithm *algorithm, CK_RSA_PKCS_PSS_PARAMS *pss)
{
    if (algorithm->scheme == &bu_scheme_ed25519)
        return (CK_MECHANISM){ CKM_EDDSA, NULL, 0 };
    if (algorithm->scheme == &bu_scheme_rsa_pkcs1)
        return (CK_MECHANISM){ CKM_RSA_PKCS, NULL, 0 };
    if (algorithm->scheme == &bu_scheme_rsa_pss)
        return (CK_MECHANISM){ CKM_RSA_PKCS_PSS, pss, sizeof *pss };
    return (CK_MECHANISM){ CKM_ECDSA, NULL, 0 };
}

static bulla_status make(const bu_token *token, const bu_algorithm *algorithm, bulla_bytes input,
                         bu_buf *out, bulla_error *err)
{
    CK_ULONG size = BULLA_SIGNATURE_MAX;
    CK_FUNCTION_LIST *f = token->functions;
    CK_RSA_PKCS_PSS_PARAMS pss = pss_of(algorithm);
    CK_MECHANISM mechanism = mechanism_of(algorithm, &pss);
    uint8_t *room = bu_buf_room(out, BULLA_SIGNATURE_MAX);
    if (room == NULL)
        return bu_no_memory(err);
    BU_TRY(bu_token_ok(f->C_SignInit(token->session, &mechanism, token->key), "C_SignInit", err));
    if (token->asks_always)
        BU_TRY(bu_token_ok(f->C_Login(token->session, CKU_CONTEXT_SPECIFIC,
                                      token->pin == NULL ? NULL : token->pin->ptr,
                                      token->pin == NULL ? 0 : token->pin->len),
                           "C_Login", err));
    BU_TRY(bu_token_ok(
        f->C_Sign(token->session, (CK_BYTE_PTR)(uintptr_t)input.ptr, input.len, room, &size),
        "C_Sign", err));
    bu_buf_added(out, size);
    return BU_OK;
}

bulla_status bu_token_sign(void *context, const char *name, bulla_bytes input, uint8_t *out,
                           size_t cap, size_t *len, bulla_error *err)
{
    const bu_token *token = context;
    const bu_algorithm *algorithm = bu_algorithm_by_name(bu_bytes_of(name));
    BU_CLEAR(bu_buf) block = { 0 };
    BU_CLEAR(bu_buf) made = { 0 };
    BU_CLEAR(bu_buf) der = { 0 };
    bool is_ecdsa =
        algorithm->scheme == &bu_scheme_ecdsa_der || algorithm->scheme == &bu_scheme_ecdsa_p1363;
    if (algorithm->scheme == &bu_scheme_rsa_pkcs1)
        bu_buf_add(&block, digest_info(algorithm->digest));
    bu_buf_add(&block, input);
    if (block.broken)
        return bu_no_memory(err);
    BU_TRY(make(token, algorithm, bu_buf_bytes(&block), &made, err));
    if (is_ecdsa)
        BU_TRY(bu_ecdsa_to_der(algorithm->kind, bu_buf_bytes(&made), &der, err));
    const bu_buf *answer = is_ecdsa ? &der : &made;
    if (answer->len > cap)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "a signature of %zu bytes", answer->len);
    if (answer->len > 0)
        memcpy(out, answer->ptr, answer->len);
    *len = answer->len;
    return BU_OK;
}
