/* SPDX-License-Identifier: MIT */
/*
 * Documents of an npm registry: see format.h.
 */
#include "format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_format(&bu_format_npm_signature, data, size);
    return 0;
}
