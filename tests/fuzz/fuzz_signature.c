/* SPDX-License-Identifier: MIT */
/*
 * Any file as a signature, in whatever format its content says: see format.h.
 */
#include "format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const bu_format *format = bu_format_of((bulla_bytes){ data, size });
    if (format != NULL)
        fuzz_format(format, data, size);
    return 0;
}
