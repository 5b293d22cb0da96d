/* SPDX-License-Identifier: MIT */
/*
 * Attestations of Python distributions, and the index's provenance objects: see format.h.
 */
#include "format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_format(&bu_format_pypi_attestation, data, size);
    return 0;
}
