/* SPDX-License-Identifier: MIT */
/* RECORD: every row means one file with one digest; what CSV could hide is refused with its line. */
#include "suite.h"

#include "alloc_fail.h"
#include "base/buf.h"
#include "ecosystem/record.h"

#define SHA256 "sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU" /* of nothing */

static bulla_status show(void *context, const bu_record_row *row, bulla_error *err)
{
    (void)err;
    bu_buf *out = context;
    bu_buf_add_format(out, "%u %.*s %s ", row->line, (int)row->path.len, row->path.ptr,
                      bulla_alg_name(row->digest.alg));
    bu_buf_add_format(out, row->has_size ? "%llu\n" : "-\n", (unsigned long long)row->size);
    return BU_OK;
}

static bulla_status read(const char *text, bu_buf *out, bulla_error *err)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    ck_assert_ptr_nonnull(arena);
    return bu_record_read(bu_bytes_of(text), arena, show, out, err);
}

static const struct {
    const char *text, *want;
} good[] = {
    { "a," SHA256 ",0\n", "1 a sha256 0\n" },
    { "a," SHA256 ",0\r\nd/b,,\r\n", "1 a sha256 0\n2 d/b none -\n" },
    { "a," SHA256 ",\n\nb,,", "1 a sha256 -\n3 b none -\n" },
    { "\"a,\"\"b\"\"\"," SHA256 ",7\n", "1 a,\"b\" sha256 7\n" },
    { "\"a\",\"" SHA256 "\",\"7\"\n", "1 a sha256 7\n" },
    { "", "" },
};

START_TEST(rows_are_read)
{
    BU_CLEAR(bu_buf) out = { 0 };
    bulla_error err = { 0 };
    unit_ok(read(good[_i].text, &out, &err), err);
    ck_assert_str_eq(out.ptr == NULL ? "" : (const char *)out.ptr, good[_i].want);
}
END_TEST

static const struct {
    const char *text;
    bulla_code want;
    uint32_t line, column;
} bad[] = {
    { "a\n", BULLA_E_BAD_SYNTAX, 1, 1 },
    { "a,,\nb," SHA256 "\n", BULLA_E_BAD_SYNTAX, 2, 3 },
    { "a,,,\n", BULLA_E_BAD_SYNTAX, 1, 4 },
    { "\"a,,\n", BULLA_E_BAD_SYNTAX, 1, 1 },
    { "\"a\"b,,\n", BULLA_E_BAD_SYNTAX, 1, 1 },
    { "a\"b,,\n", BULLA_E_BAD_SYNTAX, 1, 1 },
    { "\"a\nb\",,\n", BULLA_E_BAD_SYNTAX, 1, 1 }, /* a name that goes on in the next line */
    { "a,md5=1B2M2Y8AsgTpgAmY7PhCfg,0\n", BULLA_E_WEAK_HASH, 1, 3 },
    { "a,sha1=2jmj7l5rSw0yVb_vlWAYkK_YBwk,0\n", BULLA_E_WEAK_HASH, 1, 3 },
    { "a,crc32=x,0\n", BULLA_E_UNSUPPORTED_HASH, 1, 3 },
    { "a,h1=x,0\n", BULLA_E_UNSUPPORTED_HASH, 1, 3 },
    { "a,sha256,0\n", BULLA_E_BAD_ENCODING, 1, 3 },
    { "a," SHA256 "=,0\n", BULLA_E_BAD_ENCODING, 1, 3 },
    { "a,sha256=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU,0\n", BULLA_E_BAD_ENCODING, 1, 3 },
    { "a,sha256=47DEQpj8HBSa,0\n", BULLA_E_BAD_ENCODING, 1, 3 },
    { "a,sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFV,0\n", BULLA_E_BAD_ENCODING, 1, 3 },
    { "a," SHA256 ",-1\n", BULLA_E_BAD_NUMBER, 1, 54 },
    { "a," SHA256 ",1e3\n", BULLA_E_BAD_NUMBER, 1, 54 },
    { "a," SHA256 ",99999999999999999999\n", BULLA_E_BAD_NUMBER, 1, 54 },
    { "a,,\nb\x01,,\n", BULLA_E_CONTROL_CHARACTER, 2, 2 },
    { "a,,\nb\xFF,,\n", BULLA_E_BAD_ENCODING, 2, 2 },
};

START_TEST(what_could_be_read_otherwise_is_refused)
{
    BU_CLEAR(bu_buf) out = { 0 };
    bulla_error err = { 0 };
    unit_fails(read(bad[_i].text, &out, &err), bad[_i].want, err);
    ck_assert_uint_eq(err.line, bad[_i].line);
    ck_assert_uint_eq(err.column, bad[_i].column);
}
END_TEST

START_TEST(every_allocation_may_fail)
{
    for (size_t n = 0;; n++) {
        BU_AUTO(bu_arena) arena = bu_arena_new();
        BU_CLEAR(bu_buf) out = { 0 };
        bulla_error err = { 0 };
        alloc_fail_at(n);
        bulla_status status =
            bu_record_read(BULLA_LIT("\"a\"," SHA256 ",0\n"), arena, show, &out, &err);
        if (!alloc_fail_off()) {
            unit_ok(status, err);
            return;
        }
        if (!out.broken)
            unit_fails(status, BULLA_E_NO_MEMORY, err);
    }
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, rows_are_read, 0, sizeof good / sizeof good[0]);
    tcase_add_loop_test(tc, what_could_be_read_otherwise_is_refused, 0, sizeof bad / sizeof bad[0]);
    tcase_add_test(tc, every_allocation_may_fail);
}

int main(void)
{
    return unit_run("ecosystem/record", add);
}
