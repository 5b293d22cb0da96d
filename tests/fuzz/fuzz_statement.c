/* SPDX-License-Identifier: MIT */
/*
 * in-toto statements: what is refused says why; what is read can be written
 * and read again, and means the same.
 */
#include "fuzz.h"

#include "attest/statement.h"

/* The same subjects in the same order, the same predicate. */
static void check_same(const bu_statement *a, const bu_statement *b)
{
    FUZZ_CHECK(a->count == b->count);
    for (size_t i = 0; i < a->count; i++) {
        const bulla_digest_set *digests = &a->subjects[i].digests;
        FUZZ_CHECK(bu_bytes_equal(a->subjects[i].name, b->subjects[i].name));
        FUZZ_CHECK(digests->count == b->subjects[i].digests.count);
        for (uint32_t k = 0; k < digests->count; k++)
            FUZZ_CHECK(bulla_digest_equal(&digests->items[k], &b->subjects[i].digests.items[k]));
        const bulla_digest *strongest = bulla_digest_set_strongest(digests);
        FUZZ_CHECK(bu_statement_is_about(b, digests) == bulla_alg_is_strong(strongest->alg));
    }
    FUZZ_CHECK(bu_bytes_equal(a->predicate_type, b->predicate_type));
    FUZZ_CHECK(bu_bytes_equal(a->predicate, b->predicate));
}

static void check_round_trip(const bu_statement *statement, bu_arena *arena)
{
    BU_CLEAR(bu_buf) text = { 0 };
    bu_statement again = { 0 };
    bulla_error err = { 0 };
    FUZZ_CHECK(bulla_ok(bu_statement_write(statement, &text, &err)));
    bulla_status status = bu_statement_parse(bu_buf_bytes(&text), "again", arena, &again, &err);
    if (status.code == BULLA_E_RESOURCE_LIMIT) /* escapes may make it longer than a text may be */
        return;
    FUZZ_CHECK(bulla_ok(status));
    check_same(statement, &again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bu_statement statement = { 0 };
    bulla_error err = { 0 };
    bulla_status status =
        bu_statement_parse((bulla_bytes){ data, size }, "payload", arena, &statement, &err);
    if (bulla_ok(status))
        check_round_trip(&statement, arena);
    else
        FUZZ_CHECK(err.code != BULLA_OK && err.text[0] != '\0');
    return 0;
}
