/* SPDX-License-Identifier: MIT */
/*
 * Attestations as npm and GitHub answer them: each bundle is judged by itself, names the package
 * that it is about, and cannot speak for the registry unless the registry signed it.
 */
#include "alloc_fail.h"
#include "attested.h"

#define PUBLISH "https://github.com/npm/attestation/tree/main/specs/publish/v0.1"
#define SLSA    "https://slsa.dev/provenance/v1"
#define PURL    "pkg:npm/%40a/b@1.2.3"
#define NAMED   "{\"name\":\"@a/b\",\"version\":\"1.2.3\",\"registry\":\"https://registry.example\"}"

/* One attestation, and how it is wrapped. */
typedef struct attested {
    bool by_registry;
    const char *subject, *digests, *type, *predicate; /* NULL: PURL, both, PUBLISH, NAMED */
    const char *wrapped; /* predicate type beside the bundle; NULL: as signed; "": none */
} attested;

static char *digests_of(const char *sha512)
{
    return test_text("\"sha512\":\"%s\",\"sha256\":\"%s\"", sha512, attested_hex(BULLA_ALG_SHA256));
}

static char *make(const world *w, attested wish)
{
    const char *digests =
        wish.digests == NULL ? digests_of(attested_hex(BULLA_ALG_SHA512)) : wish.digests;
    const char *type = wish.type == NULL ? PUBLISH : wish.type;
    const char *payload = attested_statement(wish.subject == NULL ? PURL : wish.subject, digests,
                                             type, wish.predicate == NULL ? NAMED : wish.predicate);
    const char *bundle = world_bundle(w, (world_wish){ .is_dsse = true,
                                                       .kind = "dsse",
                                                       .payload = payload,
                                                       .by_key = wish.by_registry,
                                                       .hint = "k" });
    const char *wrapped = wish.wrapped == NULL ? type : wish.wrapped;
    return *wrapped == '\0'
               ? test_text("{\"bundle\":%s,\"repository_id\":7}", bundle)
               : test_text("{\"predicateType\":\"%s\",\"bundle\":%s}", wrapped, bundle);
}

typedef struct answer {
    bu_vouched vouched;
    bulla_error err;
    bu_arena *arena;
} answer;

static void answer_clear(answer *a)
{
    bu_arena_free(a->arena);
}
BU_DEFINE_CLEAR(answer)

static bulla_status verify(const bu_anchors *anchors, const char *text, answer *out)
{
    static bulla_bytes archive = { (const uint8_t *)WORLD_ARTIFACT, sizeof WORLD_ARTIFACT - 1 };
    const bu_message message = vouch_message(&archive);
    bu_arena_free(out->arena);
    *out = (answer){ .arena = bu_arena_new() };
    const bu_check check = { .content = bu_bytes_of(text),
                             .file = "b.attestations.json",
                             .message = &message,
                             .anchors = anchors,
                             .now = TEST_NOW,
                             .arena = out->arena };
    ck_assert_ptr_eq(bu_format_of(check.content), &bu_format_npm_attestations);
    return bu_format_npm_attestations.verify(&check, &out->vouched, &out->err);
}

START_TEST(the_registry_and_the_builder_vouch_for_one_package)
{
    BU_CLEAR(world) w = world_new();
    BU_CLEAR(bu_anchors) anchors = attested_anchors(&w, "npm-keys", NULL);
    BU_CLEAR(answer) a = { 0 };
    bulla_status status = verify(&anchors, make(&w, (attested){ .by_registry = true }), &a);
    unit_ok(status, a.err);
    ck_assert(a.vouched.by[0] && !a.vouched.by[1]);
    ck_assert(a.vouched.is_registry);
    ck_assert_str_eq(a.vouched.package, PURL);
    ck_assert_int_eq(a.vouched.time, WORLD_TIME);
    status = verify(&anchors, make(&w, (attested){ .type = SLSA, .predicate = "{}" }), &a);
    unit_ok(status, a.err);
    ck_assert(!a.vouched.by[0] && a.vouched.by[1]);
    ck_assert(!a.vouched.is_registry);
    ck_assert_str_eq(a.vouched.package, PURL);
}
END_TEST

static const struct {
    attested wish;
    bulla_code code;
} refused[] = {
    /* Whoever publishes cannot speak for the registry, with whatever certificate. */
    { { .by_registry = false }, BULLA_E_IDENTITY_MISMATCH },
    { { .by_registry = true, .wrapped = SLSA }, BULLA_E_AMBIGUOUS_BUNDLE },
    { { .type = SLSA, .wrapped = PUBLISH }, BULLA_E_AMBIGUOUS_BUNDLE },
    { { .type = SLSA, .wrapped = SLSA "0" }, BULLA_E_AMBIGUOUS_BUNDLE },
    { { .by_registry = true, .predicate = "{\"name\":\"@a/c\",\"version\":\"1.2.3\"}" },
      BULLA_E_SUBJECT_MISMATCH },
    { { .by_registry = true, .predicate = "{\"name\":\"@a/b\",\"version\":\"1.2.4\"}" },
      BULLA_E_SUBJECT_MISMATCH },
    { { .by_registry = true, .predicate = "{\"name\":\"@a/b\"}" }, BULLA_E_MISSING_FIELD },
    { { .by_registry = true, .predicate = "{\"version\":\"1.2.3\"}" }, BULLA_E_MISSING_FIELD },
    { { .by_registry = true, .predicate = "{\"name\":\"a b\",\"version\":\"1.2.3\"}" },
      BULLA_E_BAD_NAME },
    { { .by_registry = true, .subject = "pkg:npm/%40a/b@1.2.4" }, BULLA_E_SUBJECT_MISMATCH },
    { { .type = SLSA, .subject = "pkg:npm/%40a/b" }, BULLA_E_SUBJECT_MISMATCH },
    { { .type = SLSA, .subject = "pkg:pypi/b@1.2.3" }, BULLA_E_SUBJECT_MISMATCH },
    { { .type = SLSA, .subject = PURL "?os=x" }, BULLA_E_SUBJECT_MISMATCH },
    { { .type = SLSA, .subject = PURL "#x" }, BULLA_E_SUBJECT_MISMATCH },
    { { .type = SLSA, .subject = "b-1.2.3.tgz" }, BULLA_E_BAD_PURL },
    { { .type = SLSA,
        .digests = "\"sha256\":\"" /* of something */
                   "0000000000000000000000000000000000000000000000000000000000000000"
                   "\"" },
      BULLA_E_MISSING_HASH },
};

START_TEST(an_attestation_about_something_else_is_refused)
{
    BU_CLEAR(world) w = world_new();
    BU_CLEAR(bu_anchors) anchors = attested_anchors(&w, "npm-keys", NULL);
    BU_CLEAR(answer) a = { 0 };
    bulla_status status = verify(&anchors, make(&w, refused[_i].wish), &a);
    unit_fails(status, refused[_i].code, a.err);
    ck_assert_str_eq(a.err.file, "b.attestations.json");
}
END_TEST

START_TEST(a_key_for_another_use_vouches_for_nothing)
{
    BU_CLEAR(world) w = world_new();
    BU_CLEAR(bu_anchors) anchors = attested_anchors(&w, "npm-keys", "npm:signatures");
    BU_CLEAR(answer) a = { 0 };
    bulla_status status = verify(&anchors, make(&w, (attested){ .by_registry = true }), &a);
    unit_fails(status, BULLA_E_UNTRUSTED_KEY, a.err);
    anchors.items[0].name = "npm:attestations";
    status = verify(&anchors, make(&w, (attested){ .by_registry = true }), &a);
    unit_ok(status, a.err);
}
END_TEST

START_TEST(a_key_counts_when_the_log_says_it_signed)
{
    BU_CLEAR(world) w = world_new();
    BU_CLEAR(bu_anchors) anchors = attested_anchors(&w, "npm-keys", NULL);
    BU_CLEAR(answer) a = { 0 };
    anchors.items[0].until = WORLD_TIME; /* long before now */
    bulla_status status = verify(&anchors, make(&w, (attested){ .by_registry = true }), &a);
    unit_ok(status, a.err);
    anchors.items[0].until = WORLD_TIME - 1;
    status = verify(&anchors, make(&w, (attested){ .by_registry = true }), &a);
    unit_fails(status, BULLA_E_EXPIRED, a.err);
}
END_TEST

/* GitHub's answer says no predicate type, and its subjects are files. */
START_TEST(attestations_of_github_are_bundles_like_any_other)
{
    BU_CLEAR(world) w = world_new();
    BU_CLEAR(bu_anchors) anchors = attested_anchors(&w, "npm-keys", NULL);
    BU_CLEAR(answer) a = { 0 };
    bulla_status status = verify(
        &anchors,
        make(&w, (attested){ .type = SLSA, .predicate = "{}", .subject = "b.tar", .wrapped = "" }),
        &a);
    unit_ok(status, a.err);
    ck_assert(a.vouched.by[1]);
    ck_assert_ptr_null(a.vouched.package);
    status = verify(&anchors, make(&w, (attested){ .wrapped = "" }), &a);
    unit_fails(status, BULLA_E_IDENTITY_MISMATCH, a.err);
}
END_TEST

static bulla_status split(const char *text, bu_arena *arena, bu_buf *out, bulla_error *err)
{
    const bu_check check = { .content = bu_bytes_of(text), .file = "f", .arena = arena };
    ck_assert_ptr_eq(bu_format_of(check.content), &bu_format_npm_attestations);
    return bu_format_npm_attestations.split(&check, out, err);
}

START_TEST(an_answer_is_taken_apart)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    BU_CLEAR(bu_buf) list = { 0 };
    bulla_error err = { 0 };
    bulla_status status = split("{\"attestations\":[{\"predicateType\":\"x\",\"bundle\":{}}, "
                                "{\"bundle\" : {\"a\":1}}]}",
                                arena, &list, &err);
    unit_ok(status, err);
    const bulla_bytes *documents = (const bulla_bytes *)(const void *)list.ptr;
    ck_assert_uint_eq(list.len, 2 * sizeof *documents);
    ck_assert(bu_bytes_is(documents[0], "{\"predicateType\":\"x\",\"bundle\":{}}"));
    ck_assert(bu_bytes_is(documents[1], "{\"bundle\":{\"a\":1}}"));
    ck_assert_ptr_eq(bu_format_of(documents[1]), &bu_format_npm_attestations);
}
END_TEST

static const struct {
    const char *text;
    bulla_code code;
} answers[] = {
    { "{\"attestations\":[]}", BULLA_E_EMPTY },
    { "{\"attestations\":{}}", BULLA_E_TYPE_MISMATCH },
    { "{\"attestations\":[7]}", BULLA_E_MISSING_FIELD },
    { "{\"attestations\":[{\"predicateType\":\"x\"}]}", BULLA_E_MISSING_FIELD },
    { "{\"attestations\":[{\"bundle\":null,\"bundle_url\":\"x\"}]}", BULLA_E_MISSING_FIELD },
    { "{\"attestations\":[{\"bundle\":{},\"bundle\":{}}]}", BULLA_E_DUPLICATE_KEY },
    { "{\"attestations\":[{\"bundle\":{}}", BULLA_E_TRUNCATED },
    { "{\"attestations\":[{\"bundle\":{}}]}x", BULLA_E_TRAILING_DATA },
};

START_TEST(an_answer_that_is_none_is_refused)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    BU_CLEAR(bu_buf) list = { 0 };
    bulla_error err = { 0 };
    unit_fails(split(answers[_i].text, arena, &list, &err), answers[_i].code, err);
}
END_TEST

START_TEST(what_it_claims_can_be_shown)
{
    BU_CLEAR(world) w = world_new();
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bulla_error err = { 0 };
    bu_description one = { .arena = arena }, two = { .arena = arena };
    const char *item = make(&w, (attested){ .by_registry = true });
    bulla_status status = bu_format_npm_attestations.describe(bu_bytes_of(item), "f", &one, &err);
    unit_ok(status, err);
    ck_assert_uint_gt(one.count, 0);
    const char *both = test_text("{\"attestations\":[%s,%s]}", item, item);
    status = bu_format_npm_attestations.describe(bu_bytes_of(both), "f", &two, &err);
    unit_ok(status, err);
    ck_assert_uint_eq(two.count, 2 * one.count);
}
END_TEST

START_TEST(no_memory_is_said_so)
{
    BU_CLEAR(world) w = world_new();
    const char *text =
        test_text("{\"attestations\":[%s]}", make(&w, (attested){ .by_registry = true }));
    for (size_t n = 0;; n++) {
        BU_AUTO(bu_arena) arena = bu_arena_new();
        bu_description lines = { .arena = arena };
        bulla_error err = { 0 };
        alloc_fail_at(n);
        bulla_status status =
            bu_format_npm_attestations.describe(bu_bytes_of(text), "f", &lines, &err);
        if (!alloc_fail_off()) {
            unit_ok(status, err);
            break;
        }
        unit_fails(status, BULLA_E_NO_MEMORY, err);
    }
}
END_TEST

#define COUNT(table) (int)(sizeof(table) / sizeof(table)[0])

static void add(TCase *tc)
{
    tcase_add_test(tc, the_registry_and_the_builder_vouch_for_one_package);
    tcase_add_loop_test(tc, an_attestation_about_something_else_is_refused, 0, COUNT(refused));
    tcase_add_test(tc, a_key_for_another_use_vouches_for_nothing);
    tcase_add_test(tc, a_key_counts_when_the_log_says_it_signed);
    tcase_add_test(tc, attestations_of_github_are_bundles_like_any_other);
    tcase_add_test(tc, an_answer_is_taken_apart);
    tcase_add_loop_test(tc, an_answer_that_is_none_is_refused, 0, COUNT(answers));
    tcase_add_test(tc, what_it_claims_can_be_shown);
    tcase_add_test(tc, no_memory_is_said_so);
}

int main(void)
{
    return unit_run("trust/format_npm_attestations", add);
}
