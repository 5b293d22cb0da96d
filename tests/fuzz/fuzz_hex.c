/* SPDX-License-Identifier: MIT */
/*
 * The metadata of a Hex package: what is accepted is a list of pairs; a second
 * name behind it is refused, and any other pair changes nothing.
 */
#include "fuzz.h"

#include "base/buf.h"
#include "evidence/erlang.h"

static bulla_status read_with(bulla_bytes in, const char *more, bulla_bytes *name, bulla_error *err)
{
    bu_erlang_field field = { "name", { 0 } };
    bu_buf text = { 0 };
    bu_buf_add(&text, in);
    bu_buf_add_text(&text, more);
    FUZZ_CHECK(!text.broken);
    bulla_status status = bu_erlang_read(bu_buf_bytes(&text), &field, 1, err);
    name->len = field.value.len;
    bu_buf_clear(&text);
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bulla_bytes in = fuzz_copy(data, size), name = { 0 };
    bu_erlang_field field = { "name", { 0 } };
    bulla_error err = { 0 };
    bulla_status status = bu_erlang_read(in, &field, 1, &err);
    if (!bulla_ok(status))
        fuzz_check_refusal(status, &err, size + 1);
    else if (field.value.len > 0) {
        FUZZ_CHECK(!bulla_ok(read_with(in, "\n{<<\"name\">>,<<\"x\">>}.", &name, &err)));
        FUZZ_CHECK(bulla_ok(read_with(in, "\n{<<\"x\">>,<<\"x\">>}.", &name, &err)));
        FUZZ_CHECK(name.len == field.value.len);
    }
    fuzz_free(in);
    return 0;
}
