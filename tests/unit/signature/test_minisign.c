/* SPDX-License-Identifier: MIT */
/* minisign's files: what the trusted comment says counts only with its own signature. */
#include "keys.h"

#include "alloc_fail.h"
#include "base/encode.h"
#include "digest/hasher.h"
#include "signature/minisign.h"

#define TIME INT64_C(1795219200)

static bulla_digest digest_of(const char *text)
{
    bulla_digest digest;
    bulla_error err = { 0 };
    unit_ok(bu_digest_of(BULLA_ALG_BLAKE2B, bu_bytes_of(text), &digest, &err), err);
    return digest;
}

static bu_buf made_by(const bu_secret_key *key, const char *message)
{
    bu_buf text = { 0 };
    bulla_error err = { 0 };
    bulla_digest digest = digest_of(message);
    unit_ok(bu_minisign_make(key, &digest, "file.txt", TIME, &text, &err), err);
    return text;
}

static bulla_status check(bulla_bytes text, const bu_key *key, const char *message,
                          bulla_error *err)
{
    bu_minisign_signature signature;
    bulla_digest digest = digest_of(message);
    BU_TRY(bu_minisign_parse(text, &signature, err));
    bulla_bytes signed_bytes =
        signature.prehashed ? (bulla_bytes){ digest.bytes, digest.len } : bu_bytes_of(message);
    return bu_minisign_check(&signature, key, signed_bytes, err);
}

START_TEST(what_is_made_verifies_and_says_what_minisign_says)
{
    bulla_error err = { 0 };
    bu_minisign_signature signature;
    BU_AUTO(bu_secret_key) key = private_key("throwaway-ed25519.pem");
    BU_CLEAR(bu_buf) text = made_by(key, "message");
    unit_ok(check(bu_buf_bytes(&text), bu_secret_key_public(key), "message", &err), err);
    unit_fails(check(bu_buf_bytes(&text), bu_secret_key_public(key), "messagE", &err),
               BULLA_E_BAD_SIGNATURE, err);
    unit_ok(bu_minisign_parse(bu_buf_bytes(&text), &signature, &err), err);
    ck_assert(signature.prehashed);
    ck_assert(bu_bytes_is(signature.trusted, "timestamp:1795219200\tfile:file.txt\thashed"));
}
END_TEST

/* "Ed" over the bytes, which older versions wrote: put together here, as bulla makes none. */
static bu_buf legacy(const bu_secret_key *key, const char *message, const char *trusted)
{
    bu_buf text = { 0 };
    BU_CLEAR(bu_buf) bound = { 0 };
    BU_CLEAR(bu_buf) second = { 0 };
    bu_signify_signature first;
    bulla_error err = { 0 };
    unit_ok(bu_signify_make(key, "x", bu_bytes_of(message), &text, &err), err);
    unit_ok(bu_signify_parse(bu_buf_bytes(&text), &first, &err), err);
    bu_buf_add(&bound, (bulla_bytes){ first.signature, sizeof first.signature });
    bu_buf_add_text(&bound, trusted);
    unit_ok(bu_sign(key, bu_algorithm_by_name(BULLA_LIT("ed25519")), bu_buf_bytes(&bound), &second,
                    &err),
            err);
    bu_signify_put("trusted comment: ", trusted, bu_buf_bytes(&second), &text);
    return text;
}

START_TEST(legacy_signatures_are_over_the_bytes)
{
    bulla_error err = { 0 };
    BU_AUTO(bu_secret_key) key = private_key("throwaway-ed25519.pem");
    BU_CLEAR(bu_buf) text = legacy(key, "message", "timestamp:1\tfile:a");
    unit_ok(check(bu_buf_bytes(&text), bu_secret_key_public(key), "message", &err), err);
    unit_fails(check(bu_buf_bytes(&text), bu_secret_key_public(key), "messagE", &err),
               BULLA_E_BAD_SIGNATURE, err);
}
END_TEST

/* Every bit but those of the untrusted comment and of the key number, which is a hint. */
START_TEST(one_flipped_bit_is_refused)
{
    bulla_error err = { 0 };
    BU_AUTO(bu_secret_key) key = private_key("throwaway-ed25519.pem");
    BU_CLEAR(bu_buf) text = _i == 0 ? made_by(key, "message") : legacy(key, "message", "trusted");
    size_t first = bu_bytes_find(bu_buf_bytes(&text), '\n') + 1;
    for (size_t bit = 8 * first; bit < 8 * (text.len - 1); bit++) {
        size_t character = bit / 8 - first; /* of the first base64: 10 bytes are in front */
        if (character >= 2 && character < 14)
            continue;
        text.ptr[bit / 8] ^= (uint8_t)(1u << bit % 8);
        bulla_status status =
            check(bu_buf_bytes(&text), bu_secret_key_public(key), "message", &err);
        ck_assert_msg(!bulla_ok(status), "bit %zu", bit);
        text.ptr[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
}
END_TEST

START_TEST(a_trusted_comment_of_another_signature_is_refused)
{
    bulla_error err = { 0 };
    BU_AUTO(bu_secret_key) key = private_key("throwaway-ed25519.pem");
    BU_CLEAR(bu_buf) text = made_by(key, "message");
    BU_CLEAR(bu_buf) other = made_by(key, "another");
    /* The first two lines of one, the last two of the other. */
    const uint8_t *mine = memmem(text.ptr, text.len, "trusted comment: t", 18);
    const uint8_t *theirs = memmem(other.ptr, other.len, "trusted comment: t", 18);
    ck_assert_uint_eq((size_t)(mine - text.ptr), (size_t)(theirs - other.ptr));
    memcpy(text.ptr + (mine - text.ptr), theirs, text.len - (size_t)(mine - text.ptr));
    unit_fails(check(bu_buf_bytes(&text), bu_secret_key_public(key), "message", &err),
               BULLA_E_BAD_SIGNATURE, err);
    ck_assert(strstr(err.text, "trusted comment") != NULL);
}
END_TEST

#define Z40 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define C   "untrusted comment: x\n"
#define SIG "RUQBAgMEBQYH" Z40 Z40 "AAAAAAA=\n"
#define T   "trusted comment: y\n"
#define G   Z40 Z40 "AAAAAA==\n"

static const struct {
    const char *text;
    bulla_code want;
    uint32_t line, column;
} texts[] = {
    { C SIG T G, BULLA_OK, 0, 0 },
    { C SIG, BULLA_E_TRUNCATED, 3, 1 },
    { C SIG T, BULLA_E_TRUNCATED, 4, 1 },
    { C SIG "Trusted comment: y\n" G, BULLA_E_BAD_SYNTAX, 3, 1 },
    { C SIG T "AAAA\n", BULLA_E_BAD_ENCODING, 4, 1 },
    { C SIG T G "x", BULLA_E_TRAILING_DATA, 5, 1 },
    { C SIG T G "\n", BULLA_E_TRAILING_DATA, 5, 1 },
    { C SIG "trusted comment: \x1b[31mred\n" G, BULLA_E_CONTROL_CHARACTER, 3, 18 },
    { C "RVQBAgMEBQYH" Z40 Z40 "AAAAAAA=\n" T G, BULLA_E_UNSUPPORTED_FEATURE, 2, 1 },
};

START_TEST(files_are_read_strictly)
{
    bu_minisign_signature signature;
    bulla_error err = { 0 };
    bulla_status status = bu_minisign_parse(bu_bytes_of(texts[_i].text), &signature, &err);
    ck_assert_msg(status.code == texts[_i].want, "case %d: %s (%s)", _i,
                  bulla_code_name(status.code), err.text);
    ck_assert_uint_eq(err.line, texts[_i].line);
    ck_assert_uint_eq(err.column, texts[_i].column);
}
END_TEST

START_TEST(what_cannot_be_signed_is_said)
{
    bulla_error err = { 0 };
    BU_CLEAR(bu_buf) text = { 0 };
    BU_AUTO(bu_secret_key) key = private_key("throwaway-ed25519.pem");
    BU_AUTO(bu_secret_key) p256 = private_key("throwaway-p256.pem");
    bulla_digest digest = digest_of("message");
    bulla_digest sha512;
    unit_ok(bu_digest_of(BULLA_ALG_SHA512, BULLA_LIT("message"), &sha512, &err), err);
    unit_fails(bu_minisign_make(key, &sha512, "a", TIME, &text, &err), BULLA_E_WRONG_USAGE, err);
    unit_fails(bu_minisign_make(p256, &digest, "a", TIME, &text, &err), BULLA_E_WRONG_USAGE, err);
    unit_fails(bu_minisign_make(key, &digest, "a", -1, &text, &err), BULLA_E_BAD_TIME, err);
    unit_fails(bu_minisign_make(key, &digest, "a\nuntrusted", TIME, &text, &err),
               BULLA_E_CONTROL_CHARACTER, err);
    ck_assert_uint_eq(text.len, 0);
}
END_TEST

START_TEST(no_memory_is_said)
{
    BU_AUTO(bu_secret_key) key = private_key("throwaway-ed25519.pem");
    BU_CLEAR(bu_buf) text = made_by(key, "message");
    bulla_digest digest = digest_of("message");
    for (size_t n = 0;; n++) {
        bulla_error err = { 0 };
        bu_minisign_signature signature;
        alloc_fail_at(n);
        bulla_status status = bu_minisign_parse(bu_buf_bytes(&text), &signature, &err);
        if (bulla_ok(status))
            status = bu_minisign_check(&signature, bu_secret_key_public(key),
                                       (bulla_bytes){ digest.bytes, digest.len }, &err);
        if (!alloc_fail_off()) {
            unit_ok(status, err);
            ck_assert_uint_ge(n, 3);
            return;
        }
        unit_fails(status, BULLA_E_NO_MEMORY, err);
    }
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_test(tc, what_is_made_verifies_and_says_what_minisign_says);
    tcase_add_test(tc, legacy_signatures_are_over_the_bytes);
    tcase_add_loop_test(tc, one_flipped_bit_is_refused, 0, 2);
    tcase_add_test(tc, a_trusted_comment_of_another_signature_is_refused);
    tcase_add_loop_test(tc, files_are_read_strictly, 0, (int)(sizeof texts / sizeof texts[0]));
    tcase_add_test(tc, what_cannot_be_signed_is_said);
    tcase_add_test(tc, no_memory_is_said);
}

int main(void)
{
    return unit_run("signature/minisign", add);
}
