/* SPDX-License-Identifier: MIT */
/*
 * What taking a purl apart and normalizing it share: the parts by name, so
 * that a refusal can say where it is.
 */
#ifndef BU_MODEL_PURL_PARTS_H
#define BU_MODEL_PURL_PARTS_H

#include "base/error.h"
#include "model/purl.h"

typedef enum bu_purl_part {
    BU_PURL_TYPE_PART,
    BU_PURL_NAMESPACE,
    BU_PURL_NAME,
    BU_PURL_VERSION,
    BU_PURL_QUALIFIERS,
    BU_PURL_SUBPATH,
    BU_PURL_PART_COUNT
} bu_purl_part;

/** Work on one purl. */
typedef struct bu_purl_work {
    bu_purl *purl;
    bu_arena *arena;
    bu_purl_part at; /* the part that a refusal is about */
    bulla_error *err;
} bu_purl_work;

bulla_status bu_purl_refuse(bu_purl_work *work, bu_purl_part at, const char *why);

/** bu_purl_normalize(), which leaves in `work` the part that is at fault. */
BULLA_MUST_USE bulla_status bu_purl_normalize_work(bu_purl_work *work);

#endif
