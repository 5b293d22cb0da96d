/* SPDX-License-Identifier: MIT */
/*
 * Walking a package as evidence does.
 */
#include "package.h"

#include "alloc_fail.h"
#include "suite.h"

static bulla_status walk(const bulla_component *component, bulla_bytes bytes, bu_arena *arena,
                         bulla_error *err)
{
    bu_memory_source source = bu_memory_source_of(bytes);
    bu_expected_package package = { .component = component };
    package.status = bu_fail(&package.error, BULLA_E_INTERNAL, "not judged");
    BU_TRY(bu_contents_walk(&source.base, &package, 1, NULL, arena, err));
    *err = package.error;
    return package.status;
}

bulla_status package_walk_component(const bulla_component *component, bulla_bytes bytes,
                                    bulla_error *err)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    ck_assert_ptr_nonnull(arena);
    *err = (bulla_error){ 0 };
    return walk(component, bytes, arena, err);
}

bulla_status package_walk(const char *purl, const char *type, const char *name, const char *version,
                          bulla_bytes bytes, bulla_error *err)
{
    const bulla_component component = {
        .purl = purl, .type = type, .name = name, .version = version
    };
    return package_walk_component(&component, bytes, err);
}

void package_tar(bu_compression kind, const build_member *members, bu_buf *out)
{
    BU_CLEAR(bu_buf) tar = { 0 };
    build_tar(members, &tar);
    build_compressed(kind, bu_buf_bytes(&tar), out);
}

void package_survives_allocation_failures(const bulla_component *component, bulla_bytes bytes)
{
    bulla_error err = { 0 };
    unit_ok(package_walk_component(component, bytes, &err), err); /* libraries are loaded now */
    for (size_t n = 0;; n++) {
        BU_AUTO(bu_arena) arena = bu_arena_new();
        err = (bulla_error){ 0 };
        alloc_fail_at(n);
        bulla_status status = walk(component, bytes, arena, &err);
        bool was_hit = alloc_fail_off();
        if (!was_hit) {
            unit_ok(status, err);
            break;
        }
        unit_fails(status, BULLA_E_NO_MEMORY, err);
    }
}
