/* SPDX-License-Identifier: MIT */
/*
 * Package URLs: the canonical text is ASCII, is parsed again, and stays what
 * it is; what is parsed strictly is also canonicalized.
 */
#include "fuzz.h"

#include "model/purl.h"

static void check_fixpoint(const char *canonical, bu_arena *arena)
{
    bu_purl purl;
    bulla_error err = { 0 };
    BU_CLEAR(bu_buf) again = { 0 };
    for (const char *at = canonical; *at != '\0'; at++)
        FUZZ_CHECK(*at > ' ' && *at <= '~');
    FUZZ_CHECK(bulla_ok(bu_purl_parse(bu_bytes_of(canonical), arena, &purl, &err)));
    bu_purl_write(&purl, &again);
    FUZZ_CHECK(bu_bytes_is(bu_buf_bytes(&again), canonical));
    FUZZ_CHECK(bulla_ok(bu_purl_normalize(&purl, arena, &err)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bulla_bytes text = fuzz_copy(data, size);
    bulla_error err = { 0 };
    bu_purl purl;
    const char *canonical;
    BU_AUTO(bu_arena) arena = bu_arena_new();
    FUZZ_CHECK(arena != NULL);
    bulla_status parsed = bu_purl_parse(text, arena, &purl, &err);
    if (!bulla_ok(parsed))
        fuzz_check_refusal(parsed, &err, size);
    bulla_status status = bu_purl_canonicalize(text, arena, &canonical, &err);
    FUZZ_CHECK(bulla_ok(status) || !bulla_ok(parsed));
    if (bulla_ok(status))
        check_fixpoint(canonical, arena);
    fuzz_free(text);
    return 0;
}
