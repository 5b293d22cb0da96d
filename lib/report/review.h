/* SPDX-License-Identifier: MIT */
/*
 * Reviews that are to be made, as ops/ finds them.
 */
#ifndef BU_REPORT_REVIEW_H
#define BU_REPORT_REVIEW_H

#include "base/arena.h"
#include "base/buf.h"
#include "bulla/review.h"
#include "report/result.h"

struct bulla_review {
    bulla_result *result; /* owned: what was verified */
    bu_arena *arena;      /* owned: all strings that are not the result's */
    bulla_review_step *steps;
    size_t count, cap;
    size_t lacking; /* components, in all steps */
    int64_t until;  /* when a review of a publisher is to end */
    bulla_exit exit;
};
BU_DEFINE_AUTO(bulla_review)

/** The command that makes it, for a shell: what needs quotes has them. */
void bu_review_command(const bulla_review *review, const bulla_review_step *step, bu_buf *out);

#endif
