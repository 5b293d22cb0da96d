/* SPDX-License-Identifier: MIT */
/*
 * Certificates (RFC 5280): read once, then only asked. Refuses what is not strict DER at its frame,
 * bytes behind it, extensions that OpenSSL cannot make sense of, and weak keys.
 */
#include "trust/x509.h"

#include <openssl/err.h>

#include "base/bytes.h"
#include "base/limits.h"
#include "signature/der.h"
#include "signature/ossl.h"
#include "trust/x509_inside.h"

void bu_x509_free(bu_x509 *certificate)
{
    if (certificate == NULL || atomic_fetch_sub(&certificate->owners, 1) != 1)
        return;
    X509_free(certificate->x509);
    bu_key_free(certificate->key);
    free((void *)(uintptr_t)certificate->der.ptr);
    free(certificate->signer);
    free(certificate);
}

bu_x509 *bu_x509_share(bu_x509 *certificate)
{
    (void)atomic_fetch_add(&certificate->owners, 1);
    return certificate;
}

/* RFC 5280, 4.1: a SEQUENCE of what is signed, an algorithm and the signature. */
static bulla_status read_frame(bu_x509 *certificate, bulla_error *err)
{
    bu_der all = bu_der_of(certificate->der);
    bu_der body = bu_der_enter(&all, BU_DER_SEQUENCE);
    const uint8_t *start = body.rest.ptr;
    bulla_bytes tbs = bu_der_take(&body, BU_DER_SEQUENCE);
    if (body.broken)
        return bu_at_offset(err, bu_fail(err, BULLA_E_BAD_ENCODING, "not a certificate in DER"),
                            bu_der_offset(all.broken ? &all : &body, certificate->der));
    if (!bu_der_done(&all))
        return bu_at_offset(err,
                            bu_fail(err, BULLA_E_TRAILING_DATA, "bytes follow the certificate"),
                            bu_der_offset(&all, certificate->der));
    certificate->tbs = (bulla_bytes){ start, (size_t)(tbs.ptr + tbs.len - start) };
    return BU_OK;
}

static bulla_status parse(bu_x509 *certificate, bulla_error *err)
{
    const uint8_t *at = certificate->der.ptr;
    certificate->x509 = bu_ossl() == NULL ? NULL : X509_new_ex(bu_ossl(), NULL);
    if (certificate->x509 == NULL)
        return bu_no_memory(err);
    (void)ERR_set_mark();
    bool is_read = d2i_X509(&certificate->x509, &at, (long)certificate->der.len) != NULL &&
                   (X509_get_extension_flags(certificate->x509) & EXFLAG_INVALID) == 0;
    (void)ERR_pop_to_mark();
    if (!is_read)
        return bu_fail(err, BULLA_E_BAD_ENCODING, "not a certificate, or one that has no sense");
    return BU_OK;
}

static void free_openssl(uint8_t **bytes)
{
    OPENSSL_free(*bytes);
}

static bulla_status read_key(bu_x509 *certificate, bulla_error *err)
{
    __attribute__((cleanup(free_openssl))) uint8_t *spki = NULL;
    bulla_error why;
    int len = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate->x509), &spki);
    if (len <= 0)
        return bu_no_memory(err);
    bulla_status status = bu_key_read((bulla_bytes){ spki, (size_t)len }, &certificate->key, &why);
    if (bulla_ok(status) || status.code == BULLA_E_UNSUPPORTED_FEATURE)
        return BU_OK;
    if (err != NULL)
        *err = why;
    return bu_at_offset(err, bu_within(err, status, "its key"), BU_OFFSET_NONE);
}

static bulla_status keep(bulla_bytes der, bu_x509 *out, bulla_error *err)
{
    if (der.len > BU_LIMIT_METADATA_BYTES)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "a certificate of %zu bytes", der.len);
    uint8_t *copy = malloc(der.len + 1);
    out->signer = calloc(1, sizeof *out->signer);
    if (copy == NULL || out->signer == NULL) {
        free(copy);
        return bu_no_memory(err);
    }
    if (der.len > 0)
        memcpy(copy, der.ptr, der.len);
    out->der = (bulla_bytes){ copy, der.len };
    return BU_OK;
}

bulla_status bu_x509_read(bulla_bytes der, bu_x509 **out, bulla_error *err)
{
    BU_AUTO(bu_x509) certificate = calloc(1, sizeof *certificate);
    if (certificate == NULL)
        return bu_no_memory(err);
    certificate->owners = 1;
    BU_TRY(keep(der, certificate, err));
    BU_TRY(read_frame(certificate, err));
    BU_TRY(parse(certificate, err));
    BU_TRY(read_key(certificate, err));
    BU_TRY(bu_asn1_seconds(X509_get0_notBefore(certificate->x509), &certificate->not_before, err));
    BU_TRY(bu_asn1_seconds(X509_get0_notAfter(certificate->x509), &certificate->not_after, err));
    *out = BU_STEAL(certificate);
    return BU_OK;
}

bulla_bytes bu_x509_der(const bu_x509 *certificate)
{
    return certificate->der;
}

const bu_key *bu_x509_key(const bu_x509 *certificate)
{
    return certificate->key;
}

int64_t bu_x509_not_before(const bu_x509 *certificate)
{
    return certificate->not_before;
}

int64_t bu_x509_not_after(const bu_x509 *certificate)
{
    return certificate->not_after;
}

bool bu_x509_equal(const bu_x509 *a, const bu_x509 *b)
{
    return bu_bytes_equal(a->der, b->der);
}

void bu_x509_subject(const bu_x509 *certificate, bu_buf *out)
{
    char *text = NULL;
    BIO *memory = BIO_new(BIO_s_mem());
    if (memory != NULL && X509_NAME_print_ex(memory, X509_get_subject_name(certificate->x509), 0,
                                             XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) >= 0) {
        long len = BIO_get_mem_data(memory, &text);
        bu_buf_add(out, (bulla_bytes){ (uint8_t *)text, (size_t)len });
    }
    out->broken = out->broken || text == NULL;
    BIO_free(memory);
}
