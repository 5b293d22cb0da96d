/* SPDX-License-Identifier: MIT */
/*
 * What the targets for whole packages share: the bytes are walked as the
 * archive of a package called demo.
 */
#ifndef FUZZ_PACKAGE_H
#define FUZZ_PACKAGE_H

#include "fuzz.h"

#include "evidence/contents.h"

/** Walk and judge; false when refused, and then the refusal was seen to explain itself. */
static inline bool fuzz_walk_package(const char *purl, const char *type, const char *version,
                                     bulla_bytes bytes)
{
    const bulla_component component = {
        .purl = purl, .type = type, .name = "demo", .version = version
    };
    bu_memory_source source = bu_memory_source_of(bytes);
    bu_expected_package package = { .component = &component };
    bulla_error err = { 0 };
    package.status = bu_fail(&package.error, BULLA_E_INTERNAL, "not judged");
    BU_AUTO(bu_arena) arena = bu_arena_new();
    FUZZ_CHECK(arena != NULL);
    bulla_status status = bu_contents_walk(&source.base, &package, 1, NULL, arena, &err);
    if (bulla_ok(status)) {
        err = package.error;
        status = package.status;
    }
    if (!bulla_ok(status))
        FUZZ_CHECK(err.code == status.code && err.code != BULLA_E_INTERNAL && err.text[0] != '\0');
    return bulla_ok(status);
}

#endif
