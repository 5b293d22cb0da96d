/* SPDX-License-Identifier: MIT */
/*
 * Attributes of a CMS signer: values by name, the time stamp over its signature, and its
 * counter-signatures put into a SignedData of their own, so that one reader knows them all.
 */
#include "base/bytes.h"
#include "signature/der.h"
#include "trust/cms_inside.h"
#include "trust/x509_inside.h"

#define OID_COUNTER    "1.2.840.113549.1.9.6"
#define OID_TIME_STAMP "1.2.840.113549.1.9.16.2.14"
#define DER_SET        0x31

static void free_openssl(uint8_t **bytes)
{
    OPENSSL_free(*bytes);
}

static void free_object(ASN1_OBJECT **object)
{
    ASN1_OBJECT_free(*object);
}

static int find(const CMS_SignerInfo *info, bu_cms_attributes which, const ASN1_OBJECT *object,
                int last)
{
    return which == BU_CMS_SIGNED ? CMS_signed_get_attr_by_OBJ(info, object, last)
                                  : CMS_unsigned_get_attr_by_OBJ(info, object, last);
}

/* The one attribute of that name, or NULL. */
static bulla_status find_attribute(const bu_cms *cms, size_t signer, bu_cms_attributes which,
                                   const char *oid, X509_ATTRIBUTE **out, bulla_error *err)
{
    const CMS_SignerInfo *info = cms->signers[signer].info;
    __attribute__((cleanup(free_object))) ASN1_OBJECT *object = OBJ_txt2obj(oid, 1);
    if (object == NULL)
        return bu_no_memory(err);
    int at = find(info, which, object, -1);
    if (at < 0)
        return bu_fail(err, BULLA_E_MISSING_FIELD, "the signature has no attribute %s", oid);
    if (find(info, which, object, at) >= 0)
        return bu_fail(err, BULLA_E_DUPLICATE_ENTRY, "the attribute %s stands twice", oid);
    *out = which == BU_CMS_SIGNED ? CMS_signed_get_attr(info, at) : CMS_unsigned_get_attr(info, at);
    return BU_OK;
}

static void add_value(X509_ATTRIBUTE *attribute, int index, bu_buf *out)
{
    __attribute__((cleanup(free_openssl))) uint8_t *der = NULL;
    int len = i2d_ASN1_TYPE(X509_ATTRIBUTE_get0_type(attribute, index), &der);
    if (len > 0)
        bu_buf_add(out, (bulla_bytes){ der, (size_t)len });
    out->broken = out->broken || len <= 0;
}

bulla_status bu_cms_attribute(const bu_cms *cms, size_t signer, bu_cms_attributes which,
                              const char *oid, bu_buf *out, bulla_error *err)
{
    X509_ATTRIBUTE *attribute = NULL;
    BU_TRY(find_attribute(cms, signer, which, oid, &attribute, err));
    if (X509_ATTRIBUTE_count(attribute) != 1)
        return bu_fail(err, BULLA_E_DUPLICATE_ENTRY, "the attribute %s has not one value", oid);
    add_value(attribute, 0, out);
    return out->broken ? bu_no_memory(err) : BU_OK;
}

bulla_status bu_cms_time(const bu_cms *cms, size_t signer, const bu_tsa *authorities, size_t count,
                         int64_t *time, bulla_error *err)
{
    BU_CLEAR(bu_buf) token = { 0 };
    BU_TRY(bu_cms_attribute(cms, signer, BU_CMS_UNSIGNED, OID_TIME_STAMP, &token, err));
    return bu_within(err,
                     bu_timestamp_check(bu_buf_bytes(&token), bu_cms_signature(cms, signer),
                                        authorities, count, time, err),
                     "time stamp of the signature");
}

/* --- counter-signatures --- */

/* Make one element of `front` and what is in the buffer. */
static void wrap(bu_buf *buf, uint8_t tag, bulla_bytes front)
{
    bu_buf inner = *buf;
    size_t len = front.len + inner.len;
    unsigned bytes = 1;
    while (bytes < sizeof len && len >> (8 * bytes) != 0)
        bytes++;
    *buf = (bu_buf){ .broken = inner.broken };
    bu_buf_add_byte(buf, tag);
    if (len >= 0x80)
        bu_buf_add_byte(buf, (uint8_t)(0x80 | bytes));
    while (bytes-- > 0)
        bu_buf_add_byte(buf, (uint8_t)(len >> (8 * bytes)));
    bu_buf_add(buf, front);
    bu_buf_add(buf, bu_buf_bytes(&inner));
    bu_buf_clear(&inner);
}

#define OID_SIGNED_DATA "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"
#define OID_DATA        "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01"
#define SHA_2(last)     "\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02" last
/* Version 1, the digest algorithms that are taken, detached data. */
#define FRONT "\x02\x01\x01\x31\x27" SHA_2("\x01") SHA_2("\x02") SHA_2("\x03") "\x30\x0b" OID_DATA

bulla_status bu_cms_counter_document(const bu_cms *cms, size_t signer, bu_buf *out,
                                     bulla_error *err)
{
    X509_ATTRIBUTE *attribute = NULL;
    BU_TRY(find_attribute(cms, signer, BU_CMS_UNSIGNED, OID_COUNTER, &attribute, err));
    for (int i = 0; i < X509_ATTRIBUTE_count(attribute); i++)
        add_value(attribute, i, out);
    wrap(out, DER_SET, BULLA_LIT(""));
    wrap(out, BU_DER_SEQUENCE, BULLA_LIT(FRONT));
    wrap(out, BU_DER_CONTEXT_0, BULLA_LIT(""));
    wrap(out, BU_DER_SEQUENCE, BULLA_LIT(OID_SIGNED_DATA));
    return out->broken ? bu_no_memory(err) : BU_OK;
}
