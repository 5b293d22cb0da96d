/* SPDX-License-Identifier: MIT */
/*
 * What the files of this room that read X.509 and CMS share: the inside of a certificate, and
 * algorithms as ASN.1 names them.
 */
#ifndef BU_TRUST_X509_INSIDE_H
#define BU_TRUST_X509_INSIDE_H

#include <openssl/x509v3.h>
#include <stdatomic.h>

#include "trust/x509.h"

/* Which key signed a certificate, once that was checked: the one thing that changes, and only from
 * not known to known. */
typedef struct bu_x509_signer {
    atomic_int state; /* 0: not known; 1: being written; 2: known */
    char key[BU_KEYID_TEXT];
} bu_x509_signer;

struct bu_x509 {
    atomic_size_t owners;
    X509 *x509;
    bulla_bytes der; /* owned */
    bulla_bytes tbs; /* inside `der`: what is signed */
    bu_key *key;     /* NULL: of a kind that bulla does not verify with */
    int64_t not_before, not_after;
    bu_x509_signer *signer;
};

/** The digest that OpenSSL knows by this number; NONE for those that prove nothing. */
bulla_alg bu_asn1_digest(int nid);

/**
 * What an AlgorithmIdentifier of a signature means for this key.
 * @param digest  of the message, where the identifier leaves it open (CMS with rsaEncryption); NONE
 *                where it must say so itself.
 * Fails with weak-hash, bad-signature (the key is of another kind), unsupported-feature.
 */
BULLA_MUST_USE bulla_status bu_asn1_algorithm(const X509_ALGOR *identifier, bulla_alg digest,
                                              const bu_key *key, const bu_algorithm **out,
                                              bulla_error *err);

/** Seconds of an ASN.1 time; a fraction is dropped. Fails with bad-encoding. */
BULLA_MUST_USE bulla_status bu_asn1_seconds(const ASN1_STRING *time, int64_t *out,
                                            bulla_error *err);

static inline bulla_bytes bu_asn1_bytes(const ASN1_STRING *string)
{
    return (bulla_bytes){ ASN1_STRING_get0_data(string), (size_t)ASN1_STRING_length(string) };
}

#endif
