/* SPDX-License-Identifier: MIT */
/*
 * A wheel's RECORD: every row that is handed out has a path of one line, and
 * no digest or a whole strong one; what is refused has its line.
 */
#include "fuzz.h"

#include "ecosystem/record.h"

static bulla_status see(void *context, const bu_record_row *row, bulla_error *err)
{
    (void)err;
    uint32_t *last = context;
    FUZZ_CHECK(row->line > *last);
    *last = row->line;
    FUZZ_CHECK(bu_bytes_find(row->path, '\n') == row->path.len);
    FUZZ_CHECK(row->digest.len == bulla_alg_size(row->digest.alg));
    FUZZ_CHECK(row->digest.alg == BULLA_ALG_NONE || bulla_alg_is_strong(row->digest.alg));
    FUZZ_CHECK(row->has_size || row->size == 0);
    return BU_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bulla_bytes text = fuzz_copy(data, size);
    bulla_error err = { 0 };
    uint32_t last = 0;
    BU_AUTO(bu_arena) arena = bu_arena_new();
    FUZZ_CHECK(arena != NULL);
    bulla_status status = bu_record_read(text, arena, see, &last, &err);
    if (!bulla_ok(status)) {
        fuzz_check_refusal(status, &err, size);
        FUZZ_CHECK(err.line > last);
    }
    fuzz_free(text);
    return 0;
}
