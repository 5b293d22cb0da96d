/* SPDX-License-Identifier: MIT */
/*
 * vers and ranges of ecosystems. On a line of its own stands a vers or, behind
 * a scheme and a blank, a range of it; a version may follow on the next. What
 * is canonical stays as it is; what was written from a range can be read.
 */
#include "fuzz.h"

#include "bulla/version.h"
#include "version/scheme.h"

static bulla_bytes bytes_of(const bulla_buffer *buffer)
{
    return (bulla_bytes){ buffer->ptr, buffer->len };
}

static void check_contains(bulla_bytes vers, bulla_bytes version)
{
    bool is_in = true;
    bulla_error err = { 0 };
    bulla_status status = bulla_vers_contains(vers, version, &is_in, &err);
    FUZZ_CHECK(bulla_ok(status) || !is_in);
    if (!bulla_ok(status))
        fuzz_check_refusal(status, &err, vers.len > version.len ? vers.len : version.len);
}

static void check_vers(bulla_bytes vers)
{
    bulla_buffer once = { 0 }, twice = { 0 };
    bulla_error err = { 0 };
    bulla_status status = bulla_vers_canonical(vers, &once, &err);
    if (!bulla_ok(status)) {
        fuzz_check_refusal(status, &err, vers.len);
        return;
    }
    FUZZ_CHECK(bulla_ok(bulla_vers_canonical(bytes_of(&once), &twice, &err)));
    FUZZ_CHECK(bu_bytes_equal(bytes_of(&once), bytes_of(&twice)));
    bulla_buffer_free(&once);
    bulla_buffer_free(&twice);
}

static void check_native(bulla_bytes scheme, bulla_bytes native, bulla_bytes version)
{
    bulla_buffer vers = { 0 };
    bulla_error err = { 0 };
    bool is_in;
    bulla_status status = bulla_vers_from_native(scheme, native, &vers, &err);
    if (!bulla_ok(status)) {
        fuzz_check_refusal(status, &err, native.len);
        return;
    }
    const bu_scheme *by;
    FUZZ_CHECK(bulla_ok(bu_scheme_find(scheme, &by, &err)));
    if (bulla_ok(bu_version_check(by, version, &err)))
        FUZZ_CHECK(bulla_ok(bulla_vers_contains(bytes_of(&vers), version, &is_in, &err)));
    bulla_buffer_free(&vers);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bulla_bytes copy = fuzz_copy(data, size), rest = copy;
    bulla_bytes line = bu_take_until(&rest, '\n'), version = rest, native = line;
    bulla_bytes scheme = bu_take_until(&native, ' ');
    check_vers(line);
    check_contains(line, version);
    if (scheme.len < line.len)
        check_native(scheme, native, version);
    fuzz_free(copy);
    return 0;
}
