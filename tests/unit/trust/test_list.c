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
    const char *text =
        test_text("schema = \"bulla.trust/1\"\nurl = \"https://trust.example\"\n"
                  "environments = [\"dev\", \"prod\"]\n"
                  "[[person]]\nid = \"alice\"\norg = \"ours\"\ntag = \"t1\"\n"
                  "login = { issuer = \"https://id.example\", user = \"a17\" }\n[[person.key]]\n"
                  "public = \"\"\"\n%s\"\"\"\nuntil = 2027-01-01T00:00:00Z\n"
                  "review_by = 2026-12-01T00:00:00Z\nreplaced = 2026-05-01T00:00:00Z\n"
                  "custody = \"token\"\nenvironments = [\"prod\"]\n"
                  "revoked = { at = 2026-06-01T00:00:00Z, since = 2026-05-02T00:00:00Z, "
                  "reason = \"lost \\\\o\" }\n"
                  "[[person]]\nid = \"bob\"\n"
                  "[[service]]\nid = \"ci\"\ncontroller = \"alice\"\n[[role]]\nname = \"release\"\n"
                  "people = [\"ci\"]\nthreshold = 1\nmatch = [\"pkg:npm/**\", \"*.tgz\"]\n"
                  "predicates = [\"sbom\"]\nreview_by = 2027-06-01T00:00:00Z\n"
                  "[[role]]\nname = \"review\"\nthreshold = 1\nmatch = [\"*\"]\n"
                  "[[grant]]\nrole = \"review\"\nperson = \"bob\"\nmatch = [\"a*\"]\n"
                  "environments = [\"dev\"]\nuntil = 2027-02-01T00:00:00Z\n"
                  "[[exclusive]]\nroles = [\"release\", \"review\"]\nper = \"subject\"\n",
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

static char *shown(const bulla_trust *trust, const char *name, const char *format)
{
    bulla_error err = { 0 };
    bulla_buffer out = { 0 };
    bulla_status status = bulla_trust_show(trust, name, format, &out, &err);
    unit_ok(status, err);
    char *text = test_text("%s", (const char *)out.ptr);
    bulla_buffer_free(&out);
    return text;
}

#define ZEROS "00000000000000000000000000000000000000000000000000000000000000"
#define HEAD                                                                                       \
    "store sha256:02" ZEROS "\nidentity 01" ZEROS "\n"                                             \
    "root version 2, expires 2026-11-21T00:00:00Z, 0 of 0 owners, one-time key: can only be made " \
    "anew\n"                                                                                       \
    "targets version 3, expires 2026-11-21T00:00:00Z\n"                                            \
    "served at https://trust.example\nenvironments dev prod\n"
#define ALICE                                                                                      \
    "person alice, of ours, tag t1, login a17 at https://id.example\n"                             \
    "    ed25519 %s until 2027-01-01T00:00:00Z review by 2026-12-01T00:00:00Z "                    \
    "replaced 2026-05-01T00:00:00Z revoked 2026-06-01T00:00:00Z since 2026-05-02T00:00:00Z: "      \
    "lost \\\\o\n"                                                                                 \
    "        custody token\n"                                                                      \
    "        environments prod\n"
#define BOB "person bob\n"
#define CI  "service ci, counts as alice\n"
#define RELEASE                                                                                    \
    "role release: 1 of ci review by 2027-06-01T00:00:00Z\n"                                       \
    "    match pkg:npm/** *.tgz\n"                                                                 \
    "    predicates sbom\n"
#define REVIEW                                                                                     \
    "role review: 1 of bob\n"                                                                      \
    "    match *\n"                                                                                \
    "    bob only match a* environments dev until 2027-02-01T00:00:00Z\n"
#define APART "apart for one thing: release, review\n"

START_TEST(text_is_for_people)
{
    char *keyid;
    BU_AUTO(bulla_trust) trust = sample(&keyid);
    ck_assert_str_eq(shown(trust, NULL, "text"),
                     test_text(HEAD ALICE BOB CI RELEASE REVIEW APART, keyid));
}
END_TEST

/* Of one, what belongs to it: nothing of it is missing, and nothing else is in the way. */
START_TEST(one_of_them)
{
    char *keyid;
    BU_AUTO(bulla_trust) trust = sample(&keyid);
    ck_assert_str_eq(shown(trust, "alice", "text"), test_text(ALICE, keyid));
    ck_assert_str_eq(shown(trust, "bob", "text"), BOB REVIEW APART);
    ck_assert_str_eq(shown(trust, "release", "text"), CI RELEASE APART);
    ck_assert_str_eq(shown(trust, test_text("%.8s", keyid), "text"), test_text(ALICE, keyid));
    ck_assert_ptr_null(strstr(shown(trust, "bob", "json"), "alice"));
}
END_TEST

START_TEST(nobody_of_that_name)
{
    static const char *const names[] = { "mallory", "", "0", "release2" };
    char *keyid;
    bulla_error err = { 0 };
    bulla_buffer out = { 0 };
    BU_AUTO(bulla_trust) trust = sample(&keyid);
    unit_fails(bulla_trust_show(trust, names[_i], "text", &out, &err), BULLA_E_BAD_REFERENCE, err);
    unit_fails(bulla_trust_show(trust, test_text("%.7s", keyid), "text", &out, &err),
               BULLA_E_BAD_REFERENCE, err);
    ck_assert_int_eq(err.exit, BULLA_EXIT_CONFIG);
}
END_TEST

START_TEST(json_is_for_programs)
{
    static const char *const said[] = {
        "\"owners_needed\": 0",
        "\"urls\": [\n    \"https://trust.example\"\n  ]",
        "\"kind\": \"service\",\n      \"controller\": \"alice\",\n      \"counts_as\": \"alice\"",
        "\"user\": \"a17\"",
        "\"custody\": \"token\"",
        "\"replaced\": \"2026-05-01T00:00:00Z\"",
        "\"since\": \"2026-05-02T00:00:00Z\"",
        "\"person\": \"bob\",\n          \"match\": [\n            \"a*\"\n          ]",
        "\"per_subject\": true,\n      \"built_in\": false",
    };
    char *keyid;
    BU_AUTO(bulla_trust) trust = sample(&keyid);
    const char *json = shown(trust, NULL, "json");
    for (size_t i = 0; i < sizeof said / sizeof said[0]; i++)
        ck_assert_msg(strstr(json, said[i]) != NULL, "%s", said[i]);
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
    trust->chain.root->roles[BU_TUF_ROOT].count = trust->chain.root->roles[BU_TUF_ROOT].threshold =
        1;
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
    tcase_add_test(tc, one_of_them);
    tcase_add_loop_test(tc, nobody_of_that_name, 0, 4);
    tcase_add_test(tc, json_is_for_programs);
    tcase_add_test(tc, json_is_valid_by_its_schema);
    tcase_add_test(tc, another_format_is_refused);
    tcase_add_loop_test(tc, no_memory_is_a_refusal, 0, 2);
}

int main(void)
{
    return unit_run("trust/list", add);
}
