/* SPDX-License-Identifier: MIT */
/*
 * os-release of a root of files: what is refused says where; what is read can be part of a purl.
 * Target: bu_os_release_parse.
 */
#include "fuzz.h"

#include "ecosystem/os_release.h"

static bool is_word(const char *text)
{
    return text == NULL || (text[0] != '\0' && strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789"
                                                            "._-") == strlen(text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bu_os_release release = { 0 };
    bulla_error err = { 0 };
    bulla_bytes text = fuzz_copy(data, size);
    FUZZ_CHECK(arena != NULL);
    bulla_status status = bu_os_release_parse(text, "os-release", arena, &release, &err);
    fuzz_free(text); /* what is read borrows nothing from it */
    if (bulla_ok(status))
        FUZZ_CHECK(is_word(release.id) && is_word(release.codename));
    else
        fuzz_check_refusal(status, &err, size);
    return 0;
}
