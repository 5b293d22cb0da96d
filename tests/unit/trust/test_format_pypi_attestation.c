/* SPDX-License-Identifier: MIT */
/*
 * Attestations of Python distributions: the same evidence as a Sigstore bundle, about one file of
 * that name; and what the index says beside them, which nobody signed.
 */
#include "alloc_fail.h"
#include "attested.h"
#include "syntax/json.h"
#include "syntax/json_writer.h"

#define PUBLISH "https://docs.pypi.org/attestations/publish/v1"
#define WHEEL   "My_Pkg-1.0-py3-none-any.whl"

static bulla_bytes at(const bu_json *json, const char *a, const char *b, const char *c)
{
    bulla_bytes text = { 0 };
    const bu_json *value = bu_json_get(bu_json_get(json, a), b);
    ck_assert(bu_json_text(c == NULL ? value : bu_json_get(value, c), &text));
    return text;
}

/* A bundle in PyPI's words. */
static char *reword(const char *bundle, int version)
{
    BU_AUTO(bu_json) json = NULL;
    BU_CLEAR(bu_buf) entries = { 0 };
    bulla_error err = { 0 };
    unit_ok(bu_json_parse(bu_bytes_of(bundle), "bundle", &json, &err), err);
    const bu_json *material = bu_json_get(json, "verificationMaterial"), *signature;
    unit_ok(bu_json_write(bu_json_get(material, "tlogEntries"), BU_JSON_COMPACT, &entries, &err),
            err);
    bulla_bytes certificate = at(json, "verificationMaterial", "certificate", "rawBytes"), sig;
    signature = bu_json_at(bu_json_get(bu_json_get(json, "dsseEnvelope"), "signatures"), 0);
    ck_assert(bu_json_text(bu_json_get(signature, "sig"), &sig));
    return test_text("{\"version\":%d,\"verification_material\":{\"certificate\":\"%s\","
                     "\"transparency_entries\":%s},\"envelope\":{\"statement\":\"%s\","
                     "\"signature\":\"%s\"}}",
                     version, (const char *)certificate.ptr, (const char *)entries.ptr,
                     (const char *)at(json, "dsseEnvelope", "payload", NULL).ptr,
                     (const char *)sig.ptr);
}

static char *statement_of(const char *name)
{
    const char *digests = test_text("\"sha256\":\"%s\"", attested_hex(BULLA_ALG_SHA256));
    return attested_statement(name, digests, PUBLISH, "null");
}

static char *make(const world *w, const char *payload)
{
    return reword(
        world_bundle(w, (world_wish){ .is_dsse = true, .kind = "dsse", .payload = payload }), 1);
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

static bulla_status verify(const world *w, const char *filename, const char *text, answer *out)
{
    static bulla_bytes file = { (const uint8_t *)WORLD_ARTIFACT, sizeof WORLD_ARTIFACT - 1 };
    BU_CLEAR(bu_anchors) anchors = attested_anchors(w, "pem", NULL);
    bu_message message = vouch_message(&file);
    message.name = filename;
    bu_arena_free(out->arena);
    *out = (answer){ .arena = bu_arena_new() };
    const bu_check check = { .content = bu_bytes_of(text),
                             .file = "a.publish.attestation",
                             .message = &message,
                             .anchors = &anchors,
                             .now = TEST_NOW,
                             .arena = out->arena };
    ck_assert_ptr_eq(bu_format_of(check.content), &bu_format_pypi_attestation);
    return bu_format_pypi_attestation.verify(&check, &out->vouched, &out->err);
}

START_TEST(an_attestation_is_a_bundle_about_one_distribution)
{
    BU_CLEAR(world) w = world_new();
    BU_CLEAR(answer) a = { 0 };
    bulla_status status = verify(&w, WHEEL, make(&w, statement_of(WHEEL)), &a);
    unit_ok(status, a.err);
    ck_assert(!a.vouched.by[0] && a.vouched.by[1]);
    ck_assert_int_eq(a.vouched.time, WORLD_TIME);
    ck_assert_str_eq(a.vouched.package, "pkg:pypi/my-pkg@1.0");
    ck_assert_str_eq(a.vouched.claims->identity, WORLD_IDENTITY);
}
END_TEST

/* Names that installers take for one, and names that they do not. */
static const struct {
    const char *file, *subject;
    bulla_code code;
} names[] = {
    { "my_pkg-1.0-py3-none-any.whl", WHEEL, BULLA_OK },
    { "my.pkg-1.0.0-py3-none-any.whl", WHEEL, BULLA_OK },
    { "my_pkg-1.0-py3-none-any.whl", "my_pkg-1.1-py3-none-any.whl", BULLA_E_SUBJECT_MISMATCH },
    { "my_pkg-1.0-py3-none-any.whl", "my_pkh-1.0-py3-none-any.whl", BULLA_E_SUBJECT_MISMATCH },
    { "my_pkg-1.0-py3-none-any.whl", "my_pkg-1.0-py2-none-any.whl", BULLA_E_SUBJECT_MISMATCH },
    { "my_pkg-1.0-py3-none-any.whl", "my_pkg-1.0-1-py3-none-any.whl", BULLA_E_SUBJECT_MISMATCH },
    { "my_pkg-1.0-py3-none-any.whl", "my_pkg-1.0.tar.gz", BULLA_E_SUBJECT_MISMATCH },
    { "my-pkg-1.0.tar.gz", "my_pkg-1.0.tar.gz", BULLA_OK },
    { "my-pkg-1.0.tar.gz", "my_pkg-1.0.zip", BULLA_E_SUBJECT_MISMATCH },
    { "download", "my_pkg-1.0.tar.gz", BULLA_OK }, /* told by its digest */
    { "my-pkg-1.0.tar.gz", "a", BULLA_E_BAD_NAME },
    { "my-pkg-1.0.tar.gz", "", BULLA_E_BAD_NAME },
    { "my-pkg-1.0.tar.gz", "my_pkg-1.0.exe", BULLA_E_BAD_NAME },
};

START_TEST(a_file_under_another_name_is_refused)
{
    BU_CLEAR(world) w = world_new();
    BU_CLEAR(answer) a = { 0 };
    bulla_status status = verify(&w, names[_i].file, make(&w, statement_of(names[_i].subject)), &a);
    if (names[_i].code == BULLA_OK)
        unit_ok(status, a.err);
    else
        unit_fails(status, names[_i].code, a.err);
}
END_TEST

START_TEST(two_subjects_are_one_too_many)
{
    BU_CLEAR(world) w = world_new();
    BU_CLEAR(answer) a = { 0 };
    const char *subject = test_text("{\"name\":\"" WHEEL "\",\"digest\":{\"sha256\":\"%s\"}}",
                                    attested_hex(BULLA_ALG_SHA256));
    const char *payload =
        test_text("{\"_type\":\"https://in-toto.io/Statement/v1\",\"subject\":[%s,"
                  "%s],\"predicateType\":\"" PUBLISH "\",\"predicate\":null}",
                  subject, subject);
    unit_fails(verify(&w, WHEEL, make(&w, payload), &a), BULLA_E_SUBJECT_MISMATCH, a.err);
}
END_TEST

/* One byte of what is signed, of what signs, of who signs: changed after the fact. */
static const struct {
    const char *field;
    size_t offset;
} bytes[] = {
    { "\"statement\":\"", 30 },
    { "\"signature\":\"", 20 },
    { "\"certificate\":\"", 400 },
    { "\"canonicalizedBody\":\"", 100 },
    { "\"signedEntryTimestamp\":\"", 20 },
};

START_TEST(one_changed_byte_is_refused)
{
    BU_CLEAR(world) w = world_new();
    BU_CLEAR(answer) a = { 0 };
    char *text = make(&w, statement_of(WHEEL));
    char *byte = strstr(text, bytes[_i].field) + strlen(bytes[_i].field) + bytes[_i].offset;
    *byte = *byte == 'A' ? 'B' : 'A';
    bulla_status status = verify(&w, WHEEL, text, &a);
    ck_assert(!bulla_ok(status));
    ck_assert_str_ne(a.err.text, "");
}
END_TEST

#define MATERIAL "\"verification_material\":{\"certificate\":\"AAAA\",\"transparency_entries\":[]}"
#define ENVELOPE "\"envelope\":{\"statement\":\"AAAA\",\"signature\":\"AAAA\"}"

static const struct {
    const char *text;
    bulla_code code;
} refused[] = {
    { "{\"version\":2," MATERIAL "," ENVELOPE "}", BULLA_E_UNSUPPORTED_VERSION },
    { "{\"version\":\"1\"," MATERIAL "," ENVELOPE "}", BULLA_E_TYPE_MISMATCH },
    { "{" MATERIAL "," ENVELOPE "}", BULLA_E_MISSING_FIELD },
    { "{\"version\":1," MATERIAL "}", BULLA_E_MISSING_FIELD },
    { "{\"version\":1,\"verification_material\":{}," ENVELOPE "}", BULLA_E_MISSING_FIELD },
    { "{\"version\":1,\"verification_material\":{\"certificate\":\"\"}," ENVELOPE "}",
      BULLA_E_MISSING_FIELD },
    { "{\"version\":1," MATERIAL ",\"envelope\":{\"statement\":\"AAAA\"}}", BULLA_E_MISSING_FIELD },
    { "{\"version\":1," MATERIAL ",\"envelope\":{\"signature\":\"AAAA\"}}", BULLA_E_MISSING_FIELD },
    { "{\"version\":1,\"version\":1," MATERIAL "," ENVELOPE "}", BULLA_E_DUPLICATE_KEY },
    { "{\"version\":1," MATERIAL "," ENVELOPE "}x", BULLA_E_TRAILING_DATA },
};

START_TEST(what_is_no_attestation_is_refused)
{
    BU_CLEAR(world) w = world_new();
    BU_CLEAR(answer) a = { 0 };
    unit_fails(verify(&w, WHEEL, refused[_i].text, &a), refused[_i].code, a.err);
    ck_assert_str_eq(a.err.file, "a.publish.attestation");
}
END_TEST

static bulla_status split(const char *text, bu_arena *arena, bu_buf *out, bulla_error *err)
{
    const bu_check check = { .content = bu_bytes_of(text), .file = "f", .arena = arena };
    ck_assert_ptr_eq(bu_format_of(check.content), &bu_format_pypi_attestation);
    return bu_format_pypi_attestation.split(&check, out, err);
}

START_TEST(a_provenance_object_is_taken_apart_and_its_publisher_left_out)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    BU_CLEAR(bu_buf) list = { 0 };
    bulla_error err = { 0 };
    bulla_status status =
        split("{\"version\":1,\"attestation_bundles\":[{\"publisher\":{\"kind\":\"x\"},"
              "\"attestations\":[{\"a\":1},{\"a\":2}]},{\"attestations\":[{\"a\":3}]}]}",
              arena, &list, &err);
    unit_ok(status, err);
    const bulla_bytes *documents = (const bulla_bytes *)(const void *)list.ptr;
    ck_assert_uint_eq(list.len, 3 * sizeof *documents);
    ck_assert(bu_bytes_is(documents[0], "{\"a\":1}"));
    ck_assert(bu_bytes_is(documents[2], "{\"a\":3}"));
}
END_TEST

static const struct {
    const char *text;
    bulla_code code;
} objects[] = {
    { "{\"version\":1,\"attestation_bundles\":[]}", BULLA_E_EMPTY },
    { "{\"version\":1,\"attestation_bundles\":[{\"attestations\":[]}]}", BULLA_E_EMPTY },
    { "{\"version\":2,\"attestation_bundles\":[]}", BULLA_E_UNSUPPORTED_VERSION },
    { "{\"version\":1,\"attestation_bundles\":{}}", BULLA_E_TYPE_MISMATCH },
    { "{\"version\":1,\"attestation_bundles\":[{}]}", BULLA_E_MISSING_FIELD },
    { "{\"version\":1,\"attestation_bundles\":[{\"attestations\":[7]}]}", BULLA_E_TYPE_MISMATCH },
};

START_TEST(an_object_that_is_none_is_refused)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    BU_CLEAR(bu_buf) list = { 0 };
    bulla_error err = { 0 };
    unit_fails(split(objects[_i].text, arena, &list, &err), objects[_i].code, err);
}
END_TEST

START_TEST(what_it_claims_can_be_shown_without_its_publisher)
{
    BU_CLEAR(world) w = world_new();
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bulla_error err = { 0 };
    bu_description lines = { .arena = arena };
    const char *text = test_text("{\"version\":1,\"attestation_bundles\":[{\"publisher\":{\"kind\":"
                                 "\"liar\"},\"attestations\":[%s]}]}",
                                 make(&w, statement_of(WHEEL)));
    bulla_status status = bu_format_pypi_attestation.describe(bu_bytes_of(text), "f", &lines, &err);
    unit_ok(status, err);
    ck_assert_uint_gt(lines.count, 0);
    for (size_t i = 0; i < lines.count; i++)
        ck_assert(!bu_bytes_is(lines.items[i].text, "liar"));
}
END_TEST

START_TEST(no_memory_is_said_so)
{
    BU_CLEAR(world) w = world_new();
    const char *text = make(&w, statement_of(WHEEL));
    for (size_t n = 0;; n++) {
        BU_AUTO(bu_arena) arena = bu_arena_new();
        bu_description lines = { .arena = arena };
        bulla_error err = { 0 };
        alloc_fail_at(n);
        bulla_status status =
            bu_format_pypi_attestation.describe(bu_bytes_of(text), "f", &lines, &err);
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
    tcase_add_test(tc, an_attestation_is_a_bundle_about_one_distribution);
    tcase_add_loop_test(tc, a_file_under_another_name_is_refused, 0, COUNT(names));
    tcase_add_test(tc, two_subjects_are_one_too_many);
    tcase_add_loop_test(tc, one_changed_byte_is_refused, 0, COUNT(bytes));
    tcase_add_loop_test(tc, what_is_no_attestation_is_refused, 0, COUNT(refused));
    tcase_add_test(tc, a_provenance_object_is_taken_apart_and_its_publisher_left_out);
    tcase_add_loop_test(tc, an_object_that_is_none_is_refused, 0, COUNT(objects));
    tcase_add_test(tc, what_it_claims_can_be_shown_without_its_publisher);
    tcase_add_test(tc, no_memory_is_said_so);
}

int main(void)
{
    return unit_run("trust/format_pypi_attestation", add);
}
