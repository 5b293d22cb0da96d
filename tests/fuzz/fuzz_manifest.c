/* SPDX-License-Identifier: MIT */
/*
 * A kind of package (packages.def), a line end and the manifest of such an archive: what is refused
 * says why, and one manifest is not that of two packages. Targets: the judge() of each kind.
 */
#include "fuzz.h"

#include "evidence/package.h"

#define BU_PACKAGE(id) extern const bu_package_kind bu_package_##id;
#include "evidence/packages.def"
#undef BU_PACKAGE

static const struct {
    const char *id;
    const bu_package_kind *kind;
} kinds[] = {
#define BU_PACKAGE(id) { #id, &bu_package_##id },
#include "evidence/packages.def"
#undef BU_PACKAGE
};

static bool is_of(const bu_package_kind *kind, bulla_bytes manifest, const char *name)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    FUZZ_CHECK(arena != NULL);
    const bulla_component component = {
        .purl = "pkg:generic/demo@1.0", .type = kind->types[0], .name = name, .version = "1.0"
    };
    bu_expected_package package = { .component = &component };
    const bu_contents contents = { .kind = kind,
                                   .packages = &package,
                                   .count = 1,
                                   .arena = arena,
                                   .state = bu_arena_get(arena, kind->state_size + 1) };
    bulla_error err = { 0 };
    bulla_status status = kind->judge(&contents, &component, manifest, &err);
    if (!bulla_ok(status))
        FUZZ_CHECK(err.code == status.code && err.code != BULLA_E_INTERNAL && err.text[0] != '\0');
    return bulla_ok(status);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bulla_bytes all = { data, size };
    size_t end = bu_bytes_find(all, '\n');
    bulla_bytes rest = bu_bytes_from(all, end + 1), manifest = fuzz_copy(rest.ptr, rest.len);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        const bu_package_kind *kind = kinds[i].kind;
        if (kind->judge == NULL || !bu_bytes_is(bu_bytes_first(all, end), kinds[i].id))
            continue;
        bool is_demo = is_of(kind, manifest, "demo");
        FUZZ_CHECK(!is_of(kind, manifest, "other") || !is_demo || kind->state_size > 0);
    }
    fuzz_free(manifest);
    return 0;
}
