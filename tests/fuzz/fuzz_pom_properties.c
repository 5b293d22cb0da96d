/* SPDX-License-Identifier: MIT */
/*
 * pom.properties: what is accepted has all three values, each of one line of
 * the text itself.
 */
#include "fuzz.h"

#include "ecosystem/pom_properties.h"

static void check_value(bulla_bytes text, bulla_bytes value)
{
    FUZZ_CHECK(value.len > 0 && value.ptr >= text.ptr);
    FUZZ_CHECK(value.ptr + value.len <= text.ptr + text.len);
    FUZZ_CHECK(bu_bytes_find(value, '\n') == value.len && bu_bytes_find(value, '\\') == value.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bulla_bytes text = fuzz_copy(data, size);
    bulla_error err = { 0 };
    bu_pom_properties p;
    bulla_status status = bu_pom_properties_read(text, &p, &err);
    if (bulla_ok(status)) {
        check_value(text, p.group);
        check_value(text, p.artifact);
        check_value(text, p.version);
    } else {
        fuzz_check_refusal(status, &err, size);
    }
    fuzz_free(text);
    return 0;
}
