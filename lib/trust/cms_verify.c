/* SPDX-License-Identifier: MIT */
/*
 * The signature of a CMS signer (RFC 5652 section 5.6, RFC 5035). Refused: SHA-1 and MD5, content
 * other than data without signed attributes, attributes that stand twice or name another content,
 * type or certificate.
 */
#include <openssl/evp.h>
#include <openssl/objects.h>

#include "base/bytes.h"
#include "digest/hasher.h"
#include "signature/der.h"
#include "signature/ossl.h"
#include "trust/cms_inside.h"
#include "trust/vouch.h"
#include "trust/x509_inside.h"

#define OID_DATA           "1.2.840.113549.1.7.1"
#define OID_CONTENT_TYPE   "1.2.840.113549.1.9.3"
#define OID_MESSAGE_DIGEST "1.2.840.113549.1.9.4"
#define OID_ESS_V1         "1.2.840.113549.1.9.16.2.12"
#define OID_ESS_V2         "1.2.840.113549.1.9.16.2.47"

/* One signature under judgement. */
typedef struct judged {
    const bu_cms *cms;
    size_t signer;
    const bu_x509 *certificate;
    const bu_message *message;
    const bu_algorithm *algorithm;
} judged;

static void free_openssl(uint8_t **bytes)
{
    OPENSSL_free(*bytes);
}

/* --- attributes --- */

static bulla_status signed_value(const judged *j, const char *oid, bu_buf *out, bulla_error *err)
{
    return bu_cms_attribute(j->cms, j->signer, BU_CMS_SIGNED, oid, out, err);
}

/* RFC 5652, 11.1: the eContentType. A counter-signature has no content type (11.4). */
static bulla_status need_type(const judged *j, bulla_error *err)
{
    char oid[BU_CMS_OID_TEXT] = "";
    BU_CLEAR(bu_buf) value = { 0 };
    bulla_status status = signed_value(j, OID_CONTENT_TYPE, &value, err);
    if (status.code == BULLA_E_MISSING_FIELD && j->cms->is_counter)
        return BU_OK;
    BU_TRY(status);
    const uint8_t *at = value.ptr;
    ASN1_OBJECT *object = d2i_ASN1_OBJECT(NULL, &at, (long)value.len);
    if (object != NULL)
        (void)OBJ_obj2txt(oid, sizeof oid, object, 1);
    ASN1_OBJECT_free(object);
    if (strcmp(oid, bu_cms_content_type(j->cms)) != 0)
        return bu_expected(err, bu_fail(err, BULLA_E_BAD_TYPE, "another content type was signed"),
                           bu_bytes_of(bu_cms_content_type(j->cms)), bu_bytes_of(oid));
    return BU_OK;
}

static bulla_status need_digest(const judged *j, bulla_error *err)
{
    BU_CLEAR(bu_buf) value = { 0 };
    bulla_digest digest;
    BU_TRY(signed_value(j, OID_MESSAGE_DIGEST, &value, err));
    bu_der der = bu_der_of(bu_buf_bytes(&value));
    bulla_bytes stated = bu_der_take(&der, BU_DER_OCTET_STRING);
    BU_TRY(bu_message_digest(j->message, bu_cms_digest(j->cms, j->signer), &digest, err));
    if (bu_der_done(&der) && bu_bytes_equal(stated, (bulla_bytes){ digest.bytes, digest.len }))
        return BU_OK;
    return bu_fail(err, BULLA_E_HASH_MISMATCH, "the %s digest that was signed is of other content",
                   bulla_alg_name(digest.alg));
}

static bool is_digest_of(const bu_x509 *certificate, const char *name, bulla_bytes stated)
{
    uint8_t digest[EVP_MAX_MD_SIZE];
    size_t len = 0;
    bulla_bytes der = bu_x509_der(certificate);
    return EVP_Q_digest(bu_ossl(), name, NULL, der.ptr, der.len, digest, &len) == 1 &&
           bu_bytes_equal(stated, (bulla_bytes){ digest, len });
}

/* RFC 5035, 5.4.1.1: the digest of ESSCertIDv2; SHA-256 where it is left out. */
static const char *ess_algorithm(bu_der *id)
{
    if (!bu_der_is(id, BU_DER_SEQUENCE))
        return "SHA256";
    bu_der identifier = bu_der_enter(id, BU_DER_SEQUENCE);
    bulla_bytes oid = bu_der_take(&identifier, BU_DER_OID);
    static const struct {
        bulla_bytes oid;
        const char *name;
    } rows[] = {
        { { (const uint8_t *)"\x60\x86\x48\x01\x65\x03\x04\x02\x01", 9 }, "SHA256" },
        { { (const uint8_t *)"\x60\x86\x48\x01\x65\x03\x04\x02\x02", 9 }, "SHA384" },
        { { (const uint8_t *)"\x60\x86\x48\x01\x65\x03\x04\x02\x03", 9 }, "SHA512" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (bu_bytes_equal(oid, rows[i].oid))
            return rows[i].name;
    return "none";
}

/* RFC 2634, 5.4: the first of the certificates that are named "identifies the certificate used to
 * verify the signature". SHA-1 of version 1 only names it; the signature binds the key. */
static bulla_status need_certificate(const judged *j, const char *oid, bool is_v2, bulla_error *err)
{
    BU_CLEAR(bu_buf) value = { 0 };
    bulla_status status = signed_value(j, oid, &value, err);
    if (status.code == BULLA_E_MISSING_FIELD)
        return BU_OK;
    BU_TRY(status);
    bu_der der = bu_der_of(bu_buf_bytes(&value));
    bu_der attribute = bu_der_enter(&der, BU_DER_SEQUENCE);
    bu_der ids = bu_der_enter(&attribute, BU_DER_SEQUENCE);
    bu_der first = bu_der_enter(&ids, BU_DER_SEQUENCE);
    const char *name = is_v2 ? ess_algorithm(&first) : "SHA1";
    bulla_bytes stated = bu_der_take(&first, BU_DER_OCTET_STRING);
    if (bu_der_done(&der) && !first.broken && is_digest_of(j->certificate, name, stated))
        return BU_OK;
    return bu_fail(err, BULLA_E_IDENTITY_MISMATCH,
                   "the signature names another certificate as its own");
}

/* RFC 5652, 5.4: what is signed is "the complete DER encoding of the SignedAttrs value", as a SET. */
static bulla_status check_attributes(const judged *j, bulla_error *err)
{
    const CMS_SignerInfo *info = j->cms->signers[j->signer].info;
    __attribute__((cleanup(free_openssl))) uint8_t *der = NULL;
    int count = CMS_signed_get_attr_count(info);
    STACK_OF(X509_ATTRIBUTE) *set = sk_X509_ATTRIBUTE_new_reserve(NULL, count);
    for (int i = 0; set != NULL && i < count; i++)
        (void)sk_X509_ATTRIBUTE_push(set, CMS_signed_get_attr(info, i)); /* there is room */
    int len = set == NULL
                  ? -1
                  : ASN1_item_i2d((const ASN1_VALUE *)set, &der, ASN1_ITEM_rptr(PKCS7_ATTR_VERIFY));
    sk_X509_ATTRIBUTE_free(set);
    if (len <= 0)
        return bu_no_memory(err);
    return bu_verify(bu_x509_key(j->certificate), j->algorithm, (bulla_bytes){ der, (size_t)len },
                     bu_cms_signature(j->cms, j->signer), err);
}

static bulla_status verify_attributes(const judged *j, bulla_error *err)
{
    BU_TRY(check_attributes(j, err));
    BU_TRY(need_type(j, err));
    BU_TRY(need_certificate(j, OID_ESS_V1, false, err));
    BU_TRY(need_certificate(j, OID_ESS_V2, true, err));
    return need_digest(j, err);
}

/* --- without attributes --- */

static bulla_status verify_content(const judged *j, bulla_error *err)
{
    const bu_key *key = bu_x509_key(j->certificate);
    bulla_bytes signature = bu_cms_signature(j->cms, j->signer);
    bulla_alg alg = bu_algorithm_digest(j->algorithm);
    BU_CLEAR(bu_buf) content = { 0 };
    bulla_digest digest;
    /* RFC 5652, 5.3: "signedAttrs … MUST be present if the content type … is not id-data". */
    if (strcmp(bu_cms_content_type(j->cms), OID_DATA) != 0)
        return bu_fail(err, BULLA_E_MISSING_FIELD, "no signed attributes");
    if (alg != BULLA_ALG_NONE) {
        BU_TRY(bu_message_digest(j->message, alg, &digest, err));
        return bu_verify_digest(key, j->algorithm, &digest, signature, err);
    }
    BU_TRY(bu_message_read(j->message, &content, err));
    return bu_verify(key, j->algorithm, bu_buf_bytes(&content), signature, err);
}

/* --- doors --- */

bulla_status bu_cms_verify_message(const bu_cms *cms, size_t signer, const bu_x509 *certificate,
                                   const bu_message *message, bulla_error *err)
{
    judged j = { cms, signer, certificate, message, NULL };
    CMS_SignerInfo *info = cms->signers[signer].info;
    X509_ALGOR *identifier = NULL;
    CMS_SignerInfo_get0_algs(info, NULL, NULL, NULL, &identifier);
    if (!bu_cms_is_by(cms, signer, certificate))
        return bu_fail(err, BULLA_E_IDENTITY_MISMATCH, "the signer names another certificate");
    if (bu_cms_digest(cms, signer) == BULLA_ALG_NONE)
        return bu_fail(err, BULLA_E_WEAK_HASH, "the signer's digest is not SHA-256 or longer");
    if (bu_x509_key(certificate) == NULL)
        return bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE,
                       "the signer's key is of a kind that has no row");
    BU_TRY(bu_asn1_algorithm(identifier, bu_cms_digest(cms, signer), bu_x509_key(certificate),
                             &j.algorithm, err));
    return CMS_signed_get_attr_count(info) > 0 ? verify_attributes(&j, err)
                                               : verify_content(&j, err);
}

static bulla_status digest_of(void *context, bulla_alg alg, bulla_digest *out, bulla_error *err)
{
    return bu_digest_of(alg, *(const bulla_bytes *)context, out, err);
}

static bulla_status read_of(void *context, bu_buf *out, bulla_error *err)
{
    bu_buf_add(out, *(const bulla_bytes *)context);
    return out->broken ? bu_no_memory(err) : BU_OK;
}

bulla_status bu_cms_verify(const bu_cms *cms, size_t signer, const bu_x509 *certificate,
                           bulla_bytes content, bulla_error *err)
{
    const bu_message message = { .digest = digest_of, .read = read_of, .context = &content };
    return bu_cms_verify_message(cms, signer, certificate, &message, err);
}
