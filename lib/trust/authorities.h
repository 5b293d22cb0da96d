/* SPDX-License-Identifier: MIT */
/*
 * The certificates among the anchors, read, and all who may tell the time: these, and the
 * time-stamping authorities of Sigstore's trusted root.
 */
#ifndef BU_TRUST_AUTHORITIES_H
#define BU_TRUST_AUTHORITIES_H

#include "trust/anchor.h"
#include "trust/timestamp.h"

typedef struct bu_authorities {
    bu_x509 **certificates; /* by anchor; NULL: it is none */
    bu_tsa *tsas;           /* by anchor, `count` 0 where it is no certificate; then Sigstore's */
    size_t count, tsa_count;
} bu_authorities;

/** Fails as bu_x509_read(), and with no-memory. */
BULLA_MUST_USE bulla_status bu_authorities_open(const bu_anchors *anchors, bu_authorities *out,
                                                bulla_error *err);
void bu_authorities_clear(bu_authorities *authorities);
BU_DEFINE_CLEAR(bu_authorities)

#endif
