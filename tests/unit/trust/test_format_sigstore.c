/* SPDX-License-Identifier: MIT */
/*
 * Sigstore bundles as a format, against a Sigstore made for the test (the anchor form sigstore_root):
 * good ones of every kind, and every way of evidence that is about something else.
 */
#include "alloc_fail.h"
#include "digest/hasher.h"
#include "sigstore_world.h"

#define PATTERN "https://example.org/people/*"

/* Who may vouch, and what is asked. */
typedef struct asking {
    const char *identity, *issuer; /* NULL: WORLD_IDENTITY, WORLD_ISSUER */
    bool by_key;                   /* the managed key instead */
    bool no_root;
    const char *artifact;     /* NULL: WORLD_ARTIFACT */
    int64_t now, from, until; /* 0: late, always, always */
} asking;

static bulla_status read_message(void *context, bu_buf *out, bulla_error *err)
{
    (void)err;
    bu_buf_add_text(out, context);
    return BU_OK;
}

static void add_anchor(const world *w, const asking *ask, bu_anchors *anchors)
{
    bulla_error err = { 0 };
    if (ask->by_key) {
        unit_ok(bu_anchors_read(bu_bytes_of(world_key(w)), "key.pub", anchors, &err), err);
    } else {
        bu_anchor *anchor = bu_anchors_add(anchors);
        ck_assert_ptr_nonnull(anchor);
        anchor->identity = ask->identity == NULL ? WORLD_IDENTITY : ask->identity;
        anchor->issuer = ask->issuer == NULL ? WORLD_ISSUER : ask->issuer;
    }
    if (ask->from != 0)
        anchors->items[0].from = ask->from;
    if (ask->until != 0)
        anchors->items[0].until = ask->until;
}

typedef struct answer {
    bulla_error err;
    bool has_time;
    int64_t time;
    char *identity, *payload; /* NULL: none */
} answer;

static bulla_status ask(const world *w, asking ask, const char *bundle, answer *out)
{
    BU_CLEAR(bu_anchors) anchors = { 0 };
    BU_AUTO(bu_arena) arena = bu_arena_new();
    const char *artifact = ask.artifact == NULL ? WORLD_ARTIFACT : ask.artifact;
    bu_message message = { .name = "a",
                           .read = read_message,
                           .context = (void *)(uintptr_t)artifact };
    bu_vouched vouched = { 0 };
    *out = (answer){ 0 };
    unit_ok(bu_anchors_start(&anchors, &out->err), out->err);
    if (!ask.no_root)
        unit_ok(bu_anchors_read(bu_bytes_of(w->trusted_root), "root", &anchors, &out->err),
                out->err);
    add_anchor(w, &ask, &anchors);
    message.digests.count = 1;
    unit_ok(
        bu_digest_of(BULLA_ALG_SHA256, bu_bytes_of(artifact), &message.digests.items[0], &out->err),
        out->err);
    const bu_check check = { .content = bu_bytes_of(bundle),
                             .file = "a.sigstore.json",
                             .message = &message,
                             .anchors = &anchors,
                             .now = ask.now == 0 ? WORLD_TIME + 1000000 : ask.now,
                             .arena = arena };
    ck_assert_ptr_eq(bu_format_of(check.content), &bu_format_sigstore);
    bulla_status status = bu_format_sigstore.verify(&check, &vouched, &out->err);
    if (!bulla_ok(status))
        return status;
    ck_assert(vouched.by[0]);
    out->has_time = vouched.has_time;
    out->time = vouched.time;
    if (vouched.claims != NULL)
        out->identity = test_text("%s", vouched.claims->identity);
    if (vouched.payload.ptr != NULL)
        out->payload =
            test_text("%.*s", (int)vouched.payload.len, (const char *)vouched.payload.ptr);
    return status;
}

#define V1 "application/vnd.dev.sigstore.bundle+json;version=0.1"
#define V2 "application/vnd.dev.sigstore.bundle+json;version=0.2"

static const struct good_case {
    world_wish wish;
    asking ask;
} good_cases[] = {
    { .wish = { 0 } },
    { .wish = { .media_type = "application/vnd.dev.sigstore.bundle+json;version=0.3" } },
    { .wish = { .media_type = V1 } },
    { .wish = { .media_type = V1, .no_proof = true } },
    { .wish = { .media_type = V1, .no_checkpoint = true } },
    { .wish = { .media_type = V2 } },
    { .wish = { .media_type = "application/vnd.dev.sigstore.bundle.v0.2+json" } },
    { .wish = { .version = "0.0.2" } },
    { .wish = { .origin = "log.example" } },
    { .wish = { .is_dsse = true } },
    { .wish = { .is_dsse = true, .version = "0.0.2" } },
    { .wish = { .is_dsse = true, .kind = "dsse" } },
    { .wish = { .is_dsse = true, .kind = "dsse", .version = "0.0.2" } },
    { .wish = { .is_dsse = true, .kind = "intoto", .version = "0.0.2" } },
    { .wish = { 0 }, .ask = { .identity = PATTERN } },
    { .wish = { 0 }, .ask = { .from = WORLD_TIME, .until = WORLD_TIME } },
    { .wish = { .by_key = true }, .ask = { .by_key = true } },
    { .wish = { .by_key = true, .version = "0.0.2" }, .ask = { .by_key = true } },
    { .wish = { .by_key = true, .is_dsse = true }, .ask = { .by_key = true } },
    { .wish = { .by_key = true, .no_entry = true }, .ask = { .by_key = true } },
    { .wish = { .by_key = true, .no_entry = true }, .ask = { .by_key = true, .no_root = true } },
    { .wish = { .by_key = true }, .ask = { .by_key = true, .no_root = true } },
};

START_TEST(what_is_good_vouches)
{
    const struct good_case *c = &good_cases[_i];
    BU_CLEAR(world) w = world_new();
    answer got;
    unit_ok(ask(&w, c->ask, world_bundle(&w, c->wish), &got), got.err);
    ck_assert(got.has_time == (!c->wish.no_entry && !c->ask.no_root));
    if (got.has_time)
        ck_assert_int_eq(got.time, WORLD_TIME);
    ck_assert((got.identity == NULL) == c->wish.by_key);
    if (got.identity != NULL)
        ck_assert_str_eq(got.identity, WORLD_IDENTITY);
    ck_assert((got.payload != NULL) == c->wish.is_dsse);
}
END_TEST

static const struct bad_case {
    world_wish wish;
    asking ask;
    bulla_code code;
    const char *why; /* part of what is said */
} bad_cases[] = {
    /* about something else */
    { .wish = { .artifact = "other" }, .code = BULLA_E_HASH_MISMATCH, .why = "another file" },
    { .wish = { .logged_artifact = "other" }, .code = BULLA_E_LOG_MISMATCH, .why = "artifact" },
    { .wish = { .logged_artifact = "other", .version = "0.0.2" },
      .code = BULLA_E_LOG_MISMATCH,
      .why = "artifact" },
    { .wish = { .logged_signature = true }, .code = BULLA_E_LOG_MISMATCH, .why = "signature" },
    { .wish = { .logged_stranger = true }, .code = BULLA_E_LOG_MISMATCH, .why = "certificate" },
    { .wish = { .logged_stranger = true, .version = "0.0.2" },
      .code = BULLA_E_LOG_MISMATCH,
      .why = "certificate" },
    { .wish = { .is_dsse = true, .logged_artifact = "other" },
      .code = BULLA_E_LOG_MISMATCH,
      .why = "artifact" },
    { .wish = { .is_dsse = true, .kind = "dsse", .logged_artifact = "other" },
      .code = BULLA_E_LOG_MISMATCH,
      .why = "payload" },
    { .wish = { .is_dsse = true, .kind = "dsse", .version = "0.0.2", .logged_signature = true },
      .code = BULLA_E_LOG_MISMATCH,
      .why = "signature" },
    { .wish = { .is_dsse = true, .kind = "intoto", .version = "0.0.2", .logged_artifact = "other" },
      .code = BULLA_E_LOG_MISMATCH,
      .why = "payload" },
    { .wish = { .is_dsse = true, .kind = "intoto", .version = "0.0.2", .logged_stranger = true },
      .code = BULLA_E_LOG_MISMATCH,
      .why = "certificate" },
    { .wish = { .kind = "dsse" }, .code = BULLA_E_LOG_MISMATCH, .why = "content" },
    { .wish = { .kind = "rekord" },
      .code = BULLA_E_UNSUPPORTED_VERSION,
      .why = "kind of log entry" },
    { .wish = { .is_dsse = true, .kind = "intoto" },
      .code = BULLA_E_UNSUPPORTED_VERSION,
      .why = "kind of log entry" },
    /* by someone else */
    { .wish = { .by_stranger = true }, .code = BULLA_E_UNTRUSTED_CHAIN, .why = "chain" },
    { .wish = { 0 },
      .ask = { .identity = "https://example.org/people/alic" },
      .code = BULLA_E_IDENTITY_MISMATCH,
      .why = "someone else" },
    { .wish = { 0 },
      .ask = { .identity = "https://example.org/people/alice2" },
      .code = BULLA_E_IDENTITY_MISMATCH,
      .why = "someone else" },
    { .wish = { 0 },
      .ask = { .identity = "people/*" },
      .code = BULLA_E_IDENTITY_MISMATCH,
      .why = "someone else" },
    { .wish = { 0 },
      .ask = { .identity = "https://example.org/*" },
      .code = BULLA_E_IDENTITY_MISMATCH,
      .why = "someone else" },
    { .wish = { 0 },
      .ask = { .issuer = "https://example.org" },
      .code = BULLA_E_IDENTITY_MISMATCH,
      .why = "someone else" },
    { .wish = { 0 },
      .ask = { .by_key = true },
      .code = BULLA_E_IDENTITY_MISMATCH,
      .why = "someone else" },
    { .wish = { .by_key = true }, .code = BULLA_E_UNTRUSTED_KEY, .why = "no key" },
    { .wish = { .by_key = true, .logged_artifact = "other" },
      .ask = { .by_key = true },
      .code = BULLA_E_LOG_MISMATCH,
      .why = "artifact" },
    { .wish = { 0 },
      .ask = { .no_root = true },
      .code = BULLA_E_UNTRUSTED_CHAIN,
      .why = "no Sigstore instance" },
    /* at another time */
    { .wish = { .time = WORLD_TIME + 601 }, .code = BULLA_E_EXPIRED, .why = "valid until" },
    { .wish = { .time = WORLD_TIME - 61 }, .code = BULLA_E_EXPIRED, .why = "valid from" },
    { .wish = { .time = CERT_FROM - 1 }, .code = BULLA_E_BAD_TIME, .why = "did not count" },
    { .wish = { 0 },
      .ask = { .now = WORLD_TIME - 301 },
      .code = BULLA_E_BAD_TIME,
      .why = "future" },
    { .wish = { .no_promise = true }, .code = BULLA_E_BAD_TIME, .why = "says when" },
    { .wish = { 0 },
      .ask = { .from = WORLD_TIME + 1 },
      .code = BULLA_E_EXPIRED,
      .why = "not trusted" },
    { .wish = { 0 },
      .ask = { .until = WORLD_TIME - 1 },
      .code = BULLA_E_EXPIRED,
      .why = "not trusted" },
    { .wish = { .by_key = true },
      .ask = { .by_key = true, .until = WORLD_TIME - 1 },
      .code = BULLA_E_EXPIRED,
      .why = "not valid" },
    /* evidence that is missing */
    { .wish = { .no_entry = true }, .code = BULLA_E_LOG_MISMATCH, .why = "no log has" },
    { .wish = { .media_type = V1, .no_promise = true },
      .code = BULLA_E_MISSING_FIELD,
      .why = "inclusionPromise" },
    { .wish = { .media_type = V2, .no_proof = true },
      .code = BULLA_E_MISSING_FIELD,
      .why = "inclusionProof" },
    { .wish = { .no_proof = true }, .code = BULLA_E_MISSING_FIELD, .why = "inclusionProof" },
    { .wish = { .no_checkpoint = true }, .code = BULLA_E_MISSING_FIELD, .why = "checkpoint" },
    /* a log that did not say so */
    { .wish = { .origin = "log.example2" }, .code = BULLA_E_LOG_MISMATCH, .why = "another log" },
    { .wish = { .checkpoint_name = "other.example" },
      .code = BULLA_E_UNTRUSTED_KEY,
      .why = "no given key" },
    { .wish = { .checkpoint_size = 2 }, .code = BULLA_E_LOG_MISMATCH, .why = "another tree" },
    { .wish = { .media_type = "application/vnd.dev.sigstore.bundle+json;version=0.4" },
      .code = BULLA_E_BAD_TYPE,
      .why = "media type" },
};

START_TEST(what_is_not_about_this_is_refused)
{
    const struct bad_case *c = &bad_cases[_i];
    BU_CLEAR(world) w = world_new();
    answer got;
    unit_fails(ask(&w, c->ask, world_bundle(&w, c->wish), &got), c->code, got.err);
    ck_assert_msg(strstr(got.err.text, c->why) != NULL, "%s", got.err.text);
    ck_assert_str_ne(got.err.file, "");
}
END_TEST

START_TEST(only_the_log_itself_is_heard)
{
    BU_CLEAR(world) w = world_new();
    answer got;
    unit_fails(ask(&w, (asking){ 0 }, world_bundle(&w, (world_wish){ .promised_by = w.key }), &got),
               BULLA_E_BAD_SIGNATURE, got.err);
    unit_fails(
        ask(&w, (asking){ 0 }, world_bundle(&w, (world_wish){ .checkpoint_by = w.key }), &got),
        BULLA_E_BAD_SIGNATURE, got.err);
}
END_TEST

/* A good bundle with one text in it replaced. */
static const struct edit_case {
    const char *find, *replace;
    bulla_code code;
} edit_cases[] = {
    { "\"logIndex\":\"1000\"", "\"logIndex\":\"1001\"", BULLA_E_BAD_SIGNATURE },
    { "\"logIndex\":\"1000\"", "\"logIndex\":\"-1\"", BULLA_E_BAD_NUMBER },
    { "\"logIndex\":\"1000\"", "\"logIndex\":-1", BULLA_E_BAD_NUMBER },
    { "\"logIndex\":\"1000\"", "\"logIndex\":1000", BULLA_OK },
    { "\"logIndex\":\"1000\"", "\"logIndex\":true", BULLA_E_TYPE_MISMATCH },
    { "\"logIndex\":\"1000\"", "\"log_index\":\"1000\"", BULLA_E_UNSUPPORTED_FEATURE },
    { "\"logIndex\":\"0\"", "\"logIndex\":\"1\"", BULLA_E_BAD_NUMBER },
    { "\"treeSize\":\"1\"", "\"treeSize\":\"2\"", BULLA_E_LOG_MISMATCH },
    { "\"hashes\":[]", "\"hashes\":[\"AAAA\"]", BULLA_E_BAD_ENCODING },
    { "\"kind\":\"hashedrekord\"", "\"kind\":\"dsse\"", BULLA_E_LOG_MISMATCH },
    { "\"version\":\"0.0.1\"", "\"version\":\"0.0.2\"", BULLA_E_LOG_MISMATCH },
    { "\"timestampVerificationData\":null", "\"timestampVerificationData\":{}", BULLA_OK },
    { "\"timestampVerificationData\":null",
      "\"timestampVerificationData\":{\"rfc3161Timestamps\":[{\"signedTimestamp\":\"MAA=\"}]}",
      BULLA_E_BAD_ENCODING },
    { "\"messageSignature\"", "\"more\":1,\"messageSignature\"", BULLA_E_UNSUPPORTED_FEATURE },
    { "\"messageSignature\"", "\"dsseEnvelope\":{},\"messageSignature\"",
      BULLA_E_AMBIGUOUS_BUNDLE },
    { "\"messageSignature\"", "\"dsseEnvelope\":null,\"messageSignature\"", BULLA_OK },
    { "\"certificate\"", "\"publicKey\":{\"hint\":\"x\"},\"certificate\"",
      BULLA_E_AMBIGUOUS_BUNDLE },
    { "\"certificate\":{\"rawBytes\"", "\"certificate\":{\"raw\"", BULLA_E_UNSUPPORTED_FEATURE },
    { "\"certificate\"", "\"x509CertificateChain\":{\"certificates\":[]},\"x\"",
      BULLA_E_UNSUPPORTED_FEATURE },
    { "\"signature\":\"", "\"signature\":\"A", BULLA_E_BAD_ENCODING },
    { "\"SHA2_256\"", "\"SHA1\"", BULLA_E_UNSUPPORTED_HASH },
    { "\"tlogEntries\":[", "\"tlogEntries\":[{},", BULLA_E_MISSING_FIELD },
    { "\"mediaType\"", "\"mediaType\":\"x\",\"mediaType\"", BULLA_E_DUPLICATE_KEY },
};

/* The first place of `find` in a text, replaced. */
static char *replaced(const char *text, const char *find, const char *replace)
{
    const char *at = strstr(text, find);
    ck_assert_msg(at != NULL, "%s", find);
    return test_text("%.*s%s%s", (int)(at - text), text, replace, at + strlen(find));
}

START_TEST(every_field_counts)
{
    const struct edit_case *c = &edit_cases[_i];
    BU_CLEAR(world) w = world_new();
    answer got;
    char *bundle = replaced(world_bundle(&w, (world_wish){ 0 }), c->find, c->replace);
    bulla_status status = ask(&w, (asking){ 0 }, bundle, &got);
    if (c->code == BULLA_OK)
        unit_ok(status, got.err);
    else
        unit_fails(status, c->code, got.err);
}
END_TEST

static const struct root_case {
    const char *find, *replace;
    bulla_code code;
} root_cases[] = {
    { "version=0.1", "version=9.9", BULLA_E_BAD_TYPE },
    { "\"start\"", "\"end\"", BULLA_E_MISSING_FIELD },
    { "\"validFor\"", "\"x\"", BULLA_E_UNSUPPORTED_FEATURE },
    { "\"start\":\"2023", "\"end\":\"2022-01-01T00:00:00Z\",\"start\":\"2023", BULLA_E_BAD_TIME },
    { "\"start\":\"2023", "\"start\":\"23", BULLA_E_BAD_TIME },
    { "SHA2_256", "SHA2_512", BULLA_E_UNSUPPORTED_HASH },
    { "\"baseUrl\":\"https://log.example\",", "", BULLA_E_MISSING_FIELD },
    { "\"rawBytes\":\"", "\"rawBytes\":\"AAAA", BULLA_E_BAD_ENCODING },
    { "\"certificates\":[", "\"certificates\":[],\"more\":[", BULLA_E_UNSUPPORTED_FEATURE },
    { "\"tlogs\":[", "\"tlogs\":[7,", BULLA_E_TYPE_MISMATCH },
};

START_TEST(a_root_is_read_strictly)
{
    const struct root_case *c = &root_cases[_i];
    BU_CLEAR(world) w = world_new();
    BU_AUTO(bu_sigstore_root) root = NULL;
    bulla_error err = { 0 };
    char *text = replaced(w.trusted_root, c->find, c->replace);
    unit_fails(bu_sigstore_root_read(bu_bytes_of(text), "root.json", &root, &err), c->code, err);
    ck_assert_str_eq(err.file, "root.json");
    ck_assert_ptr_null(root);
}
END_TEST

/* Its entries are those of a stranger; that there is a log still asks for one. */
START_TEST(a_log_of_an_unknown_kind_of_key_is_unknown)
{
    BU_CLEAR(world) w = world_new();
    answer got;
    w.trusted_root = replaced(w.trusted_root, "PKIX_ECDSA_P256_SHA_256", "MLDSA_65");
    unit_fails(ask(&w, (asking){ 0 }, world_bundle(&w, (world_wish){ 0 }), &got),
               BULLA_E_UNTRUSTED_KEY, got.err);
    unit_fails(ask(&w, (asking){ 0 }, world_bundle(&w, (world_wish){ .no_entry = true }), &got),
               BULLA_E_LOG_MISMATCH, got.err);
}
END_TEST

/* Roots of several instances stand in one file, one a line; each bundle is verified by its own. */
START_TEST(instances_stand_side_by_side)
{
    BU_CLEAR(world) w = world_new();
    BU_CLEAR(world) other = world_new();
    answer got;
    char *bundle = world_bundle(&w, (world_wish){ 0 });
    char *of_other = world_bundle(&other, (world_wish){ 0 });
    unit_fails(ask(&w, (asking){ 0 }, of_other, &got), BULLA_E_UNTRUSTED_KEY, got.err);
    w.trusted_root = test_text("%s\n%s\n", w.trusted_root, other.trusted_root);
    unit_ok(ask(&w, (asking){ 0 }, bundle, &got), got.err);
    unit_ok(ask(&w, (asking){ 0 }, of_other, &got), got.err);
    unit_fails(ask(&w, (asking){ .identity = "x" }, of_other, &got), BULLA_E_IDENTITY_MISMATCH,
               got.err);
}
END_TEST

START_TEST(it_says_what_it_claims)
{
    BU_CLEAR(world) w = world_new();
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bu_description description = { .arena = arena };
    bulla_error err = { 0 };
    char *bundle = world_bundle(&w, (world_wish){ .is_dsse = true, .kind = "dsse" });
    unit_ok(bu_format_sigstore.describe(bu_bytes_of(bundle), "b", &description, &err), err);
    ck_assert_uint_ge(description.count, 6);
    ck_assert_str_eq(description.items[0].label, "signer");
    ck_assert(bu_bytes_is(description.items[0].text, WORLD_IDENTITY));
    ck_assert_str_eq(description.items[1].label, "issuer");
    ck_assert(bu_bytes_is(description.items[1].text, WORLD_ISSUER));
}
END_TEST

START_TEST(memory_may_run_out_anywhere)
{
    BU_CLEAR(world) w = world_new();
    char *bundle =
        world_bundle(&w, (world_wish){ .is_dsse = true, .kind = "intoto", .version = "0.0.2" });
    for (size_t n = 0;; n++) {
        BU_AUTO(bu_arena) arena = bu_arena_new();
        BU_AUTO(bu_sigstore_root) root = NULL;
        bu_bundle parsed;
        bulla_error err = { 0 };
        alloc_fail_at(n);
        bulla_status status =
            bu_sigstore_root_read(bu_bytes_of(w.trusted_root), "root", &root, &err);
        if (bulla_ok(status))
            status = bu_bundle_parse(bu_bytes_of(bundle), "bundle", arena, &parsed, &err);
        bool was_hit = alloc_fail_off();
        if (!was_hit) {
            unit_ok(status, err);
            break;
        }
        unit_fails(status, BULLA_E_NO_MEMORY, err);
    }
}
END_TEST

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, what_is_good_vouches, 0, COUNT(good_cases));
    tcase_add_loop_test(tc, what_is_not_about_this_is_refused, 0, COUNT(bad_cases));
    tcase_add_test(tc, only_the_log_itself_is_heard);
    tcase_add_loop_test(tc, every_field_counts, 0, COUNT(edit_cases));
    tcase_add_loop_test(tc, a_root_is_read_strictly, 0, COUNT(root_cases));
    tcase_add_test(tc, a_log_of_an_unknown_kind_of_key_is_unknown);
    tcase_add_test(tc, instances_stand_side_by_side);
    tcase_add_test(tc, it_says_what_it_claims);
    tcase_add_test(tc, memory_may_run_out_anywhere);
}

int main(void)
{
    return unit_run("format sigstore", add);
}
