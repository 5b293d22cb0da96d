/* SPDX-License-Identifier: MIT */
/*
 * Reviews that lean on something: on the review of an older version, from which only the difference
 * was looked at, or on who published the package. Both are found by digest in the folders of
 * evidence, and judged as the rest is.
 */
#ifndef BU_EVIDENCE_REVIEW_H
#define BU_EVIDENCE_REVIEW_H

#include "evidence/vouching.h"

/**
 * Add the reviews of whoever published the thing, and set aside those of a difference from what is
 * not reviewed itself, in the same role and environment. What reviews lean on ends in one that
 * leans on nothing, at most BU_LIMIT_REVIEWS versions away: a circle never does.
 * Fails with no-memory only.
 */
BULLA_MUST_USE bulla_status bu_review_settle(bu_vouching *v, bulla_error *err);

#endif
