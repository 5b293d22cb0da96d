/* SPDX-License-Identifier: MIT */
/*
 * Release, Packages, control files and the names of .deb files: no path that
 * is handed out climbs, no name is one that dpkg would not take. The first
 * byte of the input says which of them the rest is.
 */
#include "fuzz.h"

#include "ecosystem/debian.h"

static void check_path(const char *path)
{
    FUZZ_CHECK(path[0] != '\0' && path[0] != '/' && strncmp(path, "../", 3) != 0);
    FUZZ_CHECK(strstr(path, "/../") == NULL && strcmp(path, "..") != 0);
}

static void check_entry(const bu_deb_entry *entry)
{
    FUZZ_CHECK(bu_deb_is_package(bu_bytes_of(entry->package)));
    FUZZ_CHECK(bu_deb_is_version(bu_bytes_of(entry->version)));
    FUZZ_CHECK(bu_deb_is_architecture(bu_bytes_of(entry->architecture)));
}

static bulla_status try_release(bulla_bytes text, bu_arena *arena, bulla_error *err)
{
    bu_release release;
    BU_TRY(bu_release_parse(text, "x", arena, &release, err));
    for (size_t i = 0; i < release.count; i++) {
        check_path(release.files[i].path);
        FUZZ_CHECK(release.files[i].sha256.alg == BULLA_ALG_SHA256);
    }
    return BU_OK;
}

static bool want_all(void *context, bulla_bytes package)
{
    (void)context;
    (void)package;
    return true;
}

static bulla_status check_listed(void *context, const bu_deb_entry *entry, bulla_error *err)
{
    (void)context;
    (void)err;
    check_entry(entry);
    check_path(entry->filename);
    FUZZ_CHECK(entry->sha256.alg == BULLA_ALG_SHA256 && entry->line > 0);
    return BU_OK;
}

static bulla_status try_packages(bulla_bytes text, bu_arena *arena, bulla_error *err)
{
    bu_memory_source source = bu_memory_source_of(text);
    return bu_packages_read(&source.base, "x", arena, want_all, check_listed, NULL, err);
}

static bulla_status try_control(bulla_bytes text, bu_arena *arena, bulla_error *err)
{
    bu_deb_entry entry;
    BU_TRY(bu_control_parse(text, "x", arena, &entry, err));
    check_entry(&entry);
    return BU_OK;
}

static bulla_status try_filename(bulla_bytes text, bu_arena *arena, bulla_error *err)
{
    bu_deb_entry entry;
    BU_TRY(bu_deb_filename_parse(text, arena, &entry, err));
    check_entry(&entry);
    return BU_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bulla_status (*const tries[])(bulla_bytes, bu_arena *,
                                         bulla_error *) = { try_release, try_packages, try_control,
                                                            try_filename };
    if (size == 0)
        return 0;
    bulla_bytes text = fuzz_copy(data + 1, size - 1);
    bulla_error err = { 0 };
    BU_AUTO(bu_arena) arena = bu_arena_new();
    FUZZ_CHECK(arena != NULL);
    bulla_status status = tries[data[0] % 4](text, arena, &err);
    if (!bulla_ok(status))
        fuzz_check_refusal(status, &err, size);
    fuzz_free(text);
    return 0;
}
