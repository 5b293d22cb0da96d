/* SPDX-License-Identifier: MIT */
/* The frame of clear-signed texts: what does not stand inside it word for word was not signed. */
#include "suite.h"

#include "alloc_fail.h"
#include "base/limits.h"
#include "signature/clearsign.h"
#include "signature/packet.h"

#define MESSAGE "-----BEGIN PGP SIGNED MESSAGE-----\n"
#define HASH    "Hash: SHA512\n\n"
#define BEGIN   "-----BEGIN PGP SIGNATURE-----\n\n"
#define BODY    "YWJj\n=uhx7\n"
#define END     "-----END PGP SIGNATURE-----\n"
#define TAIL    BEGIN BODY END

static const struct {
    const char *message;
    bulla_code want;
    const char *text; /* or the words of the refusal */
    uint32_t line, column;
} cases[] = {
    { MESSAGE HASH "a\n" TAIL, BULLA_OK, "a\n", 0, 0 },
    { MESSAGE HASH TAIL, BULLA_OK, "", 0, 0 },
    { MESSAGE HASH "\n\n" TAIL, BULLA_OK, "\n\n", 0, 0 },
    { MESSAGE HASH "a \t \nb\t\n  \n" TAIL, BULLA_OK, "a\nb\n\n", 0, 0 }, /* not hashed */
    { MESSAGE HASH "- a\n- -b\n- - c\n- \n" TAIL, BULLA_OK, "a\n-b\n- c\n\n", 0, 0 },
    { MESSAGE HASH "- " MESSAGE TAIL, BULLA_OK, MESSAGE, 0, 0 },
    { MESSAGE HASH "\xc3\xa4\ta\n" TAIL, BULLA_OK, "\xc3\xa4\ta\n", 0, 0 },
    { "-----BEGIN PGP SIGNED MESSAGE-----\r\nHash: SHA256\r\n\r\na\r\n"
      "-----BEGIN PGP SIGNATURE-----\r\n\r\nYWJj\r\n-----END PGP SIGNATURE-----\r\n",
      BULLA_OK, "a\n", 0, 0 },
    { MESSAGE "Hash: SHA256,SHA512\nHash: SHA384\n\na\n" TAIL, BULLA_OK, "a\n", 0, 0 },
    { MESSAGE HASH "a\n-----BEGIN PGP SIGNATURE-----\nVersion: 1\nComment: x\n\n" BODY END,
      BULLA_OK, "a\n", 0, 0 },
    { MESSAGE HASH "a\n" BEGIN BODY "-----END PGP SIGNATURE-----", BULLA_OK, "a\n", 0, 0 },

    { "", BULLA_E_TRUNCATED, "", 1, 1 },
    { "before\n" MESSAGE HASH "a\n" TAIL, BULLA_E_BAD_SYNTAX, "before", 1, 1 },
    { "\n" MESSAGE HASH "a\n" TAIL, BULLA_E_BAD_SYNTAX, "before", 1, 1 },
    { MESSAGE HASH "a\n" TAIL "after\n", BULLA_E_TRAILING_DATA, "after", 10, 1 },
    { MESSAGE HASH "a\n" TAIL "\n", BULLA_E_TRAILING_DATA, "after", 10, 1 },
    { MESSAGE HASH "a\n" TAIL MESSAGE HASH "b\n" TAIL, BULLA_E_TRAILING_DATA, "after", 10, 1 },
    { "-----BEGIN PGP SIGNED MESSAGE----- \n" HASH "a\n" TAIL, BULLA_E_BAD_SYNTAX, "before", 1, 1 },
    { "-----BEGIN PGP MESSAGE-----\n\n" BODY END, BULLA_E_BAD_SYNTAX, "before", 1, 1 },

    { MESSAGE "\na\n" TAIL, BULLA_E_BAD_SYNTAX, "Hash", 2, 1 }, /* would mean MD5 */
    { MESSAGE "Hash: SHA512\na\n" TAIL, BULLA_E_BAD_SYNTAX, "Hash", 3, 1 },
    { MESSAGE "Hash: SHA512\n \na\n" TAIL, BULLA_E_BAD_SYNTAX, "Hash", 3, 1 },
    { MESSAGE "Hash: SHA1\n\na\n" TAIL, BULLA_E_WEAK_HASH, "SHA1", 2, 7 },
    { MESSAGE "Hash: SHA512,MD5\n\na\n" TAIL, BULLA_E_WEAK_HASH, "MD5", 2, 14 },
    { MESSAGE "Hash: SHA512 text to be seen\n\na\n" TAIL, BULLA_E_BAD_SYNTAX, "hash", 2, 7 },
    { MESSAGE "Hash: \n\na\n" TAIL, BULLA_E_BAD_SYNTAX, "hash", 2, 7 },
    { MESSAGE "Hash: SHA512,\n\na\n" TAIL, BULLA_E_BAD_SYNTAX, "hash", 2, 14 },
    { MESSAGE "hash: SHA512\n\na\n" TAIL, BULLA_E_BAD_SYNTAX, "Hash", 2, 1 },
    { MESSAGE "NotDashEscaped: x\n" HASH "a\n" TAIL, BULLA_E_BAD_SYNTAX, "Hash", 2, 1 },
    { MESSAGE "Charset: utf-8\n" HASH "a\n" TAIL, BULLA_E_BAD_SYNTAX, "Hash", 2, 1 },

    { MESSAGE HASH "-a\n" TAIL, BULLA_E_BAD_SYNTAX, "dash", 4, 1 },
    { MESSAGE HASH "a\n-----BEGIN PGP SIGNATURE----- \n\n" BODY END, BULLA_E_BAD_SYNTAX, "dash", 5,
      1 },
    { MESSAGE HASH "a\n" MESSAGE HASH TAIL, BULLA_E_BAD_SYNTAX, "dash", 5, 1 },
    { MESSAGE HASH "a\x0c"
                   "b\n" TAIL,
      BULLA_E_CONTROL_CHARACTER, "0x0c", 4, 2 },
    { MESSAGE HASH "a\rb\n" TAIL, BULLA_E_CONTROL_CHARACTER, "0x0d", 4, 2 },
    { MESSAGE HASH "a\r\r\n" TAIL, BULLA_E_CONTROL_CHARACTER, "0x0d", 4, 2 },
    { MESSAGE HASH "\x1b[2J\n" TAIL, BULLA_E_CONTROL_CHARACTER, "0x1b", 4, 1 },
    { MESSAGE HASH "a\x7f\n" TAIL, BULLA_E_CONTROL_CHARACTER, "0x7f", 4, 2 },
    { MESSAGE HASH "ab\xff\n" TAIL, BULLA_E_BAD_ENCODING, "UTF-8", 4, 3 },

    { MESSAGE HASH "a\n", BULLA_E_TRUNCATED, "", 5, 1 },
    { MESSAGE HASH "a\n" BEGIN BODY, BULLA_E_TRUNCATED, "", 9, 1 },
    { MESSAGE HASH "a\n-----BEGIN PGP SIGNATURE-----\nX: y\n\n" BODY END, BULLA_E_BAD_SYNTAX,
      "armor header", 6, 1 },
    { MESSAGE HASH "a\n-----BEGIN PGP SIGNATURE-----\n" BODY END, BULLA_E_BAD_SYNTAX,
      "armor header", 6, 1 },
    { MESSAGE HASH "a\n" BEGIN "YW Jj\n" END, BULLA_E_BAD_ENCODING, "base64", 7, 6 },
    { MESSAGE HASH "a\n" BEGIN "YWI=\nYWJj\n" END, BULLA_E_BAD_ENCODING, "base64", 8, 1 },
    { MESSAGE HASH "a\n" BEGIN "YWJj\n\n=uhx7\n" END, BULLA_E_BAD_ENCODING, "base64", 8, 1 },
    { MESSAGE HASH "a\n" BEGIN BODY "YWJj\n" END, BULLA_E_BAD_SYNTAX, "end here", 9, 1 },
    { MESSAGE HASH "a\n" BEGIN BODY "-----END PGP MESSAGE-----\n", BULLA_E_BAD_SYNTAX, "end here",
      9, 1 },
};

START_TEST(frames_are_strict)
{
    BU_CLEAR(bu_clearsigned) message = { 0 };
    bulla_error err = { 0 };
    bulla_status status = bu_clearsigned_read(bu_bytes_of(cases[_i].message), &message, &err);
    ck_assert_msg(status.code == cases[_i].want, "case %d: %s (%s)", _i,
                  bulla_code_name(status.code), err.text);
    if (bulla_ok(status)) {
        ck_assert(bu_bytes_is(bu_buf_bytes(&message.text), cases[_i].text));
        ck_assert(bu_bytes_is(bu_buf_bytes(&message.packets), "abc"));
        return;
    }
    unit_fails(status, cases[_i].want, err);
    ck_assert_msg(err.line == cases[_i].line && err.column == cases[_i].column,
                  "case %d: at %u:%u (%s)", _i, err.line, err.column, err.text);
    ck_assert_msg(strstr(err.text, cases[_i].text) != NULL, "case %d: %s", _i, err.text);
}
END_TEST

/* A C string would end here, and with it what is looked at. */
START_TEST(nul_is_refused)
{
    BU_CLEAR(bu_clearsigned) message = { 0 };
    bulla_error err = { 0 };
    unit_fails(bu_clearsigned_read(BULLA_LIT(MESSAGE HASH "a\0b\n" TAIL), &message, &err),
               BULLA_E_CONTROL_CHARACTER, err);
    ck_assert_uint_eq(err.line, 4);
    ck_assert_uint_eq(err.column, 2);
}
END_TEST

START_TEST(lines_are_bounded)
{
    BU_CLEAR(bu_clearsigned) message = { 0 };
    BU_CLEAR(bu_buf) text = { 0 };
    bulla_error err = { 0 };
    bu_buf_add_text(&text, MESSAGE HASH);
    uint8_t *room = bu_buf_room(&text, BU_LIMIT_LINE_BYTES + 1);
    ck_assert_ptr_nonnull(room);
    memset(room, 'a', BU_LIMIT_LINE_BYTES + 1);
    bu_buf_added(&text, BU_LIMIT_LINE_BYTES + 1);
    bu_buf_add_text(&text, "\n" TAIL);
    unit_fails(bu_clearsigned_read(bu_buf_bytes(&text), &message, &err), BULLA_E_RESOURCE_LIMIT,
               err);
    ck_assert_uint_eq(err.line, 4);
}
END_TEST

static const struct {
    const char *packets;
    size_t len;
    bulla_code want;
    size_t count;
    uint64_t offset;
} packets[] = {
#define P(s) (s), sizeof(s) - 1
    { P("\xc2\x01x"), BULLA_OK, 1, 0 },
    { P("\x88\x01x"), BULLA_OK, 1, 0 },                          /* old format */
    { P("\x89\x00\x01x\x8a\x00\x00\x00\x01x"), BULLA_OK, 2, 0 }, /* in two and four bytes */
    { P("\xc2\xff\x00\x00\x00\x01x\xc2\x00"), BULLA_OK, 2, 0 },  /* in five bytes */
    { P(""), BULLA_E_EMPTY, 0, BU_OFFSET_NONE },
    { P("x"), BULLA_E_BAD_SYNTAX, 0, 0 },
    { P("\xc2"), BULLA_E_BAD_SYNTAX, 0, 0 },
    { P("\xc2\x02x"), BULLA_E_TRUNCATED, 0, 0 },
    { P("\xc2\x01x\xc2\xff\xff\xff\xff\xff"), BULLA_E_TRUNCATED, 0, 3 },
    { P("\xc2\xff\x00\x00"), BULLA_E_BAD_SYNTAX, 0, 0 },
    { P("\xc2\xc0"), BULLA_E_BAD_SYNTAX, 0, 0 },
    { P("\xc2\xe1xx"), BULLA_E_BAD_SYNTAX, 0, 0 },         /* a partial length */
    { P("\x8bx"), BULLA_E_BAD_SYNTAX, 0, 0 },              /* an indeterminate one */
    { P("\xc2\x01x\xcb\x01x"), BULLA_E_BAD_SYNTAX, 0, 3 }, /* a literal: the file is inside */
    { P("\xc4\x01x"), BULLA_E_BAD_SYNTAX, 0, 0 },          /* one-pass */
    { P("\xc8\x01x"), BULLA_E_BAD_SYNTAX, 0, 0 },          /* compressed */
    { P("\xc0\x01x"), BULLA_E_BAD_SYNTAX, 0, 0 },          /* no kind at all */
};

START_TEST(only_signatures_are_inside)
{
    size_t count = 0;
    bulla_error err = { .offset = BU_OFFSET_NONE };
    uint8_t *exact = malloc(packets[_i].len + 1);
    ck_assert_ptr_nonnull(exact);
    memcpy(exact, packets[_i].packets, packets[_i].len);
    bulla_status status =
        bu_packets_only((bulla_bytes){ exact, packets[_i].len }, "\x02", &count, &err);
    free(exact);
    ck_assert_msg(status.code == packets[_i].want, "case %d: %s (%s)", _i,
                  bulla_code_name(status.code), err.text);
    ck_assert_uint_eq(count, packets[_i].count);
    ck_assert(bulla_ok(status) || err.offset == packets[_i].offset);
}
END_TEST

START_TEST(a_packet_of_192_bytes_has_a_length_of_two)
{
    uint8_t packet[3 + 192] = { 0xc2, 0xc0, 0x00 };
    size_t count = 0;
    bulla_error err = { 0 };
    unit_ok(bu_packets_only((bulla_bytes){ packet, sizeof packet }, "\x02", &count, &err), err);
    unit_fails(bu_packets_only((bulla_bytes){ packet, sizeof packet - 1 }, "\x02", &count, &err),
               BULLA_E_TRUNCATED, err);
}
END_TEST

START_TEST(armor_is_the_whole_input)
{
    static const struct {
        const char *text;
        bulla_code want;
        uint32_t line;
    } inputs[] = {
        { TAIL, BULLA_OK, 0 },
        { "\xc2\x01x", BULLA_OK, 0 }, /* binary is as it is */
        { "", BULLA_E_EMPTY, 0 },
        { "text\n" TAIL, BULLA_E_BAD_SYNTAX, 1 },
        { TAIL "text\n", BULLA_E_TRAILING_DATA, 6 },
        { TAIL TAIL, BULLA_E_TRAILING_DATA, 6 },
        { MESSAGE HASH "a\n" TAIL, BULLA_E_BAD_SYNTAX, 1 },
    };
    BU_CLEAR(bu_buf) out = { 0 };
    bulla_error err = { 0 };
    bulla_status status =
        bu_armor_dearmor(bu_bytes_of(inputs[_i].text), "PGP SIGNATURE", &out, &err);
    ck_assert_int_eq(status.code, inputs[_i].want);
    ck_assert_uint_eq(err.line, inputs[_i].line);
}
END_TEST

START_TEST(no_memory_is_said)
{
    for (size_t n = 0;; n++) {
        BU_CLEAR(bu_clearsigned) message = { 0 };
        bulla_error err = { 0 };
        alloc_fail_at(n);
        bulla_status status =
            bu_clearsigned_read(bu_bytes_of(MESSAGE HASH "a\n" TAIL), &message, &err);
        if (!alloc_fail_off()) {
            unit_ok(status, err);
            ck_assert_uint_ge(n, 2);
            break;
        }
        unit_fails(status, BULLA_E_NO_MEMORY, err);
    }
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, frames_are_strict, 0, (int)(sizeof cases / sizeof cases[0]));
    tcase_add_test(tc, nul_is_refused);
    tcase_add_test(tc, lines_are_bounded);
    tcase_add_loop_test(tc, only_signatures_are_inside, 0,
                        (int)(sizeof packets / sizeof packets[0]));
    tcase_add_test(tc, a_packet_of_192_bytes_has_a_length_of_two);
    tcase_add_loop_test(tc, armor_is_the_whole_input, 0, 7);
    tcase_add_test(tc, no_memory_is_said);
}

int main(void)
{
    return unit_run("signature/clearsign", add);
}
