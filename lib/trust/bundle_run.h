/* SPDX-License-Identifier: MIT */
/*
 * One verification of a bundle: what its files share. Nothing outside includes it.
 */
#ifndef BU_TRUST_BUNDLE_RUN_H
#define BU_TRUST_BUNDLE_RUN_H

#include "base/limits.h"
#include "trust/bundle_signature.h"
#include "trust/rekor.h"

typedef struct bu_bundle_run {
    const bu_bundle *bundle;
    const bu_check *check;
    const bu_sigstore_root *root; /* the instance that is tried; NULL: none is trusted */
    bu_signed *content;
    bu_logged about;
    bu_x509 *certificates[BU_LIMIT_CERTIFICATES]; /* owned; those of the bundle */
    size_t certificate_count;
    const bu_tlog *logs[BU_LIMIT_LOG_ENTRIES];                 /* by entry */
    int64_t times[BU_LIMIT_LOG_ENTRIES + BU_LIMIT_TIMESTAMPS]; /* that this instance vouches for */
    size_t time_count;
    bulla_error *err;
} bu_bundle_run;

/**
 * All log entries and time stamps that the bundle brings, by the instance that is tried; fills `logs` and `times`.
 * Fails as bu_rekor_is_about(), bu_rekor_check() and bu_timestamp_check(), and with bad-time.
 */
BULLA_MUST_USE bulla_status bu_bundle_check_evidence(bu_bundle_run *run);

/**
 * `verify` with each instance that is trusted, until one holds; `root` is then that. Fails as it does, and with
 * untrusted-chain when there is none.
 */
BULLA_MUST_USE bulla_status bu_bundle_try_roots(bu_bundle_run *run,
                                                bulla_status (*verify)(bu_bundle_run *run));

/** Was the signature made when this anchor is valid: at all times that are known, or else now? */
bool bu_bundle_in_time(const bu_bundle_run *run, const bu_anchor *anchor);

/** The two ways to be signed: by a key that is known, by a certificate. They fill `out->by`, `wrong` and `claims`. */
BULLA_MUST_USE bulla_status bu_bundle_verify_key(bu_bundle_run *run, bu_vouched *out);
BULLA_MUST_USE bulla_status bu_bundle_verify_certificate(bu_bundle_run *run, bu_vouched *out);

#endif
