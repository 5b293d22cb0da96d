/* SPDX-License-Identifier: MIT */
/* Documents that carry their signature (JSF): all of them is signed, whatever their layout. */
#include "log.h"
#include "signature/keys.h"

#include "alloc_fail.h"
#include "signature/jsf.h"

#define ED   "throwaway-ed25519.pem"
#define P256 "throwaway-p256.pem"
#define RSA  "throwaway-rsa2048.pem"

typedef struct bench {
    bu_secret_key *key;
    test_check t;
} bench;

static void bench_clear(bench *b)
{
    bu_secret_key_free(b->key);
    test_check_clear(&b->t);
}
BU_DEFINE_CLEAR(bench)

static void start(bench *b, const char *file)
{
    BU_CLEAR(bu_buf) pem = { 0 };
    *b = (bench){ .key = private_key(file) };
    bu_key_write_pem(bu_secret_key_public(b->key), &pem);
    test_check_start(&b->t, (const char *)pem.ptr, NULL);
}

/* The signature over a canonical text, as base64url that lives as long as the process. */
static const char *sign(const bu_secret_key *key, const char *algorithm, const char *canonical)
{
    BU_CLEAR(bu_buf) value = { 0 };
    BU_CLEAR(bu_buf) text = { 0 };
    bulla_error err = { 0 };
    unit_ok(bu_sign(key, bu_algorithm_by_name(bu_bytes_of(algorithm)), bu_bytes_of(canonical),
                    &value, &err),
            err);
    bu_base64url_encode(bu_buf_bytes(&value), &text);
    return test_text("%s", (const char *)text.ptr);
}

static bulla_status verify(bench *b, const char *text, bu_vouched *out, bulla_error *err)
{
    b->t.check.content = bu_bytes_of(text);
    return bu_format_jsf.verify(&b->t.check, out, err);
}

static const struct {
    const char *alg, *file, *algorithm;
} algorithms[] = {
    { "Ed25519", ED, "ed25519" },
    { "ES256", P256, "ecdsa-p256-sha256-p1363" },
    { "RS256", RSA, "rsa-pkcs1-sha256" },
    { "PS512", RSA, "rsa-pss-sha512-mgf1sha512-salt64" },
};

/* Written in another order, with blanks and escapes, and numbers in other words. */
START_TEST(one_signer)
{
    BU_CLEAR(bench) b = { 0 };
    bu_vouched out;
    bulla_error err = { 0 };
    start(&b, algorithms[_i].file);
    const char *canonical =
        test_text("{\"bomFormat\":\"CycloneDX\",\"name\":\"\xC3\xA4\",\"signature\":{\"algorithm\":"
                  "\"%s\",\"keyId\":\"k\"},\"version\":1}",
                  algorithms[_i].alg);
    const char *text =
        test_text("{ \"signature\": {\"value\":\"%s\", \"keyId\":\"k\",\"algorithm\":\"%s\"},\n"
                  "  \"version\": 1.0, \"name\": \"\\u00e4\", \"bomFormat\":\"CycloneDX\" }\n",
                  sign(b.key, algorithms[_i].algorithm, canonical), algorithms[_i].alg);
    ck_assert_ptr_eq(bu_format_of(bu_bytes_of(text)), &bu_format_jsf);
    unit_ok(verify(&b, text, &out, &err), err);
    ck_assert(out.by[0]);
    ck_assert(bu_bytes_is(out.payload, text));
    ck_assert(bu_bytes_is(out.payload_type, "application/vnd.cyclonedx+json"));
}
END_TEST

#define CORE "{\"a\":[1,2],\"signature\":{\"algorithm\":\"Ed25519\"}}"

static const char *simple(const bench *b)
{
    return test_text("{\"a\":[1,2],\"signature\":{\"algorithm\":\"Ed25519\",\"value\":\"%s\"}}",
                     sign(b->key, "ed25519", CORE));
}

START_TEST(every_bit_counts)
{
    BU_CLEAR(bench) b = { 0 };
    bulla_error err = { 0 };
    start(&b, ED);
    char *text = test_text("%s", simple(&b));
    for (size_t i = 0; i < 8 * strlen(text); i++) {
        bu_vouched out;
        if ((uint8_t)(text[i / 8] ^ (1 << (i % 8))) == 0)
            continue; /* the text would end there */
        text[i / 8] = (char)(text[i / 8] ^ (1 << (i % 8)));
        ck_assert_msg(!bulla_ok(verify(&b, text, &out, &err)), "bit %zu: %s", i, text);
        text[i / 8] = (char)(text[i / 8] ^ (1 << (i % 8)));
    }
}
END_TEST

START_TEST(signs_itself_alone)
{
    BU_CLEAR(bench) b = { 0 };
    bu_vouched out;
    bulla_error err = { 0 };
    start(&b, ED);
    const char *text = simple(&b);
    b.t.check.message = &b.t.message;
    b.t.bytes = BULLA_LIT("another file");
    unit_fails(verify(&b, text, &out, &err), BULLA_E_SUBJECT_MISMATCH, err);
    b.t.bytes = bu_bytes_of(text);
    unit_ok(verify(&b, text, &out, &err), err);
    ck_assert(out.by[0]);
}
END_TEST

/* JSF section 8: each signer for itself, in a list of one. Section 9: each over those before it. */
static const struct {
    const char *list;
    bool is_chain;
} lists[] = { { "signers", false }, { "chain", true } };

START_TEST(several_signers)
{
    BU_CLEAR(bench) a = { 0 };
    BU_CLEAR(bench) b = { 0 };
    bu_vouched out;
    bulla_error err = { 0 };
    start(&a, P256);
    start(&b, ED);
    const char *one = sign(
        a.key, "ecdsa-p256-sha256-p1363",
        test_text("{\"a\":1,\"signature\":{\"%s\":[{\"algorithm\":\"ES256\"}]}}", lists[_i].list));
    const char *before =
        lists[_i].is_chain ? test_text("{\"algorithm\":\"ES256\",\"value\":\"%s\"},", one) : "";
    const char *two =
        sign(b.key, "ed25519",
             test_text("{\"a\":1,\"signature\":{\"%s\":[%s{\"algorithm\":\"Ed25519\"}]}}",
                       lists[_i].list, before));
    const char *text =
        test_text("{\"a\":1,\"signature\":{\"%s\":[{\"algorithm\":\"ES256\","
                  "\"value\":\"%s\"},{\"algorithm\":\"Ed25519\",\"value\":\"%s\"}]}}",
                  lists[_i].list, one, two);
    unit_ok(verify(&a, text, &out, &err), err);
    unit_ok(verify(&b, text, &out, &err), err);
    /* With the first one changed: of a chain, the second has signed that too. */
    const char *changed =
        test_text("{\"a\":1,\"signature\":{\"%s\":[{\"algorithm\":\"ES256\","
                  "\"value\":\"AAAA\"},{\"algorithm\":\"Ed25519\",\"value\":\"%s\"}"
                  "]}}",
                  lists[_i].list, two);
    unit_fails(verify(&a, changed, &out, &err), BULLA_E_BAD_SIGNATURE, err);
    bulla_status status = verify(&b, changed, &out, &err);
    if (lists[_i].is_chain)
        unit_fails(status, BULLA_E_BAD_SIGNATURE, err);
    else
        unit_ok(status, err);
}
END_TEST

/* Who is named by a signature that does not verify is told apart from who signed nothing. */
START_TEST(a_wrong_signature_beside_a_right_one)
{
    BU_CLEAR(bench) a = { 0 };
    BU_CLEAR(bench) b = { 0 };
    BU_CLEAR(bu_buf) pem = { 0 };
    bu_vouched out;
    bulla_error err = { 0 };
    start(&a, P256);
    start(&b, ED);
    bu_key_write_pem(bu_secret_key_public(a.key), &pem);
    unit_ok(bu_anchors_read(bu_buf_bytes(&pem), "k", &b.t.anchors, &err), err);
    const char *right =
        sign(b.key, "ed25519", "{\"signature\":{\"signers\":[{\"algorithm\":\"Ed25519\"}]}}");
    unit_ok(
        verify(&b,
               test_text("{\"signature\":{\"signers\":[{\"algorithm\":\"ES256\",\"keyId\":\"%s\","
                         "\"value\":\"AAAA\"},{\"algorithm\":\"Ed25519\",\"value\":\"%s\"}]}}",
                         bu_key_id(bu_secret_key_public(a.key)), right),
               &out, &err),
        err);
    ck_assert(out.by[0] && !out.wrong[0]);
    ck_assert(!out.by[1] && out.wrong[1]);
}
END_TEST

#define VALUE "\"value\":\"AAAA\""
#define ALG   "\"algorithm\":\"Ed25519\""

static const struct {
    const char *text;
    bulla_code want;
    uint32_t line;
} documents[] = {
    { "{\"signature\":{" ALG "," VALUE "}}", BULLA_E_BAD_SIGNATURE, 0 },
    { "{\"signature\":{" ALG "," VALUE ",\"certificatePath\":[\"AAAA\"]}}", BULLA_E_BAD_SIGNATURE,
      0 },
    { "{}", BULLA_E_MISSING_FIELD, 1 },
    { "[]", BULLA_E_TYPE_MISMATCH, 1 },
    { "{\"signature\":7}", BULLA_E_TYPE_MISMATCH, 1 },
    { "{\"signature\":{}}", BULLA_E_MISSING_FIELD, 1 },
    { "{\"signature\":{" VALUE "}}", BULLA_E_MISSING_FIELD, 1 },
    { "{\"signature\":{" ALG "}}", BULLA_E_MISSING_FIELD, 1 },
    { "{\"signature\":{" ALG "," VALUE "},\"a\":1,\"a\":1}", BULLA_E_DUPLICATE_KEY, 1 },
    { "{\"signature\":{" ALG ",\"value\":\"AA==\"}}", BULLA_E_BAD_ENCODING, 1 },
    { "{\"signature\":{" ALG ",\"value\":\"AAA/\"}}", BULLA_E_BAD_ENCODING, 1 },
    { "{\n\"signature\":{\"algorithm\":\n\"HS256\"," VALUE "}}", BULLA_E_UNSUPPORTED_FEATURE, 3 },
    { "{\"signature\":{\"algorithm\":\"none\"," VALUE "}}", BULLA_E_UNSUPPORTED_FEATURE, 1 },
    { "{\"signature\":{\"algorithm\":\"EdDSA\"," VALUE "}}", BULLA_E_UNSUPPORTED_FEATURE, 1 },
    { "{\"signature\":{" ALG "," VALUE ",\"x\":1}}", BULLA_E_BAD_SYNTAX, 1 },
    { "{\"signature\":{" ALG "," VALUE ",\"excludes\":[\"a\"]},\"a\":1}",
      BULLA_E_UNSUPPORTED_FEATURE, 1 },
    { "{\"signature\":{" ALG "," VALUE ",\"extensions\":[\"a\"],\"a\":1}}",
      BULLA_E_UNSUPPORTED_FEATURE, 1 },
    { "{\"signature\":{\"signers\":[{" ALG "," VALUE "}],\"excludes\":[\"a\"]}}",
      BULLA_E_UNSUPPORTED_FEATURE, 1 },
    { "{\"signature\":{\"signers\":[]}}", BULLA_E_EMPTY, 1 },
    { "{\"signature\":{\"signers\":{}}}", BULLA_E_TYPE_MISMATCH, 1 },
    { "{\"signature\":{\"signers\":[7]}}", BULLA_E_TYPE_MISMATCH, 1 },
    { "{\"signature\":{\"signers\":[{" ALG "," VALUE "}],\"chain\":[]}}", BULLA_E_AMBIGUOUS_BUNDLE,
      1 },
    { "{\"signature\":{\"signers\":[{" ALG "," VALUE "}]," ALG "}}", BULLA_E_BAD_SYNTAX, 1 },
    { "{\"signature\":{" ALG "," VALUE ",\"publicKey\":{\"kty\":\"OKP\",\"d\":\"x\"}}}",
      BULLA_E_BAD_SYNTAX, 1 },
    { "{\"signature\":{" ALG "," VALUE "},\n\"n\":9007199254740993}", BULLA_E_BAD_NUMBER, 2 },
};

START_TEST(documents_are_strict)
{
    BU_CLEAR(bench) b = { 0 };
    bu_vouched out;
    bulla_error err = { 0 };
    start(&b, ED);
    bulla_status status = verify(&b, documents[_i].text, &out, &err);
    ck_assert_msg(status.code == documents[_i].want, "case %d: %s (%s)", _i,
                  bulla_code_name(status.code), err.text);
    ck_assert_str_eq(err.file, "f");
    ck_assert_msg(err.line == documents[_i].line, "case %d: line %u", _i, err.line);
}
END_TEST

/* The JWKs of every kind, and one of another key. */
static const char *jwk_of(const bu_secret_key *key, const char *flaw)
{
    BU_CLEAR(bu_buf) x = { 0 };
    BU_CLEAR(bu_buf) y = { 0 };
    const bu_key *public = bu_secret_key_public(key);
    bulla_bytes spki = bu_key_spki(public);
    switch (bu_key_kind(public)) {
    case BULLA_KEY_ED25519:
        bu_base64url_encode(bu_bytes_from(spki, spki.len - 32), &x);
        return test_text("{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"%s%s\"}",
                         (const char *)x.ptr, flaw);
    case BULLA_KEY_ECDSA_P256:
        bu_base64url_encode(bu_bytes_first(bu_bytes_from(spki, spki.len - 64), 32), &x);
        bu_base64url_encode(bu_bytes_from(spki, spki.len - 32), &y);
        return test_text("{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"%s\",\"y\":\"%s%s\"}",
                         (const char *)x.ptr, (const char *)y.ptr, flaw);
    default: /* 256 bytes of modulus before 02 03 01 00 01 */
        bu_base64url_encode(bu_bytes_first(bu_bytes_from(spki, spki.len - 261), 256), &x);
        return test_text("{\"e\":\"AQAB\",\"kty\":\"RSA\",\"n\":\"%s%s\"}", (const char *)x.ptr,
                         flaw);
    }
}

START_TEST(a_key_that_came_along)
{
    BU_CLEAR(bench) b = { 0 };
    bulla_error err = { 0 };
    start(&b, algorithms[_i].file);
    for (int i = 0; i < 2; i++) {
        bu_vouched out;
        const char *core = test_text("\"algorithm\":\"%s\",\"publicKey\":%s", algorithms[_i].alg,
                                     jwk_of(b.key, i == 0 ? "" : "A"));
        const char *canonical = test_text("{\"signature\":{%s}}", core);
        bulla_status status = verify(&b,
                                     test_text("{\"signature\":{%s,\"value\":\"%s\"}}", core,
                                               sign(b.key, algorithms[_i].algorithm, canonical)),
                                     &out, &err);
        if (i == 0)
            unit_ok(status, err);
        else
            unit_fails(status, BULLA_E_UNTRUSTED_KEY, err);
    }
}
END_TEST

START_TEST(says_what_it_claims)
{
    BU_CLEAR(bench) b = { 0 };
    bulla_error err = { 0 };
    start(&b, ED);
    bu_description out = { .arena = b.t.arena };
    unit_ok(bu_format_jsf.describe(BULLA_LIT("{\"signature\":{" ALG "," VALUE ",\"keyId\":\"k\"}}"),
                                   "f", &out, &err),
            err);
    ck_assert_str_eq(test_described(&out, "algorithm"), "Ed25519");
    ck_assert_str_eq(test_described(&out, "keyid"), "k");
    ck_assert_str_eq(test_described(&out, "payload type"), "application/json");
}
END_TEST

/* A document with a signature somewhere inside is not signed by it. */
START_TEST(signed_at_the_top)
{
    ck_assert(bu_format_jsf.carries(BULLA_LIT("{\"signature\":{" ALG "," VALUE "}}")));
    ck_assert(!bu_format_jsf.carries(BULLA_LIT("{\"a\":{\"signature\":{" ALG "," VALUE "}}}")));
    ck_assert(!bu_format_jsf.carries(BULLA_LIT("{\"signature\":{" ALG "," VALUE "}")));
    ck_assert(!bu_format_jsf.carries(BULLA_LIT("{}")));
}
END_TEST

START_TEST(memory_runs_out)
{
    BU_CLEAR(bench) b = { 0 };
    start(&b, ED);
    const char *text = simple(&b);
    for (size_t n = 0;; n++) {
        bu_vouched out = { 0 };
        bulla_error err = { 0 };
        bu_arena_reset(b.t.arena);
        alloc_fail_at(n);
        bulla_status status = verify(&b, text, &out, &err);
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
    int algorithm_count = (int)(sizeof algorithms / sizeof algorithms[0]);
    tcase_add_loop_test(tc, one_signer, 0, algorithm_count);
    tcase_add_test(tc, every_bit_counts);
    tcase_add_test(tc, signs_itself_alone);
    tcase_add_loop_test(tc, several_signers, 0, sizeof lists / sizeof lists[0]);
    tcase_add_test(tc, a_wrong_signature_beside_a_right_one);
    tcase_add_loop_test(tc, documents_are_strict, 0, sizeof documents / sizeof documents[0]);
    tcase_add_loop_test(tc, a_key_that_came_along, 0, algorithm_count);
    tcase_add_test(tc, says_what_it_claims);
    tcase_add_test(tc, signed_at_the_top);
    tcase_add_test(tc, memory_runs_out);
}

int main(void)
{
    return unit_run("trust/format_jsf", add);
}
