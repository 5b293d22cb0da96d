/* SPDX-License-Identifier: MIT */
/*
 * Extension records of a pax header: the few that say something else about a
 * member than its header does. Records that nobody here knows are refused,
 * for another reader may know them.
 */
#ifndef BU_ARCHIVE_PAX_H
#define BU_ARCHIVE_PAX_H

#include "base/error.h"

typedef struct bu_pax {
    bulla_bytes path; /* borrowed from the body, as the next; NULL when there is no such record */
    bulla_bytes link;
    bool has_size;
    uint64_t size;
} bu_pax;

/**
 * Read the body of an `x` header, or of a `g` header when `global`, which may change no member.
 * Fails with bad-header, bad-number, ambiguous-archive (the same record twice, or a
 * global one that names or sizes members), unsupported-feature; the offset is that in the body.
 */
BULLA_MUST_USE bulla_status bu_pax_read(bulla_bytes body, bool global, bu_pax *out,
                                        bulla_error *err);

#endif
