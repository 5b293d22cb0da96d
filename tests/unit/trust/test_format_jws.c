/* SPDX-License-Identifier: MIT */
/* JSON Web Signatures: the key decides what a signature is, never the header that an attacker writes. */
#include "log.h"
#include "signature/keys.h"

#include "alloc_fail.h"
#include "signature/jws.h"

#define PAYLOAD "{\"a\":1}"

static void add_text(bulla_bytes text, bu_buf *out)
{
    bu_base64url_encode(text, out);
}

/* Signs protected.payload; `input` is what stands behind the dot. */
static void add_signature(const bu_secret_key *key, const char *algorithm, const char *header,
                          bulla_bytes input, bu_buf *out)
{
    BU_CLEAR(bu_buf) message = { 0 };
    BU_CLEAR(bu_buf) value = { 0 };
    bulla_error err = { 0 };
    add_text(bu_bytes_of(header), &message);
    bu_buf_add_byte(&message, '.');
    bu_buf_add(&message, input);
    unit_ok(bu_sign(key, bu_algorithm_by_name(bu_bytes_of(algorithm)), bu_buf_bytes(&message),
                    &value, &err),
            err);
    add_text(bu_buf_bytes(&value), out);
}

/* header.payload.signature; without the payload when it is detached. */
static void compact(const bu_secret_key *key, const char *algorithm, const char *header,
                    bool is_detached, bu_buf *out)
{
    BU_CLEAR(bu_buf) payload = { 0 };
    add_text(BULLA_LIT(PAYLOAD), &payload);
    bu_buf_clear(out);
    add_text(bu_bytes_of(header), out);
    bu_buf_add_byte(out, '.');
    if (!is_detached)
        bu_buf_add(out, bu_buf_bytes(&payload));
    bu_buf_add_byte(out, '.');
    add_signature(key, algorithm, header, bu_buf_bytes(&payload), out);
}

typedef struct bench {
    bu_secret_key *key;
    test_check t;
    bu_buf text;
} bench;

static void bench_clear(bench *b)
{
    bu_secret_key_free(b->key);
    test_check_clear(&b->t);
    bu_buf_clear(&b->text);
}
BU_DEFINE_CLEAR(bench)

/* The key of that file is the one anchor. */
static void start(bench *b, const char *file, const char *message)
{
    BU_CLEAR(bu_buf) pem = { 0 };
    *b = (bench){ .key = private_key(file) };
    bu_key_write_pem(bu_secret_key_public(b->key), &pem);
    test_check_start(&b->t, (const char *)pem.ptr, message);
}

static bulla_status verify(bench *b, bu_vouched *out, bulla_error *err)
{
    b->t.check.content = bu_buf_bytes(&b->text);
    return bu_format_jws.verify(&b->t.check, out, err);
}

#define ED   "throwaway-ed25519.pem"
#define P256 "throwaway-p256.pem"
#define P384 "throwaway-p384.pem"
#define P521 "throwaway-p521.pem"
#define RSA  "throwaway-rsa2048.pem"

static const struct {
    const char *alg, *file, *algorithm;
} algorithms[] = {
    { "EdDSA", ED, "ed25519" },
    { "Ed25519", ED, "ed25519" },
    { "ES256", P256, "ecdsa-p256-sha256-p1363" },
    { "ES384", P384, "ecdsa-p384-sha384-p1363" },
    { "ES512", P521, "ecdsa-p521-sha512-p1363" },
    { "RS256", RSA, "rsa-pkcs1-sha256" },
    { "RS384", RSA, "rsa-pkcs1-sha384" },
    { "RS512", RSA, "rsa-pkcs1-sha512" },
    { "PS256", RSA, "rsa-pss-sha256-mgf1sha256-salt32" },
    { "PS384", RSA, "rsa-pss-sha384-mgf1sha384-salt48" },
    { "PS512", RSA, "rsa-pss-sha512-mgf1sha512-salt64" },
};
#define ALGORITHM_COUNT (int)(sizeof algorithms / sizeof algorithms[0])

/* Each algorithm for itself, and for no other of the table. */
START_TEST(every_algorithm)
{
    BU_CLEAR(bench) b = { 0 };
    bu_vouched out;
    bulla_error err = { 0 };
    start(&b, algorithms[_i].file, NULL);
    for (int i = 0; i < ALGORITHM_COUNT; i++) {
        compact(b.key, algorithms[_i].algorithm, test_text("{\"alg\":\"%s\"}", algorithms[i].alg),
                false, &b.text);
        bulla_status status = verify(&b, &out, &err);
        if (strcmp(algorithms[i].algorithm, algorithms[_i].algorithm) != 0) {
            ck_assert(status.code == BULLA_E_BAD_SIGNATURE || status.code == BULLA_E_UNTRUSTED_KEY);
            continue;
        }
        unit_ok(status, err);
        ck_assert(out.by[0] && !out.has_time);
        ck_assert(bu_bytes_is(out.payload, PAYLOAD));
        ck_assert(bu_bytes_is(out.payload_type, "application/octet-stream"));
    }
}
END_TEST

START_TEST(detached)
{
    BU_CLEAR(bench) b = { 0 };
    bu_vouched out;
    bulla_error err = { 0 };
    start(&b, ED, PAYLOAD);
    compact(b.key, "ed25519", "{\"alg\":\"EdDSA\"}", true, &b.text);
    bu_buf_add_byte(&b.text, '\n');
    ck_assert_ptr_eq(bu_format_of(bu_buf_bytes(&b.text)), &bu_format_jws);
    unit_ok(verify(&b, &out, &err), err);
    ck_assert(out.by[0]);
    ck_assert_ptr_null(out.payload.ptr);
    b.t.bytes = BULLA_LIT("{\"a\":2}");
    unit_fails(verify(&b, &out, &err), BULLA_E_BAD_SIGNATURE, err);
    b.t.check.message = NULL;
    unit_fails(verify(&b, &out, &err), BULLA_E_FORMAT_MISMATCH, err);
}
END_TEST

/* RFC 7797: the payload as it is. */
START_TEST(detached_and_not_encoded)
{
    BU_CLEAR(bench) b = { 0 };
    bu_vouched out;
    bulla_error err = { 0 };
    static const char header[] = "{\"alg\":\"EdDSA\",\"b64\":false,\"crit\":[\"b64\"]}";
    start(&b, ED, PAYLOAD);
    add_text(BULLA_LIT("{\"alg\":\"EdDSA\",\"b64\":false,\"crit\":[\"b64\"]}"), &b.text);
    bu_buf_add_text(&b.text, "..");
    add_signature(b.key, "ed25519", header, BULLA_LIT(PAYLOAD), &b.text);
    unit_ok(verify(&b, &out, &err), err);
    ck_assert(out.by[0]);
    b.t.bytes = BULLA_LIT(PAYLOAD " ");
    unit_fails(verify(&b, &out, &err), BULLA_E_BAD_SIGNATURE, err);
}
END_TEST

START_TEST(every_bit_counts)
{
    BU_CLEAR(bench) b = { 0 };
    bulla_error err = { 0 };
    start(&b, P256, NULL);
    compact(b.key, "ecdsa-p256-sha256-p1363", "{\"alg\":\"ES256\",\"kid\":\"k\"}", false, &b.text);
    for (size_t i = 0; i < 8 * b.text.len; i++) {
        bu_vouched out;
        b.text.ptr[i / 8] ^= (uint8_t)(1 << (i % 8));
        ck_assert_msg(!bulla_ok(verify(&b, &out, &err)), "bit %zu", i);
        b.text.ptr[i / 8] ^= (uint8_t)(1 << (i % 8));
    }
}
END_TEST

static const struct {
    const char *header;
    bulla_code want;
} headers[] = {
    { "{\"alg\":\"EdDSA\"}", BULLA_OK },
    { " {\"x\":null, \"alg\":\"EdDSA\" }", BULLA_OK },
    { "{\"alg\":\"EdDSA\",\"b64\":true,\"crit\":[\"b64\"]}", BULLA_OK },
    { "{\"alg\":\"none\"}", BULLA_E_UNSUPPORTED_FEATURE },
    { "{\"alg\":\"None\"}", BULLA_E_UNSUPPORTED_FEATURE },
    { "{\"alg\":\"HS256\"}", BULLA_E_UNSUPPORTED_FEATURE },
    { "{\"alg\":\"ES256K\"}", BULLA_E_UNSUPPORTED_FEATURE },
    { "{\"alg\":\"\"}", BULLA_E_UNSUPPORTED_FEATURE },
    { "{\"alg\":7}", BULLA_E_TYPE_MISMATCH },
    { "{}", BULLA_E_MISSING_FIELD },
    { "[]", BULLA_E_TYPE_MISMATCH },
    { "", BULLA_E_EMPTY },
    { "{\"alg\":\"EdDSA\",\"alg\":\"EdDSA\"}", BULLA_E_DUPLICATE_KEY },
    { "{\"alg\":\"EdDSA\",\"crit\":[\"exp\"],\"exp\":1}", BULLA_E_UNSUPPORTED_FEATURE },
    { "{\"alg\":\"EdDSA\",\"crit\":[\"b64\"]}", BULLA_E_UNSUPPORTED_FEATURE },
    { "{\"alg\":\"EdDSA\",\"crit\":[\"b64\",\"b64\"],\"b64\":true}", BULLA_E_UNSUPPORTED_FEATURE },
    { "{\"alg\":\"EdDSA\",\"crit\":[]}", BULLA_E_EMPTY },
    { "{\"alg\":\"EdDSA\",\"crit\":\"b64\",\"b64\":true}", BULLA_E_TYPE_MISMATCH },
    { "{\"alg\":\"EdDSA\",\"crit\":[7],\"b64\":true}", BULLA_E_TYPE_MISMATCH },
    { "{\"alg\":\"EdDSA\",\"b64\":false}", BULLA_E_UNSUPPORTED_FEATURE },
    { "{\"alg\":\"EdDSA\",\"b64\":\"false\",\"crit\":[\"b64\"]}", BULLA_E_TYPE_MISMATCH },
    { "{\"alg\":\"EdDSA\",\"kid\":7}", BULLA_E_TYPE_MISMATCH },
    { "{\"alg\":\"EdDSA\",\"jwk\":\"x\"}", BULLA_E_TYPE_MISMATCH },
};

START_TEST(headers_are_strict)
{
    BU_CLEAR(bench) b = { 0 };
    bu_vouched out;
    bulla_error err = { 0 };
    start(&b, ED, NULL);
    compact(b.key, "ed25519", headers[_i].header, false, &b.text);
    bulla_status status = verify(&b, &out, &err);
    ck_assert_msg(status.code == headers[_i].want, "case %d: %s (%s)", _i,
                  bulla_code_name(status.code), err.text);
    if (!bulla_ok(status))
        ck_assert_str_ne(err.file, "");
}
END_TEST

/* {"alg":"EdDSA"} */
#define HEADER "eyJhbGciOiJFZERTQSJ9"

static const struct {
    const char *text;
    bulla_code want;
} documents[] = {
    { HEADER ".AAAA.AAAA", BULLA_E_BAD_SIGNATURE },
    { HEADER ".AAAA", BULLA_E_BAD_SYNTAX },
    { HEADER ".AAAA.AAAA.AAAA", BULLA_E_BAD_ENCODING },
    { HEADER ".AAAA.AAAA\n\n", BULLA_E_BAD_ENCODING },
    { HEADER ".AA==.AAAA", BULLA_E_BAD_ENCODING },
    { HEADER ".AAA+.AAAA", BULLA_E_BAD_ENCODING },
    { HEADER ".AB.AAAA", BULLA_E_BAD_ENCODING }, /* spare bits */
    { HEADER ".A.AAAA", BULLA_E_BAD_ENCODING },
    { HEADER ".AAAA.A A", BULLA_E_BAD_ENCODING },
    { "{\"payload\":\"AAAA\",\"protected\":\"" HEADER "\",\"signature\":\"AAAA\"}",
      BULLA_E_BAD_SIGNATURE },
    { "{\"payload\":\"\",\"protected\":\"" HEADER "\",\"signature\":\"AAAA\"}",
      BULLA_E_BAD_SIGNATURE },
    { "{\"payload\":7,\"protected\":\"" HEADER "\",\"signature\":\"AAAA\"}",
      BULLA_E_TYPE_MISMATCH },
    { "{\"payload\":\"AAAA\",\"protected\":\"" HEADER "\"}", BULLA_E_MISSING_FIELD },
    { "{\"payload\":\"AAAA\",\"signature\":\"AAAA\",\"header\":{\"alg\":\"EdDSA\"}}",
      BULLA_E_MISSING_FIELD },
    { "{\"payload\":\"AAAA\",\"protected\":\"e30\",\"signature\":\"AAAA\","
      "\"header\":{\"alg\":\"EdDSA\"}}",
      BULLA_E_MISSING_FIELD },
    { "{\"payload\":\"AAAA\",\"protected\":\"" HEADER "\",\"signature\":\"AAAA\","
      "\"header\":{\"alg\":\"EdDSA\"}}",
      BULLA_E_DUPLICATE_KEY },
    { "{\"payload\":\"AAAA\",\"protected\":\"" HEADER "\",\"signature\":\"AAAA\","
      "\"header\":{\"crit\":[\"b64\"]}}",
      BULLA_E_UNSUPPORTED_FEATURE },
    { "{\"payload\":\"AAAA\",\"protected\":\"" HEADER "\",\"signature\":\"AAAA\","
      "\"header\":{\"b64\":false}}",
      BULLA_E_UNSUPPORTED_FEATURE },
    { "{\"payload\":\"AAAA\",\"protected\":\"" HEADER
      "\",\"signature\":\"AAAA\",\"signatures\":[]}",
      BULLA_E_AMBIGUOUS_BUNDLE },
    { "{\"payload\":\"AAAA\",\"signatures\":[]}", BULLA_E_EMPTY },
    { "{\"payload\":\"AAAA\",\"signatures\":[7]}", BULLA_E_TYPE_MISMATCH },
    { "{\"payload\":\"AAAA\",\"signatures\":[{\"protected\":\"" HEADER "\",\"signature\":\"AAAA\"},"
      "{\"protected\":\"eyJhbGciOiJub25lIn0\",\"signature\":\"\"}]}",
      BULLA_E_UNSUPPORTED_FEATURE }, /* none */
    { "{\"payload\":\"AAAA\",\"signatures\":[{\"protected\":\"" HEADER "\",\"signature\":\"AAAA\"},"
      "{\"protected\":\"eyJhbGciOiJFZERTQSIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19\","
      "\"signature\":\"AAAA\"}]}",
      BULLA_E_AMBIGUOUS_BUNDLE },
};

START_TEST(documents_are_strict)
{
    BU_CLEAR(bench) b = { 0 };
    bu_vouched out;
    bulla_error err = { 0 };
    start(&b, ED, NULL);
    bu_buf_add_text(&b.text, documents[_i].text);
    bulla_status status = verify(&b, &out, &err);
    ck_assert_msg(status.code == documents[_i].want, "case %d: %s (%s)", _i,
                  bulla_code_name(status.code), err.text);
    ck_assert_str_ne(err.file, "");
}
END_TEST

/* Two signers, of whom one is known; each in its own line of the list. */
START_TEST(several_signers)
{
    BU_CLEAR(bench) b = { 0 };
    BU_CLEAR(bu_buf) payload = { 0 };
    BU_AUTO(bu_secret_key) other = private_key(P384);
    bu_vouched out;
    bulla_error err = { 0 };
    start(&b, ED, NULL);
    add_text(BULLA_LIT(PAYLOAD), &payload);
    bu_buf_add_format(&b.text, "{\"payload\":\"%s\",\"signatures\":[{\"protected\":\"",
                      (const char *)payload.ptr);
    add_text(BULLA_LIT("{\"alg\":\"ES384\"}"), &b.text);
    bu_buf_add_text(&b.text, "\",\"signature\":\"");
    add_signature(other, "ecdsa-p384-sha384-p1363", "{\"alg\":\"ES384\"}", bu_buf_bytes(&payload),
                  &b.text);
    bu_buf_add_text(&b.text, "\"},{\"header\":{\"kid\":\"me\"},\"protected\":\"");
    add_text(BULLA_LIT("{\"alg\":\"EdDSA\",\"cty\":\"x\"}"), &b.text);
    bu_buf_add_text(&b.text, "\",\"signature\":\"");
    add_signature(b.key, "ed25519", "{\"alg\":\"EdDSA\",\"cty\":\"x\"}", bu_buf_bytes(&payload),
                  &b.text);
    bu_buf_add_text(&b.text, "\"}]}");
    ck_assert_ptr_eq(bu_format_of(bu_buf_bytes(&b.text)), &bu_format_jws);
    unit_ok(verify(&b, &out, &err), err);
    ck_assert(out.by[0]);
    ck_assert(bu_bytes_is(out.payload, PAYLOAD));
}
END_TEST

/* A header with the JWK of a key. */
static const char *header_with(const bu_secret_key *key, const char *alg)
{
    BU_CLEAR(bu_buf) x = { 0 };
    BU_CLEAR(bu_buf) y = { 0 };
    bulla_bytes spki = bu_key_spki(bu_secret_key_public(key));
    add_text(bu_bytes_first(bu_bytes_from(spki, spki.len - 64), 32), &x);
    add_text(bu_bytes_from(spki, spki.len - 32), &y);
    return test_text(
        "{\"alg\":\"%s\",\"jwk\":{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"%s\",\"y\":\"%s\"}}",
        alg, (const char *)x.ptr, (const char *)y.ptr);
}

/* Whoever brings a key along is no more trusted than without it. */
START_TEST(a_key_that_came_along)
{
    BU_CLEAR(bench) b = { 0 };
    BU_AUTO(bu_secret_key) attacker = NULL;
    bu_vouched out;
    bulla_error err = { 0 };
    unit_ok(bu_secret_key_new(BULLA_KEY_ECDSA_P256, &attacker, &err), err);
    start(&b, P256, NULL);
    compact(b.key, "ecdsa-p256-sha256-p1363", header_with(b.key, "ES256"), false, &b.text);
    unit_ok(verify(&b, &out, &err), err);
    compact(attacker, "ecdsa-p256-sha256-p1363", header_with(attacker, "ES256"), false, &b.text);
    unit_fails(verify(&b, &out, &err), BULLA_E_UNTRUSTED_KEY, err);
    compact(attacker, "ecdsa-p256-sha256-p1363", header_with(b.key, "ES256"), false, &b.text);
    unit_fails(verify(&b, &out, &err), BULLA_E_BAD_SIGNATURE, err);
    /* Signed by the trusted key, but said to be by another. */
    compact(b.key, "ecdsa-p256-sha256-p1363", header_with(attacker, "ES256"), false, &b.text);
    unit_fails(verify(&b, &out, &err), BULLA_E_UNTRUSTED_KEY, err);
}
END_TEST

START_TEST(a_key_has_its_time)
{
    BU_CLEAR(bench) b = { 0 };
    bu_vouched out;
    bulla_error err = { 0 };
    start(&b, ED, NULL);
    compact(b.key, "ed25519", "{\"alg\":\"EdDSA\"}", false, &b.text);
    b.t.anchors.items[0].until = TEST_NOW - 1;
    unit_fails(verify(&b, &out, &err), BULLA_E_EXPIRED, err);
}
END_TEST

START_TEST(types_of_payloads)
{
    static const struct {
        const char *header, *want;
    } types[] = {
        { "{\"alg\":\"EdDSA\",\"typ\":\"JWT\"}", "application/JWT" },
        { "{\"alg\":\"EdDSA\",\"typ\":\"JOSE\",\"cty\":\"text/plain\"}", "text/plain" },
    };
    BU_CLEAR(bench) b = { 0 };
    bu_vouched out;
    bulla_error err = { 0 };
    start(&b, ED, NULL);
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        compact(b.key, "ed25519", types[i].header, false, &b.text);
        unit_ok(verify(&b, &out, &err), err);
        ck_assert(bu_bytes_is(out.payload_type, types[i].want));
    }
}
END_TEST

START_TEST(says_what_it_claims)
{
    BU_CLEAR(bench) b = { 0 };
    bulla_error err = { 0 };
    start(&b, ED, NULL);
    compact(b.key, "ed25519", "{\"alg\":\"EdDSA\",\"kid\":\"k\",\"cty\":\"x\"}", false, &b.text);
    bu_description out = { .arena = b.t.arena };
    unit_ok(bu_format_jws.describe(bu_buf_bytes(&b.text), "f", &out, &err), err);
    ck_assert_str_eq(test_described(&out, "algorithm"), "EdDSA");
    ck_assert_str_eq(test_described(&out, "keyid"), "k");
    ck_assert_str_eq(test_described(&out, "payload type"), "application/x");
}
END_TEST

static const struct {
    const char *text;
    bool is, carries;
} looks[] = {
    { HEADER ".AAAA.AAAA", true, true },
    { HEADER ".AAAA.AAAA\n", true, true },
    { HEADER "..AAAA", true, false },
    { HEADER ".AAAA", false, false },
    { "eyes.see.nothing here", false, false },
    { "example.com.", false, false },
    { "{\"protected\":\"\",\"signature\":\"\"}", true, false },
    { "{\"protected\":\"\",\"payload\":\"\",\"signatures\":[]}", true, true },
    { "{\"protected\":true}", false, false },
    { "", false, false },
};

START_TEST(told_by_its_look)
{
    bulla_bytes text = bu_bytes_of(looks[_i].text);
    ck_assert_int_eq(bu_format_jws.is(text), looks[_i].is);
    ck_assert_int_eq(bu_format_jws.carries(text), looks[_i].carries);
}
END_TEST

START_TEST(memory_runs_out)
{
    BU_CLEAR(bench) b = { 0 };
    start(&b, ED, PAYLOAD);
    compact(b.key, "ed25519", "{\"alg\":\"EdDSA\",\"kid\":\"k\"}", true, &b.text);
    for (size_t n = 0;; n++) {
        bu_vouched out = { 0 };
        bulla_error err = { 0 };
        bu_arena_reset(b.t.arena);
        alloc_fail_at(n);
        bulla_status status = verify(&b, &out, &err);
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
    tcase_add_loop_test(tc, every_algorithm, 0, ALGORITHM_COUNT);
    tcase_add_test(tc, detached);
    tcase_add_test(tc, detached_and_not_encoded);
    tcase_add_test(tc, every_bit_counts);
    tcase_add_loop_test(tc, headers_are_strict, 0, sizeof headers / sizeof headers[0]);
    tcase_add_loop_test(tc, documents_are_strict, 0, sizeof documents / sizeof documents[0]);
    tcase_add_test(tc, several_signers);
    tcase_add_test(tc, a_key_that_came_along);
    tcase_add_test(tc, a_key_has_its_time);
    tcase_add_test(tc, types_of_payloads);
    tcase_add_test(tc, says_what_it_claims);
    tcase_add_loop_test(tc, told_by_its_look, 0, sizeof looks / sizeof looks[0]);
    tcase_add_test(tc, memory_runs_out);
}

int main(void)
{
    return unit_run("trust/format_jws", add);
}
