/* SPDX-License-Identifier: MIT */
/*
 * What the formats of OpenPGP share: the certificates among the anchors, which
 * of them signed, and what a signature says of itself.
 */
#ifndef BU_TRUST_OPENPGP_ANCHORS_H
#define BU_TRUST_OPENPGP_ANCHORS_H

#include "signature/openpgp.h"
#include "trust/vouch.h"

/** The certificates among the anchors. Fails with untrusted-key when there is none. */
BULLA_MUST_USE bulla_status bu_openpgp_of_anchors(const bu_anchors *anchors, bu_openpgp **out,
                                                  bulla_error *err);

/** Set by whom it was signed. Fails with untrusted-key when that is out of every anchor's time. */
BULLA_MUST_USE bulla_status bu_openpgp_vouch(const bu_openpgp_result *result, const bu_check *check,
                                             bu_vouched *out, bulla_error *err);

/** What signature packets claim. Fails as they are malformed. */
BULLA_MUST_USE bulla_status bu_openpgp_describe(bulla_bytes packets, bu_description *out,
                                                bulla_error *err);

#endif
