/* SPDX-License-Identifier: MIT */
/*
 * Signatures of an npm registry: what a registry's key vouches for, and every way in which a
 * document is about something else.
 */
#include "alloc_fail.h"
#include "registry.h"

static bulla_bytes archive = { (const uint8_t *)"an archive", 10 };

typedef struct world {
    bulla_secret_key *key;
    bu_anchors anchors;
    bu_arena *arena;
    const char *integrity; /* of the archive */
} world;

/* A registry with one key, which ends then (JSON). */
static world new_world(const char *expires)
{
    world w = { .key = test_key(BULLA_KEY_ECDSA_P256), .arena = bu_arena_new() };
    bulla_digest digest;
    bulla_error err = { 0 };
    bulla_status status = bu_digest_of(BULLA_ALG_SHA512, archive, &digest, &err);
    unit_ok(status, err);
    w.integrity = test_text("sha512-%s", npm_base64((bulla_bytes){ digest.bytes, digest.len }));
    w.anchors =
        vouch_anchors((const char *[]){ npm_keys(npm_key_row(w.key, "SHA256:k", expires)), NULL });
    return w;
}

static void world_clear(world *w)
{
    bu_anchors_clear(&w->anchors);
    bu_arena_free(w->arena);
}
BU_DEFINE_CLEAR(world)

/* `{"name":…,"version":…,"dist":{…}}` with what `more` adds (`,"time":…`). */
static char *document(const char *name, const char *version, const char *integrity,
                      const char *keyid, const char *sig, const char *more)
{
    return test_text("{\"name\":\"%s\",\"version\":\"%s\",\"dist\":{\"integrity\":\"%s\","
                     "\"signatures\":[{\"keyid\":\"%s\",\"sig\":\"%s\"}]}%s}",
                     name, version, integrity, keyid, sig, more);
}

static char *good_document(const world *w, const char *more)
{
    const char *sig = npm_sign(w->key, test_text("@a/b@1.2.3:%s", w->integrity));
    return document("@a/b", "1.2.3", w->integrity, "SHA256:k", sig, more);
}

static bulla_status verify(const world *w, const char *text, bu_vouched *out, bulla_error *err)
{
    const bu_message message = vouch_message(&archive);
    const bu_check check = { .content = bu_bytes_of(text),
                             .file = "b.npm.json",
                             .message = &message,
                             .anchors = &w->anchors,
                             .now = TEST_NOW,
                             .arena = w->arena };
    const bu_format *format = bu_format_of(check.content);
    ck_assert_str_eq(format->id, "npm-signature");
    return format->verify(&check, out, err);
}

START_TEST(a_registry_vouches_for_name_version_and_bytes)
{
    BU_CLEAR(world) w = new_world("null");
    bu_vouched vouched;
    bulla_error err = { 0 };
    bulla_status status = verify(&w, good_document(&w, ""), &vouched, &err);
    unit_ok(status, err);
    ck_assert(vouched.by[0]);
    ck_assert(vouched.is_registry);
    ck_assert(!vouched.has_time);
    ck_assert_str_eq(vouched.package, "pkg:npm/%40a/b@1.2.3");
    ck_assert_ptr_null(vouched.caveat);
}
END_TEST

/* Each place that is signed, changed after it was signed. */
static const struct {
    const char *name, *version, *integrity, *keyid;
    bulla_code code;
} changed[] = {
    { "@a/c", "1.2.3", NULL, "SHA256:k", BULLA_E_BAD_SIGNATURE },
    { "@a/b", "1.2.4", NULL, "SHA256:k", BULLA_E_BAD_SIGNATURE },
    { "@a/b", "1.2.3", NULL, "SHA256:j", BULLA_E_UNTRUSTED_KEY },
    { "@a/b", "1.2.3", NULL, "", BULLA_E_UNTRUSTED_KEY },
    { "@a/b", "1.2.3",
      "sha512-"
      "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==",
      "SHA256:k", BULLA_E_HASH_MISMATCH },
    { "@a/b", "1.2.3", "sha1-qZk+NkcGgWq6PiVxeFDCbJzQ2J0=", "SHA256:k", BULLA_E_MISSING_HASH },
    { "@a/b", "1.2.3", "sha512", "SHA256:k", BULLA_E_BAD_ENCODING },
    { "@a/b@1.2.3:", "1.2.3", NULL, "SHA256:k", BULLA_E_BAD_NAME },
    { "a b", "1.2.3", NULL, "SHA256:k", BULLA_E_BAD_NAME },
    { "", "1.2.3", NULL, "SHA256:k", BULLA_E_BAD_NAME },
    { "@a/b", "1.2.3:sha512-x", NULL, "SHA256:k", BULLA_E_BAD_NAME },
    { "@a/b", "", NULL, "SHA256:k", BULLA_E_BAD_NAME },
};

START_TEST(a_signature_for_something_else_is_refused)
{
    BU_CLEAR(world) w = new_world("null");
    bu_vouched vouched;
    bulla_error err = { 0 };
    const char *integrity = changed[_i].integrity == NULL ? w.integrity : changed[_i].integrity;
    const char *sig = npm_sign(w.key, test_text("@a/b@1.2.3:%s", w.integrity));
    bulla_status status = verify(
        &w, document(changed[_i].name, changed[_i].version, integrity, changed[_i].keyid, sig, ""),
        &vouched, &err);
    unit_fails(status, changed[_i].code, err);
    ck_assert_str_eq(err.file, "b.npm.json");
}
END_TEST

START_TEST(another_key_of_the_same_name_is_refused)
{
    BU_CLEAR(world) w = new_world("null");
    bu_vouched vouched;
    bulla_error err = { 0 };
    const char *text = good_document(&w, "");
    BU_CLEAR(world) other = new_world("null");
    bulla_status status = verify(&other, text, &vouched, &err);
    unit_fails(status, BULLA_E_BAD_SIGNATURE, err);
}
END_TEST

/* A key that is good today says nothing of when it signed; one that has ended does. */
static const struct {
    const char *expires, *more;
    bulla_code code;
    bool caveat;
} times[] = {
    { "\"2027-01-01T00:00:00Z\"", "", BULLA_OK, false },
    { "\"2027-01-01T00:00:00Z\"", ",\"time\":\"2026-01-01T00:00:00Z\"", BULLA_OK, false },
    { "\"2025-01-29T00:00:00Z\"", "", BULLA_OK, true },
    { "\"2025-01-29T00:00:00Z\"", ",\"time\":\"2025-01-28T23:59:59.999Z\"", BULLA_OK, true },
    { "\"2025-01-29T00:00:00Z\"", ",\"time\":\"2025-01-29T00:00:01Z\"", BULLA_E_EXPIRED, false },
    { "\"2025-01-29T00:00:00Z\"", ",\"time\":{\"1.2.3\":\"2025-01-30T00:00:00Z\"}", BULLA_E_EXPIRED,
      false },
    { "\"2025-01-29T00:00:00Z\"",
      ",\"time\":{\"1.2.3\":\"2024-01-30T00:00:00Z\",\"1.2.4\":\"2026-01-01T00:00:00Z\"}", BULLA_OK,
      true },
    { "null", ",\"time\":\"2026-11-21T00:05:00Z\"", BULLA_OK, false },
    { "null", ",\"time\":\"2026-11-21T00:05:01Z\"", BULLA_E_BAD_TIME, false },
    { "null", ",\"time\":7", BULLA_E_TYPE_MISMATCH, false },
    { "null", ",\"time\":\"then\"", BULLA_E_BAD_TIME, false },
};

START_TEST(a_key_counts_for_what_was_published_while_it_was_valid)
{
    BU_CLEAR(world) w = new_world(times[_i].expires);
    bu_vouched vouched;
    bulla_error err = { 0 };
    bulla_status status = verify(&w, good_document(&w, times[_i].more), &vouched, &err);
    if (times[_i].code != BULLA_OK) {
        unit_fails(status, times[_i].code, err);
        return;
    }
    unit_ok(status, err);
    ck_assert(!vouched.has_time);
    ck_assert_int_eq(vouched.caveat != NULL, times[_i].caveat);
}
END_TEST

/* "name", "versions" and whatever else npm has of a package. */
static char *package(const char *name, const char *versions)
{
    return test_text("{\"_id\":\"x\",\"name\":\"%s\",\"dist-tags\":{},\"versions\":{%s},"
                     "\"time\":{\"1.2.3\":\"2026-01-01T00:00:00Z\"}}",
                     name, versions);
}

START_TEST(the_version_of_a_package_is_found_by_its_archive)
{
    BU_CLEAR(world) w = new_world("null");
    bu_vouched vouched;
    bulla_error err = { 0 };
    const char *good = good_document(&w, "");
    const char *old = "\"0.1.0\":{\"name\":\"@a/b\",\"version\":\"0.1.0\",\"dist\":{}}";
    bulla_status status =
        verify(&w, package("@a/b", test_text("%s,\"1.2.3\":%s", old, good)), &vouched, &err);
    unit_ok(status, err);
    ck_assert_str_eq(vouched.package, "pkg:npm/%40a/b@1.2.3");
    status = verify(&w, package("@a/b", old), &vouched, &err);
    unit_fails(status, BULLA_E_SUBJECT_MISMATCH, err);
    status = verify(&w, package("@a/b", test_text("\"1.2.4\":%s", good)), &vouched, &err);
    unit_fails(status, BULLA_E_AMBIGUOUS_BUNDLE, err);
    status = verify(&w, package("@a/c", test_text("\"1.2.3\":%s", good)), &vouched, &err);
    unit_fails(status, BULLA_E_AMBIGUOUS_BUNDLE, err);
    const char *again = document("@a/b", "1.2.4", w.integrity, "SHA256:k", "", "");
    status = verify(&w, package("@a/b", test_text("\"1.2.3\":%s,\"1.2.4\":%s", good, again)),
                    &vouched, &err);
    unit_fails(status, BULLA_E_AMBIGUOUS_BUNDLE, err);
}
END_TEST

static const struct {
    const char *signatures;
    bulla_code code;
} lists[] = {
    { "[]", BULLA_E_UNTRUSTED_KEY },
    { "{}", BULLA_E_TYPE_MISMATCH },
    { "[7]", BULLA_E_TYPE_MISMATCH },
    { "[{\"keyid\":\"SHA256:k\"}]", BULLA_E_MISSING_FIELD },
    { "[{\"sig\":\"AAAA\"}]", BULLA_E_MISSING_FIELD },
    { "[{\"keyid\":\"SHA256:k\",\"sig\":\"A\"}]", BULLA_E_BAD_ENCODING },
    { "[{\"keyid\":\"SHA256:k\",\"sig\":\"AAAA\"}]", BULLA_E_BAD_SIGNATURE },
    { "[{\"keyid\":\"j\",\"sig\":\"AAAA\"},{\"keyid\":\"j\",\"sig\":\"AAAA\"}]",
      BULLA_E_DUPLICATE_ENTRY },
};

START_TEST(lists_that_are_none_are_refused)
{
    BU_CLEAR(world) w = new_world("null");
    bu_vouched vouched;
    bulla_error err = { 0 };
    const char *text = test_text("{\"name\":\"b\",\"version\":\"1.0.0\",\"dist\":{\"integrity\":"
                                 "\"%s\",\"signatures\":%s}}",
                                 w.integrity, lists[_i].signatures);
    bulla_status status = verify(&w, text, &vouched, &err);
    unit_fails(status, lists[_i].code, err);
}
END_TEST

/* Whoever adds a signature cannot hide that another one is wrong, nor can an unknown key harm. */
START_TEST(every_signature_of_a_known_key_must_be_good)
{
    BU_CLEAR(world) w = new_world("null");
    bu_vouched vouched;
    bulla_error err = { 0 };
    const char *sig = npm_sign(w.key, test_text("b@1.0.0:%s", w.integrity));
    char *text = test_text("{\"name\":\"b\",\"version\":\"1.0.0\",\"dist\":{\"integrity\":\"%s\","
                           "\"signatures\":[{\"keyid\":\"other\",\"sig\":\"AAAA\"},"
                           "{\"keyid\":\"SHA256:k\",\"sig\":\"%s\"}]}}",
                           w.integrity, sig);
    bulla_status status = verify(&w, text, &vouched, &err);
    unit_ok(status, err);
    bu_anchor *other = NULL;
    bu_key *key = NULL;
    status = bu_key_read(bu_bytes_of(test_pem(test_key(BULLA_KEY_ECDSA_P256))), &key, &err);
    unit_ok(status, err);
    status = bu_anchors_add_key(&w.anchors, "npm-keys", key, &other, &err);
    unit_ok(status, err);
    other->hint = BULLA_LIT("other");
    status = verify(&w, text, &vouched, &err);
    unit_fails(status, BULLA_E_BAD_SIGNATURE, err);
}
END_TEST

START_TEST(a_key_given_by_hand_needs_no_name)
{
    BU_CLEAR(world) w = new_world("null");
    bu_vouched vouched;
    bulla_error err = { 0 };
    const char *text = good_document(&w, "");
    bu_anchors_clear(&w.anchors);
    w.anchors = vouch_anchors((const char *[]){ test_pem(w.key), NULL });
    bulla_status status = verify(&w, text, &vouched, &err);
    unit_ok(status, err);
    bu_anchors_clear(&w.anchors);
    w.anchors = vouch_anchors((const char *[]){ test_pem(test_key(BULLA_KEY_ECDSA_P256)), NULL });
    status = verify(&w, text, &vouched, &err);
    unit_fails(status, BULLA_E_UNTRUSTED_KEY, err);
}
END_TEST

START_TEST(what_it_claims_can_be_shown)
{
    BU_CLEAR(world) w = new_world("null");
    bulla_error err = { 0 };
    bu_description lines = { .arena = w.arena };
    bulla_status status =
        bu_format_npm_signature.describe(bu_bytes_of(good_document(&w, "")), "f", &lines, &err);
    unit_ok(status, err);
    ck_assert_uint_eq(lines.count, 4);
    ck_assert(bu_bytes_is(lines.items[0].text, "@a/b"));
    ck_assert(bu_bytes_is(lines.items[1].text, "1.2.3"));
    ck_assert(bu_bytes_is(lines.items[3].text, "SHA256:k"));
}
END_TEST

START_TEST(no_memory_is_said_so)
{
    BU_CLEAR(world) w = new_world("null");
    const bu_message message = vouch_message(&archive);
    const char *text = good_document(&w, ",\"time\":\"2026-01-01T00:00:00Z\"");
    const bu_check check = { .content = bu_bytes_of(text),
                             .file = "b.npm.json",
                             .message = &message,
                             .anchors = &w.anchors,
                             .now = TEST_NOW,
                             .arena = w.arena };
    for (size_t n = 0;; n++) {
        bu_vouched vouched;
        bulla_error err = { 0 };
        alloc_fail_at(n);
        bulla_status status = bu_format_npm_signature.verify(&check, &vouched, &err);
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
    tcase_add_test(tc, a_registry_vouches_for_name_version_and_bytes);
    tcase_add_loop_test(tc, a_signature_for_something_else_is_refused, 0, COUNT(changed));
    tcase_add_test(tc, another_key_of_the_same_name_is_refused);
    tcase_add_loop_test(tc, a_key_counts_for_what_was_published_while_it_was_valid, 0,
                        COUNT(times));
    tcase_add_test(tc, the_version_of_a_package_is_found_by_its_archive);
    tcase_add_loop_test(tc, lists_that_are_none_are_refused, 0, COUNT(lists));
    tcase_add_test(tc, every_signature_of_a_known_key_must_be_good);
    tcase_add_test(tc, a_key_given_by_hand_needs_no_name);
    tcase_add_test(tc, what_it_claims_can_be_shown);
    tcase_add_test(tc, no_memory_is_said_so);
}

int main(void)
{
    return unit_run("trust/format_npm_signature", add);
}
