/* SPDX-License-Identifier: MIT */
/*
 * A time stamp as it was read, for the files that judge, ask for and describe one.
 */
#ifndef BU_TRUST_TIMESTAMP_INSIDE_H
#define BU_TRUST_TIMESTAMP_INSIDE_H

#include <openssl/ts.h>

#include "trust/cms.h"
#include "trust/x509_inside.h"

typedef struct bu_stamp {
    bu_cms *cms;
    TS_TST_INFO *info;
    int64_t time;
    bulla_digest imprint;
} bu_stamp;

void bu_stamp_clear(bu_stamp *stamp);
BU_DEFINE_CLEAR(bu_stamp)

/** Read a granted response or a token; nothing is verified. Fails as bu_timestamp_check(). */
BULLA_MUST_USE bulla_status bu_stamp_read(bulla_bytes der, bu_stamp *out, bulla_error *err);

/** Did one of these authorities make it, at its own time? What it is over is not looked at. */
BULLA_MUST_USE bulla_status bu_stamp_judge(const bu_stamp *stamp, const bu_tsa *authorities,
                                           size_t count, bulla_error *err);

#endif
