/* SPDX-License-Identifier: MIT */
/*
 * CMS SignedData (RFC 5652) as data: content, certificates, signers, attributes. Refuses other
 * content types, bytes behind it, no signer or too many, and a signer's certificate that bulla
 * refuses.
 */
#include "trust/cms.h"

#include <openssl/err.h>

#include "base/bytes.h"
#include "base/limits.h"
#include "signature/ossl.h"
#include "trust/cms_inside.h"
#include "trust/x509_inside.h"

#define CERTIFICATES_MAX 64
#define OID_TIME_STAMP   "1.2.840.113549.1.9.16.2.14"

void bu_cms_free(bu_cms *cms)
{
    if (cms == NULL)
        return;
    for (size_t i = 0; i < cms->certificate_count; i++)
        bu_x509_free(cms->certificates[i]);
    free(cms->certificates);
    free(cms->signers);
    CMS_ContentInfo_free(cms->document);
    free(cms);
}

/* --- reading --- */

static bulla_status parse(bulla_bytes der, bu_cms *out, bulla_error *err)
{
    const uint8_t *at = der.ptr;
    if (der.len > BU_LIMIT_METADATA_BYTES)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "a signature of %zu bytes", der.len);
    out->document = bu_ossl() == NULL ? NULL : CMS_ContentInfo_new_ex(bu_ossl(), NULL);
    if (out->document == NULL)
        return bu_no_memory(err);
    (void)ERR_set_mark();
    bool is_read = der.len > 0 && d2i_CMS_ContentInfo(&out->document, &at, (long)der.len) != NULL;
    (void)ERR_pop_to_mark();
    if (!is_read)
        return bu_fail(err, BULLA_E_BAD_ENCODING, "not a CMS ContentInfo");
    if ((size_t)(at - der.ptr) != der.len)
        return bu_at_offset(err, bu_fail(err, BULLA_E_TRAILING_DATA, "bytes follow the signature"),
                            (uint64_t)(at - der.ptr));
    if (OBJ_obj2nid(CMS_get0_type(out->document)) != NID_pkcs7_signed)
        return bu_fail(err, BULLA_E_BAD_TYPE, "CMS, but not SignedData");
    (void)OBJ_obj2txt(out->type, sizeof out->type, CMS_get0_eContentType(out->document), 1);
    return BU_OK;
}

static bulla_alg digest_of(CMS_SignerInfo *info)
{
    X509_ALGOR *identifier = NULL;
    const ASN1_OBJECT *object = NULL;
    CMS_SignerInfo_get0_algs(info, NULL, NULL, &identifier, NULL);
    X509_ALGOR_get0(&object, NULL, NULL, identifier);
    return bu_asn1_digest(OBJ_obj2nid(object));
}

static void free_chain(BIO **chain)
{
    BIO_free_all(*chain);
}

/* RFC 5652, 5.1: the list is "of the message digest algorithms employed by all of the signers". It
 * is not signed, but what is changed in it is no longer what was made. */
static bool is_listed(const bu_cms *cms, bulla_alg alg)
{
    (void)ERR_set_mark();
    __attribute__((cleanup(free_chain))) BIO *chain = CMS_dataInit(cms->document, NULL);
    (void)ERR_pop_to_mark();
    for (BIO *one = chain; (one = BIO_find_type(one, BIO_TYPE_MD)) != NULL; one = BIO_next(one)) {
        EVP_MD_CTX *context = NULL;
        (void)BIO_get_md_ctx(one, &context);
        if (bu_asn1_digest(EVP_MD_CTX_get_type(context)) == alg)
            return true;
    }
    return false;
}

static bulla_status need_listed(const bu_cms *cms, bulla_error *err)
{
    for (size_t i = 0; i < cms->count; i++)
        if (cms->signers[i].digest != BULLA_ALG_NONE && !is_listed(cms, cms->signers[i].digest))
            return bu_fail(err, BULLA_E_BAD_ENCODING,
                           "the digest algorithm of a signer is not on the list");
    return BU_OK;
}

static bulla_status read_signers(bu_cms *cms, bulla_error *err)
{
    STACK_OF(CMS_SignerInfo) *infos = CMS_get0_SignerInfos(cms->document);
    int count = infos == NULL ? 0 : sk_CMS_SignerInfo_num(infos);
    if (count <= 0)
        return bu_fail(err, BULLA_E_EMPTY, "nobody signed it");
    if ((unsigned)count > BU_LIMIT_SIGNATURES)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "%d signatures are over the limit of %u", count,
                       BU_LIMIT_SIGNATURES);
    cms->signers = calloc((size_t)count, sizeof *cms->signers);
    if (cms->signers == NULL)
        return bu_no_memory(err);
    for (int i = 0; i < count; i++) {
        CMS_SignerInfo *info = sk_CMS_SignerInfo_value(infos, i);
        cms->signers[cms->count++] = (bu_cms_signer){ .info = info, .digest = digest_of(info) };
    }
    return BU_OK;
}

static bool is_signer(const bu_cms *cms, X509 *x509)
{
    for (size_t i = 0; i < cms->count; i++)
        if (CMS_SignerInfo_cert_cmp(cms->signers[i].info, x509) == 0)
            return true;
    return false;
}

static void free_openssl(uint8_t **bytes)
{
    OPENSSL_free(*bytes);
}

/* What bulla refuses is left out; but why a signer's own is refused must be known. */
static bulla_status add_certificate(bu_cms *cms, X509 *x509, bulla_error *err)
{
    __attribute__((cleanup(free_openssl))) uint8_t *der = NULL;
    bulla_error why;
    bu_x509 *certificate = NULL;
    int len = i2d_X509(x509, &der);
    if (len <= 0)
        return bu_no_memory(err);
    bulla_status status = bu_x509_read((bulla_bytes){ der, (size_t)len }, &certificate, &why);
    if (bulla_ok(status)) {
        cms->certificates[cms->certificate_count++] = certificate;
        return BU_OK;
    }
    if (status.code != BULLA_E_NO_MEMORY && !is_signer(cms, x509))
        return BU_OK;
    if (err != NULL)
        *err = why;
    return bu_within(err, status, "the signer's certificate");
}

static void free_certificates(STACK_OF(X509) * *list)
{
    sk_X509_pop_free(*list, X509_free);
}

static bulla_status read_certificates(bu_cms *cms, bulla_error *err)
{
    __attribute__((cleanup(free_certificates))) STACK_OF(X509) *list =
        CMS_get1_certs(cms->document);
    int count = list == NULL ? 0 : sk_X509_num(list);
    if (count > CERTIFICATES_MAX)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "%d certificates are over the limit of %d",
                       count, CERTIFICATES_MAX);
    cms->certificates = calloc((size_t)count + 1, sizeof *cms->certificates);
    if (cms->certificates == NULL)
        return bu_no_memory(err);
    for (int i = 0; i < count; i++)
        BU_TRY(add_certificate(cms, sk_X509_value(list, i), err));
    return BU_OK;
}

static void match_certificates(bu_cms *cms)
{
    for (size_t i = 0; i < cms->count; i++)
        for (size_t j = cms->certificate_count; j-- > 0;)
            if (bu_cms_is_by(cms, i, cms->certificates[j]))
                cms->signers[i].certificate = cms->certificates[j];
}

bulla_status bu_cms_read(bulla_bytes der, bu_cms **out, bulla_error *err)
{
    BU_AUTO(bu_cms) cms = calloc(1, sizeof *cms);
    if (cms == NULL)
        return bu_no_memory(err);
    BU_TRY(parse(der, cms, err));
    BU_TRY(read_signers(cms, err));
    BU_TRY(need_listed(cms, err));
    BU_TRY(read_certificates(cms, err));
    match_certificates(cms);
    *out = BU_STEAL(cms);
    return BU_OK;
}

/* --- counter-signatures --- */

static bulla_status share_certificates(const bu_cms *from, bu_cms *to, bulla_error *err)
{
    bu_x509 **list = calloc(from->certificate_count + 1, sizeof *list);
    if (list == NULL)
        return bu_no_memory(err);
    free(to->certificates); /* of none: a counter-signature brings no certificates of its own */
    to->certificates = list;
    for (size_t i = 0; i < from->certificate_count; i++)
        list[to->certificate_count++] = bu_x509_share(from->certificates[i]);
    match_certificates(to);
    return BU_OK;
}

bulla_status bu_cms_counter(const bu_cms *cms, size_t signer, bu_cms **out, bulla_error *err)
{
    BU_CLEAR(bu_buf) der = { 0 };
    BU_AUTO(bu_cms) counter = NULL;
    BU_TRY(bu_cms_counter_document(cms, signer, &der, err));
    BU_TRY(bu_within(err, bu_cms_read(bu_buf_bytes(&der), &counter, err), "counter-signature"));
    BU_TRY(share_certificates(cms, counter, err));
    counter->is_counter = true;
    *out = BU_STEAL(counter);
    return BU_OK;
}

/* --- asking --- */

bulla_bytes bu_cms_content(const bu_cms *cms)
{
    ASN1_OCTET_STRING **content = CMS_get0_content(cms->document);
    return content == NULL || *content == NULL ? (bulla_bytes){ 0 } : bu_asn1_bytes(*content);
}

const char *bu_cms_content_type(const bu_cms *cms)
{
    return cms->type;
}

bu_x509 *const *bu_cms_certificates(const bu_cms *cms, size_t *count)
{
    *count = cms->certificate_count;
    return cms->certificates;
}

size_t bu_cms_count(const bu_cms *cms)
{
    return cms->count;
}

bool bu_cms_is_by(const bu_cms *cms, size_t signer, const bu_x509 *certificate)
{
    return CMS_SignerInfo_cert_cmp(cms->signers[signer].info, certificate->x509) == 0;
}

const bu_x509 *bu_cms_certificate(const bu_cms *cms, size_t signer)
{
    return cms->signers[signer].certificate;
}

bulla_alg bu_cms_digest(const bu_cms *cms, size_t signer)
{
    return cms->signers[signer].digest;
}

bulla_bytes bu_cms_signature(const bu_cms *cms, size_t signer)
{
    return bu_asn1_bytes(CMS_SignerInfo_get0_signature(cms->signers[signer].info));
}
