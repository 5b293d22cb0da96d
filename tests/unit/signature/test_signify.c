/* SPDX-License-Identifier: MIT */
/* signify's files: two lines, nothing else; the number of a key proves nothing. */
#include "keys.h"

#include "base/encode.h"
#include "signature/signify.h"

static const char message[] = "what is signed\n";

static bu_buf signed_by(const bu_secret_key *key)
{
    bu_buf text = { 0 };
    bulla_error err = { 0 };
    unit_ok(bu_signify_make(key, "verify with test.pub", bu_bytes_of(message), &text, &err), err);
    return text;
}

static bulla_status check(bulla_bytes text, const bu_key *key, const char *over, bulla_error *err)
{
    bu_signify_signature signature;
    BU_TRY(bu_signify_parse(text, &signature, err));
    return bu_signify_check(&signature, key, bu_bytes_of(over), err);
}

START_TEST(what_is_made_verifies_and_nothing_else)
{
    bulla_error err = { 0 };
    BU_AUTO(bu_secret_key) key = private_key("throwaway-ed25519.pem");
    BU_AUTO(bu_secret_key) other = NULL;
    BU_AUTO(bu_key) p256 = public_key("p256.pub");
    BU_CLEAR(bu_buf) text = signed_by(key);
    const bu_key *public = bu_secret_key_public(key);
    unit_ok(bu_secret_key_new(BULLA_KEY_ED25519, &other, &err), err);
    unit_ok(check(bu_buf_bytes(&text), public, message, &err), err);
    unit_fails(check(bu_buf_bytes(&text), public, "what is signed", &err), BULLA_E_BAD_SIGNATURE,
               err);
    unit_fails(check(bu_buf_bytes(&text), bu_secret_key_public(other), message, &err),
               BULLA_E_BAD_SIGNATURE, err);
    unit_fails(check(bu_buf_bytes(&text), p256, message, &err), BULLA_E_WRONG_USAGE, err);
}
END_TEST

/* The form that signify itself writes: the number is the beginning of the keyid where there is none. */
START_TEST(the_form_is_exact)
{
    BU_AUTO(bu_secret_key) key = private_key("throwaway-ed25519.pem");
    BU_CLEAR(bu_buf) text = signed_by(key);
    uint8_t number[BU_KEY_NUMBER_BYTES];
    static const uint8_t own[BU_KEY_NUMBER_BYTES] = { 1, 2, 3, 4, 5, 6, 7, 8 };
    bu_signify_signature signature;
    bulla_error err = { 0 };
    unit_ok(bu_signify_parse(bu_buf_bytes(&text), &signature, &err), err);
    ck_assert(bu_bytes_is(signature.comment, "verify with test.pub"));
    ck_assert(bu_bytes_starts(bu_buf_bytes(&text), "untrusted comment: verify with test.pub\nRW"));
    ck_assert_uint_eq(text.len, 40 + 100 + 1);
    bu_signify_number(key, number);
    ck_assert_mem_eq(signature.number, number, sizeof number);
    bu_secret_key_set_number(key, own);
    BU_CLEAR(bu_buf) again = signed_by(key);
    unit_ok(bu_signify_parse(bu_buf_bytes(&again), &signature, &err), err);
    ck_assert_mem_eq(signature.number, own, sizeof own);
}
END_TEST

START_TEST(one_flipped_bit_is_refused)
{
    bulla_error err = { 0 };
    BU_AUTO(bu_secret_key) key = private_key("throwaway-ed25519.pem");
    BU_CLEAR(bu_buf) text = signed_by(key);
    size_t first = bu_bytes_find(bu_buf_bytes(&text), '\n') + 1;
    for (size_t bit = 8 * first; bit < 8 * (text.len - 1); bit++) {
        bu_signify_signature before;
        bu_signify_signature after;
        unit_ok(bu_signify_parse(bu_buf_bytes(&text), &before, &err), err);
        text.ptr[bit / 8] ^= (uint8_t)(1u << bit % 8);
        bulla_status status = check(bu_buf_bytes(&text), bu_secret_key_public(key), message, &err);
        bool same_number = bulla_ok(bu_signify_parse(bu_buf_bytes(&text), &after, &err)) &&
                           memcmp(before.number, after.number, sizeof before.number) == 0;
        ck_assert_msg(!bulla_ok(status) || !same_number, "bit %zu", bit); /* the number is a hint */
        text.ptr[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
}
END_TEST

#define C "untrusted comment: x\n"
#define SIG                                                                                        \
    "RWQBAgMEBQYHCAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"                             \
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

static const struct {
    const char *text;
    bulla_code want;
    uint32_t line, column;
} texts[] = {
    { C SIG "\n", BULLA_OK, 0, 0 },
    { C SIG, BULLA_OK, 0, 0 },
    { "untrusted comment: x\r\n" SIG "\r\n", BULLA_OK, 0, 0 },
    { "untrusted comment: \n" SIG "\n", BULLA_OK, 0, 0 },
    { "", BULLA_E_BAD_SYNTAX, 1, 1 },
    { "Untrusted comment: x\n" SIG "\n", BULLA_E_BAD_SYNTAX, 1, 1 },
    { "untrusted comment:x\n" SIG "\n", BULLA_E_BAD_SYNTAX, 1, 1 },
    { SIG "\n", BULLA_E_BAD_SYNTAX, 1, 1 },
    { "untrusted comment: x\x1b[2J\n" SIG "\n", BULLA_E_CONTROL_CHARACTER, 1, 21 },
    { "untrusted comment: x", BULLA_E_TRUNCATED, 2, 1 },
    { C, BULLA_E_TRUNCATED, 2, 1 },
    { C "\n" SIG "\n", BULLA_E_TRUNCATED, 2, 1 },
    { C "RWQB!gME\n", BULLA_E_BAD_ENCODING, 2, 5 },
    { C "RWQBAgME\n", BULLA_E_BAD_ENCODING, 2, 1 }, /* too short */
    { C "RUQBAgMEBQYHCAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
      BULLA_E_UNSUPPORTED_FEATURE, 2, 1 },                      /* minisign's prehashed */
    { C SIG "\nmessage\n", BULLA_E_UNSUPPORTED_FEATURE, 3, 1 }, /* signify -e */
    { C SIG "\n\n", BULLA_E_UNSUPPORTED_FEATURE, 3, 1 },
    { "\x1f\x8b\x08\x10", BULLA_E_UNSUPPORTED_FEATURE, 0, 0 }, /* signify -z */
};

START_TEST(files_are_read_strictly)
{
    bu_signify_signature signature;
    bulla_error err = { 0 };
    bulla_status status = bu_signify_parse(bu_bytes_of(texts[_i].text), &signature, &err);
    ck_assert_msg(status.code == texts[_i].want, "case %d: %s (%s)", _i,
                  bulla_code_name(status.code), err.text);
    ck_assert_uint_eq(err.line, texts[_i].line);
    ck_assert_uint_eq(err.column, texts[_i].column);
}
END_TEST

START_TEST(public_keys_go_round)
{
    bulla_error err = { 0 };
    uint8_t number[BU_KEY_NUMBER_BYTES];
    BU_AUTO(bu_secret_key) key = private_key("throwaway-ed25519.pem");
    BU_AUTO(bu_secret_key) p256 = private_key("throwaway-p256.pem");
    BU_AUTO(bu_key) read = NULL;
    BU_AUTO(bu_key) bare = NULL;
    BU_CLEAR(bu_buf) text = { 0 };
    unit_ok(bu_signify_public_write(key, "test public key", &text, &err), err);
    unit_ok(bu_signify_public_read(bu_buf_bytes(&text), &read, number, &err), err);
    ck_assert(bu_key_equal(read, bu_secret_key_public(key)));
    bulla_bytes line =
        bu_bytes_from(bu_buf_bytes(&text), strlen("untrusted comment: test public key\n"));
    unit_ok(bu_signify_public_read(line, &bare, number, &err), err);
    ck_assert(bu_key_equal(bare, read));
    unit_fails(bu_signify_public_write(p256, "x", &text, &err), BULLA_E_WRONG_USAGE, err);
}
END_TEST

static const struct {
    const char *text;
    bulla_code want;
} keys[] = {
    { C "RWQBAgMEBQYHCNdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea\n",
      BULLA_OK }, /* RFC 8032, 7.1 */
    { C "RWQBAgMEBQYHCNdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea\nx", BULLA_E_TRAILING_DATA },
    { C "RUQBAgMEBQYHCNdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea\n", BULLA_E_UNSUPPORTED_FEATURE },
    { C "RWQBAgMEBQYHCAEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n", BULLA_E_WEAK_KEY },
    { C "RWQBAgMEBQYHCNdamAGCsQq3\n", BULLA_E_BAD_KEY },
    { C SIG "\n", BULLA_E_BAD_KEY },
};

START_TEST(public_keys_are_read_strictly)
{
    uint8_t number[BU_KEY_NUMBER_BYTES];
    bulla_error err = { 0 };
    BU_AUTO(bu_key) key = NULL;
    bulla_status status = bu_signify_public_read(bu_bytes_of(keys[_i].text), &key, number, &err);
    ck_assert_msg(status.code == keys[_i].want, "case %d: %s (%s)", _i,
                  bulla_code_name(status.code), err.text);
    ck_assert(bulla_ok(status) == (key != NULL));
}
END_TEST

START_TEST(a_comment_hides_nothing)
{
    static const char *const comments[] = { "a\nb", "a\tb", "a\x1b[1m", "a\xe2\x80\xae" };
    bulla_error err = { 0 };
    BU_CLEAR(bu_buf) text = { 0 };
    BU_AUTO(bu_secret_key) key = private_key("throwaway-ed25519.pem");
    for (size_t i = 0; i < sizeof comments / sizeof comments[0]; i++)
        unit_fails(bu_signify_make(key, comments[i], bu_bytes_of(message), &text, &err),
                   BULLA_E_CONTROL_CHARACTER, err);
    ck_assert_uint_eq(text.len, 0);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_test(tc, what_is_made_verifies_and_nothing_else);
    tcase_add_test(tc, the_form_is_exact);
    tcase_add_test(tc, one_flipped_bit_is_refused);
    tcase_add_loop_test(tc, files_are_read_strictly, 0, (int)(sizeof texts / sizeof texts[0]));
    tcase_add_test(tc, public_keys_go_round);
    tcase_add_loop_test(tc, public_keys_are_read_strictly, 0, (int)(sizeof keys / sizeof keys[0]));
    tcase_add_test(tc, a_comment_hides_nothing);
}

int main(void)
{
    return unit_run("signature/signify", add);
}
