/* SPDX-License-Identifier: MIT */
/*
 * Statements for people: what is refused says why; what is read is written as it is read again, and
 * has no text that could be about anybody. Targets: bu_decision_read, bu_decision_write.
 */
#include "fuzz.h"

#include "attest/decision.h"

static bool is_word(bulla_bytes text)
{
    for (size_t i = 0; i < text.len; i++)
        if (memchr("abcdefghijklmnopqrstuvwxyz0123456789._-", text.ptr[i], 39) == NULL)
            return false;
    return text.len <= 64;
}

static void check_read(const bu_statement *statement, const bu_decision *decision, bu_arena *arena)
{
    BU_CLEAR(bu_buf) once = { 0 };
    BU_CLEAR(bu_buf) again = { 0 };
    bulla_error err = { 0 };
    bu_decision same;
    FUZZ_CHECK(decision->role.len > 0 && is_word(decision->role));
    FUZZ_CHECK(is_word(decision->environment) && is_word(decision->reason));
    FUZZ_CHECK(decision->issued <= decision->until);
    FUZZ_CHECK(decision->publisher.len == 0 || decision->until != INT64_MAX);
    FUZZ_CHECK(bulla_ok(bu_decision_write(statement->predicate_type, decision, &once, &err)));
    bu_statement written = *statement;
    written.predicate = bu_buf_bytes(&once);
    FUZZ_CHECK(bulla_ok(bu_decision_read(&written, "payload", arena, &same, &err)));
    FUZZ_CHECK(bulla_ok(bu_decision_write(statement->predicate_type, &same, &again, &err)));
    FUZZ_CHECK(bu_bytes_equal(bu_buf_bytes(&once), bu_buf_bytes(&again)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bu_statement statement = { 0 };
    bu_decision decision;
    bulla_error err = { 0 };
    bulla_status status =
        bu_statement_parse((bulla_bytes){ data, size }, "payload", arena, &statement, &err);
    if (bulla_ok(status))
        status = bu_decision_read(&statement, "payload", arena, &decision, &err);
    if (bulla_ok(status))
        check_read(&statement, &decision, arena);
    else
        FUZZ_CHECK(err.code != BULLA_OK && err.text[0] != '\0');
    return 0;
}
