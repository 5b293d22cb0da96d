/* SPDX-License-Identifier: MIT */
/*
 * Time stamps (RFC 3161, RFC 5816): asking for one, and judging what came.
 */
#ifndef BU_TRUST_TIMESTAMP_H
#define BU_TRUST_TIMESTAMP_H

#include "bulla/digest.h"
#include "trust/x509.h"

/** A time-stamping authority. */
typedef struct bu_tsa {
    bu_x509 **chain; /* leaf first where it is pinned, root last; the root alone suffices */
    size_t count;
    int64_t from, until; /* inclusive: when its stamps count */
} bu_tsa;

/**
 * Judge a time stamp over `message`: a TimeStampResp with status granted, or a bare TimeStampToken.
 * The signer's certificate must have the critical timeStamping EKU, be named by the ESSCertID, and
 * chain to the authority at the stamp's own time; the imprint must be SHA-256 or stronger.
 * @param time  gets the stamp's time.
 * Fails with bad-encoding, bad-status, hash-mismatch (imprint), untrusted-chain, expired, wrong-usage,
 * bad-signature, weak-hash, bad-time (outside `from`..`until`).
 */
BULLA_MUST_USE bulla_status bu_timestamp_check(bulla_bytes der, bulla_bytes message,
                                               const bu_tsa *authorities, size_t count,
                                               int64_t *time, bulla_error *err);

/** The same over a message of which only a digest is known; of the imprint's algorithm. */
BULLA_MUST_USE bulla_status bu_timestamp_check_digest(
    bulla_bytes der,
    bulla_status (*digest)(void *context, bulla_alg alg, bulla_digest *out, bulla_error *err),
    void *context, const bu_tsa *authorities, size_t count, int64_t *time, bulla_error *err);

/** A TimeStampReq over a SHA-256 digest, with a nonce and certReq, appended as DER. */
BULLA_MUST_USE bulla_status bu_timestamp_ask(const bulla_digest *digest, bu_buf *out,
                                             bulla_error *err);

/** Is this the granted answer to that question (nonce, imprint)? Fails with bad-status, log-mismatch, bad-encoding. */
BULLA_MUST_USE bulla_status bu_timestamp_answers(bulla_bytes response, bulla_bytes request,
                                                 bulla_error *err);

#endif
