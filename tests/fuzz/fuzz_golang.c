/* SPDX-License-Identifier: MIT */
/*
 * go.mod and go.sum: any text becomes a sound graph, or is refused with a place.
 */
#include "lockfile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_lockfile(bu_ecosystem_by_id(BULLA_LIT("golang")), data, size);
}
