/* SPDX-License-Identifier: MIT */
/* Packages that sign themselves. */
#include "embedding.h"

#include <openssl/cms.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "alloc_fail.h"

#include "signature/der.h"
#include "signature/pem.h"

#define FLIPS 1000u /* at least half as many are tried, where the package is that large */

static char *package_path(void)
{
    static char path[4096];
    if (path[0] == '\0') {
        char *folder = unit_temporary_folder();
        (void)snprintf(path, sizeof path, "%s/package", folder);
        free(folder);
    }
    return path;
}

static void write_package(bulla_bytes package)
{
    FILE *file = fopen(package_path(), "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert(package.len == 0 || fwrite(package.ptr, package.len, 1, file) == 1);
    ck_assert_int_eq(fclose(file), 0);
}

void embedding_start(embedding *run)
{
    *run = (embedding){ .arena = bu_arena_new() };
    ck_assert_ptr_nonnull(run->arena);
    unit_ok(bu_anchors_start(&run->anchors, &run->err), run->err);
}

void embedding_clear(embedding *run)
{
    bu_anchors_clear(&run->anchors);
    bu_arena_free(run->arena);
}

void embedding_trust(embedding *run, const cert *anchor)
{
    bu_anchor *added = bu_anchors_add(&run->anchors);
    ck_assert_ptr_nonnull(added);
    added->form = "pem";
    added->certificate = bu_arena_copy(run->arena, bu_x509_der(anchor->ours));
}

void embedding_trust_key(embedding *run, const cert *anchor)
{
    bu_key *key = NULL;
    unit_ok(bu_key_read(bu_key_spki(bu_x509_key(anchor->ours)), &key, &run->err), run->err);
    unit_ok(bu_anchors_add_key(&run->anchors, "pem", key, NULL, &run->err), run->err);
}

static bulla_status verify_file(embedding *run)
{
    BU_CLEAR(bu_file) file = BU_FILE_NONE;
    run->err = (bulla_error){ 0 };
    run->found = false;
    BU_TRY(bu_file_open(NULL, package_path(), 1u << 30, &file, &run->err));
    return bu_embedded_verify(&file, &run->anchors, CERT_TIME, run->arena, &run->found,
                              &run->vouched, &run->err);
}

bulla_status embedding_verify(embedding *run, bulla_bytes package)
{
    write_package(package);
    return verify_file(run);
}

void embedding_refuses(embedding *run, bulla_bytes package, bulla_code code)
{
    bulla_status status = embedding_verify(run, package);
    unit_fails(status, code, run->err);
}

void embedding_refuses_flips(embedding *run, bulla_bytes package, bool (*may_differ)(size_t at))
{
    BU_CLEAR(bu_buf) changed = { 0 };
    bu_buf_add(&changed, package);
    size_t step = 1 + package.len / FLIPS;
    for (size_t at = 0; at < package.len; at += step) {
        uint8_t bit = (uint8_t)(1u << at % 8);
        if (may_differ != NULL && may_differ(at))
            continue;
        changed.ptr[at] ^= bit;
        bulla_status status = embedding_verify(run, bu_buf_bytes(&changed));
        ck_assert_msg(!bulla_ok(status) || !run->found, "accepted with byte %zu of %zu changed", at,
                      package.len);
        changed.ptr[at] ^= bit;
    }
    unit_ok(embedding_verify(run, package), run->err);
    ck_assert(run->found);
}

void embedding_survives_allocation_failures(embedding *run, bulla_bytes package)
{
    write_package(package);
    for (size_t n = 0;; n++) {
        alloc_fail_at(n);
        bulla_status status = verify_file(run);
        bool was_hit = alloc_fail_off();
        if (!was_hit) {
            unit_ok(status, run->err);
            break;
        }
        unit_fails(status, BULLA_E_NO_MEMORY, run->err);
    }
}

void embedding_sign(const cert *by, const char *digest, bulla_bytes message, bu_buf *out)
{
    uint8_t signature[1024];
    size_t len = sizeof signature;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    ck_assert(EVP_DigestSignInit_ex(context, NULL, digest, NULL, NULL, by->key, NULL) == 1);
    ck_assert(EVP_DigestSign(context, signature, &len, message.ptr, message.len) == 1);
    bu_buf_add(out, (bulla_bytes){ signature, len });
    EVP_MD_CTX_free(context);
}

void embedding_pem(const cert *from, const char *indent, bu_buf *out)
{
    BU_CLEAR(bu_buf) pem = { 0 };
    bu_pem_encode(bu_x509_der(from->ours), "CERTIFICATE", &pem);
    for (bulla_bytes rest = bu_buf_bytes(&pem); rest.len > 0;) {
        size_t len = bu_bytes_find(rest, '\n');
        bu_buf_add_text(out, indent);
        bu_buf_add(out, bu_bytes_first(rest, len + 1));
        rest = bu_bytes_from(rest, len + 1);
    }
}

/* CommitmentTypeIndication (RFC 5126, 5.11.1) of 1.2.840.113549.1.9.16.6.N. */
static void add_commitment(CMS_SignerInfo *signer, const char *number)
{
    uint8_t der[] = { 0x30, 0x0d, 0x06, 0x0b, 0x2a, 0x86, 0x48, 0x86,
                      0xf7, 0x0d, 0x01, 0x09, 0x10, 6,    0 };
    der[sizeof der - 1] = (uint8_t)(number[0] - '0');
    ck_assert(CMS_signed_add1_attr_by_txt(signer, "1.2.840.113549.1.9.16.2.16", V_ASN1_SEQUENCE,
                                          der, sizeof der) == 1);
}

/* Where the one SignerInfo begins: the last element of the last SET, at the end of the SignedData. */
static bulla_bytes signer_info(bulla_bytes der)
{
    bu_der all = bu_der_of(der);
    bu_der info = bu_der_enter(&all, BU_DER_SEQUENCE);
    (void)bu_der_take(&info, BU_DER_OID);
    bu_der wrapped = bu_der_enter(&info, BU_DER_CONTEXT_0);
    bu_der data = bu_der_enter(&wrapped, BU_DER_SEQUENCE);
    (void)bu_der_positive(&data);
    (void)bu_der_take(&data, 0x31);
    (void)bu_der_take(&data, BU_DER_SEQUENCE);
    if (bu_der_is(&data, BU_DER_CONTEXT_0))
        (void)bu_der_take(&data, BU_DER_CONTEXT_0);
    bulla_bytes set = bu_der_take(&data, 0x31);
    ck_assert(!data.broken);
    return set;
}

/* What OpenSSL cannot make: a SignerInfo of another SignedData becomes an unsigned attribute. */
static void add_counter(CMS_SignerInfo *signer, const embedding_cms *how)
{
    BU_CLEAR(bu_buf) der = { 0 };
    const ASN1_OCTET_STRING *signature = CMS_SignerInfo_get0_signature(signer);
    bulla_bytes message = { ASN1_STRING_get0_data(signature),
                            (size_t)ASN1_STRING_length(signature) };
    embedding_sign_cms(how->counter,
                       (embedding_cms){ .names_certificate = true,
                                        .no_certificate = true,
                                        .commitment = how->counter_as },
                       message, &der);
    bulla_bytes info = signer_info(bu_buf_bytes(&der));
    ck_assert(CMS_unsigned_add1_attr_by_txt(signer, "1.2.840.113549.1.9.6", V_ASN1_SEQUENCE,
                                            info.ptr, (int)info.len) == 1);
}

void embedding_sign_cms(const cert *by, embedding_cms how, bulla_bytes message, bu_buf *out)
{
    unsigned flags = CMS_BINARY | CMS_PARTIAL | CMS_NOSMIMECAP | (how.attached ? 0 : CMS_DETACHED);
    unsigned signer_flags = (how.no_certificate ? CMS_NOCERTS : 0) |
                            (how.names_certificate ? CMS_CADES : 0) | CMS_NOSMIMECAP;
    uint8_t *der = NULL;
    BIO *content = BIO_new_mem_buf(message.ptr, (int)message.len);
    CMS_ContentInfo *cms = CMS_sign(NULL, NULL, NULL, content, flags);
    ck_assert_ptr_nonnull(cms);
    CMS_SignerInfo *signer = CMS_add1_signer(
        cms, by->x509, by->key, EVP_get_digestbyname(how.digest == NULL ? "SHA256" : how.digest),
        signer_flags);
    ck_assert_ptr_nonnull(signer);
    if (how.commitment != NULL)
        add_commitment(signer, how.commitment);
    if (how.pool != NULL)
        ck_assert(CMS_add1_cert(cms, how.pool->x509) == 1);
    if (how.counter != NULL)
        ck_assert(CMS_add1_cert(cms, how.counter->x509) == 1);
    ck_assert(CMS_final(cms, content, NULL, flags) == 1);
    if (how.counter != NULL)
        add_counter(signer, &how);
    int len = i2d_CMS_ContentInfo(cms, &der);
    ck_assert_int_gt(len, 0);
    bu_buf_add(out, (bulla_bytes){ der, (size_t)len });
    OPENSSL_free(der);
    CMS_ContentInfo_free(cms);
    BIO_free(content);
}
