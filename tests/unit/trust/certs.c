/* SPDX-License-Identifier: MIT */
/* Throw-away certificates. */
#include "certs.h"

#include <openssl/evp.h>

#define IDS "subjectKeyIdentifier", "hash", "authorityKeyIdentifier", "keyid"

const char *const cert_ca[] = {
    "basicConstraints", "critical,CA:TRUE", "keyUsage", "critical,keyCertSign,cRLSign", IDS, NULL
};
const char *const cert_code[] = {
    "keyUsage", "critical,digitalSignature", "extendedKeyUsage", "codeSigning", IDS, NULL
};
const char *const cert_stamp[] = {
    "keyUsage", "critical,digitalSignature", "extendedKeyUsage", "critical,timeStamping", IDS, NULL
};
const char *const cert_plain[] = { "keyUsage", "critical,digitalSignature", IDS, NULL };

EVP_PKEY *cert_new_key(const char *kind)
{
    if (strncmp(kind, "RSA", 3) == 0)
        return EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)strtoul(kind + 3, NULL, 10));
    if (strcmp(kind, "ED25519") == 0)
        return EVP_PKEY_Q_keygen(NULL, NULL, kind);
    return EVP_PKEY_Q_keygen(NULL, NULL, "EC", kind);
}

static void name_it(X509 *x509, const cert_wish *wish)
{
    X509_NAME *name = X509_get_subject_name(x509);
    ck_assert(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                                         (const unsigned char *)wish->name, -1, -1, 0) == 1);
    ck_assert(X509_set_issuer_name(
                  x509, wish->by == NULL ? name : X509_get_subject_name(wish->by->x509)) == 1);
}

static void extend(X509 *x509, const cert_wish *wish)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, wish->by == NULL ? x509 : wish->by->x509, x509, NULL, NULL, 0);
    for (const char *const *one = wish->extensions; one != NULL && *one != NULL; one += 2) {
        X509_EXTENSION *extension = X509V3_EXT_nconf(NULL, &context, one[0], one[1]);
        if (extension == NULL && strcmp(one[0], "authorityKeyIdentifier") == 0)
            continue; /* the issuer has none */
        ck_assert_msg(extension != NULL, "%s = %s", one[0], one[1]);
        ck_assert(X509_add_ext(x509, extension, -1) == 1);
        X509_EXTENSION_free(extension);
    }
}

bulla_bytes cert_der(const cert *made)
{
    uint8_t *der = NULL;
    int len = i2d_X509(made->x509, &der);
    ck_assert(len > 0);
    return (bulla_bytes){ der, (size_t)len };
}

void cert_sign(cert *made, const cert *by, const char *digest)
{
    EVP_PKEY *key = by == NULL ? made->key : by->key;
    const EVP_MD *md = EVP_PKEY_is_a(key, "ED25519") ? NULL : EVP_get_digestbyname(digest);
    bulla_error err;
    ck_assert(X509_sign(made->x509, key, md) > 0);
    bu_x509_free(made->ours);
    made->ours = NULL;
    bulla_bytes der = cert_der(made);
    (void)bulla_ok(bu_x509_read(der, &made->ours, &err));
    OPENSSL_free((void *)(uintptr_t)der.ptr);
}

cert cert_make(cert_wish wish)
{
    static long serial; /* issuer and serial number name one certificate */
    cert made = { .key = cert_new_key(wish.key == NULL ? "P-256" : wish.key), .x509 = X509_new() };
    ck_assert(made.key != NULL && made.x509 != NULL);
    ck_assert(X509_set_version(made.x509, X509_VERSION_3) == 1);
    ck_assert(ASN1_INTEGER_set(X509_get_serialNumber(made.x509), ++serial) == 1);
    ck_assert(ASN1_TIME_set(X509_getm_notBefore(made.x509),
                            wish.from == 0 ? CERT_FROM : wish.from) != NULL);
    ck_assert(ASN1_TIME_set(X509_getm_notAfter(made.x509),
                            wish.until == 0 ? CERT_UNTIL : wish.until) != NULL);
    ck_assert(X509_set_pubkey(made.x509, made.key) == 1);
    name_it(made.x509, &wish);
    extend(made.x509, &wish);
    cert_sign(&made, wish.by, wish.digest == NULL ? "SHA256" : wish.digest);
    return made;
}

void cert_clear(cert *made)
{
    bu_x509_free(made->ours);
    X509_free(made->x509);
    EVP_PKEY_free(made->key);
}
