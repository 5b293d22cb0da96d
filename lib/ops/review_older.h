/* SPDX-License-Identifier: MIT */
/*
 * Versions of packages that were reviewed before, as the folders of evidence claim: hints for whoever
 * reviews the next one. Whether they count is for verify to say.
 */
#ifndef BU_OPS_REVIEW_OLDER_H
#define BU_OPS_REVIEW_OLDER_H

#include "attest/decision.h"

typedef struct bu_older {
    const char *purl, *role;
    const char *file; /* name of the archive that was reviewed; NULL: a digest was */
    const char *name; /* the purl without its version */
    bulla_bytes version;
    bulla_digest digest; /* its strongest */
    int64_t until;
} bu_older;

typedef struct bu_olders {
    bu_older *items; /* in order of name, purl and digest */
    size_t count, cap;
} bu_olders;

void bu_olders_clear(bu_olders *olders);
BU_DEFINE_CLEAR(bu_olders)

/** Read all that lies there (folders NULL-terminated, or NULL). Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_olders_read(const char *const *folders, bu_arena *arena,
                                           bu_olders *out, bulla_error *err);

/** The newest reviewed version of the same package in that role, in force at `now`; or NULL. */
BULLA_MUST_USE bulla_status bu_olders_find(const bu_olders *olders, const char *purl,
                                           const char *role, int64_t now, bu_arena *arena,
                                           const bu_older **out, bulla_error *err);

#endif
