/* SPDX-License-Identifier: MIT */
/*
 * Borrowed bytes and owned buffers. Bytes from outside travel as pointer and
 * length, never as a C string.
 */
#ifndef BULLA_BYTES_H
#define BULLA_BYTES_H

#include "api.h"

BULLA_BEGIN

/** Borrowed, read-only, never NUL-terminated. The zero value is the empty sequence. */
typedef struct bulla_bytes {
    const uint8_t *ptr;
    size_t len;
} bulla_bytes;

/** A string literal as bytes, without its NUL. */
#define BULLA_LIT(s) ((bulla_bytes){ (const uint8_t *)("" s), sizeof(s) - 1 })

/** Owned bytes that a call hands out; bulla_buffer_free() releases them. NUL follows the last. */
typedef struct bulla_buffer {
    uint8_t *ptr;
    size_t len;
} bulla_buffer;

/** Release what a call handed out and make it empty. Fine on an empty buffer and on NULL. */
BULLA_API void bulla_buffer_free(bulla_buffer *buffer);

BULLA_END

#endif
