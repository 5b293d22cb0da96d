/* SPDX-License-Identifier: MIT */
/* CMS SignedData: a signature is over this content, by this certificate's key, and says so. */
#include "stamps.h"

#include <openssl/cms.h>

#include "alloc_fail.h"
#include "signature/der.h"
#include "trust/cms.h"

#define OID_CONTENT_TYPE "1.2.840.113549.1.9.3"

static bulla_bytes content = { (const uint8_t *)"what was signed", 15 };
static bulla_bytes other = { (const uint8_t *)"what was not", 12 };

typedef struct world {
    cert root, leaf, twin; /* the twin has the leaf's names, and another key */
} world;

static world new_world(const char *key)
{
    world w = { .root = cert_make((cert_wish){ .name = "root", .extensions = cert_ca }) };
    w.leaf = cert_make(
        (cert_wish){ .name = "leaf", .by = &w.root, .key = key, .extensions = cert_plain });
    w.twin = cert_make((cert_wish){ .name = "leaf", .by = &w.root, .extensions = cert_plain });
    return w;
}

static void world_clear(world *w)
{
    cert_clear(&w->root);
    cert_clear(&w->leaf);
    cert_clear(&w->twin);
}
BU_DEFINE_CLEAR(world)

/* --- one signature --- */

static const struct cms_case {
    const char *what, *key;
    cms_wish wish;
    bulla_code want;
} cases[] = {
    { .what = "P-256" },
    { .what = "P-384", .key = "P-384", .wish = { .digest = "SHA384" } },
    { .what = "P-521", .key = "P-521", .wish = { .digest = "SHA512" } },
    { .what = "RSA", .key = "RSA2048" },
    { .what = "content inside", .wish = { .carries = true } },
    { .what = "by key identifier", .wish = { .by_key_id = true } },
    { .what = "no attributes", .wish = { .no_attributes = true } },
    { .what = "RSA, no attributes", .key = "RSA2048", .wish = { .no_attributes = true } },
    { .what = "names its certificate", .wish = { .names_certificate = true } },
    { .what = "other content type", .wish = { .type = "1.2.3.4", .carries = true } },
    { .what = "SHA-1", .wish = { .digest = "SHA1" }, .want = BULLA_E_WEAK_HASH },
    { .what = "MD5", .key = "RSA2048", .wish = { .digest = "MD5" }, .want = BULLA_E_WEAK_HASH },
};

START_TEST(signatures_are_checked)
{
    const struct cms_case *c = &cases[_i];
    BU_CLEAR(world) w = new_world(c->key);
    BU_AUTO(bu_cms) cms = NULL;
    cms_wish wish = c->wish;
    wish.signer = &w.leaf;
    wish.content = content;
    BU_CLEAR(bu_buf) der = cms_make(wish);
    bulla_error err = { 0 };
    unit_ok(bu_cms_read(bu_buf_bytes(&der), &cms, &err), err);
    ck_assert_uint_eq(bu_cms_count(cms), 1);
    ck_assert(bu_cms_is_by(cms, 0, w.leaf.ours) && !bu_cms_is_by(cms, 0, w.twin.ours));
    ck_assert(bu_x509_equal(bu_cms_certificate(cms, 0), w.leaf.ours));
    ck_assert(wish.carries ? bu_bytes_equal(bu_cms_content(cms), content)
                           : bu_cms_content(cms).ptr == NULL);
    ck_assert_str_eq(bu_cms_content_type(cms),
                     wish.type == NULL ? "1.2.840.113549.1.7.1" : wish.type);
    bulla_status status = bu_cms_verify(cms, 0, w.leaf.ours, content, &err);
    ck_assert_msg(status.code == c->want, "%s: %s (%s)", c->what, bulla_code_name(status.code),
                  err.text);
    if (!bulla_ok(status))
        return;
    unit_fails(bu_cms_verify(cms, 0, w.leaf.ours, other, &err),
               wish.no_attributes ? BULLA_E_BAD_SIGNATURE : BULLA_E_HASH_MISMATCH, err);
    unit_fails(bu_cms_verify(cms, 0, w.twin.ours, content, &err), BULLA_E_IDENTITY_MISMATCH, err);
}
END_TEST

/* The name in a signature is not what makes it one's own: only the key does. */
START_TEST(a_key_under_the_same_name_does_not_verify)
{
    BU_CLEAR(world) w = new_world(NULL);
    BU_AUTO(bu_cms) cms = NULL;
    bulla_error err = { 0 };
    ck_assert(X509_set_serialNumber(w.twin.x509, X509_get_serialNumber(w.leaf.x509)) == 1);
    cert_sign(&w.twin, &w.root, "SHA256");
    BU_CLEAR(bu_buf)
    der =
        cms_make((cms_wish){ .signer = &w.leaf, .content = content, .names_certificate = _i == 1 });
    unit_ok(bu_cms_read(bu_buf_bytes(&der), &cms, &err), err);
    unit_fails(bu_cms_verify(cms, 0, w.twin.ours, content, &err), BULLA_E_BAD_SIGNATURE, err);
}
END_TEST

/* ESS: the same key in another certificate of the same name and number is not the one that was meant. */
START_TEST(the_certificate_that_is_named_is_the_one)
{
    BU_CLEAR(world) w = new_world(NULL);
    BU_AUTO(bu_cms) cms = NULL;
    bulla_error err = { 0 };
    BU_CLEAR(bu_buf)
    der = cms_make((cms_wish){ .signer = &w.leaf, .content = content, .names_certificate = true });
    unit_ok(bu_cms_read(bu_buf_bytes(&der), &cms, &err), err);
    unit_ok(bu_cms_verify(cms, 0, w.leaf.ours, content, &err), err);
    ck_assert(ASN1_TIME_set(X509_getm_notAfter(w.leaf.x509), CERT_UNTIL + 1) != NULL);
    cert_sign(&w.leaf, &w.root, "SHA256");
    unit_fails(bu_cms_verify(cms, 0, w.leaf.ours, content, &err), BULLA_E_IDENTITY_MISMATCH, err);
}
END_TEST

START_TEST(several_signers_are_told_apart)
{
    BU_CLEAR(world) w = new_world(NULL);
    BU_AUTO(bu_cms) cms = NULL;
    bulla_error err = { 0 };
    BU_CLEAR(bu_buf)
    der = cms_make(
        (cms_wish){ .signer = &w.leaf, .second = &w.twin, .along = &w.root, .content = content });
    size_t count;
    unit_ok(bu_cms_read(bu_buf_bytes(&der), &cms, &err), err);
    ck_assert_uint_eq(bu_cms_count(cms), 2);
    (void)bu_cms_certificates(cms, &count);
    ck_assert_uint_eq(count, 3);
    for (size_t i = 0; i < 2; i++) {
        const cert *by = bu_cms_is_by(cms, i, w.leaf.ours) ? &w.leaf : &w.twin;
        unit_ok(bu_cms_verify(cms, i, by->ours, content, &err), err);
    }
}
END_TEST

/* --- bytes --- */

START_TEST(documents_are_read_strictly)
{
    BU_CLEAR(world) w = new_world(NULL);
    BU_AUTO(bu_cms) cms = NULL;
    bulla_error err = { 0 };
    BU_CLEAR(bu_buf) der = cms_make((cms_wish){ .signer = &w.leaf, .content = content });
    size_t len = der.len;
    bu_buf_add_byte(&der, 0);
    unit_fails(bu_cms_read(bu_buf_bytes(&der), &cms, &err), BULLA_E_TRAILING_DATA, err);
    ck_assert_uint_eq(err.offset, len);
    for (size_t cut = 0; cut < len; cut += 3)
        unit_fails(bu_cms_read((bulla_bytes){ der.ptr, cut }, &cms, &err), BULLA_E_BAD_ENCODING,
                   err);
    /* ContentInfo of data: nobody signed it. */
    unit_fails(
        bu_cms_read(
            BULLA_LIT("\x30\x0f\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01\xa0\x02\x04\x00"), &cms,
            &err),
        BULLA_E_BAD_TYPE, err);
    /* SignedData without signers, as certificates are handed out (.p7b). */
    unit_fails(
        bu_cms_read(
            BULLA_LIT("\x30\x23\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0\x16\x30\x14\x02\x01"
                      "\x01\x31\x00\x30\x0b\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01\x31\x00"),
            &cms, &err),
        BULLA_E_EMPTY, err);
}
END_TEST

START_TEST(a_changed_signature_never_holds_for_other_content)
{
    BU_CLEAR(world) w = new_world(NULL);
    bulla_error err = { 0 };
    BU_CLEAR(bu_buf)
    der = cms_make((cms_wish){ .signer = &w.leaf,
                               .content = content,
                               .no_certificates = true,
                               .names_certificate = true });
    size_t held = 0;
    for (size_t bit = 0; bit < der.len * 8; bit++) {
        BU_AUTO(bu_cms) cms = NULL;
        der.ptr[bit / 8] ^= (uint8_t)(1u << bit % 8);
        bool is_read = bulla_ok(bu_cms_read(bu_buf_bytes(&der), &cms, &err));
        held += is_read && bulla_ok(bu_cms_verify(cms, 0, w.leaf.ours, content, &err));
        ck_assert(!is_read || !bulla_ok(bu_cms_verify(cms, 0, w.leaf.ours, other, &err)));
        der.ptr[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    /* What the signature does not cover: versions, the list of digest algorithms, NULL parameters. */
    ck_assert_uint_lt(held, 400);
}
END_TEST

START_TEST(reading_survives_without_memory)
{
    BU_CLEAR(world) w = new_world(NULL);
    BU_CLEAR(bu_buf) der = cms_make((cms_wish){ .signer = &w.leaf, .content = content });
    for (size_t n = 0;; n++) {
        BU_AUTO(bu_cms) cms = NULL;
        bulla_error err = { 0 };
        alloc_fail_at(n);
        bulla_status status = bu_cms_read(bu_buf_bytes(&der), &cms, &err);
        if (bulla_ok(status))
            status = bu_cms_verify(cms, 0, w.leaf.ours, content, &err);
        if (!alloc_fail_off()) {
            unit_ok(status, err);
            break;
        }
        unit_fails(status, BULLA_E_NO_MEMORY, err);
    }
}
END_TEST

/* --- attributes, stamps, counter-signatures --- */

START_TEST(attributes_are_read_by_name)
{
    BU_CLEAR(world) w = new_world(NULL);
    BU_AUTO(bu_cms) cms = NULL;
    BU_CLEAR(bu_buf) value = { 0 };
    bulla_error err = { 0 };
    BU_CLEAR(bu_buf) der = cms_make((cms_wish){ .signer = &w.leaf, .content = content });
    unit_ok(bu_cms_read(bu_buf_bytes(&der), &cms, &err), err);
    unit_ok(bu_cms_attribute(cms, 0, BU_CMS_SIGNED, OID_CONTENT_TYPE, &value, &err), err);
    ck_assert(bu_bytes_equal(bu_buf_bytes(&value),
                             BULLA_LIT("\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01")));
    unit_fails(bu_cms_attribute(cms, 0, BU_CMS_UNSIGNED, OID_CONTENT_TYPE, &value, &err),
               BULLA_E_MISSING_FIELD, err);
}
END_TEST

typedef struct stamping {
    const cert *stamper;
    bool elsewhere;
} stamping;

static bu_buf stamp(void *context, bulla_bytes signature)
{
    const stamping *s = context;
    return stamp_make((stamp_wish){
        .signer = s->stamper, .message = s->elsewhere ? content : signature, .bare = true });
}

START_TEST(the_time_of_a_signature_is_stamped)
{
    BU_CLEAR(world) w = new_world(NULL);
    BU_CLEAR(cert)
    stamper = cert_make((cert_wish){ .name = "stamper", .by = &w.root, .extensions = cert_stamp });
    const bu_tsa tsa = { &w.root.ours, 1, CERT_FROM, CERT_UNTIL };
    stamping how = { &stamper, _i == 1 };
    BU_CLEAR(bu_buf)
    der = cms_make_stamped((cms_wish){ .signer = &w.leaf, .content = content }, stamp, &how);
    BU_CLEAR(bu_buf) plain = cms_make((cms_wish){ .signer = &w.leaf, .content = content });
    BU_AUTO(bu_cms) cms = NULL;
    BU_AUTO(bu_cms) without = NULL;
    bulla_error err = { 0 };
    int64_t time = 0;
    unit_ok(bu_cms_read(bu_buf_bytes(&der), &cms, &err), err);
    unit_ok(bu_cms_read(bu_buf_bytes(&plain), &without, &err), err);
    unit_fails(bu_cms_time(without, 0, &tsa, 1, &time, &err), BULLA_E_MISSING_FIELD, err);
    if (how.elsewhere) {
        unit_fails(bu_cms_time(cms, 0, &tsa, 1, &time, &err), BULLA_E_HASH_MISMATCH, err);
        return;
    }
    unit_fails(bu_cms_time(cms, 0, NULL, 0, &time, &err), BULLA_E_UNTRUSTED_CHAIN, err);
    unit_ok(bu_cms_time(cms, 0, &tsa, 1, &time, &err), err);
    ck_assert_int_eq(time, CERT_TIME);
}
END_TEST

/* The SignerInfo of a SignedData with one. */
static bulla_bytes signer_info(bulla_bytes der)
{
    bu_der all = bu_der_of(der);
    bu_der info = bu_der_enter(&all, BU_DER_SEQUENCE);
    (void)bu_der_take(&info, BU_DER_OID);
    bu_der explicit = bu_der_enter(&info, BU_DER_CONTEXT_0);
    bu_der data = bu_der_enter(&explicit, BU_DER_SEQUENCE);
    (void)bu_der_take(&data, BU_DER_INTEGER);
    (void)bu_der_take(&data, 0x31);
    (void)bu_der_take(&data, BU_DER_SEQUENCE);
    if (bu_der_is(&data, BU_DER_CONTEXT_0))
        (void)bu_der_take(&data, BU_DER_CONTEXT_0);
    bulla_bytes set = bu_der_take(&data, 0x31);
    ck_assert(bu_der_done(&all));
    return set;
}

/* The leaf signs, the twin signs the leaf's signature. */
START_TEST(counter_signatures_are_over_the_signature)
{
    BU_CLEAR(world) w = new_world(NULL);
    BU_AUTO(bu_cms) cms = NULL;
    BU_AUTO(bu_cms) counter = NULL;
    bulla_error err = { 0 };
    BU_CLEAR(bu_buf)
    first = cms_make((cms_wish){ .signer = &w.leaf, .along = &w.twin, .content = content });
    const uint8_t *at = first.ptr;
    CMS_ContentInfo *document = d2i_CMS_ContentInfo(NULL, &at, (long)first.len);
    CMS_SignerInfo *info = sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(document), 0);
    const ASN1_OCTET_STRING *signature = CMS_SignerInfo_get0_signature(info);
    bulla_bytes over = { ASN1_STRING_get0_data(signature), (size_t)ASN1_STRING_length(signature) };
    BU_CLEAR(bu_buf)
    second = cms_make((cms_wish){ .signer = &w.twin, .content = _i == 0 ? over : other });
    bulla_bytes value = signer_info(bu_buf_bytes(&second));
    ck_assert(CMS_unsigned_add1_attr_by_NID(info, NID_pkcs9_countersignature, V_ASN1_SEQUENCE,
                                            value.ptr, (int)value.len) == 1);
    uint8_t *der = NULL;
    int len = i2d_CMS_ContentInfo(document, &der);
    unit_ok(bu_cms_read((bulla_bytes){ der, (size_t)len }, &cms, &err), err);
    unit_ok(bu_cms_counter(cms, 0, &counter, &err), err);
    ck_assert(bu_x509_equal(bu_cms_certificate(counter, 0), w.twin.ours));
    bulla_status status = bu_cms_verify(counter, 0, w.twin.ours, bu_cms_signature(cms, 0), &err);
    ck_assert_int_eq(status.code, _i == 0 ? BULLA_OK : BULLA_E_HASH_MISMATCH);
    BU_AUTO(bu_cms) none = NULL;
    unit_fails(bu_cms_counter(counter, 0, &none, &err), BULLA_E_MISSING_FIELD, err);
    OPENSSL_free(der);
    CMS_ContentInfo_free(document);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, signatures_are_checked, 0, sizeof cases / sizeof cases[0]);
    tcase_add_loop_test(tc, a_key_under_the_same_name_does_not_verify, 0, 2);
    tcase_add_test(tc, the_certificate_that_is_named_is_the_one);
    tcase_add_test(tc, several_signers_are_told_apart);
    tcase_add_test(tc, documents_are_read_strictly);
    tcase_add_test(tc, a_changed_signature_never_holds_for_other_content);
    tcase_add_test(tc, reading_survives_without_memory);
    tcase_add_test(tc, attributes_are_read_by_name);
    tcase_add_loop_test(tc, the_time_of_a_signature_is_stamped, 0, 2);
    tcase_add_loop_test(tc, counter_signatures_are_over_the_signature, 0, 2);
}

int main(void)
{
    return unit_run("trust/cms", add);
}
