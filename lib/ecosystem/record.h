/* SPDX-License-Identifier: MIT */
/*
 * The RECORD of a wheel: every file in it, with its digest and size. Reading
 * only. Spec: PyPA, "Recording installed projects", "The RECORD file";
 * "Binary distribution format".
 */
#ifndef BU_ECOSYSTEM_RECORD_H
#define BU_ECOSYSTEM_RECORD_H

#include "base/arena.h"
#include "base/error.h"
#include "bulla/digest.h"

typedef struct bu_record_row {
    bulla_bytes path;
    bulla_digest digest; /* BULLA_ALG_NONE: none is given */
    bool has_size;
    uint64_t size;
    uint32_t line;
} bu_record_row;

/**
 * Call `each` for every row; paths are in `arena`.
 * Fails as bu_text_next(), as `each`, and with bad-syntax (not three fields, wrong quotes),
 * bad-encoding (a digest that is not base64url without padding, of its length), unsupported-hash,
 * weak-hash (md5, sha1), bad-number; with the line.
 */
BULLA_MUST_USE bulla_status bu_record_read(bulla_bytes text, bu_arena *arena,
                                           bulla_status (*each)(void *context,
                                                                const bu_record_row *row,
                                                                bulla_error *err),
                                           void *context, bulla_error *err);

#endif
