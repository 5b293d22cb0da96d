/* SPDX-License-Identifier: MIT */
/*
 * Waivers and revocations: what is refused says why; what is read has an end that is not too far,
 * waives nothing that never may be, and can be written and read again.
 */
#include "fuzz.h"

#include "attest/waiver.h"

static void check_waiver(const bu_waiver *waiver, const bu_statement *statement, bu_arena *arena)
{
    BU_CLEAR(bu_buf) text = { 0 };
    bu_statement second = *statement;
    bu_waiver again;
    bulla_error err = { 0 };
    FUZZ_CHECK(waiver->until > waiver->issued);
    FUZZ_CHECK(waiver->until - waiver->issued <= (int64_t)BU_WAIVER_DAYS_MAX * 86400);
    FUZZ_CHECK(waiver->waives_count > 0);
    for (size_t i = 0; i < waiver->waives_count; i++)
        FUZZ_CHECK(bu_is_waivable(waiver->waives[i]));
    FUZZ_CHECK(bulla_ok(bu_waiver_write(waiver, &text, &err)));
    second.predicate = bu_buf_bytes(&text);
    FUZZ_CHECK(bulla_ok(bu_waiver_read(&second, "again", arena, &again, &err)));
    FUZZ_CHECK(bu_bytes_equal(again.rule, waiver->rule) && again.until == waiver->until);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bu_statement statement = { 0 };
    bu_waiver waiver;
    bulla_digest digest;
    bulla_error err = { 0 };
    if (!bulla_ok(
            bu_statement_parse((bulla_bytes){ data, size }, "payload", arena, &statement, &err)))
        return 0;
    if (bulla_ok(bu_waiver_read(&statement, "payload", arena, &waiver, &err)))
        check_waiver(&waiver, &statement, arena);
    else
        FUZZ_CHECK(err.code != BULLA_OK && err.text[0] != '\0');
    err = (bulla_error){ 0 };
    if (bulla_ok(bu_waiver_revocation_read(&statement, "payload", &digest, &err)))
        FUZZ_CHECK(digest.alg == BULLA_ALG_SHA256);
    else
        FUZZ_CHECK(err.code != BULLA_OK && err.text[0] != '\0');
    return 0;
}
