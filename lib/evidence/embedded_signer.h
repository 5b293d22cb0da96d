/* SPDX-License-Identifier: MIT */
/*
 * Who made an embedded signature: a certificate that came along, held against the anchors; for
 * kinds that sign with CMS all of it.
 */
#ifndef BU_EVIDENCE_EMBEDDED_SIGNER_H
#define BU_EVIDENCE_EMBEDDED_SIGNER_H

#include "trust/cms.h"
#include "trust/vouch.h"

/** A certificate whose key signed at `time`, and what came along to lead to an anchor. */
typedef struct bu_signer {
    const bu_x509 *leaf;
    bu_x509 *const *pool;
    size_t pool_count;
    int64_t time; /* trusted, or the time to judge by */
    bool is_for_code; /* a certificate that an anchor gave out must be for signing code; one that is pinned itself need not */
} bu_signer;

/**
 * Count every anchor that the signer leads to: the certificate itself, one above it, or its bare
 * key. Fails when there is none: untrusted-key (no anchor could be one), and as bu_x509_chain().
 */
BULLA_MUST_USE bulla_status bu_signer_count(const bu_signer *signer, const bu_check *check,
                                            bu_vouched *out, bulla_error *err);

/**
 * Check each signer of `cms` over `content`: all signatures must be right, and one at least by an
 * anchor. A time stamp counts when a certificate among the anchors, or the trusted root, leads to
 * its authority.
 * Fails as bu_cms_verify(), bu_cms_time() and bu_signer_count() do.
 */
BULLA_MUST_USE bulla_status bu_signer_check_cms(const bu_cms *cms, bulla_bytes content,
                                                const bu_check *check, bu_vouched *out,
                                                bulla_error *err);

/** Add a line about each signer's certificate. */
BULLA_MUST_USE bulla_status bu_signer_describe_cms(const bu_cms *cms, bu_description *out,
                                                   bulla_error *err);

#endif
