/* SPDX-License-Identifier: MIT */
/* CMS signatures and time stamps. */
#include "stamps.h"

#include <openssl/cms.h>
#include <openssl/evp.h>
#include <openssl/ts.h>

#define OID_STAMP "1.2.840.113549.1.9.16.2.14"

static void sign_by(CMS_ContentInfo *cms, const cert *signer, const cms_wish *wish)
{
    unsigned flags = CMS_PARTIAL | CMS_BINARY | CMS_NOSMIMECAP;
    flags |= wish->no_certificates ? CMS_NOCERTS : 0;
    flags |= wish->no_attributes ? CMS_NOATTR : 0;
    flags |= wish->names_certificate ? CMS_CADES : 0;
    flags |= wish->by_key_id ? CMS_USE_KEYID : 0;
    const EVP_MD *md = EVP_get_digestbyname(wish->digest == NULL ? "SHA256" : wish->digest);
    ck_assert(CMS_add1_signer(cms, signer->x509, signer->key, md, flags) != NULL);
}

static CMS_ContentInfo *new_cms(const cms_wish *wish)
{
    unsigned flags = CMS_PARTIAL | CMS_BINARY;
    flags |= wish->carries ? 0 : CMS_DETACHED;
    CMS_ContentInfo *cms = CMS_sign(NULL, NULL, NULL, NULL, flags);
    ck_assert_ptr_nonnull(cms);
    if (wish->type != NULL) {
        ASN1_OBJECT *type = OBJ_txt2obj(wish->type, 1);
        ck_assert(CMS_set1_eContentType(cms, type) == 1);
        ASN1_OBJECT_free(type);
    }
    sign_by(cms, wish->signer, wish);
    if (wish->second != NULL)
        sign_by(cms, wish->second, wish);
    if (wish->along != NULL)
        ck_assert(CMS_add1_cert(cms, wish->along->x509) == 1);
    BIO *content = BIO_new_mem_buf(wish->content.ptr, (int)wish->content.len);
    ck_assert(CMS_final(cms, content, NULL, flags) == 1);
    BIO_free(content);
    return cms;
}

static void add_stamp(CMS_ContentInfo *cms, bulla_bytes token)
{
    CMS_SignerInfo *info = sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms), 0);
    ck_assert(CMS_unsigned_add1_attr_by_txt(info, OID_STAMP, V_ASN1_SEQUENCE, token.ptr,
                                            (int)token.len) == 1);
}

static bu_buf encoded(CMS_ContentInfo *cms)
{
    bu_buf out = { 0 };
    uint8_t *der = NULL;
    int len = i2d_CMS_ContentInfo(cms, &der);
    ck_assert(len > 0);
    bu_buf_add(&out, (bulla_bytes){ der, (size_t)len });
    OPENSSL_free(der);
    CMS_ContentInfo_free(cms);
    return out;
}

bu_buf cms_make(cms_wish wish)
{
    CMS_ContentInfo *cms = new_cms(&wish);
    if (wish.stamp.len > 0)
        add_stamp(cms, wish.stamp);
    return encoded(cms);
}

bu_buf cms_make_stamped(cms_wish wish, bu_buf (*stamp)(void *context, bulla_bytes signature),
                        void *context)
{
    CMS_ContentInfo *cms = new_cms(&wish);
    CMS_SignerInfo *info = sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms), 0);
    const ASN1_OCTET_STRING *signature = CMS_SignerInfo_get0_signature(info);
    BU_CLEAR(bu_buf)
    token = stamp(context, (bulla_bytes){ ASN1_STRING_get0_data(signature),
                                          (size_t)ASN1_STRING_length(signature) });
    add_stamp(cms, bu_buf_bytes(&token));
    return encoded(cms);
}

/* --- time stamps --- */

static void set_imprint(TS_TST_INFO *info, const stamp_wish *wish)
{
    uint8_t hash[EVP_MAX_MD_SIZE];
    unsigned len = 0;
    const EVP_MD *md = EVP_get_digestbyname(wish->imprint == NULL ? "SHA256" : wish->imprint);
    ck_assert(EVP_Digest(wish->message.ptr, wish->message.len, hash, &len, md, NULL) == 1);
    TS_MSG_IMPRINT *imprint = TS_MSG_IMPRINT_new();
    X509_ALGOR *identifier = X509_ALGOR_new();
    X509_ALGOR_set_md(identifier, md);
    ck_assert(TS_MSG_IMPRINT_set_algo(imprint, identifier) == 1);
    ck_assert(TS_MSG_IMPRINT_set_msg(imprint, hash, (int)len) == 1);
    ck_assert(TS_TST_INFO_set_msg_imprint(info, imprint) == 1);
    X509_ALGOR_free(identifier);
    TS_MSG_IMPRINT_free(imprint);
}

static void set_critical(TS_TST_INFO *info)
{
    ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();
    ASN1_OBJECT *oid = OBJ_txt2obj("1.2.3.4", 1);
    ck_assert(ASN1_OCTET_STRING_set(value, (const unsigned char *)"\5\0", 2) == 1);
    X509_EXTENSION *extension = X509_EXTENSION_create_by_OBJ(NULL, oid, 1, value);
    ck_assert(TS_TST_INFO_add_ext(info, extension, -1) == 1);
    X509_EXTENSION_free(extension);
    ASN1_OBJECT_free(oid);
    ASN1_OCTET_STRING_free(value);
}

static void set_nonce(TS_TST_INFO *info, bulla_bytes request)
{
    const uint8_t *at = request.ptr;
    TS_REQ *asked = d2i_TS_REQ(NULL, &at, (long)request.len);
    ck_assert_ptr_nonnull(asked);
    ck_assert(TS_TST_INFO_set_nonce(info, TS_REQ_get_nonce(asked)) == 1);
    ck_assert(TS_TST_INFO_set_msg_imprint(info, TS_REQ_get_msg_imprint(asked)) == 1);
    TS_REQ_free(asked);
}

static bu_buf info_make(const stamp_wish *wish)
{
    bu_buf out = { 0 };
    uint8_t *der = NULL;
    TS_TST_INFO *info = TS_TST_INFO_new();
    ASN1_OBJECT *policy = OBJ_txt2obj("1.2.3", 1);
    ASN1_INTEGER *serial = ASN1_INTEGER_new();
    ASN1_GENERALIZEDTIME *time =
        ASN1_GENERALIZEDTIME_set(NULL, wish->time == 0 ? CERT_TIME : wish->time);
    ck_assert(ASN1_INTEGER_set(serial, 5) == 1 && TS_TST_INFO_set_version(info, 1) == 1 &&
              TS_TST_INFO_set_policy_id(info, policy) == 1 &&
              TS_TST_INFO_set_serial(info, serial) == 1 && TS_TST_INFO_set_time(info, time) == 1);
    set_imprint(info, wish);
    if (wish->critical)
        set_critical(info);
    if (wish->nonce.len > 0)
        set_nonce(info, wish->nonce);
    int len = i2d_TS_TST_INFO(info, &der);
    bu_buf_add(&out, (bulla_bytes){ der, (size_t)len });
    OPENSSL_free(der);
    ASN1_GENERALIZEDTIME_free(time);
    ASN1_INTEGER_free(serial);
    ASN1_OBJECT_free(policy);
    TS_TST_INFO_free(info);
    return out;
}

static bu_buf respond(unsigned status, bulla_bytes token)
{
    const uint8_t front[] = { 0x30, 3, 2, 1, (uint8_t)status };
    size_t len = sizeof front + token.len;
    bu_buf out = { 0 };
    ck_assert(len > 0xff && len < 0x10000);
    bu_buf_add(&out, BULLA_LIT("\x30\x82"));
    bu_buf_add_byte(&out, (uint8_t)(len >> 8));
    bu_buf_add_byte(&out, (uint8_t)len);
    bu_buf_add(&out, (bulla_bytes){ front, sizeof front });
    bu_buf_add(&out, token);
    return out;
}

bu_buf stamp_make(stamp_wish wish)
{
    BU_CLEAR(bu_buf) info = info_make(&wish);
    bu_buf token = cms_make((cms_wish){
        .signer = wish.signer,
        .second = wish.second,
        .along = wish.along,
        .content = bu_buf_bytes(&info),
        .carries = true,
        .type = wish.type == NULL ? "1.2.840.113549.1.9.16.1.4" : wish.type,
        .digest = wish.digest,
        .no_certificates = wish.no_certificates,
        .names_certificate = !wish.no_name,
    });
    if (wish.bare)
        return token;
    bu_buf response = respond(wish.status, bu_buf_bytes(&token));
    bu_buf_clear(&token);
    return response;
}
