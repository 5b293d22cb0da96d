/* SPDX-License-Identifier: MIT */
/*
 * minisign's signatures as a format: by the key that is trusted, over the digest of the file, and
 * never without the trusted comment.
 */
#include "formats.h"
#include "signature/minisign.h"

typedef struct world {
    bulla_secret_key *signer, *other;
    bu_anchors anchors;
    bu_arena *arena;
    bu_buf signature;
} world;

static bulla_bytes text = { (const uint8_t *)"what is signed", 14 };

static bulla_status digest(void *context, bulla_alg alg, bulla_digest *out, bulla_error *err)
{
    return bu_digest_of(alg, *(const bulla_bytes *)context, out, err);
}

static bu_message message_of(bulla_bytes *bytes)
{
    bu_message message = vouch_message(bytes);
    message.digest = digest;
    return message;
}

static const char *public_of(const bulla_secret_key *key)
{
    BU_CLEAR(bu_buf) out = { 0 };
    bulla_error err = { 0 };
    bulla_status status = bu_minisign_public_write(key, &out, &err);
    unit_ok(status, err);
    return test_text("%s", (const char *)out.ptr);
}

static world new_world(void)
{
    world w = { .signer = test_key(BULLA_KEY_ED25519),
                .other = test_key(BULLA_KEY_ED25519),
                .arena = bu_arena_new() };
    bulla_error err = { 0 };
    bulla_digest over;
    bulla_status status = bu_digest_of(BULLA_ALG_BLAKE2B, text, &over, &err);
    unit_ok(status, err);
    status = bu_minisign_make(w.signer, &over, "a", TEST_NOW, &w.signature, &err);
    unit_ok(status, err);
    w.anchors = vouch_anchors(
        (const char *[]){ public_of(w.other), public_of(w.signer), test_pem(w.signer), NULL });
    return w;
}

static void world_clear(world *w)
{
    bu_anchors_clear(&w->anchors);
    bu_buf_clear(&w->signature);
    bu_arena_free(w->arena);
}
BU_DEFINE_CLEAR(world)

static bulla_status verify(const world *w, bulla_bytes signature, const bu_message *message,
                           bu_vouched *out, bulla_error *err)
{
    const bu_check check = { .content = signature,
                             .file = "a.minisig",
                             .message = message,
                             .anchors = &w->anchors,
                             .now = TEST_NOW,
                             .arena = w->arena };
    const bu_format *format = bu_format_of(signature);
    ck_assert_ptr_nonnull(format);
    return format->verify(&check, out, err);
}

START_TEST(the_key_that_signed_vouches)
{
    BU_CLEAR(world) w = new_world();
    bu_vouched vouched;
    bulla_error err = { 0 };
    const bu_message message = message_of(&text);
    ck_assert_ptr_eq(bu_format_of(bu_buf_bytes(&w.signature)), &bu_format_minisign);
    bulla_status status = verify(&w, bu_buf_bytes(&w.signature), &message, &vouched, &err);
    unit_ok(status, err);
    ck_assert(!vouched.by[0] && vouched.by[1] && vouched.by[2]);
    ck_assert(!vouched.has_time); /* the one in the comment is the signer's word */
}
END_TEST

START_TEST(another_message_is_refused)
{
    BU_CLEAR(world) w = new_world();
    bu_vouched vouched;
    bulla_error err = { 0 };
    bulla_bytes other = BULLA_LIT("what is signeD");
    const bu_message message = message_of(&other);
    bulla_status status = verify(&w, bu_buf_bytes(&w.signature), &message, &vouched, &err);
    unit_fails(status, BULLA_E_BAD_SIGNATURE, err);
    ck_assert(!vouched.wrong[0] && vouched.wrong[1]);
    ck_assert_str_eq(err.file, "a.minisig");
}
END_TEST

START_TEST(another_key_is_not_trusted)
{
    BU_CLEAR(world) w = new_world();
    bu_vouched vouched;
    bulla_error err = { 0 };
    const bu_message message = message_of(&text);
    bu_anchors_clear(&w.anchors);
    w.anchors = vouch_anchors((const char *[]){ public_of(w.other), NULL });
    bulla_status status = verify(&w, bu_buf_bytes(&w.signature), &message, &vouched, &err);
    unit_fails(status, BULLA_E_UNTRUSTED_KEY, err);
    ck_assert_uint_eq(strlen(err.got), 16); /* the number that it names */
}
END_TEST

START_TEST(a_key_counts_while_it_is_valid)
{
    BU_CLEAR(world) w = new_world();
    bu_vouched vouched;
    bulla_error err = { 0 };
    const bu_message message = message_of(&text);
    for (size_t i = 0; i < w.anchors.count; i++)
        w.anchors.items[i].until = TEST_NOW - 1;
    bulla_status status = verify(&w, bu_buf_bytes(&w.signature), &message, &vouched, &err);
    unit_fails(status, BULLA_E_EXPIRED, err);
}
END_TEST

/* The first two lines alone look like signify's; minisign's own key signs no such file. */
START_TEST(without_its_trusted_comment_it_is_nothing)
{
    BU_CLEAR(world) w = new_world();
    bu_vouched vouched;
    bulla_error err = { 0 };
    const bu_message message = message_of(&text);
    const uint8_t *third = memmem(w.signature.ptr, w.signature.len, "\ntrusted", 8);
    w.signature.len = (size_t)(third + 1 - w.signature.ptr);
    bulla_status status = verify(&w, bu_buf_bytes(&w.signature), &message, &vouched, &err);
    unit_fails(status, BULLA_E_UNSUPPORTED_FEATURE, err);
    w.anchors.items[2].key = NULL; /* the PEM one, which does not know whose it is */
    const char *legacy = "untrusted comment: x\n";
    BU_CLEAR(bu_buf) cut = { 0 };
    status = bu_signify_make(w.signer, "x", text, &cut, &err);
    unit_ok(status, err);
    ck_assert(bu_bytes_starts(bu_buf_bytes(&cut), legacy));
    status = verify(&w, bu_buf_bytes(&cut), &message, &vouched, &err);
    unit_fails(status, BULLA_E_UNTRUSTED_KEY, err);
}
END_TEST

START_TEST(what_it_claims_is_told)
{
    BU_CLEAR(world) w = new_world();
    bu_description said = { .arena = w.arena };
    bulla_error err = { 0 };
    bulla_status status =
        bu_format_minisign.describe(bu_buf_bytes(&w.signature), "a.minisig", &said, &err);
    unit_ok(status, err);
    ck_assert_uint_eq(said.count, 4);
    ck_assert_str_eq(said.items[2].label, "trusted comment");
    ck_assert(bu_bytes_starts(said.items[2].text, "timestamp:"));
    const bu_message *nothing = NULL;
    bu_vouched vouched;
    status = verify(&w, bu_buf_bytes(&w.signature), nothing, &vouched, &err);
    unit_fails(status, BULLA_E_FORMAT_MISMATCH, err);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_test(tc, the_key_that_signed_vouches);
    tcase_add_test(tc, another_message_is_refused);
    tcase_add_test(tc, another_key_is_not_trusted);
    tcase_add_test(tc, a_key_counts_while_it_is_valid);
    tcase_add_test(tc, without_its_trusted_comment_it_is_nothing);
    tcase_add_test(tc, what_it_claims_is_told);
}

int main(void)
{
    return unit_run("trust/format_minisign", add);
}
