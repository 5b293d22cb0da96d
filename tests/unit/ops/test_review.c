/* SPDX-License-Identifier: MIT */
/*
 * Reviews of publishers: what a stranger publishes, what is out of scope and what is over is not
 * reviewed, whoever signs it.
 */
#include "suite.h"

#include "../trust/sigstore_world.h"
#include "base/time.h"
#include "bulla/bulla.h"

#define STORE                                                                                      \
    "schema = \"bulla.trust/1\"\nsigstore = \"sigstore.json\"\n"                                   \
    "[[person]]\nid = \"ann\"\n[[person.key]]\nfile = \"ann.pem\"\n"                               \
    "[[person]]\nid = \"maker\"\n[[person.key]]\nidentity = \"" WORLD_IDENTITY                     \
    "\"\nissuer = \"" WORLD_ISSUER "\"\n"                                                          \
    "[[role]]\nname = \"reviewer\"\npeople = [\"ann\"]\nthreshold = 1\nmatch = "                   \
    "[\"pkg:generic/*\"]\n"                                                                        \
    "[[role]]\nname = \"%s\"\npeople = [\"maker\"]\nthreshold = 1\nmatch = [\"%s\"]\n"
#define POLICY                                                                                     \
    "schema = \"bulla.policy/1\"\n[[rule]]\nmatch = \"pkg:generic/**\"\n"                          \
    "require = [\"review:reviewer\"]\n"

/** One review of a publisher; NULL: as it must be. */
typedef struct wish {
    const char *about, *publisher, *issuer, *scope, *until, *match, *decision;
    bool by_other; /* somebody else than the reviewer signs it */
    bulla_exit exit;
    bulla_code code;
} wish;

static const wish wishes[] = {
    { .about = "the publisher", .exit = BULLA_EXIT_ALLOWED },
    { .about = "another identity",
      .publisher = "https://example.org/people/mallory",
      .exit = BULLA_EXIT_UNPROVEN },
    { .about = "another issuer",
      .issuer = "https://example.org/other",
      .exit = BULLA_EXIT_UNPROVEN },
    { .about = "another package",
      .scope = "pkg:generic/other",
      .exit = BULLA_EXIT_UNPROVEN,
      .code = BULLA_E_UNTRUSTED_KEY },
    { .about = "another type",
      .scope = "pkg:npm/**",
      .exit = BULLA_EXIT_UNPROVEN,
      .code = BULLA_E_UNTRUSTED_KEY },
    { .about = "what is over",
      .until = "2025-06-10T00:00:00Z",
      .exit = BULLA_EXIT_UNPROVEN,
      .code = BULLA_E_EXPIRED },
    { .about = "a certificate without a role here", .match = "other", .exit = BULLA_EXIT_UNPROVEN },
    { .about = "a review by a stranger", .by_other = true, .exit = BULLA_EXIT_UNPROVEN },
    { .about = "a rejection",
      .decision = "decision=reject",
      .exit = BULLA_EXIT_DENIED,
      .code = BULLA_E_BAD_STATUS },
};

typedef struct bench {
    char *folder, *store, *artifact, *policy;
    bulla_secret_key *key;
} bench;

static bench set_up(const world *w, const wish *one)
{
    bench b = { .folder = unit_temporary_folder(), .key = test_key(BULLA_KEY_ED25519) };
    char *contents = unit_temporary_folder();
    const char *match = one->match == NULL ? "pkg:generic/*" : one->match;
    bulla_error err = { 0 };
    b.store = test_text("%s/trust", b.folder);
    b.artifact = test_text("%s/a", b.folder);
    b.policy = test_text("%s/policy.toml", b.folder);
    test_write(contents, "trust.toml", test_text(STORE, "maker", match));
    test_write(contents, "ann.pem", test_pem(b.key));
    test_write(contents, "sigstore.json", w->trusted_root);
    test_write(b.folder, "a", WORLD_ARTIFACT);
    test_write(b.folder, "a.sigstore.json", world_bundle(w, (world_wish){ 0 }));
    test_write(b.folder, "policy.toml", POLICY);
    const bulla_trust_edit edit = { .folder = b.store,
                                    .now = WORLD_TIME,
                                    .expires = WORLD_TIME + 1000000 };
    const bulla_trust_owners owners = { 0 };
    bulla_trust_outcome outcome = { 0 };
    unit_ok(bulla_trust_init(&edit, &owners, contents, &outcome, &err), err);
    bulla_trust_outcome_clear(&outcome);
    free(contents);
    return b;
}

static void tear_down(bench *b)
{
    bulla_secret_key_free(b->key);
    free(b->folder);
}

static const char * or (const char *text, const char *otherwise)
{
    return text == NULL ? otherwise : text;
}

/* The review lies where its own subject is looked for: under the digest of the publisher. */
static void review(const bench *b, const wish *one)
{
    bulla_secret_key *other = test_key(BULLA_KEY_ED25519);
    const char *const fields[] = {
        "role=reviewer",
        test_text("publisher=%s", or (one->publisher, WORLD_IDENTITY)),
        test_text("issuer=%s", or (one->issuer, WORLD_ISSUER)),
        test_text("scope=%s", or (one->scope, "pkg:generic/*")),
        test_text("until=%s", or (one->until, "2026-01-01T00:00:00Z")),
        one->decision,
        NULL,
    };
    const bulla_decision decision = { .type = "review",
                                      .fields = fields,
                                      .issued = WORLD_TIME - 1000000 };
    bulla_buffer line = { 0 }, names = { 0 };
    bulla_error err = { 0 };
    unit_ok(bulla_decide(one->by_other ? other : b->key, NULL, &decision, &line, &names, &err),
            err);
    names.ptr[names.len - 1] = '\0';
    test_write(b->folder, test_text("%s.intoto.jsonl", (const char *)names.ptr),
               (const char *)line.ptr);
    bulla_buffer_free(&line);
    bulla_buffer_free(&names);
    bulla_secret_key_free(other);
}

static bulla_result *verify(const bench *b)
{
    const char *const paths[] = { b->artifact, NULL }, *const folders[] = { b->folder, NULL };
    const bulla_trust_options trust_options = { .folder = b->store, .now = WORLD_TIME };
    bulla_trust *trust = NULL;
    bulla_result *result = NULL;
    bulla_error err = { 0 };
    unit_ok(bulla_trust_load(&trust_options, &trust, &err), err);
    const bulla_verify_options options = {
        .paths = paths, .evidence = folders, .trust = trust, .policy = b->policy, .now = WORLD_TIME
    };
    unit_ok(bulla_verify(&options, &result, &err), err);
    bulla_trust_free(trust);
    return result;
}

static bool has_code(const bulla_judgement *judgement, bulla_code code)
{
    for (size_t i = 0; i < judgement->fact_count; i++)
        if (judgement->facts[i].finding.code == code)
            return true;
    return code == BULLA_OK;
}

START_TEST(a_publisher_is_reviewed_for_what_it_says_and_no_more)
{
    const wish *one = &wishes[_i];
    BU_CLEAR(world) w = world_new();
    bench b = set_up(&w, one);
    review(&b, one);
    bulla_result *result = verify(&b);
    ck_assert_msg(bulla_result_exit(result) == one->exit, "%s: exit %d", one->about,
                  bulla_result_exit(result));
    ck_assert_msg(has_code(bulla_result_at(result, 0), one->code), "%s", one->about);
    bulla_result_free(result);
    tear_down(&b);
}
END_TEST

/* Without what the publisher signed, nobody published it. */
START_TEST(what_nobody_published_is_not_reviewed)
{
    BU_CLEAR(world) w = world_new();
    bench b = set_up(&w, &wishes[0]);
    review(&b, &wishes[0]);
    ck_assert_int_eq(remove(test_text("%s/a.sigstore.json", b.folder)), 0);
    bulla_result *result = verify(&b);
    ck_assert_int_eq(bulla_result_exit(result), BULLA_EXIT_UNPROVEN);
    bulla_result_free(result);
    tear_down(&b);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, a_publisher_is_reviewed_for_what_it_says_and_no_more, 0,
                        sizeof wishes / sizeof wishes[0]);
    tcase_add_test(tc, what_nobody_published_is_not_reviewed);
}

int main(void)
{
    return unit_run("review", add);
}
