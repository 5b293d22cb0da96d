/* SPDX-License-Identifier: MIT */
/*
 * Who made the signatures inside of a package: certificates that came along, held against the
 * anchors. All signatures must be right; whose they are is counted.
 */
#ifndef BU_EVIDENCE_EMBEDDED_SIGNER_H
#define BU_EVIDENCE_EMBEDDED_SIGNER_H

#include "trust/cms.h"
#include "trust/vouch.h"

/** A certificate whose key has signed, and what came along to lead to an anchor. */
typedef struct bu_signer {
    const bu_x509 *leaf;
    bu_x509 *const *pool;
    size_t pool_count;
    int64_t time; /* trusted, or the time to judge by */
    /* What an anchor gave out must be for signing code; what is pinned itself was chosen for it. */
    bool is_for_code;
} bu_signer;

/** Those who signed one package. */
typedef struct bu_signers {
    const bu_check *check; /* borrowed */
    bu_vouched *out;       /* borrowed; gets who vouched */
    bulla_error why;       /* why the one that came nearest led to no anchor */
} bu_signers;

bu_signers bu_signers_of(const bu_check *check, bu_vouched *out);

/**
 * Count each anchor that a signer leads to: the certificate itself, one above it, or its bare key.
 * That there is none is kept. Fails with no-memory.
 */
BULLA_MUST_USE bulla_status bu_signers_add(bu_signers *signers, const bu_signer *signer,
                                           bulla_error *err);

/**
 * Check every signature of `cms` over `content`, and count its signers. A time stamp gives the time
 * when a certificate among the anchors, or the trusted root, leads to its authority.
 * Fails as bu_cms_verify() and bu_cms_time(); with missing-field (a signer whose certificate did not
 * come along) and bad-time.
 */
BULLA_MUST_USE bulla_status bu_signers_add_cms(bu_signers *signers, const bu_cms *cms,
                                               bulla_bytes content, bulla_error *err);

/** All were added. Fails, when no anchor vouches, with untrusted-key, or as bu_x509_chain(). */
BULLA_MUST_USE bulla_status bu_signers_finish(const bu_signers *signers, bulla_error *err);

/** A line about a certificate; about that of each signer. */
BULLA_MUST_USE bulla_status bu_signer_describe(const bu_x509 *certificate, bu_description *out,
                                               bulla_error *err);
BULLA_MUST_USE bulla_status bu_signer_describe_cms(const bu_cms *cms, bu_description *out,
                                                   bulla_error *err);

#endif
