/* SPDX-License-Identifier: MIT */
/*
 * Envelopes as a format: which of the anchors vouch, and what is said when none does.
 */
#include "alloc_fail.h"
#include "formats.h"

enum { ALICE, BOB, CAROL, KEYS };

typedef struct world {
    bulla_secret_key *keys[KEYS];
    bu_anchors anchors; /* alice and bob */
    bu_arena *arena;
    bu_buf envelope;
} world;

static world new_world(int signer)
{
    world w = { .arena = bu_arena_new() };
    bulla_error err = { 0 };
    for (size_t i = 0; i < KEYS; i++)
        w.keys[i] = test_key(i == BOB ? BULLA_KEY_ECDSA_P256 : BULLA_KEY_ED25519);
    w.anchors =
        vouch_anchors((const char *[]){ test_pem(w.keys[ALICE]), test_pem(w.keys[BOB]), NULL });
    bulla_status status = bu_dsse_seal(w.keys[signer], BULLA_LIT("text/plain"),
                                       BULLA_LIT("payload"), &w.envelope, &err);
    unit_ok(status, err);
    return w;
}

static void world_clear(world *w)
{
    bu_anchors_clear(&w->anchors);
    bu_buf_clear(&w->envelope);
    bu_arena_free(w->arena);
}
BU_DEFINE_CLEAR(world)

static bulla_status verify(const world *w, bulla_bytes text, bu_vouched *out, bulla_error *err)
{
    const bu_check check = { .content = text,
                             .file = "e.json",
                             .anchors = &w->anchors,
                             .now = TEST_NOW,
                             .arena = w->arena };
    return bu_format_dsse.verify(&check, out, err);
}

static const struct {
    int signer;
    bulla_code code;
    bool alice, bob;
} signers[] = {
    { ALICE, BULLA_OK, true, false },
    { BOB, BULLA_OK, false, true },
    { CAROL, BULLA_E_UNTRUSTED_KEY, false, false },
};

START_TEST(only_who_signed_vouches)
{
    BU_CLEAR(world) w = new_world(signers[_i].signer);
    bu_vouched vouched;
    bulla_error err = { 0 };
    bulla_status status = verify(&w, bu_buf_bytes(&w.envelope), &vouched, &err);
    if (signers[_i].code != BULLA_OK) {
        unit_fails(status, signers[_i].code, err);
        return;
    }
    unit_ok(status, err);
    ck_assert(vouched.by[ALICE] == signers[_i].alice);
    ck_assert(vouched.by[BOB] == signers[_i].bob);
    ck_assert(bu_bytes_is(vouched.payload, "payload"));
    ck_assert(bu_bytes_is(vouched.payload_type, "text/plain"));
    ck_assert(!vouched.has_time);
}
END_TEST

START_TEST(a_key_counts_only_in_its_time)
{
    BU_CLEAR(world) w = new_world(ALICE);
    bu_vouched vouched;
    bulla_error err = { 0 };
    w.anchors.items[ALICE].until = TEST_NOW - 1;
    bulla_status status = verify(&w, bu_buf_bytes(&w.envelope), &vouched, &err);
    unit_fails(status, BULLA_E_UNTRUSTED_KEY, err);
    w.anchors.items[ALICE].until = TEST_NOW;
    w.anchors.items[ALICE].from = TEST_NOW + 1;
    status = verify(&w, bu_buf_bytes(&w.envelope), &vouched, &err);
    unit_fails(status, BULLA_E_UNTRUSTED_KEY, err);
}
END_TEST

/* No bit of an envelope but of the hint and of names that nothing reads may change unseen. */
START_TEST(no_flipped_bit_is_passed_over)
{
    BU_CLEAR(world) w = new_world(ALICE);
    bulla_bytes whole = bu_buf_bytes(&w.envelope);
    size_t keyid =
        (size_t)((const uint8_t *)memmem(whole.ptr, whole.len, "\"keyid\"", 7) - whole.ptr);
    uint8_t *changed = malloc(whole.len);
    memcpy(changed, whole.ptr, whole.len);
    for (size_t bit = 0; bit < whole.len * 8; bit++) {
        bu_vouched vouched;
        bulla_error err = { 0 };
        size_t byte = bit / 8;
        if (byte >= keyid && byte < keyid + 76) /* "keyid":"…64…", : a hint */
            continue;
        changed[byte] ^= (uint8_t)(1U << bit % 8);
        bulla_status status = verify(&w, (bulla_bytes){ changed, whole.len }, &vouched, &err);
        ck_assert_msg(!bulla_ok(status), "bit %zu of %.*s", bit, (int)whole.len, changed);
        changed[byte] ^= (uint8_t)(1U << bit % 8);
    }
    free(changed);
}
END_TEST

START_TEST(it_says_what_it_claims)
{
    BU_CLEAR(world) w = new_world(CAROL);
    bu_description said = { .arena = w.arena };
    bulla_error err = { 0 };
    bulla_status status = bu_format_dsse.describe(bu_buf_bytes(&w.envelope), "e.json", &said, &err);
    unit_ok(status, err);
    ck_assert_uint_eq(said.count, 2);
    ck_assert_str_eq(said.items[0].label, "keyid");
    ck_assert(bu_bytes_is(said.items[0].text, bulla_secret_key_id(w.keys[CAROL])));
    ck_assert(bu_bytes_is(said.items[1].text, "text/plain"));
}
END_TEST

START_TEST(no_memory_is_a_refusal)
{
    BU_CLEAR(world) w = new_world(ALICE);
    for (size_t n = 0;; n++) {
        bu_vouched vouched;
        bulla_error err = { 0 };
        alloc_fail_at(n);
        bulla_status status = verify(&w, bu_buf_bytes(&w.envelope), &vouched, &err);
        if (!alloc_fail_off()) {
            unit_ok(status, err);
            break;
        }
        unit_fails(status, BULLA_E_NO_MEMORY, err);
    }
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, only_who_signed_vouches, 0, (int)(sizeof signers / sizeof signers[0]));
    tcase_add_test(tc, a_key_counts_only_in_its_time);
    tcase_add_test(tc, no_flipped_bit_is_passed_over);
    tcase_add_test(tc, it_says_what_it_claims);
    tcase_add_test(tc, no_memory_is_a_refusal);
}

int main(void)
{
    return unit_run("trust/format_dsse", add);
}
