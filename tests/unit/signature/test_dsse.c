/* SPDX-License-Identifier: MIT */
/* DSSE 1.0.2: an envelope has one meaning, and only a valid signature of a given key counts. */
#include "keys.h"

#include "alloc_fail.h"
#include "base/limits.h"
#include "signature/dsse.h"
#include "syntax/json.h"

#define TYPE         "http://example.com/HelloWorld"
#define PAYLOAD_TYPE "\"payloadType\":\"" TYPE "\""
#define PAYLOAD      "\"payload\":\"aGVsbG8gd29ybGQ=\""
#define SIGNATURES   "\"signatures\":[{\"sig\":\"AAAA\"}]"

static const struct {
    const char *text;
    bulla_code want;
    const char *says;
} envelopes[] = {
    { "{" PAYLOAD "," PAYLOAD_TYPE "," SIGNATURES "}", BULLA_OK, NULL },
    { "{" PAYLOAD "," PAYLOAD_TYPE ",\"signatures\":[{\"sig\":\"\"}]}", BULLA_OK, NULL },
    { "{" PAYLOAD "," PAYLOAD_TYPE ",\"signatures\":[{\"sig\":\"_-__\",\"keyid\":\"\"}]}", BULLA_OK,
      NULL },
    { "{\"payload\":\"\"," PAYLOAD_TYPE "," SIGNATURES "}", BULLA_OK, NULL },
    { "{" PAYLOAD ",\"payloadType\":\"\"," SIGNATURES "}", BULLA_OK, NULL },
    { "{" PAYLOAD "," PAYLOAD_TYPE "," SIGNATURES ",\"x\":{\"payload\":\"AAAA\"}}", BULLA_OK,
      NULL },
    { "{" PAYLOAD "," PAYLOAD_TYPE ",\"signatures\":[{\"sig\":\"AAAA\",\"extension\":{}}]}",
      BULLA_OK, NULL },
    { "", BULLA_E_EMPTY, "" },
    { "[]", BULLA_E_TYPE_MISMATCH, "" },
    { "{" PAYLOAD "," PAYLOAD_TYPE "," SIGNATURES "} x", BULLA_E_TRAILING_DATA, "" },
    { "{" PAYLOAD_TYPE "," SIGNATURES "}", BULLA_E_MISSING_FIELD, "payload" },
    { "{" PAYLOAD "," SIGNATURES "}", BULLA_E_MISSING_FIELD, "payloadType" },
    { "{" PAYLOAD "," PAYLOAD_TYPE "}", BULLA_E_MISSING_FIELD, "signatures" },
    { "{" PAYLOAD "," PAYLOAD_TYPE ",\"signatures\":[]}", BULLA_E_EMPTY, "without signatures" },
    { "{" PAYLOAD "," PAYLOAD_TYPE ",\"signatures\":{}}", BULLA_E_TYPE_MISMATCH, "signatures" },
    { "{" PAYLOAD "," PAYLOAD_TYPE ",\"signatures\":null}", BULLA_E_TYPE_MISMATCH, "signatures" },
    { "{" PAYLOAD "," PAYLOAD_TYPE ",\"signatures\":[\"AAAA\"]}", BULLA_E_TYPE_MISMATCH,
      "signature 1" },
    { "{" PAYLOAD "," PAYLOAD_TYPE ",\"signatures\":[{\"sig\":\"AAAA\"},{\"keyid\":\"x\"}]}",
      BULLA_E_MISSING_FIELD, "signature 2" },
    { "{" PAYLOAD "," PAYLOAD_TYPE ",\"signatures\":[{\"sig\":7}]}", BULLA_E_TYPE_MISMATCH, "sig" },
    { "{" PAYLOAD "," PAYLOAD_TYPE ",\"signatures\":[{\"sig\":\"AAAA\",\"keyid\":7}]}",
      BULLA_E_TYPE_MISMATCH, "keyid" },
    { "{\"payload\":7," PAYLOAD_TYPE "," SIGNATURES "}", BULLA_E_TYPE_MISMATCH, "payload" },
    { "{\"payload\":\"aGVsbG8gd29ybGQ\"," PAYLOAD_TYPE "," SIGNATURES "}", BULLA_E_BAD_ENCODING,
      "payload" },
    { "{\"payload\":\"aGVsbG8gd29ybGR=\"," PAYLOAD_TYPE "," SIGNATURES "}", BULLA_E_BAD_ENCODING,
      "spare bits" },
    { "{\"payload\":\"aGVs bG8=\"," PAYLOAD_TYPE "," SIGNATURES "}", BULLA_E_BAD_ENCODING, "" },
    { "{\"payload\":\"aGVs\\nbG8\"," PAYLOAD_TYPE "," SIGNATURES "}", BULLA_E_BAD_ENCODING, "" },
    { "{\"payload\":\"+__/\"," PAYLOAD_TYPE "," SIGNATURES "}", BULLA_E_BAD_ENCODING, "alphabet" },
    { "{" PAYLOAD "," PAYLOAD_TYPE ",\"signatures\":[{\"sig\":\"-/-/\"}]}", BULLA_E_BAD_ENCODING,
      "alphabet" },
    { "{" PAYLOAD "," PAYLOAD_TYPE ",\"signatures\":[{\"sig\":\"AAAA\"},{\"sig\":\"AAAB\"},"
      "{\"sig\":\"AAAA\",\"keyid\":\"x\"}]}",
      BULLA_E_DUPLICATE_ENTRY, "signatures 1 and 3" },
    { "{" PAYLOAD "," PAYLOAD "," PAYLOAD_TYPE "," SIGNATURES "}", BULLA_E_DUPLICATE_KEY, "" },
    { "{" PAYLOAD "," PAYLOAD_TYPE ",\"signatures\":[{\"sig\":\"AAAA\",\"sig\":\"AAAB\"}]}",
      BULLA_E_DUPLICATE_KEY, "" },
    { "{" PAYLOAD ",\"Payload\":\"AAAA\"," PAYLOAD_TYPE "," SIGNATURES "}",
      BULLA_E_AMBIGUOUS_BUNDLE, "" },
    { "{" PAYLOAD "," PAYLOAD_TYPE ",\"payloadtype\":\"x\"," SIGNATURES "}",
      BULLA_E_AMBIGUOUS_BUNDLE, "" },
    { "{" PAYLOAD "," PAYLOAD_TYPE ",\"signatures\":[{\"sig\":\"AAAA\",\"SIG\":\"AAAB\"}]}",
      BULLA_E_AMBIGUOUS_BUNDLE, "signature 1" },
};

START_TEST(envelopes_are_strict)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bu_dsse envelope = { 0 };
    bulla_error err = { 0 };
    bulla_status status =
        bu_dsse_parse(bu_bytes_of(envelopes[_i].text), "e.json", arena, &envelope, &err);
    ck_assert_msg(status.code == envelopes[_i].want, "case %d: %s (%s)", _i,
                  bulla_code_name(status.code), err.text);
    if (bulla_ok(status)) {
        ck_assert_uint_eq(envelope.count, 1);
        return;
    }
    unit_fails(status, envelopes[_i].want, err);
    ck_assert_str_eq(err.file, "e.json");
    ck_assert_msg(strstr(err.text, envelopes[_i].says) != NULL, "case %d: %s", _i, err.text);
}
END_TEST

START_TEST(signatures_are_counted)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    BU_CLEAR(bu_buf) text = { 0 };
    bu_dsse envelope;
    bulla_error err = { 0 };
    bu_buf_add_text(&text, "{" PAYLOAD "," PAYLOAD_TYPE ",\"signatures\":[{\"sig\":\"AAAA\"}");
    for (unsigned i = 1; i < BU_LIMIT_SIGNATURES + (unsigned)_i; i++)
        bu_buf_add_format(&text, ",{\"sig\":\"%04u\"}", i);
    bu_buf_add_text(&text, "]}");
    bulla_status status = bu_dsse_parse(bu_buf_bytes(&text), "e", arena, &envelope, &err);
    if (_i == 0)
        unit_ok(status, err);
    else
        unit_fails(status, BULLA_E_RESOURCE_LIMIT, err);
}
END_TEST

START_TEST(pae_is_that_of_the_page)
{
    BU_CLEAR(bu_buf) out = { 0 };
    bu_dsse_pae(BULLA_LIT(TYPE), BULLA_LIT("hello world"), &out);
    ck_assert_str_eq((const char *)out.ptr, "DSSEv1 29 " TYPE " 11 hello world");
    bu_buf_clear(&out);
    bu_dsse_pae((bulla_bytes){ 0 }, (bulla_bytes){ 0 }, &out);
    ck_assert_str_eq((const char *)out.ptr, "DSSEv1 0  0 ");
    bu_buf_clear(&out);
    bu_dsse_pae(BULLA_LIT("\xc3\xa4"), BULLA_LIT("x\0y"), &out); /* bytes are counted */
    ck_assert(bu_bytes_equal(bu_buf_bytes(&out), BULLA_LIT("DSSEv1 2 \xc3\xa4 3 x\0y")));
}
END_TEST

/* The cases of the specification's own key, where they lie beside the checkout. */
static void run_case(const bu_json *one, const bu_key *key)
{
    bulla_error err = { 0 };
    bulla_bytes id, text;
    bu_dsse envelope;
    bool is_signed = false;
    BU_AUTO(bu_arena) arena = bu_arena_new();
    unit_ok(bu_json_need_text(one, "id", "cases", &id, &err), err);
    unit_ok(bu_json_need_text(one, "envelope", "cases", &text, &err), err);
    BU_CLEAR(bu_buf) accept = { 0 };
    unit_ok(bu_json_write(bu_json_get(one, "accept"), BU_JSON_COMPACT, &accept, &err), err);
    bulla_status status = bu_dsse_parse(text, "case", arena, &envelope, &err);
    if (bulla_ok(status))
        status = bu_dsse_check(&envelope, &key, 1, &is_signed, &err);
    ck_assert_msg((bulla_ok(status) && is_signed) == bu_bytes_is(bu_buf_bytes(&accept), "true"),
                  "%.*s: %s", (int)id.len, id.ptr, bulla_code_name(status.code));
    if (is_signed)
        ck_assert(bu_bytes_is(envelope.payload, "hello world"));
}

START_TEST(cases_of_the_specification)
{
    bulla_error err = { 0 };
    BU_AUTO(bu_json) all = NULL;
    BU_AUTO(bu_key) key = NULL;
    char *cases_path = unit_vectors_path("dsse/cases.json");
    char *key_path = unit_vectors_path("dsse/key.pub");
    if (cases_path == NULL || key_path == NULL) {
        unit_skipped("DSSE vectors", "they are not beside the checkout");
        return;
    }
    bulla_bytes cases = unit_slurp(cases_path);
    bulla_bytes pem = unit_slurp(key_path);
    unit_ok(bu_json_parse(cases, "cases", &all, &err), err);
    unit_ok(bu_key_read(pem, &key, &err), err);
    for (size_t i = 0; i < bu_json_count(all); i++)
        run_case(bu_json_at(all, i), key);
    printf("# dsse: %zu cases\n", bu_json_count(all));
    free_text(cases);
    free_text(pem);
    free(cases_path);
    free(key_path);
}
END_TEST

static bu_secret_key *alice, *bob;

static void set_up(void)
{
    alice = private_key("throwaway-ed25519.pem");
    bob = private_key("throwaway-p256.pem");
}

static void tear_down(void)
{
    bu_secret_key_free(alice);
    bu_secret_key_free(bob);
}

static void seal(const bu_secret_key *key, bu_buf *out)
{
    bulla_error err = { 0 };
    unit_ok(bu_dsse_seal(key, BULLA_LIT(TYPE), BULLA_LIT("hello world"), out, &err), err);
}

static void parse(bulla_bytes text, bu_arena *arena, bu_dsse *out)
{
    bulla_error err = { 0 };
    unit_ok(bu_dsse_parse(text, "e", arena, out, &err), err);
}

START_TEST(what_is_sealed_opens)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    BU_CLEAR(bu_buf) text = { 0 };
    bu_dsse envelope;
    bulla_error err = { 0 };
    bool signed_by[2] = { true, true };
    const bu_key *keys[] = { bu_secret_key_public(alice), bu_secret_key_public(bob) };
    seal(bob, &text);
    ck_assert_ptr_null(strchr((const char *)text.ptr, '\n'));
    parse(bu_buf_bytes(&text), arena, &envelope);
    ck_assert(bu_bytes_is(envelope.payload, "hello world"));
    ck_assert(bu_bytes_is(envelope.payload_type, TYPE));
    ck_assert(bu_bytes_is(envelope.signatures[0].keyid, bu_key_id(keys[1])));
    unit_ok(bu_dsse_check(&envelope, keys, 2, signed_by, &err), err);
    ck_assert(!signed_by[0] && signed_by[1]);
}
END_TEST

START_TEST(cosigning_adds_one_key)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    BU_CLEAR(bu_buf) first = { 0 };
    BU_CLEAR(bu_buf) second = { 0 };
    BU_CLEAR(bu_buf) third = { 0 };
    bu_dsse envelope;
    bulla_error err = { 0 };
    bool signed_by[2];
    const bu_key *keys[] = { bu_secret_key_public(alice), bu_secret_key_public(bob) };
    seal(alice, &first);
    parse(bu_buf_bytes(&first), arena, &envelope);
    unit_ok(bu_dsse_cosign(&envelope, bob, &second, &err), err);
    parse(bu_buf_bytes(&second), arena, &envelope);
    ck_assert_uint_eq(envelope.count, 2);
    unit_ok(bu_dsse_check(&envelope, keys, 2, signed_by, &err), err);
    ck_assert(signed_by[0] && signed_by[1]);
    /* ECDSA is not deterministic: a second signature of one key would have other bytes. */
    unit_fails(bu_dsse_cosign(&envelope, bob, &third, &err), BULLA_E_DUPLICATE_KEY, err);
    unit_fails(bu_dsse_cosign(&envelope, alice, &third, &err), BULLA_E_DUPLICATE_KEY, err);
    ck_assert_uint_eq(third.len, 0);
}
END_TEST

/* "A keyid … MUST NOT be used for security decisions": wrong hints cost time, never trust. */
START_TEST(keyids_are_hints)
{
    static const char *const hints[] = { "", "whatever", "ALICE", "BOB" };
    BU_AUTO(bu_arena) arena = bu_arena_new();
    BU_CLEAR(bu_buf) text = { 0 };
    bu_dsse envelope;
    bulla_error err = { 0 };
    bool signed_by[2];
    const bu_key *keys[] = { bu_secret_key_public(alice), bu_secret_key_public(bob) };
    seal(alice, &text);
    parse(bu_buf_bytes(&text), arena, &envelope);
    envelope.signatures[0].keyid = bu_bytes_of(hints[_i]);
    if (strcmp(hints[_i], "ALICE") == 0)
        envelope.signatures[0].keyid = bu_bytes_of(bu_key_id(keys[0]));
    if (strcmp(hints[_i], "BOB") == 0)
        envelope.signatures[0].keyid = bu_bytes_of(bu_key_id(keys[1]));
    unit_ok(bu_dsse_check(&envelope, keys, 2, signed_by, &err), err);
    ck_assert(signed_by[0] && !signed_by[1]);
}
END_TEST

START_TEST(one_good_signature_among_strangers)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    BU_CLEAR(bu_buf) first = { 0 };
    BU_CLEAR(bu_buf) second = { 0 };
    bu_dsse envelope;
    bulla_error err = { 0 };
    bool is_signed = false;
    const bu_key *key = bu_secret_key_public(bob);
    BU_AUTO(bu_key) stranger = public_key("p384.pub");
    const bu_key *other = stranger;
    seal(alice, &first);
    parse(bu_buf_bytes(&first), arena, &envelope);
    unit_ok(bu_dsse_cosign(&envelope, bob, &second, &err), err);
    parse(bu_buf_bytes(&second), arena, &envelope);
    unit_ok(bu_dsse_check(&envelope, &key, 1, &is_signed, &err), err);
    ck_assert(is_signed);
    unit_ok(bu_dsse_check(&envelope, &other, 1, &is_signed, &err), err);
    ck_assert(!is_signed); /* nobody asked about has signed; that is no fault of the envelope */
}
END_TEST

START_TEST(a_broken_signature_is_not_an_absent_one)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    BU_CLEAR(bu_buf) text = { 0 };
    BU_CLEAR(bu_buf) both = { 0 };
    bu_dsse envelope;
    bulla_error err = { 0 };
    bool signed_by[2];
    const bu_key *keys[] = { bu_secret_key_public(alice), bu_secret_key_public(bob) };
    seal(alice, &text);
    parse(bu_buf_bytes(&text), arena, &envelope);
    unit_ok(bu_dsse_cosign(&envelope, bob, &both, &err), err);
    ((uint8_t *)(uintptr_t)envelope.signatures[0].sig.ptr)[0] ^= 1;
    unit_fails(bu_dsse_check(&envelope, keys, 2, signed_by, &err), BULLA_E_BAD_SIGNATURE, err);
    ck_assert(!signed_by[0] && !signed_by[1]);
    envelope.signatures[0].keyid = (bulla_bytes){ 0 }; /* of nobody in particular */
    unit_ok(bu_dsse_check(&envelope, keys, 2, signed_by, &err), err);
    ck_assert(!signed_by[0] && !signed_by[1]);
    parse(bu_buf_bytes(&both), arena, &envelope);
    ((uint8_t *)(uintptr_t)envelope.signatures[0].sig.ptr)[0] ^= 1;
    unit_ok(bu_dsse_check(&envelope, keys, 2, signed_by, &err), err); /* "Skip over" */
    ck_assert(!signed_by[0] && signed_by[1]);
}
END_TEST

START_TEST(type_and_payload_are_bound)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    BU_CLEAR(bu_buf) text = { 0 };
    bu_dsse envelope;
    bulla_error err = { 0 };
    bool is_signed = true;
    const bu_key *key = bu_secret_key_public(alice);
    seal(alice, &text);
    char *at = strstr((char *)text.ptr, _i == 0 ? "HelloWorld" : "aGVs");
    ck_assert_ptr_nonnull(at);
    *at = 'b';
    parse(bu_buf_bytes(&text), arena, &envelope);
    unit_fails(bu_dsse_check(&envelope, &key, 1, &is_signed, &err), BULLA_E_BAD_SIGNATURE, err);
    ck_assert(!is_signed);
}
END_TEST

START_TEST(no_memory_is_said)
{
    static const char text[] = "{" PAYLOAD "," PAYLOAD_TYPE "," SIGNATURES "}";
    for (size_t n = 0;; n++) {
        bulla_error err = { 0 };
        bu_dsse envelope;
        BU_AUTO(bu_arena) arena = bu_arena_new();
        alloc_fail_at(n);
        bulla_status status = bu_dsse_parse(bu_bytes_of(text), "e", arena, &envelope, &err);
        if (!alloc_fail_off()) {
            unit_ok(status, err);
            ck_assert_uint_ge(n, 3);
            break;
        }
        unit_fails(status, BULLA_E_NO_MEMORY, err);
    }
}
END_TEST

START_TEST(no_memory_for_sealing_is_said)
{
    for (size_t n = 0;; n++) {
        bulla_error err = { 0 };
        BU_CLEAR(bu_buf) out = { 0 };
        alloc_fail_at(n);
        bulla_status status =
            bu_dsse_seal(alice, BULLA_LIT(TYPE), BULLA_LIT("hello world"), &out, &err);
        if (!alloc_fail_off()) {
            unit_ok(status, err);
            ck_assert_uint_ge(n, 3);
            break;
        }
        unit_fails(status, BULLA_E_NO_MEMORY, err);
    }
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_loop_test(tc, envelopes_are_strict, 0, (int)(sizeof envelopes / sizeof envelopes[0]));
    tcase_add_loop_test(tc, signatures_are_counted, 0, 2);
    tcase_add_test(tc, pae_is_that_of_the_page);
    tcase_add_test(tc, cases_of_the_specification);
    tcase_add_test(tc, what_is_sealed_opens);
    tcase_add_test(tc, cosigning_adds_one_key);
    tcase_add_loop_test(tc, keyids_are_hints, 0, 4);
    tcase_add_test(tc, one_good_signature_among_strangers);
    tcase_add_test(tc, a_broken_signature_is_not_an_absent_one);
    tcase_add_loop_test(tc, type_and_payload_are_bound, 0, 2);
    tcase_add_test(tc, no_memory_is_said);
    tcase_add_test(tc, no_memory_for_sealing_is_said);
}

int main(void)
{
    return unit_run("signature/dsse", add);
}
