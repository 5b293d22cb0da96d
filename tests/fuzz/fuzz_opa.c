/* SPDX-License-Identifier: MIT */
/*
 * Answers of another policy engine: what is refused says why and permits nothing; a bare true
 * permits at the end of /allow alone. Target: bu_opa_read.
 */
#include "fuzz.h"

#include "policy/opa.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const urls[] = { "http://[::1]/v1/data/a/allow", "http://[::1]/v1/data/a" };
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bu_opa_answer answers[2] = { 0 };
    bulla_status status[2];
    for (size_t i = 0; i < 2; i++) {
        bulla_error err = { 0 };
        status[i] = bu_opa_read((bulla_bytes){ data, size }, urls[i], arena, &answers[i], &err);
        if (!bulla_ok(status[i]))
            FUZZ_CHECK(err.code != BULLA_OK && err.text[0] != '\0' && !answers[i].allows);
    }
    if (bulla_ok(status[1]))
        FUZZ_CHECK(bulla_ok(status[0]) && answers[0].allows == answers[1].allows &&
                   answers[0].count == answers[1].count);
    return 0;
}
