/* SPDX-License-Identifier: MIT */
/*
 * Answers of npm's and GitHub's attestations: see format.h.
 */
#include "format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_format(&bu_format_npm_attestations, data, size);
    return 0;
}
