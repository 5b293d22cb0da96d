/* SPDX-License-Identifier: MIT */
/*
 * Throw-away certificates, made with OpenSSL for one test.
 */
#ifndef UNIT_TRUST_CERTS_H
#define UNIT_TRUST_CERTS_H

#include <openssl/x509v3.h>

#include "suite.h"

#include "trust/x509.h"

#define CERT_FROM  1700000000 /* when those that say nothing else are valid */
#define CERT_UNTIL 1800000000
#define CERT_TIME  1750000000

/** What a certificate is to be; what is left out is as usual. */
typedef struct cert_wish {
    const char *name;              /* common name */
    const struct cert *by;         /* NULL: signed by itself */
    const char *key;               /* curve, "RSA1024", "RSA2048" or "ED25519"; NULL: P-256 */
    const char *digest;            /* NULL: SHA256 */
    int64_t from, until;           /* 0: CERT_FROM, CERT_UNTIL */
    const char *const *extensions; /* name, value, …, NULL as openssl.cnf has them */
} cert_wish;

typedef struct cert {
    EVP_PKEY *key;
    X509 *x509;
    bu_x509 *ours; /* the same, read by bulla; NULL where bulla refuses it */
} cert;

/** Aborts the test when it cannot be made. */
cert cert_make(cert_wish wish);
void cert_clear(cert *made);
BU_DEFINE_CLEAR(cert)

/** The certificate in DER; the caller frees. */
bulla_bytes cert_der(const cert *made);

/** Sign anew after a change, and read it again. */
void cert_sign(cert *made, const cert *by, const char *digest);

EVP_PKEY *cert_new_key(const char *kind);

/* The usual extensions of a CA, and of leaves of each use. */
extern const char *const cert_ca[], *const cert_code[], *const cert_stamp[], *const cert_plain[];

#endif
