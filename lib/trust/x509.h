/* SPDX-License-Identifier: MIT */
/*
 * X.509 certificates (RFC 5280) through OpenSSL: reading, chains at a time in the past, what they
 * may be used for. Never the system's own anchors; no network.
 */
#ifndef BU_TRUST_X509_H
#define BU_TRUST_X509_H

#include "signature/key.h"
#include "trust/claims.h"

typedef struct bu_x509 bu_x509; /* one certificate; immutable, may be shared by threads */

/** Read one certificate (DER, nothing after it). Fails with bad-encoding, trailing-data, weak-key, bad-key … */
BULLA_MUST_USE bulla_status bu_x509_read(bulla_bytes der, bu_x509 **out, bulla_error *err);
/** Another owner of the same. */
bu_x509 *bu_x509_share(bu_x509 *certificate);
void bu_x509_free(bu_x509 *certificate);
BU_DEFINE_AUTO(bu_x509)

bulla_bytes bu_x509_der(const bu_x509 *certificate);
/** Its key; NULL when it is of a kind that bulla does not verify with. */
const bu_key *bu_x509_key(const bu_x509 *certificate);
int64_t bu_x509_not_before(const bu_x509 *certificate);
int64_t bu_x509_not_after(const bu_x509 *certificate);
bool bu_x509_equal(const bu_x509 *a, const bu_x509 *b);

/** Its subject's name (RFC 4514), appended; foreign text. */
void bu_x509_subject(const bu_x509 *certificate, bu_buf *out);

/** What a certificate at the end of a chain is used for. */
typedef enum bu_x509_usage {
    BU_X509_CODE_SIGNING,  /* EKU codeSigning, key usage digitalSignature */
    BU_X509_TIME_STAMPING, /* EKU timeStamping, critical and alone (RFC 3161 section 2.3) */
    BU_X509_ANY, /* only key usage digitalSignature or nonRepudiation where key usage is stated */
} bu_x509_usage;

/**
 * Does a chain lead from `leaf` to one of `anchors` (self-signed or not), all of it valid at
 * `time`? Intermediates are taken from `pool`. Weak keys and digests (SHA-1, MD5, RSA < 2048) in
 * the chain are refused.
 * @param issuer  may be NULL; gets the certificate above the leaf (borrowed from the lists), or NULL where the leaf
 *                itself is pinned.
 * Fails with untrusted-chain, expired (also: not yet valid), wrong-usage, weak-key, weak-hash.
 */
BULLA_MUST_USE bulla_status bu_x509_chain(const bu_x509 *leaf, bu_x509 *const *pool,
                                          size_t pool_count, bu_x509 *const *anchors,
                                          size_t anchor_count, int64_t time, bu_x509_usage usage,
                                          const bu_x509 **issuer, bulla_error *err);

/**
 * The same for one anchor of several, each of whom may vouch: how many certificates are between. Who
 * signed is the nearest: 0 where the leaf itself is pinned, 1 for who gave it out. Fails as bu_x509_chain().
 */
BULLA_MUST_USE bulla_status bu_x509_distance(const bu_x509 *leaf, bu_x509 *const *pool,
                                             size_t pool_count, bu_x509 *anchor, int64_t time,
                                             bu_x509_usage usage, size_t *out, bulla_error *err);

/** What Fulcio wrote into it; texts live in `arena`. Fails with bad-encoding, no-memory. */
BULLA_MUST_USE bulla_status bu_x509_claims(const bu_x509 *certificate, bu_arena *arena,
                                           bu_claims *out, bulla_error *err);

/** A certificate transparency log. */
typedef struct bu_ct_log {
    bu_key *key;
    uint8_t id[32];      /* SHA-256 of its SPKI */
    int64_t from, until; /* seconds; when what it signed counts */
} bu_ct_log;

/**
 * Is an SCT embedded (RFC 6962 section 3.3) that one of these logs signed, over the precertificate
 * rebuilt from `leaf`, at a time when the log counted? SCTs of other logs are passed over.
 * Fails with missing-field (no SCT), bad-encoding, untrusted-key (unknown logs only), bad-signature, bad-time.
 */
BULLA_MUST_USE bulla_status bu_x509_check_sct(const bu_x509 *leaf, const bu_x509 *issuer,
                                              const bu_ct_log *logs, size_t count,
                                              bulla_error *err);

#endif
