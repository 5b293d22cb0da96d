/* SPDX-License-Identifier: MIT */
/*
 * Bare signatures as a format: as bytes and as base64, by the key given and by no other.
 */
#include "base/encode.h"
#include "formats.h"

typedef struct world {
    bulla_secret_key *signer, *other;
    bu_anchors anchors; /* the signer alone */
    bu_arena *arena;
    bu_buf signature;
} world;

static const bulla_key_kind kinds[] = { BULLA_KEY_ED25519, BULLA_KEY_ECDSA_P256 };
static bulla_bytes text = { (const uint8_t *)"what is signed", 14 };

static world new_world(bulla_key_kind kind)
{
    world w = { .signer = test_key(kind), .other = test_key(kind), .arena = bu_arena_new() };
    bulla_error err = { 0 };
    w.anchors = vouch_anchors((const char *[]){ test_pem(w.signer), NULL });
    const bu_algorithm *own = bu_algorithm_of_key(bu_secret_key_public(w.signer));
    bulla_status status = bu_sign(w.signer, own, text, &w.signature, &err);
    unit_ok(status, err);
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
                           bulla_error *err)
{
    bu_vouched vouched;
    const bu_check check = { .content = signature,
                             .file = "a.sig",
                             .message = message,
                             .anchors = &w->anchors,
                             .now = TEST_NOW,
                             .arena = w->arena };
    return bu_format_raw.verify(&check, &vouched, err);
}

START_TEST(bytes_and_base64_are_one_signature)
{
    BU_CLEAR(world) w = new_world(kinds[_i]);
    BU_CLEAR(bu_buf) base64 = { 0 };
    bulla_error err = { 0 };
    const bu_message message = vouch_message(&text);
    bulla_status status = verify(&w, bu_buf_bytes(&w.signature), &message, &err);
    unit_ok(status, err);
    bu_base64_encode(bu_buf_bytes(&w.signature), &base64);
    bu_buf_add_byte(&base64, '\n');
    status = verify(&w, bu_buf_bytes(&base64), &message, &err);
    unit_ok(status, err);
}
END_TEST

START_TEST(another_message_or_key_is_refused)
{
    BU_CLEAR(world) w = new_world(kinds[_i]);
    bulla_error err = { 0 };
    bulla_bytes other = BULLA_LIT("what is signeD");
    bu_message message = vouch_message(&other);
    bulla_status status = verify(&w, bu_buf_bytes(&w.signature), &message, &err);
    unit_fails(status, BULLA_E_BAD_SIGNATURE, err);
    message = vouch_message(&text);
    bu_anchors_clear(&w.anchors);
    w.anchors = vouch_anchors((const char *[]){ test_pem(w.other), NULL });
    status = verify(&w, bu_buf_bytes(&w.signature), &message, &err);
    unit_fails(status, BULLA_E_BAD_SIGNATURE, err);
}
END_TEST

START_TEST(it_carries_nothing_that_could_be_opened)
{
    BU_CLEAR(world) w = new_world(kinds[_i]);
    bulla_error err = { 0 };
    bulla_status status = verify(&w, bu_buf_bytes(&w.signature), NULL, &err);
    unit_fails(status, BULLA_E_FORMAT_MISMATCH, err);
}
END_TEST

START_TEST(it_says_that_it_says_nothing)
{
    BU_CLEAR(world) w = new_world(kinds[_i]);
    bu_description said = { .arena = w.arena };
    bulla_error err = { 0 };
    bulla_status status = bu_format_raw.describe(bu_buf_bytes(&w.signature), "a.sig", &said, &err);
    unit_ok(status, err);
    ck_assert_uint_eq(said.count, 1);
}
END_TEST

/* Bytes of a signature may begin like anything: none may be taken for a format that refuses it. */
START_TEST(it_is_not_taken_for_another_format)
{
    uint32_t state = 1;
    for (size_t n = 0; n < 200000; n++) {
        uint8_t signature[64];
        for (size_t i = 0; i < sizeof signature; i++) {
            state = state * 1664525U + 1013904223U;
            signature[i] = (uint8_t)(state >> 24);
        }
        bulla_bytes content = { signature, sizeof signature };
        ck_assert_msg(bu_format_of(content) == &bu_format_raw, "%zu is %s", n,
                      bu_format_of(content)->id);
    }
    uint8_t packet[64] = { 0x88, 62, 4, 0, 22, 8 };
    bu_check check = { .content = { packet, sizeof packet }, .algorithm = "ed25519" };
    ck_assert(bu_format_of(check.content) == &bu_format_openpgp);
    ck_assert(bu_format_for(&check) == &bu_format_raw);
}
END_TEST

static void add(TCase *tc)
{
    int count = (int)(sizeof kinds / sizeof kinds[0]);
    tcase_add_loop_test(tc, bytes_and_base64_are_one_signature, 0, count);
    tcase_add_loop_test(tc, another_message_or_key_is_refused, 0, count);
    tcase_add_loop_test(tc, it_carries_nothing_that_could_be_opened, 0, count);
    tcase_add_loop_test(tc, it_says_that_it_says_nothing, 0, count);
    tcase_add_test(tc, it_is_not_taken_for_another_format);
}

int main(void)
{
    return unit_run("trust/format_raw", add);
}
