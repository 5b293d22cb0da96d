/* SPDX-License-Identifier: MIT */
/*
 * Layers of images: whatever is accepted keeps only what was asked for, by names of no links and each
 * once; and a layer on top of itself changes nothing, unless it hides what it has not.
 */
#include "fuzz.h"

#include "archive/overlay.h"

static const char *const places[] = { "var/lib/dpkg/status", "var/lib/dpkg/status.d/*",
                                      "lib/apk/db/installed", "usr/lib/apk/db/installed", NULL };
static const char *const hints[] = { "etc/os-release", "usr/lib/os-release", NULL };

static bool is_wanted(bulla_bytes path)
{
    return bu_bytes_match(path, places[1]) || bu_bytes_match(path, places[0]) ||
           bu_bytes_match(path, places[2]) || bu_bytes_match(path, places[3]) ||
           bu_bytes_match(path, hints[0]) || bu_bytes_match(path, hints[1]);
}

static bulla_status add(bu_overlay *overlay, bulla_bytes in, bulla_error *err)
{
    bu_memory_source source = bu_memory_source_of(in);
    return bu_overlay_add(overlay, &source.base, err);
}

static void check_files(const bu_overlay_file *files, size_t count, size_t size)
{
    for (size_t i = 0; i < count; i++) {
        FUZZ_CHECK(is_wanted(files[i].path));
        FUZZ_CHECK(files[i].content.len <= size);
        FUZZ_CHECK(i == 0 || bu_bytes_compare(files[i - 1].path, files[i].path) < 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bulla_bytes copy = fuzz_copy(data, size);
    BU_AUTO(bu_overlay) overlay = NULL;
    const bu_overlay_file *files;
    size_t count, again;
    bulla_error err = { 0 };
    FUZZ_CHECK(bulla_ok(bu_overlay_new(places, hints, &overlay, &err)));
    bulla_status status = add(overlay, copy, &err);
    if (bulla_ok(status))
        status = bu_overlay_finish(overlay, &files, &count, &err);
    if (bulla_ok(status)) {
        check_files(files, count, size);
        if (bulla_ok(add(overlay, copy, &err)) &&
            bulla_ok(bu_overlay_finish(overlay, &files, &again, &err))) {
            check_files(files, again, size);
            FUZZ_CHECK(again <= count);
        }
    } else
        FUZZ_CHECK(err.code == status.code && err.text[0] != '\0');
    fuzz_free(copy);
    return 0;
}
