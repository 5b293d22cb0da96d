/* SPDX-License-Identifier: MIT */
/*
 * Cargo's lockfiles: any text becomes a sound graph, or is refused with a place.
 */
#include "lockfile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_lockfile(bu_ecosystem_by_id(BULLA_LIT("cargo")), data, size);
}
