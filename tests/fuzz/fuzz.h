/* SPDX-License-Identifier: MIT */
/*
 * What every fuzz target shares. A target states properties, not just that
 * nothing crashes; replay.c runs it over the seeds in every build.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/error.h"

/** The target. Always 0, as libFuzzer wants it. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/** A property that must hold for every input. */
#define FUZZ_CHECK(condition)                                                                      \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            (void)fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition);   \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

/**
 * A copy of exactly the input's size, so that reading one byte too far is caught. The caller frees
 * it.
 */
static inline bulla_bytes fuzz_copy(const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(size == 0 ? 1 : size);
    FUZZ_CHECK(copy != NULL);
    if (size > 0)
        memcpy(copy, data, size);
    return (bulla_bytes){ copy, size };
}

static inline void fuzz_free(bulla_bytes copy)
{
    free((void *)(uintptr_t)copy.ptr);
}

/** Every refusal explains itself: a code, a sentence, and a place inside of the input. */
static inline void fuzz_check_refusal(bulla_status status, const bulla_error *err, size_t size)
{
    FUZZ_CHECK(status.code != BULLA_OK && err->code == status.code);
    FUZZ_CHECK(err->code != BULLA_E_INTERNAL);
    FUZZ_CHECK(err->text[0] != '\0');
    FUZZ_CHECK(err->offset <= size || err->offset == BU_OFFSET_NONE);
}

#endif
