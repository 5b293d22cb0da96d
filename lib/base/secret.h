/* SPDX-License-Identifier: MIT */
/*
 * Memory for secrets: locked, guarded, wiped on release (libsodium). Nothing
 * in here is ever copied into an error, a log or an ordinary buffer.
 */
#ifndef BU_BASE_SECRET_H
#define BU_BASE_SECRET_H

#include "base/cleanup.h"
#include "base/error.h"

typedef struct bu_secret {
    size_t len;
    uint8_t *ptr; /* sodium_malloc */
} bu_secret;

/** `len` zeroed bytes of guarded memory, or NULL. */
bu_secret *bu_secret_new(size_t len);
void bu_secret_free(bu_secret *secret);
BU_DEFINE_AUTO(bu_secret)

/** A guarded copy of `bytes`, or NULL; the caller wipes its own. */
bu_secret *bu_secret_copy(bulla_bytes bytes);

static inline bulla_bytes bu_secret_bytes(const bu_secret *secret)
{
    return (bulla_bytes){ secret->ptr, secret->len };
}

/** Wipe memory in a way that the compiler keeps. */
void bu_wipe(void *memory, size_t len);

/** Compare without telling by time where the difference is. */
bool bu_secret_equal(const void *a, const void *b, size_t len);

/** Fill with random bytes of the system. */
void bu_random(void *out, size_t len);

/** Make libsodium ready; safe to call often and from any thread. */
BULLA_MUST_USE bulla_status bu_sodium_ready(bulla_error *err);

#endif
