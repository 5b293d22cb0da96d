/* SPDX-License-Identifier: MIT */
/*
 * `bulla trust list`: the forms that people and programs read.
 */
#include <sys/wait.h>

#include "build.h"
#include "bulla/trust.h"
#include "trust/store.h"
#include "trust/trust_toml.h"
#include "alloc_fail.h"

/* A store that is all in memory, so that its times and digests are known. */
static bulla_trust *sample(char **pem_keyid)
{
    bulla_error err = { 0 };
    bulla_trust *trust = NULL;
    bulla_secret_key *key = test_key(BULLA_KEY_ED25519);
    const char *text = test_text(
        "schema = \"bulla.trust/1\"\n[[person]]\nid = \"alice\"\n[[person.key]]\n"
        "public = \"\"\"\n%s\"\"\"\nuntil = 2027-01-01T00:00:00Z\n"
        "revoked = { at = 2026-06-01T00:00:00Z, reason = \"lost \\\\o\" }\n"
        "[[service]]\nid = \"ci\"\ncontroller = \"alice\"\n[[role]]\nname = \"release\"\n"
        "people = [\"ci\", \"alice\"]\nthreshold = 1\nmatch = [\"pkg:npm/**\", \"*.tgz\"]\n"
        "predicates = [\"sbom\"]\nreview_by = 2027-06-01T00:00:00Z\n",
        test_pem(key));
    bulla_status status = bu_store_new(&trust, &err);
    unit_ok(status, err);
    status = bu_trust_toml_read(bu_bytes_of(text), trust, &err);
    unit_ok(status, err);
    trust->chain.root = calloc(1, sizeof *trust->chain.root);
    ck_assert_ptr_nonnull(trust->chain.root);
    trust->chain.root->version = 2;
    trust->chain.root->expires = TEST_NOW;
    trust->chain.root->one_time = true;
    trust->chain.identity = (bulla_digest){ .alg = BULLA_ALG_SHA256, .len = 32, .bytes = { 1 } };
    trust->digest = (bulla_digest){ .alg = BULLA_ALG_SHA256, .len = 32, .bytes = { 2 } };
    trust->targets_version = 3;
    trust->targets_expires = TEST_NOW;
    *pem_keyid = test_text("%s", bulla_secret_key_id(key));
    return trust;
}

static void listed(const char *format, const char *want, bulla_trust *trust)
{
    bulla_error err = { 0 };
    bulla_buffer out = { 0 };
    bulla_status status = bulla_trust_list(trust, format, &out, &err);
    unit_ok(status, err);
    ck_assert_str_eq((const char *)out.ptr, want);
    bulla_buffer_free(&out);
}

#define ZEROS "00000000000000000000000000000000000000000000000000000000000000"

START_TEST(text_is_for_people)
{
    char *keyid;
    BU_AUTO(bulla_trust) trust = sample(&keyid);
    listed("text",
           test_text("store sha256:02" ZEROS "\n"
                     "root version 2, expires 2026-11-21T00:00:00Z, one-time key: can only be made "
                     "anew\n"
                     "targets version 3, expires 2026-11-21T00:00:00Z\n"
                     "person alice\n"
                     "    ed25519 %s until 2027-01-01T00:00:00Z revoked 2026-06-01T00:00:00Z: "
                     "lost \\\\o\n"
                     "service ci, counts as alice\n"
                     "role release: 1 of ci, alice review by 2027-06-01T00:00:00Z\n"
                     "    match pkg:npm/** *.tgz\n"
                     "    predicates sbom\n",
                     keyid),
           trust);
}
END_TEST

START_TEST(json_is_for_programs)
{
    char *keyid;
    BU_AUTO(bulla_trust) trust = sample(&keyid);
    listed(
        "json",
        test_text(
            "{\n  \"schema\": \"bulla.trust-list/1\",\n"
            "  \"identity\": \"01" ZEROS "\",\n"
            "  \"digest\": \"02" ZEROS "\",\n"
            "  \"one_time_root\": true,\n"
            "  \"root\": {\n    \"version\": 2,\n    \"expires\": \"2026-11-21T00:00:00Z\"\n  },\n"
            "  \"targets\": {\n    \"version\": 3,\n    \"expires\": \"2026-11-21T00:00:00Z\"\n  "
            "},\n"
            "  \"people\": [\n    {\n      \"id\": \"alice\",\n      \"keys\": [\n        {\n"
            "          \"kind\": \"ed25519\",\n          \"keyid\": \"%s\",\n"
            "          \"until\": \"2027-01-01T00:00:00Z\",\n"
            "          \"revoked\": {\n            \"at\": \"2026-06-01T00:00:00Z\",\n"
            "            \"reason\": \"lost \\\\o\"\n          }\n        }\n      ]\n    },\n"
            "    {\n      \"id\": \"ci\",\n      \"controller\": \"alice\",\n      \"keys\": []\n"
            "    }\n  ],\n"
            "  \"roles\": [\n    {\n      \"name\": \"release\",\n      \"threshold\": 1,\n"
            "      \"people\": [\n        \"ci\",\n        \"alice\"\n      ],\n"
            "      \"match\": [\n        \"pkg:npm/**\",\n        \"*.tgz\"\n      ],\n"
            "      \"predicates\": [\n        \"sbom\"\n      ],\n"
            "      \"review_by\": \"2027-06-01T00:00:00Z\"\n    }\n  ]\n}\n",
            keyid),
        trust);
}
END_TEST

START_TEST(json_is_valid_by_its_schema)
{
    char *keyid;
    BU_AUTO(bulla_trust) trust = sample(&keyid);
    bulla_error err = { 0 };
    bulla_buffer out = { 0 };
    char *folder = unit_temporary_folder();
    char *script = unit_source_path("tests/unit/report/validate.py");
    char *schema = unit_source_path("doc/schema/trust-list.json");
    ck_assert(script != NULL && schema != NULL);
    bulla_status status = bulla_trust_list(trust, "json", &out, &err);
    unit_ok(status, err);
    test_write(folder, "list.json", (const char *)out.ptr);
    int how =
        system(test_text("/usr/bin/python3 '%s' '%s' '%s'/list.json", script, schema, folder));
    ck_assert(WIFEXITED(how));
    if (WEXITSTATUS(how) == 77)
        unit_skipped("validation by doc/schema/trust-list.json",
                     "python3-jsonschema is not installed");
    else
        ck_assert_int_eq(WEXITSTATUS(how), 0);
    bulla_buffer_free(&out);
    free(folder);
    free(script);
    free(schema);
}
END_TEST

START_TEST(another_format_is_refused)
{
    char *keyid;
    BU_AUTO(bulla_trust) trust = sample(&keyid);
    bulla_error err = { 0 };
    bulla_buffer out = { 0 };
    unit_fails(bulla_trust_list(trust, "yaml", &out, &err), BULLA_E_USAGE, err);
    ck_assert_str_eq(err.got, "yaml");
    ck_assert_ptr_null(out.ptr);
}
END_TEST

START_TEST(no_memory_is_a_refusal)
{
    char *keyid;
    BU_AUTO(bulla_trust) trust = sample(&keyid);
    const char *format = _i == 0 ? "text" : "json";
    for (size_t n = 0;; n++) {
        bulla_error err = { 0 };
        bulla_buffer out = { 0 };
        alloc_fail_at(n);
        bulla_status status = bulla_trust_list(trust, format, &out, &err);
        if (!alloc_fail_off()) {
            unit_ok(status, err);
            bulla_buffer_free(&out);
            break;
        }
        unit_fails(status, BULLA_E_NO_MEMORY, err);
        ck_assert_ptr_null(out.ptr);
    }
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_test(tc, text_is_for_people);
    tcase_add_test(tc, json_is_for_programs);
    tcase_add_test(tc, json_is_valid_by_its_schema);
    tcase_add_test(tc, another_format_is_refused);
    tcase_add_loop_test(tc, no_memory_is_a_refusal, 0, 2);
}

int main(void)
{
    return unit_run("trust/list", add);
}
