/* SPDX-License-Identifier: MIT */
/*
 * Verification summaries in statements: what is refused says why; what is read names a verifier and
 * a resource, has one meaning, and says the same when it is written and read again. Targets:
 * bu_summary_read, bu_summary_reaches, bu_summary_write.
 */
#include "fuzz.h"

#include "attest/vsa.h"

static void check_read(const bu_summary *summary, bu_arena *arena)
{
    BU_CLEAR(bu_buf) text = { 0 };
    bu_summary again = { 0 };
    bulla_error err = { 0 };
    FUZZ_CHECK(summary->verifier.len > 0 && summary->resource.len > 0 && summary->policy.len > 0);
    FUZZ_CHECK(!summary->passed || !bu_summary_reaches(summary, BULLA_LIT("FAILED")));
    for (size_t i = 0; i < summary->level_count; i++)
        FUZZ_CHECK(bu_summary_reaches(summary, summary->levels[i]));
    bu_summary_write(summary, &text);
    const bu_statement statement = { .predicate_type = BULLA_LIT(BU_PREDICATE_VSA),
                                     .predicate = bu_buf_bytes(&text) };
    FUZZ_CHECK(bulla_ok(bu_summary_read(&statement, "written", arena, &again, &err)));
    FUZZ_CHECK(again.passed == summary->passed && again.level_count == summary->level_count);
    FUZZ_CHECK(bu_bytes_equal(again.verifier, summary->verifier));
    FUZZ_CHECK(bu_bytes_equal(again.resource, summary->resource));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bu_statement statement = { 0 };
    bu_summary summary = { 0 };
    bulla_error err = { 0 };
    bulla_status status =
        bu_statement_parse((bulla_bytes){ data, size }, "payload", arena, &statement, &err);
    if (bulla_ok(status))
        status = bu_summary_read(&statement, "payload", arena, &summary, &err);
    if (bulla_ok(status))
        check_read(&summary, arena);
    else
        FUZZ_CHECK(err.code != BULLA_OK && err.text[0] != '\0');
    return 0;
}
