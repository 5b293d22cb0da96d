/* SPDX-License-Identifier: MIT */
/*
 * Proofs of transparency logs and answers of Go's checksum database: without an anchor nothing is
 * proved, and what is described is what verification reads. Targets: the formats tlog_proof and
 * go_sumdb.
 */
#include "fuzz.h"

#include "trust/sumdb.h"

static bulla_status read_message(void *context, bu_buf *out, bulla_error *err)
{
    (void)context;
    (void)err;
    bu_buf_add_text(out, "message");
    return BU_OK;
}

static void check_format(const bu_format *format, bulla_bytes text, const bu_anchors *anchors)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    const bu_message message = { .name = "m", .read = read_message };
    const bu_check check = {
        .content = text, .file = "f", .message = &message, .anchors = anchors, .arena = arena
    };
    bu_description description = { .arena = arena };
    bu_vouched out = { 0 };
    bulla_error err = { 0 };
    bulla_status status = format->verify(&check, &out, &err);
    fuzz_check_refusal(status, &err, text.len);
    if (bulla_ok(format->describe(text, "f", &description, &err)))
        FUZZ_CHECK(description.count > 0);
    else
        fuzz_check_refusal((bulla_status){ err.code }, &err, text.len);
}

static void check_record(bulla_bytes text)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bu_sumdb_record record;
    bulla_error err = { 0 };
    if (!bulla_ok(bu_sumdb_read(text, "f", arena, &record, &err)))
        return;
    FUZZ_CHECK(record.module.len > 0 && record.version.len > 0);
    FUZZ_CHECK(bu_bytes_ends(record.text, "\n"));
    FUZZ_CHECK(memmem(text.ptr, text.len, record.text.ptr, record.text.len) != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    BU_CLEAR(bu_anchors) anchors = { 0 };
    bulla_error err = { 0 };
    bulla_bytes text = fuzz_copy(data, size);
    FUZZ_CHECK(bulla_ok(bu_anchors_start(&anchors, &err)));
    check_format(&bu_format_tlog_proof, text, &anchors);
    check_format(&bu_format_go_sumdb, text, &anchors);
    check_record(text);
    fuzz_free(text);
    return 0;
}
