/* SPDX-License-Identifier: MIT */
/*
 * Who may vouch in one run: of the trust store, or given by hand.
 */
#ifndef BU_OPS_VOUCHERS_H
#define BU_OPS_VOUCHERS_H

#include "bulla/verify.h"
#include "trust/open.h"
#include "trust/sumdb.h"
#include "trust/tlog.h"

/** Hashes of logs, in a folder. */
typedef struct bu_tile_folder {
    bu_folder folder;
    bu_tiles tiles;
} bu_tile_folder;

/** Open it; with `path` NULL, `*out` stays NULL. Fails as folders are refused (exit class CONFIG). */
BULLA_MUST_USE bulla_status bu_tile_folder_open(const char *path, bu_tile_folder *folder,
                                                const bu_tiles **out, bulla_error *err);

/** True when a list, which may be NULL, has an entry. */
static inline bool bu_any(const char *const *texts)
{
    return texts != NULL && texts[0] != NULL;
}

/** True when anything is given by hand: then the trust store does not count. */
bool bu_vouchers_given(const bulla_vouchers *vouchers);

/** What stands for them in a result: the first file or identity; NULL when none is given. */
const char *bu_vouchers_name(const bulla_vouchers *vouchers);

/**
 * Read what is given by hand, or else what `trust` (may be NULL) holds. Where a build is expected
 * of a builder and nobody is given who signs, the builder itself may: its identity is judged with
 * the provenance.
 * Fails with usage (an identity without its issuer), and as files of keys are refused (exit class
 * CONFIG).
 */
BULLA_MUST_USE bulla_status bu_vouchers_open(const bulla_vouchers *vouchers,
                                             const bulla_build_expected *build,
                                             const bulla_trust *trust, bu_anchors *out,
                                             bulla_error *err);

#endif
