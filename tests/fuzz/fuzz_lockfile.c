/* SPDX-License-Identifier: MIT */
/*
 * Every lockfile format: any text becomes a sound graph, or is refused with a
 * place. The build makes one target of it for each row of ecosystems.def.
 */
#include "lockfile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_lockfile(bu_ecosystem_by_id(BULLA_LIT(FUZZ_FORMAT)), data, size);
}
