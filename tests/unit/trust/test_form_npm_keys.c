/* SPDX-License-Identifier: MIT */
/*
 * Documents of a registry's keys: which keys they give, for what time, and what they are refused
 * for.
 */
#include "alloc_fail.h"
#include "registry.h"

#define TUF_ROW(usage, key, valid)                                                                 \
    "{\"keyId\":\"k\",\"keyUsage\":\"" usage "\",\"publicKey\":{\"rawBytes\":\"" key               \
    "\",\"keyDetails\":\"PKIX_ECDSA_P256_SHA_256\",\"validFor\":" valid "}}"
#define ROW_2025  TUF_ROW("npm:signatures", P256, "{\"start\":\"2025-01-13T00:00:00.000Z\"}")
#define ROW_2022  TUF_ROW("npm:attestations", P256, "{" FROM_2022 "}")
#define FROM_2022 "\"start\":\"2022-12-01T00:00:00.000Z\",\"end\":\"2025-01-29T00:00:00.000Z\""
#define P256                                                                                       \
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEvaaf1vMccQ25mnZyQ7QhE5DfNJZ1PJ2tfiQOF/"                   \
    "wjHUY5L3HDMMVJJ6Kdf0BUPIinuUgJml3SVBR6ys+bg7JqbA=="
#define ED25519 "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
#define OWN_ROW(key, scheme, expires)                                                              \
    "{\"keyid\":\"k\",\"keytype\":\"" scheme "\",\"scheme\":\"" scheme "\",\"expires\":" expires   \
    ",\"key\":\"" key "\"}"
#define P256_ROW OWN_ROW(P256, "ecdsa-sha2-nistp256", "null")

static bulla_status read_keys(const char *text, bu_anchors *anchors, bulla_error *err)
{
    bu_anchors_clear(anchors);
    BU_TRY(bu_anchors_start(anchors, err));
    return bu_anchors_read(bu_bytes_of(text), "keys.json", anchors, err);
}

START_TEST(keys_come_with_their_names_and_times)
{
    BU_CLEAR(bu_anchors) anchors = { 0 };
    bulla_error err = { 0 };
    const char *old =
        npm_key_row(test_key(BULLA_KEY_ECDSA_P256), "SHA256:old", "\"2025-01-29T00:00:00.000Z\"");
    const char *new = npm_key_row(test_key(BULLA_KEY_ECDSA_P256), "SHA256:new", "null");
    bulla_status status = read_keys(npm_keys(test_text("%s,%s", old, new)), &anchors, &err);
    unit_ok(status, err);
    ck_assert_uint_eq(anchors.count, 2);
    ck_assert_str_eq(anchors.items[0].form, "npm-keys");
    ck_assert(bu_bytes_is(anchors.items[0].hint, "SHA256:old"));
    ck_assert_int_eq(anchors.items[0].from, INT64_MIN);
    ck_assert_int_eq(anchors.items[0].until, 1738108800);
    ck_assert_ptr_null(anchors.items[0].name);
    ck_assert(bu_bytes_is(anchors.items[1].hint, "SHA256:new"));
    ck_assert_int_eq(anchors.items[1].until, INT64_MAX);
}
END_TEST

START_TEST(sigstores_own_list_of_them_is_read_too)
{
    BU_CLEAR(bu_anchors) anchors = { 0 };
    bulla_error err = { 0 };
    bulla_status status = read_keys(npm_keys(ROW_2025 "," ROW_2022), &anchors, &err);
    unit_ok(status, err);
    ck_assert_uint_eq(anchors.count, 2);
    ck_assert_str_eq(anchors.items[0].name, "npm:signatures");
    ck_assert_int_eq(anchors.items[0].from, 1736726400);
    ck_assert_int_eq(anchors.items[0].until, INT64_MAX);
    ck_assert_str_eq(anchors.items[1].name, "npm:attestations");
    ck_assert_int_eq(anchors.items[1].until, 1738108800);
}
END_TEST

static const struct {
    const char *text;
    bulla_code code;
    const char *place; /* part of the sentence */
} refused[] = {
    { "{\"keys\":[]}", BULLA_E_BAD_KEY, "" }, /* names no key: no such document */
    { "{\"keys\":[],\"\":[{\"keyid\":1}]}", BULLA_E_EMPTY, "keys" },
    { "{\"keys\":{\"keyid\":1}}", BULLA_E_TYPE_MISMATCH, "keys" },
    { "{\"keys\":[{\"keyid\":1}]}", BULLA_E_TYPE_MISMATCH, "keys[0]" },
    { "{\"keys\":[" P256_ROW ",1]}", BULLA_E_TYPE_MISMATCH, "keys[1]" },
    { "{\"keys\":[{\"keyid\":\"k\"}]}", BULLA_E_MISSING_FIELD, "scheme" },
    { "{\"keys\":[" P256_ROW "," P256_ROW "]}", BULLA_E_DUPLICATE_ENTRY, "keys 1 and 2" },
    { "{\"keys\":[" OWN_ROW(P256, "rsa", "null") "]}", BULLA_E_UNSUPPORTED_FEATURE, "scheme" },
    { "{\"keys\":[" OWN_ROW(ED25519, "ecdsa-sha2-nistp256", "null") "]}", BULLA_E_BAD_KEY,
      "P-256" },
    { "{\"keys\":[" OWN_ROW("?", "ecdsa-sha2-nistp256", "null") "]}", BULLA_E_BAD_ENCODING, "key" },
    { "{\"keys\":[" OWN_ROW("AAAA", "ecdsa-sha2-nistp256", "null") "]}", BULLA_E_BAD_ENCODING, "" },
    { "{\"keys\":[" OWN_ROW(P256, "ecdsa-sha2-nistp256", "\"soon\"") "]}", BULLA_E_BAD_TIME,
      "end" },
    { "{\"keys\":[" OWN_ROW(P256, "ecdsa-sha2-nistp256", "1738108800") "]}", BULLA_E_TYPE_MISMATCH,
      "expires" },
    { "{\"keys\":[" TUF_ROW("npm:signatures", P256, "{}") "]}", BULLA_E_MISSING_FIELD, "start" },
    { "{\"keys\":[" TUF_ROW("npm:signatures", P256,
                            "{\"start\":\"2025-01-13T00:00:00Z\",\"end\":7}") "]}",
      BULLA_E_TYPE_MISMATCH, "end" },
};

START_TEST(what_is_no_list_of_keys_is_refused)
{
    BU_CLEAR(bu_anchors) anchors = { 0 };
    bulla_error err = { 0 };
    bulla_status status = read_keys(refused[_i].text, &anchors, &err);
    unit_fails(status, refused[_i].code, err);
    ck_assert_msg(strstr(err.text, refused[_i].place) != NULL, "%s", err.text);
    ck_assert_str_eq(err.file, "keys.json");
}
END_TEST

START_TEST(no_memory_is_said_so)
{
    const char *text = npm_keys(P256_ROW);
    for (size_t n = 0;; n++) {
        bu_anchors anchors = { 0 };
        bulla_error err = { 0 };
        alloc_fail_at(n);
        bulla_status status = read_keys(text, &anchors, &err);
        bool was_hit = alloc_fail_off();
        bu_anchors_clear(&anchors);
        if (!was_hit) {
            unit_ok(status, err);
            break;
        }
        unit_fails(status, BULLA_E_NO_MEMORY, err);
    }
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_test(tc, keys_come_with_their_names_and_times);
    tcase_add_test(tc, sigstores_own_list_of_them_is_read_too);
    tcase_add_loop_test(tc, what_is_no_list_of_keys_is_refused, 0,
                        (int)(sizeof refused / sizeof refused[0]));
    tcase_add_test(tc, no_memory_is_said_so);
}

int main(void)
{
    return unit_run("trust/form_npm_keys", add);
}
