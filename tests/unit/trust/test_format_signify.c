/* SPDX-License-Identifier: MIT */
/* signify's signatures as a format: the number of a key narrows the search and proves nothing. */
#include "formats.h"
#include "signature/signify.h"

typedef struct world {
    bulla_secret_key *signer, *other;
    bu_anchors anchors;
    bu_arena *arena;
    bu_buf signature;
} world;

static bulla_bytes text = { (const uint8_t *)"what is signed", 14 };

static const char *public_of(const bulla_secret_key *key, const char *comment)
{
    BU_CLEAR(bu_buf) out = { 0 };
    bulla_error err = { 0 };
    bulla_status status = bu_signify_public_write(key, comment, &out, &err);
    unit_ok(status, err);
    return test_text("%s", (const char *)out.ptr);
}

static world new_world(const char *comment)
{
    world w = { .signer = test_key(BULLA_KEY_ED25519),
                .other = test_key(BULLA_KEY_ED25519),
                .arena = bu_arena_new() };
    bulla_error err = { 0 };
    bulla_status status = bu_signify_make(w.signer, "verify with a.pub", text, &w.signature, &err);
    unit_ok(status, err);
    w.anchors = vouch_anchors(
        (const char *[]){ public_of(w.other, comment), public_of(w.signer, comment), NULL });
    return w;
}

static void world_clear(world *w)
{
    bu_anchors_clear(&w->anchors);
    bu_buf_clear(&w->signature);
    bu_arena_free(w->arena);
}
BU_DEFINE_CLEAR(world)

static bulla_status verify(const world *w, bulla_bytes *bytes, bu_vouched *out, bulla_error *err)
{
    const bu_message message = vouch_message(bytes);
    const bu_check check = { .content = bu_buf_bytes(&w->signature),
                             .file = "a.sig",
                             .message = &message,
                             .anchors = &w->anchors,
                             .now = TEST_NOW,
                             .arena = w->arena };
    ck_assert_ptr_eq(bu_format_of(check.content), &bu_format_signify);
    return bu_format_signify.verify(&check, out, err);
}

START_TEST(the_key_that_signed_vouches)
{
    BU_CLEAR(world) w = new_world("signify public key");
    bu_vouched vouched;
    bulla_error err = { 0 };
    bulla_bytes other = BULLA_LIT("what is signeD");
    bulla_status status = verify(&w, &text, &vouched, &err);
    unit_ok(status, err);
    ck_assert(!vouched.by[0] && vouched.by[1]);
    status = verify(&w, &other, &vouched, &err);
    unit_fails(status, BULLA_E_BAD_SIGNATURE, err);
    ck_assert(!vouched.wrong[0] && vouched.wrong[1]);
}
END_TEST

/* Another key with the same number is tried, and does not vouch. */
START_TEST(a_number_proves_nothing)
{
    BU_CLEAR(world) w = new_world("signify public key");
    bu_vouched vouched;
    bulla_error err = { 0 };
    w.anchors.items[0].hint = w.anchors.items[1].hint;
    bulla_status status = verify(&w, &text, &vouched, &err);
    unit_ok(status, err);
    ck_assert(!vouched.by[0] && vouched.by[1]);
    w.anchors.items[1].hint = BULLA_LIT("12345678");
    status = verify(&w, &text, &vouched, &err);
    unit_fails(status, BULLA_E_BAD_SIGNATURE, err);
}
END_TEST

START_TEST(a_key_of_minisign_signs_no_such_file)
{
    BU_CLEAR(world) w = new_world("minisign public key 0");
    bu_vouched vouched;
    bulla_error err = { 0 };
    bulla_status status = verify(&w, &text, &vouched, &err);
    unit_fails(status, BULLA_E_UNTRUSTED_KEY, err);
}
END_TEST

START_TEST(a_message_in_the_same_file_is_refused)
{
    BU_CLEAR(world) w = new_world("signify public key");
    bu_vouched vouched;
    bulla_error err = { 0 };
    bu_buf_add(&w.signature, text);
    bulla_status status = verify(&w, &text, &vouched, &err);
    unit_fails(status, BULLA_E_UNSUPPORTED_FEATURE, err);
    ck_assert_uint_eq(err.line, 3);
}
END_TEST

START_TEST(what_it_claims_is_told)
{
    BU_CLEAR(world) w = new_world("x");
    bu_description said = { .arena = w.arena };
    bulla_error err = { 0 };
    bulla_status status =
        bu_format_signify.describe(bu_buf_bytes(&w.signature), "a.sig", &said, &err);
    unit_ok(status, err);
    ck_assert_uint_eq(said.count, 2);
    ck_assert(bu_bytes_is(said.items[1].text, "verify with a.pub"));
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_test(tc, the_key_that_signed_vouches);
    tcase_add_test(tc, a_number_proves_nothing);
    tcase_add_test(tc, a_key_of_minisign_signs_no_such_file);
    tcase_add_test(tc, a_message_in_the_same_file_is_refused);
    tcase_add_test(tc, what_it_claims_is_told);
}

int main(void)
{
    return unit_run("trust/format_signify", add);
}
