/* SPDX-License-Identifier: MIT */
/* PEM: one block, one way to write it. A lax reader lets two files be one key, and text hide. */
#include "suite.h"

#include "signature/pem.h"

#define BEGIN "-----BEGIN X-----\n"
#define END   "-----END X-----\n"
#define FULL  "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3\n"

static const struct {
    const char *text;
    bulla_code want;
    const char *bytes;
    uint64_t offset;
} cases[] = {
    { BEGIN "YWJj\n" END, BULLA_OK, "abc", 0 },
    { "\n \t" BEGIN "YWJj\n" END "\r\n \n", BULLA_OK, "abc", 0 },
    { "-----BEGIN X-----\r\nYWJj\r\n-----END X-----\r\n", BULLA_OK, "abc", 0 },
    { BEGIN "YWJj\n-----END X-----", BULLA_OK, "abc", 0 },
    { BEGIN "YWJj\nYWI=\n" END, BULLA_OK, "abcab", 0 },
    { BEGIN END, BULLA_OK, "", 0 },
    { "", BULLA_E_BAD_ENCODING, NULL, 0 },
    { "YWJj\n", BULLA_E_BAD_ENCODING, NULL, 0 },
    { "text\n" BEGIN "YWJj\n" END, BULLA_E_BAD_ENCODING, NULL, 0 },
    { BEGIN "YWJj\n" END "text", BULLA_E_TRAILING_DATA, NULL, 39 },
    { BEGIN "YWJj\n" END BEGIN "YWJj\n" END, BULLA_E_TRAILING_DATA, NULL, 39 },
    { BEGIN "YWJj\n", BULLA_E_TRUNCATED, NULL, 23 },
    { "-----BEGIN X-----", BULLA_E_TRUNCATED, NULL, 17 },
    { "-----BEGIN Y-----\nYWJj\n-----END Y-----\n", BULLA_E_FORMAT_MISMATCH, NULL, 0 },
    { BEGIN "YWJj\n-----END Y-----\n", BULLA_E_BAD_ENCODING, NULL, 23 },
    { BEGIN "YWJj\n-----BEGIN X-----\n", BULLA_E_BAD_ENCODING, NULL, 23 },
    { BEGIN "\nYWJj\n" END, BULLA_E_BAD_ENCODING, NULL, 18 },                   /* blank line */
    { BEGIN "Proc-Type: 4,ENCRYPTED\n\n" END, BULLA_E_BAD_ENCODING, NULL, 22 }, /* headers */
    { BEGIN "YW Jj\n" END, BULLA_E_BAD_ENCODING, NULL, 20 },
    { BEGIN " YWJj\n" END, BULLA_E_BAD_ENCODING, NULL, 18 },
    { BEGIN "YWI\n" END, BULLA_E_BAD_ENCODING, NULL, 22 },
    { BEGIN "YWJjYW\nJj\n" END, BULLA_OK, "abcabc", 0 }, /* a group over the end of a line */
    { BEGIN "Y\nW\nJ\nj\n" END, BULLA_OK, "abc", 0 },
    { BEGIN "YWJjY\nWJ\n" END, BULLA_E_BAD_ENCODING, NULL, 27 },
    { BEGIN "YW\nJ=\n" END, BULLA_E_BAD_ENCODING, NULL, 21 }, /* spare bits in such a group */
    { BEGIN "YW\nI=\nYWJj\n" END, BULLA_E_BAD_ENCODING, NULL, 24 },
    { BEGIN "YWJ=\n" END, BULLA_E_BAD_ENCODING, NULL, 20 },       /* spare bits */
    { BEGIN "YWI=\nYWJj\n" END, BULLA_E_BAD_ENCODING, NULL, 23 }, /* after the padding */
    { BEGIN "YW-_\n" END, BULLA_E_BAD_ENCODING, NULL, 20 },       /* the other alphabet */
    { "-----BEGIN X----\nYWJj\n" END, BULLA_E_BAD_ENCODING, NULL, 0 },
    { "-----BEGIN -----\nYWJj\n-----END -----\n", BULLA_E_BAD_ENCODING, NULL, 0 },
};

START_TEST(pem_is_strict)
{
    BU_CLEAR(bu_buf) out = { 0 };
    bulla_error err = { .code = BULLA_OK };
    bulla_status status = bu_pem_decode(bu_bytes_of(cases[_i].text), "X", &out, &err);
    ck_assert_msg(status.code == cases[_i].want, "case %d: %s (%s)", _i,
                  bulla_code_name(status.code), err.text);
    if (bulla_ok(status)) {
        ck_assert(bu_bytes_is(bu_buf_bytes(&out), cases[_i].bytes));
        return;
    }
    ck_assert_msg(err.offset == cases[_i].offset, "case %d: offset %llu", _i,
                  (unsigned long long)err.offset);
}
END_TEST

START_TEST(pem_is_written_in_lines_of_64)
{
    BU_CLEAR(bu_buf) out = { 0 };
    bu_pem_encode(BULLA_LIT("012345678901234567890123456789012345678901234567a"), "X", &out);
    ck_assert_str_eq((const char *)out.ptr, BEGIN FULL "YQ==\n" END);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, pem_is_strict, 0, (int)(sizeof cases / sizeof cases[0]));
    tcase_add_test(tc, pem_is_written_in_lines_of_64);
}

int main(void)
{
    return unit_run("signature/pem", add);
}
