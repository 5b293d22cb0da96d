/* SPDX-License-Identifier: MIT */
/* Extension records: one that is read differently elsewhere renames or resizes a member. */
#include "suite.h"

#include "archive/pax.h"
#include "build.h"

static const struct {
    bulla_bytes body;
    bool global;
    bulla_code want;
    uint64_t offset;
} cases[] = {
    { BUILD_BYTES(""), false, BULLA_OK, 0 },
    { BUILD_BYTES("10 path=a\n"), false, BULLA_OK, 0 },
    { BUILD_BYTES("10 path=a\n14 linkpath=b\n9 size=7\n"), false, BULLA_OK, 0 },
    { BUILD_BYTES("12 comment=\n"), true, BULLA_OK, 0 },
    { BUILD_BYTES("25 SCHILY.xattr.user.a=\0\n"), false, BULLA_OK, 0 },
    { BUILD_BYTES("38 hdrcharset=ISO-IR 10646 2000 UTF-8\n"), true, BULLA_OK, 0 },
    /* the length */
    { BUILD_BYTES("9 path=a\n"), false, BULLA_OK, 0 },
    { BUILD_BYTES("8 path=a\n"), false, BULLA_E_BAD_HEADER, 0 },
    { BUILD_BYTES("11 path=a\n"), false, BULLA_E_BAD_HEADER, 0 },
    { BUILD_BYTES("010 path=a\n"), false, BULLA_E_BAD_HEADER, 0 },
    { BUILD_BYTES(" 10 path=a\n"), false, BULLA_E_BAD_HEADER, 0 },
    { BUILD_BYTES("+9 path=a\n"), false, BULLA_E_BAD_HEADER, 0 },
    { BUILD_BYTES("-9 path=a\n"), false, BULLA_E_BAD_HEADER, 0 },
    { BUILD_BYTES("0 path=a\n"), false, BULLA_E_BAD_HEADER, 0 },
    { BUILD_BYTES("2 "), false, BULLA_E_BAD_HEADER, 0 },
    { BUILD_BYTES("18446744073709551626 path=a\n"), false, BULLA_E_BAD_HEADER, 0 },
    { BUILD_BYTES("10\tpath=a\n"), false, BULLA_E_BAD_HEADER, 0 },
    { BUILD_BYTES("9 path=a\n\n"), false, BULLA_E_BAD_HEADER, 9 },
    /* the parts */
    { BUILD_BYTES("6 abc\n"), false, BULLA_E_BAD_HEADER, 0 },
    { BUILD_BYTES("5 =a\n"), false, BULLA_E_BAD_HEADER, 0 },
    { BUILD_BYTES("8 path=\n"), false, BULLA_E_BAD_HEADER, 0 },
    { BUILD_BYTES("9 size=x\n"), false, BULLA_E_BAD_NUMBER, 0 },
    { BUILD_BYTES("10 size=-1\n"), false, BULLA_E_BAD_HEADER, 0 },
    { BUILD_BYTES("11 size=-1\n"), false, BULLA_E_BAD_NUMBER, 0 },
    { BUILD_BYTES("11 size=1 \n"), false, BULLA_E_BAD_NUMBER, 0 },
    { BUILD_BYTES("30 size=18446744073709551616\n"), false, BULLA_E_BAD_HEADER, 0 },
    { BUILD_BYTES("29 size=18446744073709551616\n"), false, BULLA_E_BAD_NUMBER, 0 },
    /* twice */
    { BUILD_BYTES("9 path=a\n9 path=b\n"), false, BULLA_E_AMBIGUOUS_ARCHIVE, 9 },
    { BUILD_BYTES("14 linkpath=a\n14 linkpath=a\n"), false, BULLA_E_AMBIGUOUS_ARCHIVE, 14 },
    { BUILD_BYTES("9 size=1\n9 size=1\n"), false, BULLA_E_AMBIGUOUS_ARCHIVE, 9 },
    /* what only some readers know */
    { BUILD_BYTES("22 GNU.sparse.major=1\n"), false, BULLA_E_UNSUPPORTED_FEATURE, 0 },
    { BUILD_BYTES("21 SCHILY.realsize=1\n"), false, BULLA_E_UNSUPPORTED_FEATURE, 0 },
    { BUILD_BYTES("9 PATH=a\n"), false, BULLA_E_UNSUPPORTED_FEATURE, 0 },
    { BUILD_BYTES("11 mtime2=1\n"), false, BULLA_E_BAD_HEADER, 0 },
    { BUILD_BYTES("21 hdrcharset=BINARY\n"), false, BULLA_E_UNSUPPORTED_FEATURE, 0 },
    /* what is said of all members at once */
    { BUILD_BYTES("9 path=a\n"), true, BULLA_E_AMBIGUOUS_ARCHIVE, 0 },
    { BUILD_BYTES("14 linkpath=a\n"), true, BULLA_E_AMBIGUOUS_ARCHIVE, 0 },
    { BUILD_BYTES("9 size=1\n"), true, BULLA_E_AMBIGUOUS_ARCHIVE, 0 },
};

START_TEST(records_are_strict)
{
    bu_pax pax;
    bulla_error err = { 0 };
    bulla_status status = bu_pax_read(cases[_i].body, cases[_i].global, &pax, &err);
    ck_assert_msg(status.code == cases[_i].want, "%.*s: %s %s", (int)cases[_i].body.len,
                  (const char *)cases[_i].body.ptr, bulla_code_name(status.code), err.text);
    if (!bulla_ok(status))
        ck_assert_uint_eq(err.offset, cases[_i].offset);
}
END_TEST

START_TEST(records_say_what_they_say)
{
    bu_pax pax;
    bulla_error err = { 0 };
    unit_ok(bu_pax_read(BULLA_LIT("12 path=a=b\n14 linkpath=c\n12 mtime=1\n\n11 size=42\n"), false,
                        &pax, &err),
            err);
    ck_assert(bu_bytes_is(pax.path, "a=b"));
    ck_assert(bu_bytes_is(pax.link, "c"));
    ck_assert(pax.has_size);
    ck_assert_uint_eq(pax.size, 42);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, records_are_strict, 0, sizeof cases / sizeof cases[0]);
    tcase_add_test(tc, records_say_what_they_say);
}

int main(void)
{
    return unit_run("archive/pax", add);
}
