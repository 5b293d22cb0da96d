/* SPDX-License-Identifier: MIT */
/*
 * Alpine packages: what is accepted is whole, so that no byte of its data can
 * be left off or added.
 */
#include "package.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char purl[] = "pkg:apk/alpine/demo@1.0";
    bulla_bytes in = fuzz_copy(data, size);
    if (fuzz_walk_package(purl, "apk", "1.0", in))
        FUZZ_CHECK(!fuzz_walk_package(purl, "apk", "1.0", bu_bytes_first(in, size - 1)));
    fuzz_free(in);
    return 0;
}
