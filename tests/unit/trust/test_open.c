/* SPDX-License-Identifier: MIT */
/*
 * Opening envelopes against roles. Two signatures that count as two people
 * when one person made them would let one thief do what needs two.
 */
#include "build.h"
#include "bulla/trust.h"
#include "trust/open.h"
#include "trust/trust_toml.h"
#include "alloc_fail.h"

/*
 * alice has two keys, bob one, ci is bob's, carol is in no role; dan's, erin's and frank's keys
 * are out of time.
 */
enum { ALICE, ALICE_TOO, BOB, CI, CAROL, DAN, ERIN, FRANK, KEYS };
static const char *const owners[KEYS] = { "alice", NULL,  "bob",  "ci",
                                          "carol", "dan", "erin", "frank" };
static const char *const limits[KEYS] = {
    [DAN] = "revoked = { at = 2026-11-01T00:00:00Z, reason = \"lost\" }\n",
    [ERIN] = "until = 2026-11-01T00:00:00Z\n",
    [FRANK] = "from = 2026-12-01T00:00:00Z\n",
};

typedef struct world {
    bulla_secret_key *keys[KEYS];
    bulla_trust *trust;
    bu_arena *arena;
} world;

static world new_world(const char *threshold)
{
    world w = { .arena = bu_arena_new() };
    bulla_error err = { 0 };
    char *text = test_text("schema = \"bulla.trust/1\"\n");
    for (size_t i = 0; i < KEYS; i++) {
        w.keys[i] = test_key(i == BOB ? BULLA_KEY_ECDSA_P256 : BULLA_KEY_ED25519);
        const char *list = i == CI ? "service" : "person";
        if (owners[i] != NULL)
            text = test_text("%s[[%s]]\nid = \"%s\"\n%s", text, list, owners[i],
                             i == CI ? "controller = \"bob\"\n" : "");
        text = test_text("%s[[%s.key]]\npublic = \"\"\"\n%s\"\"\"\n%s", text, list,
                         test_pem(w.keys[i]), limits[i] == NULL ? "" : limits[i]);
    }
    text = test_text("%s[[role]]\nname = \"release\"\nmatch = [\"**\"]\nthreshold = %s\n"
                     "people = [\"bob\", \"alice\", \"ci\", \"dan\", \"erin\", \"frank\"]\n",
                     text, threshold);
    bulla_status status = bu_store_new(&w.trust, &err);
    unit_ok(status, err);
    status = bu_trust_toml_read(bu_bytes_of(text), w.trust, &err);
    unit_ok(status, err);
    return w;
}

static void world_clear(world *w)
{
    bulla_trust_free(w->trust);
    bu_arena_free(w->arena);
}
BU_DEFINE_CLEAR(world)

static bu_dsse parse(const world *w, bulla_bytes text)
{
    bulla_error err = { 0 };
    bu_dsse envelope;
    bulla_status status = bu_dsse_parse(text, "e.json", w->arena, &envelope, &err);
    unit_ok(status, err);
    return envelope;
}

/* An envelope over "payload", signed by these keys (-1 ends them). */
static bu_dsse seal(const world *w, const int *signers)
{
    bulla_error err = { 0 };
    BU_CLEAR(bu_buf) text = { 0 };
    bulla_status status = bu_dsse_seal(w->keys[signers[0]], BULLA_LIT("text/plain"),
                                       BULLA_LIT("payload"), &text, &err);
    unit_ok(status, err);
    bu_dsse envelope = parse(w, bu_buf_bytes(&text));
    for (size_t i = 1; signers[i] >= 0; i++) {
        BU_CLEAR(bu_buf) more = { 0 };
        status = bu_dsse_cosign(&envelope, w->keys[signers[i]], &more, &err);
        unit_ok(status, err);
        envelope = parse(w, bu_buf_bytes(&more));
    }
    return envelope;
}

/* Open it in the role, and who counts there. */
static bulla_status open_release(const world *w, const bu_dsse *envelope, bu_payload **out,
                                 bu_voices *voices, bulla_error *err)
{
    const bu_use use = { .name = BULLA_LIT("app.tar"),
                         .when = { .time = INT64_MIN, .now = TEST_NOW } };
    const bu_role *role = bu_trust_role(w->trust, BULLA_LIT("release"));
    BU_CLEAR(bu_anchors) anchors = { 0 };
    bu_vouched vouched;
    BU_TRY(bu_anchors_start(&anchors, err));
    BU_TRY(bu_trust_anchors(w->trust, &anchors, err));
    const bu_check check = { .anchors = &anchors, .now = TEST_NOW, .arena = w->arena };
    BU_TRY(bu_dsse_vouch(envelope, &check, &vouched, err));
    BU_AUTO(bu_payload) payload = NULL;
    BU_TRY(bu_open(w->trust, role, &anchors, &vouched, &payload, err));
    BU_TRY(bu_payload_count(payload, w->trust, role, &use, w->arena, voices, err));
    *out = BU_STEAL(payload);
    return BU_OK;
}

/* "alice, bob" */
static const char *names(const world *w, const bu_voices *voices)
{
    char *text = bu_arena_text(w->arena, BULLA_LIT(""));
    for (size_t i = 0; i < voices->count; i++)
        text = bu_arena_format(w->arena, "%s%s%s", text, i == 0 ? "" : ", ",
                               voices->items[i].counts_as);
    ck_assert_ptr_nonnull(text);
    return text;
}

static const struct {
    int signers[5];
    bulla_code code;
    const char *who;
} cases[] = {
    { { ALICE, -1 }, BULLA_OK, "alice" },
    { { ALICE, ALICE_TOO, -1 }, BULLA_OK, "alice" },
    { { BOB, CI, -1 }, BULLA_OK, "bob" },
    { { CI, -1 }, BULLA_OK, "bob" },
    { { BOB, ALICE, -1 }, BULLA_OK, "alice, bob" },
    { { CI, ALICE_TOO, -1 }, BULLA_OK, "alice, bob" },
    { { ALICE, CAROL, -1 }, BULLA_OK, "alice" },
    { { CAROL, -1 }, BULLA_E_UNTRUSTED_KEY, NULL },
    { { DAN, -1 }, BULLA_E_REVOKED, NULL },
    { { ERIN, -1 }, BULLA_E_EXPIRED, NULL },
    { { FRANK, -1 }, BULLA_E_EXPIRED, NULL },
    { { DAN, ALICE, -1 }, BULLA_OK, "alice" },
};

START_TEST(people_are_counted)
{
    BU_CLEAR(world) w = new_world("1");
    BU_AUTO(bu_payload) payload = NULL;
    bu_voices voices = { 0 };
    bulla_error err = { 0 };
    bu_dsse envelope = seal(&w, cases[_i].signers);
    bulla_status status = open_release(&w, &envelope, &payload, &voices, &err);
    if (cases[_i].code != BULLA_OK) {
        unit_fails(status, cases[_i].code, err);
        ck_assert_ptr_null(payload);
        return;
    }
    unit_ok(status, err);
    ck_assert_str_eq(names(&w, &voices), cases[_i].who);
    ck_assert(bu_bytes_is(bu_payload_bytes(payload), "payload"));
    ck_assert(bu_bytes_is(bu_payload_type(payload), "text/plain"));
}
END_TEST

/* A keyid is a hint: a wrong one costs time, never trust, and gives none. */
START_TEST(a_keyid_decides_nothing)
{
    BU_CLEAR(world) w = new_world("1");
    BU_AUTO(bu_payload) payload = NULL;
    bu_voices voices = { 0 };
    bulla_error err = { 0 };
    bu_dsse envelope = seal(&w, (const int[]){ ALICE, -1 });
    envelope.signatures[0].keyid = (bulla_bytes){ 0 };
    bulla_status status = open_release(&w, &envelope, &payload, &voices, &err);
    unit_ok(status, err);
    ck_assert_str_eq(names(&w, &voices), "alice");

    BU_AUTO(bu_payload) none = NULL;
    bu_dsse forged = seal(&w, (const int[]){ CAROL, -1 });
    forged.signatures[0].keyid = bu_bytes_of(bulla_secret_key_id(w.keys[ALICE]));
    status = open_release(&w, &forged, &none, &voices, &err);
    unit_fails(status, BULLA_E_BAD_SIGNATURE, err);
    ck_assert_ptr_null(none);
}
END_TEST

/* One signature that is wrong is never made up for by others that are right. */
START_TEST(a_wrong_signature_is_not_passed_over)
{
    BU_CLEAR(world) w = new_world("1");
    BU_AUTO(bu_payload) payload = NULL;
    bu_voices voices = { 0 };
    bulla_error err = { 0 };
    bu_dsse envelope = seal(&w, (const int[]){ ALICE, BOB, -1 });
    ck_assert_uint_eq(envelope.count, 2);
    envelope.signatures[1].sig = envelope.signatures[0].sig;
    bulla_status status = open_release(&w, &envelope, &payload, &voices, &err);
    unit_fails(status, BULLA_E_BAD_SIGNATURE, err);
    ck_assert_ptr_null(payload);
}
END_TEST

/* Open with a key given by hand. */
static bulla_status open_with(const world *w, int signer, const bu_dsse *envelope, bu_payload **out,
                              bulla_error *err)
{
    BU_CLEAR(bu_anchors) anchors = { 0 };
    bu_vouched vouched;
    bulla_status status = bu_anchors_start(&anchors, err);
    unit_ok(status, *err);
    status = bu_anchors_read(bu_bytes_of(test_pem(w->keys[signer])), "key.pub", &anchors, err);
    unit_ok(status, *err);
    const bu_check check = { .anchors = &anchors, .now = TEST_NOW, .arena = w->arena };
    BU_TRY(bu_dsse_vouch(envelope, &check, &vouched, err));
    return bu_open_by_hand(&anchors, &vouched, out, err);
}

START_TEST(a_key_given_by_hand_opens_only_its_own)
{
    BU_CLEAR(world) w = new_world("1");
    BU_AUTO(bu_payload) payload = NULL;
    BU_AUTO(bu_payload) none = NULL;
    bulla_error err = { 0 };
    bu_dsse envelope = seal(&w, (const int[]){ CAROL, -1 });
    bulla_status status = open_with(&w, CAROL, &envelope, &payload, &err);
    unit_ok(status, err);
    ck_assert_str_eq(bu_payload_signers(payload), bulla_secret_key_id(w.keys[CAROL]));
    ck_assert_uint_eq(bu_payload_people(payload), 1);
    status = open_with(&w, BOB, &envelope, &none, &err);
    unit_fails(status, BULLA_E_UNTRUSTED_KEY, err);
    ck_assert_ptr_null(none);
}
END_TEST

START_TEST(no_memory_is_a_refusal)
{
    BU_CLEAR(world) w = new_world("2");
    bu_dsse envelope = seal(&w, (const int[]){ ALICE, BOB, -1 });
    for (size_t n = 0;; n++) {
        BU_AUTO(bu_payload) payload = NULL;
        bu_voices voices = { 0 };
        bulla_error err = { 0 };
        alloc_fail_at(n);
        bulla_status status = open_release(&w, &envelope, &payload, &voices, &err);
        if (!alloc_fail_off()) {
            unit_ok(status, err);
            break;
        }
        unit_fails(status, BULLA_E_NO_MEMORY, err);
        ck_assert_ptr_null(payload);
    }
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, people_are_counted, 0, (int)(sizeof cases / sizeof cases[0]));
    tcase_add_test(tc, a_keyid_decides_nothing);
    tcase_add_test(tc, a_wrong_signature_is_not_passed_over);
    tcase_add_test(tc, a_key_given_by_hand_opens_only_its_own);
    tcase_add_test(tc, no_memory_is_a_refusal);
}

int main(void)
{
    return unit_run("trust/open", add);
}
