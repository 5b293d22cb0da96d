/* SPDX-License-Identifier: MIT */
/*
 * Results that are read back: what is refused says why; no failure has a level, and the summary of
 * what is accepted says the same when it is written and read again. Targets: bu_record_summarize,
 * bu_summary_write, bu_summary_read.
 */
#include "fuzz.h"

#include "digest/digest.h"
#include "report/record.h"

/* Seeds name these bytes: the SHA-256 that is all zero, and the one that is all 1. */
static const bu_subject files[] = {
    { .name = { (const uint8_t *)"a", 1 },
      .digests = { 1, { { .alg = BULLA_ALG_SHA256, .len = 32 } } } },
    { .name = { (const uint8_t *)"b", 1 },
      .digests = { 1, { { .alg = BULLA_ALG_SHA256, .len = 32, .bytes = { 1 } } } } },
};

static void check_read(bu_summary *summary, bu_arena *arena)
{
    BU_CLEAR(bu_buf) once = { 0 };
    BU_CLEAR(bu_buf) twice = { 0 };
    bu_summary again = { 0 };
    bulla_error err = { 0 };
    FUZZ_CHECK(summary->has_time && summary->policy.len > 0 && summary->level_count > 0);
    FUZZ_CHECK(summary->passed || summary->level_count == 1);
    FUZZ_CHECK(summary->passed != bu_summary_reaches(summary, BULLA_LIT("FAILED")));
    FUZZ_CHECK(summary->passed || !summary->counts_dependencies);
    summary->verifier = BULLA_LIT("https://example.org/verifier");
    if (summary->resource.len == 0) /* of several files: whoever signs names it */
        summary->resource = BULLA_LIT("pkg:generic/x@1");
    summary->counts_dependencies = false; /* these two are written for others, and not read */
    summary->input_count = 0;
    bu_summary_write(summary, &once);
    const bu_statement statement = { .predicate_type = BULLA_LIT(BU_PREDICATE_VSA),
                                     .predicate = bu_buf_bytes(&once) };
    FUZZ_CHECK(bulla_ok(bu_summary_read(&statement, "written", arena, &again, &err)));
    bu_summary_write(&again, &twice);
    FUZZ_CHECK(bu_bytes_equal(bu_buf_bytes(&once), bu_buf_bytes(&twice)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bulla_bytes text = fuzz_copy(data, size);
    for (size_t count = 1; count <= 2; count++) {
        BU_AUTO(bu_arena) arena = bu_arena_new();
        bu_summary summary = { 0 };
        bulla_error err = { 0 };
        FUZZ_CHECK(arena != NULL);
        bulla_status status =
            bu_record_summarize(text, "result.json", files, count, arena, &summary, &err);
        if (bulla_ok(status))
            check_read(&summary, arena);
        else
            fuzz_check_refusal(status, &err, size);
    }
    fuzz_free(text);
    return 0;
}
