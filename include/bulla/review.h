/* SPDX-License-Identifier: MIT */
/*
 * Review: what a checkout still lacks under its policy that people could review, and how. Never
 * networked.
 */
#ifndef BULLA_REVIEW_H
#define BULLA_REVIEW_H

#include "verify.h"

BULLA_BEGIN

/** What to look at. */
typedef enum bulla_review_kind {
    BULLA_REVIEW_PUBLISHER,  /**< who publishes several of them */
    BULLA_REVIEW_DIFFERENCE, /**< what changed since a version that was reviewed */
    BULLA_REVIEW_WHOLE,      /**< all of it */
    BULLA_REVIEW_UNBOUND,    /**< nothing yet: no digest of its bytes is known */
} bulla_review_kind;

/** One review to be made. Strings are as the inputs have them: escape before showing. */
typedef struct bulla_review_step {
    bulla_review_kind kind;
    const char *role;         /**< in which */
    const char *const *purls; /**< what it covers; NULL-terminated, in order */
    size_t purl_count;
    const char *lockfile; /**< that pins the digest; NULL: take `digest` */
    const char *digest;   /**< "sha256:HEX", measured; NULL: of a lockfile, or of a publisher */
    const char *identity, *issuer; /**< of the publisher; NULL */
    const char *from;              /**< "sha512:HEX" of the older version; NULL */
    const char *from_purl;         /**< that version */
    bool has_size;                 /**< both archives are at hand */
    size_t changed;                /**< files that differ between them */
} bulla_review_step;

/** All that lacks. */
typedef struct bulla_review bulla_review;

/**
 * Verify, and find the smallest set of reviews that helps: a publisher that several have in common,
 * then the difference from a version with a review among the evidence, else the whole.
 * @param role  only reviews in this role; NULL: in any.
 * Fails as bulla_verify().
 */
BULLA_API BULLA_MUST_USE bulla_status bulla_review_make(const bulla_verify_options *options,
                                                        const char *role, bulla_review **out,
                                                        bulla_error *err);
BULLA_API void bulla_review_free(bulla_review *review);

/** How many there are; that one, borrowed, or NULL behind the last. */
BULLA_API size_t bulla_review_count(const bulla_review *review);
BULLA_API const bulla_review_step *bulla_review_at(const bulla_review *review, size_t index);
/** UNPROVEN when there is one; else ALLOWED, or what kept the run from its end. */
BULLA_API bulla_exit bulla_review_exit(const bulla_review *review);

/**
 * Write it with the commands to run: "text", or "json" (`bulla.review/1`, doc/schema/review.json).
 * Same review, same bytes. Fails with usage (no such format), no-memory.
 */
BULLA_API BULLA_MUST_USE bulla_status bulla_review_render(const bulla_review *review,
                                                          const char *format, bulla_buffer *out,
                                                          bulla_error *err);

BULLA_END

#endif
