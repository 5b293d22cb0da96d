/* SPDX-License-Identifier: MIT */
/*
 * One header of an RPM package: an index of tags and a store of their values.
 * Read strictly: each tag once, no value out of the store or over another,
 * nothing outside of the region that digests and signatures cover.
 */
#ifndef BU_ARCHIVE_RPM_HEADER_H
#define BU_ARCHIVE_RPM_HEADER_H

#include "base/bytes.h"
#include "base/error.h"

#define BU_RPM_INTRO 16u /* bytes: magic, version, reserved, counts */

/** Tags that are read. */
typedef enum bu_rpm_tag {
    BU_RPM_SIGNATURES = 62, /* the region of a signature header ... */
    BU_RPM_IMMUTABLE = 63,  /* ... and of a header */
    BU_RPM_SIG_SHA256 = 273,
    BU_RPM_NAME = 1000,
    BU_RPM_VERSION = 1001,
    BU_RPM_RELEASE = 1002,
    BU_RPM_EPOCH = 1003,
    BU_RPM_ARCH = 1022,
    BU_RPM_PAYLOAD_DIGEST = 5092,
    BU_RPM_PAYLOAD_DIGEST_ALG = 5093,
} bu_rpm_tag;

typedef struct bu_rpm_header {
    bulla_bytes index, store;
    uint32_t count; /* of entries */
} bu_rpm_header;

/** Size of a header by its intro, which is there. Fails with bad-header, resource-limit. */
BULLA_MUST_USE bulla_status bu_rpm_header_size(bulla_bytes intro, uint64_t *out, bulla_error *err);

/** Open a whole header (borrowed). Fails with bad-header, duplicate-entry, overlap and the offset in it. */
BULLA_MUST_USE bulla_status bu_rpm_header_open(bulla_bytes bytes, bu_rpm_header *out,
                                               bulla_error *err);

/** A text, the first of a list; `out->ptr` is NULL when there is none. Fails with type-mismatch. */
BULLA_MUST_USE bulla_status bu_rpm_text(const bu_rpm_header *header, bu_rpm_tag tag,
                                        bulla_bytes *out, bulla_error *err);

/** A number of 32 bits. Fails with type-mismatch. */
BULLA_MUST_USE bulla_status bu_rpm_number(const bu_rpm_header *header, bu_rpm_tag tag, bool *there,
                                          uint32_t *out, bulla_error *err);

#endif
