/* SPDX-License-Identifier: MIT */
/*
 * Signing, co-signing, attesting: what comes out says exactly what was asked
 * for, and nothing comes out when anything is not as it should be.
 */
#include "suite.h"

#include <sys/stat.h>
#include <unistd.h>

#include "alloc_fail.h"
#include "attest/statement.h"
#include "base/limits.h"
#include "bulla/sign.h"
#include "digest/hasher.h"
#include "signature/dsse.h"

/* A folder with "a" and "b" in it, and "other/a" with other bytes; the working folder of each test. */
static void set_up(void)
{
    static const struct {
        const char *name, *content;
    } files[] = {
        { "a", "first" },
        { "b", "second" },
        { "other/a", "third" },
        { "a\nb", "hidden" },
        { "cdx.json", "{ \"bomFormat\": \"CycloneDX\", \"specVersion\": \"1.6\" }\n" },
        { "other/cdx.json", "{}" },
        { "spdx.json", "{\"spdxVersion\":\"SPDX-2.3\"}" },
        { "slsa.json", "{\"buildDefinition\":{\"buildType\":\"urn:b\",\"externalParameters\":{}},"
                       "\"runDetails\":{\"builder\":{\"id\":\"urn:i\"}}}" },
        { "array.json", "[]" },
        { "twice.json", "{\"a\":1,\n\"a\":2}" },
        { "not.json", "{" },
    };
    BU_FREE char *folder = unit_temporary_folder();
    ck_assert_int_eq(chdir(folder), 0);
    ck_assert_int_eq(mkdir("other", 0777), 0);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        FILE *file = fopen(files[i].name, "w");
        ck_assert_ptr_nonnull(file);
        ck_assert_int_ge(fputs(files[i].content, file), 0);
        ck_assert_int_eq(fclose(file), 0);
    }
    ck_assert_int_eq(symlink("a", "link"), 0);
    ck_assert_int_eq(mkfifo("fifo", 0666), 0);
}

static bulla_secret_key *new_key(bulla_key_kind kind)
{
    bulla_secret_key *key = NULL;
    bulla_error err = { 0 };
    unit_ok(bu_secret_key_new(kind, &key, &err), err);
    return key;
}

/* What an envelope holds, after each of these keys was seen to have signed it. */
typedef struct opened {
    bu_arena *arena;
    bu_dsse envelope;
    bu_statement statement;
} opened;

static opened open_with(const bulla_buffer *made, bulla_secret_key *const *keys, size_t count)
{
    opened out = { .arena = bu_arena_new() };
    bulla_error err = { 0 };
    ck_assert_uint_gt(made->len, 0);
    ck_assert_ptr_eq(memchr(made->ptr, '\n', made->len), made->ptr + made->len - 1);
    unit_ok(bu_dsse_parse((bulla_bytes){ made->ptr, made->len }, "made", out.arena, &out.envelope,
                          &err),
            err);
    ck_assert(bu_bytes_is(out.envelope.payload_type, "application/vnd.in-toto+json"));
    ck_assert_uint_eq(out.envelope.count, count);
    for (size_t i = 0; i < count; i++) {
        const bu_key *public[] = { bu_secret_key_public(keys[i]) };
        bool signed_by = false;
        unit_ok(bu_dsse_check(&out.envelope, public, 1, &signed_by, &err), err);
        ck_assert(signed_by);
    }
    unit_ok(bu_statement_parse(out.envelope.payload, "made", out.arena, &out.statement, &err), err);
    return out;
}

static void close_opened(opened *it)
{
    bu_arena_free(it->arena);
}

/* The subject has this name and is the file by both of its digests. */
static void check_subject(const bu_subject *subject, const char *path)
{
    static const bulla_alg algs[] = { BULLA_ALG_SHA256, BULLA_ALG_SHA512 };
    bulla_bytes content = unit_slurp(path);
    bulla_error err = { 0 };
    const char *slash = strrchr(path, '/');
    ck_assert(bu_bytes_is(subject->name, slash == NULL ? path : slash + 1));
    ck_assert_uint_eq(subject->digests.count, 2);
    for (size_t i = 0; i < 2; i++) {
        bulla_digest want;
        unit_ok(bu_digest_of(algs[i], content, &want, &err), err);
        ck_assert(bulla_digest_equal(&subject->digests.items[i], &want));
    }
    free((void *)(uintptr_t)content.ptr);
}

static const bulla_key_kind kinds[] = { BULLA_KEY_ED25519, BULLA_KEY_ECDSA_P256 };

START_TEST(a_signature_names_each_file_by_two_digests)
{
    BU_AUTO(bu_secret_key) key = new_key(kinds[_i]);
    bulla_buffer made = { 0 };
    bulla_error err = { 0 };
    const char *const files[] = { "b", "./other/a", NULL };
    unit_ok(bulla_sign(key, NULL, files, &made, &err), err);
    opened got = open_with(&made, &key, 1);
    ck_assert(bu_bytes_is(got.statement.predicate_type, BULLA_PREDICATE_SIGNATURE));
    ck_assert(bu_bytes_is(got.statement.predicate, "{}"));
    ck_assert_uint_eq(got.statement.count, 2);
    check_subject(&got.statement.subjects[0], "./other/a"); /* in the order of their names */
    check_subject(&got.statement.subjects[1], "b");
    close_opened(&got);
    bulla_buffer_free(&made);
}
END_TEST

START_TEST(the_same_files_and_key_give_the_same_bytes)
{
    BU_AUTO(bu_secret_key) key = new_key(BULLA_KEY_ED25519);
    bulla_buffer one = { 0 }, two = { 0 };
    bulla_error err = { 0 };
    const char *const files[] = { "a", "b", NULL }, *const turned[] = { "b", "a", NULL };
    unit_ok(bulla_sign(key, NULL, files, &one, &err), err);
    unit_ok(bulla_sign(key, NULL, turned, &two, &err), err);
    ck_assert_str_eq((const char *)one.ptr, (const char *)two.ptr);
    bulla_buffer_free(&one);
    bulla_buffer_free(&two);
}
END_TEST

static const struct {
    const char *files[3];
    bulla_code code;
    const char *file; /* where the error is; NULL: in no file */
} unsignable[] = {
    { { NULL }, BULLA_E_USAGE, NULL },
    { { "a", "none" }, BULLA_E_MISSING_FILE, "none" },
    { { "a", "other" }, BULLA_E_SPECIAL_FILE, "other" },
    { { "link" }, BULLA_E_SPECIAL_FILE, "link" },
    { { "fifo" }, BULLA_E_SPECIAL_FILE, "fifo" },
    { { "a", "a" }, BULLA_E_DUPLICATE_ENTRY, NULL },
    { { "a", "other/a" }, BULLA_E_DUPLICATE_ENTRY, NULL },
    { { "a\nb" }, BULLA_E_CONTROL_CHARACTER, "a\\x0Ab" },
};

START_TEST(what_cannot_be_vouched_for_is_not_signed)
{
    BU_AUTO(bu_secret_key) key = new_key(BULLA_KEY_ED25519);
    bulla_buffer made = { 0 };
    bulla_error err = { 0 };
    unit_fails(bulla_sign(key, NULL, unsignable[_i].files, &made, &err), unsignable[_i].code, err);
    ck_assert_str_eq(err.file, unsignable[_i].file == NULL ? "" : unsignable[_i].file);
    ck_assert_ptr_null(made.ptr);
}
END_TEST

START_TEST(a_second_person_signs_the_same_payload)
{
    bulla_secret_key *keys[] = { new_key(BULLA_KEY_ED25519), new_key(BULLA_KEY_ECDSA_P256) };
    bulla_buffer one = { 0 }, two = { 0 };
    bulla_error err = { 0 };
    const char *const files[] = { "a", "b", NULL }, *const turned[] = { "b", "a", NULL };
    unit_ok(bulla_sign(keys[0], NULL, files, &one, &err), err);
    unit_ok(bulla_cosign(keys[1], (bulla_bytes){ one.ptr, one.len }, turned, &two, &err), err);
    opened first = open_with(&one, keys, 1), both = open_with(&two, keys, 2);
    ck_assert(bu_bytes_equal(first.envelope.payload, both.envelope.payload));
    close_opened(&first);
    close_opened(&both);
    bulla_buffer_free(&one);
    bulla_buffer_free(&two);
    bu_secret_key_free(keys[0]);
    bu_secret_key_free(keys[1]);
}
END_TEST

START_TEST(a_renamed_file_is_still_the_same_file)
{
    bulla_secret_key *keys[] = { new_key(BULLA_KEY_ED25519), new_key(BULLA_KEY_ED25519) };
    bulla_buffer one = { 0 }, two = { 0 };
    bulla_error err = { 0 };
    const char *const files[] = { "a", NULL }, *const renamed[] = { "renamed", NULL };
    unit_ok(bulla_sign(keys[0], NULL, files, &one, &err), err);
    ck_assert_int_eq(rename("a", "renamed"), 0);
    unit_ok(bulla_cosign(keys[1], (bulla_bytes){ one.ptr, one.len }, renamed, &two, &err), err);
    bulla_buffer_free(&one);
    bulla_buffer_free(&two);
    bu_secret_key_free(keys[0]);
    bu_secret_key_free(keys[1]);
}
END_TEST

START_TEST(one_key_signs_once)
{
    BU_AUTO(bu_secret_key) key = new_key(BULLA_KEY_ED25519);
    bulla_buffer one = { 0 }, two = { 0 };
    bulla_error err = { 0 };
    const char *const files[] = { "a", NULL };
    unit_ok(bulla_sign(key, NULL, files, &one, &err), err);
    unit_fails(bulla_cosign(key, (bulla_bytes){ one.ptr, one.len }, files, &two, &err),
               BULLA_E_DUPLICATE_KEY, err);
    ck_assert_ptr_null(two.ptr);
    bulla_buffer_free(&one);
}
END_TEST

/* An envelope over "a" and "b", offered together with other files. */
static const struct {
    const char *files[4], *place;
} others[] = {
    { { "a" }, "also about b" },
    { { "a", "b", "slsa.json" }, "not about slsa.json" },
    { { "other/a", "b" }, "not about a" },
};

START_TEST(an_envelope_about_other_files_is_not_cosigned)
{
    bulla_secret_key *keys[] = { new_key(BULLA_KEY_ED25519), new_key(BULLA_KEY_ED25519) };
    bulla_buffer one = { 0 }, two = { 0 };
    bulla_error err = { 0 };
    const char *const files[] = { "a", "b", NULL };
    unit_ok(bulla_sign(keys[0], NULL, files, &one, &err), err);
    unit_fails(
        bulla_cosign(keys[1], (bulla_bytes){ one.ptr, one.len }, others[_i].files, &two, &err),
        BULLA_E_SUBJECT_MISMATCH, err);
    ck_assert_msg(strstr(err.text, others[_i].place) != NULL, "%s", err.text);
    ck_assert_ptr_null(two.ptr);
    bulla_buffer_free(&one);
    bu_secret_key_free(keys[0]);
    bu_secret_key_free(keys[1]);
}
END_TEST

/* Payloads that are no statement about "a" (its SHA-1 is right, and proves nothing). */
static const struct {
    const char *type, *payload;
    bulla_code code;
} payloads[] = {
    { "text/plain", "{}", BULLA_E_BAD_TYPE },
    { BU_PAYLOAD_TYPE_INTOTO, "first", BULLA_E_BAD_SYNTAX },
    { BU_PAYLOAD_TYPE_INTOTO, "{}", BULLA_E_MISSING_FIELD },
    { BU_PAYLOAD_TYPE_INTOTO,
      "{\"_type\":\"https://in-toto.io/Statement/v1\",\"predicateType\":\"urn:x\",\"subject\":["
      "{\"name\":\"a\",\"digest\":{\"sha1\":\"e0996a37c13d44c3b06074939d43fa3759bd32c1\"}}]}",
      BULLA_E_SUBJECT_MISMATCH },
};

START_TEST(an_envelope_around_something_else_is_not_cosigned)
{
    BU_AUTO(bu_secret_key) key = new_key(BULLA_KEY_ED25519);
    BU_CLEAR(bu_buf) envelope = { 0 };
    bulla_buffer made = { 0 };
    bulla_error err = { 0 };
    const char *const files[] = { "a", NULL };
    unit_ok(bu_dsse_seal(key, bu_bytes_of(payloads[_i].type), bu_bytes_of(payloads[_i].payload),
                         &envelope, &err),
            err);
    unit_fails(bulla_cosign(key, bu_buf_bytes(&envelope), files, &made, &err), payloads[_i].code,
               err);
    ck_assert_ptr_null(made.ptr);
}
END_TEST

START_TEST(what_is_no_envelope_is_not_cosigned)
{
    BU_AUTO(bu_secret_key) key = new_key(BULLA_KEY_ED25519);
    bulla_buffer made = { 0 };
    bulla_error err = { 0 };
    const char *const files[] = { "a", NULL };
    unit_fails(bulla_cosign(key, BULLA_LIT("not JSON"), files, &made, &err), BULLA_E_BAD_SYNTAX,
               err);
    ck_assert_str_eq(err.file, "envelope");
}
END_TEST

static const struct {
    const char *type, *predicate, *files[3], *predicate_type, *subjects[3];
} attestations[] = {
    { "sbom", "cdx.json", { "a" }, "https://cyclonedx.org/bom", { "a", "cdx.json" } },
    { "sbom", "spdx.json", { "a" }, "https://spdx.dev/Document", { "a", "spdx.json" } },
    { "sbom", "cdx.json", { "a", "cdx.json" }, "https://cyclonedx.org/bom", { "a", "cdx.json" } },
    { "slsa", "slsa.json", { "b", "a" }, "https://slsa.dev/provenance/v1", { "a", "b" } },
    { "https://example.org/x", "slsa.json", { "a" }, "https://example.org/x", { "a" } },
};

START_TEST(an_attestation_binds_the_predicate_to_its_subjects)
{
    BU_AUTO(bu_secret_key) key = new_key(BULLA_KEY_ED25519);
    bulla_buffer made = { 0 };
    bulla_error err = { 0 };
    unit_ok(bulla_attest(key, NULL, attestations[_i].type, attestations[_i].predicate,
                         attestations[_i].files, &made, &err),
            err);
    opened got = open_with(&made, &key, 1);
    ck_assert(bu_bytes_is(got.statement.predicate_type, attestations[_i].predicate_type));
    size_t count = 0;
    for (; attestations[_i].subjects[count] != NULL; count++)
        check_subject(&got.statement.subjects[count], attestations[_i].subjects[count]);
    ck_assert_uint_eq(got.statement.count, count);
    close_opened(&got);
    bulla_buffer_free(&made);
}
END_TEST

START_TEST(the_predicate_is_carried_compact_and_whole)
{
    BU_AUTO(bu_secret_key) key = new_key(BULLA_KEY_ED25519);
    bulla_buffer made = { 0 };
    bulla_error err = { 0 };
    const char *const files[] = { "a", NULL };
    unit_ok(bulla_attest(key, NULL, "sbom", "cdx.json", files, &made, &err), err);
    opened got = open_with(&made, &key, 1);
    ck_assert(bu_bytes_is(got.statement.predicate,
                          "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\"}"));
    close_opened(&got);
    bulla_buffer_free(&made);
}
END_TEST

static const struct {
    const char *type, *predicate, *files[2];
    bulla_code code;
    const char *file;
    uint32_t line;
} unattestable[] = {
    { "sbom", "slsa.json", { "a" }, BULLA_E_BAD_TYPE, "slsa.json", 0 },
    { "slsa", "cdx.json", { "a" }, BULLA_E_MISSING_FIELD, "cdx.json", 0 },
    { "sbom", "array.json", { "a" }, BULLA_E_TYPE_MISMATCH, "array.json", 0 },
    { "urn:x", "array.json", { "a" }, BULLA_E_TYPE_MISMATCH, "array.json", 0 },
    { "urn:x", "twice.json", { "a" }, BULLA_E_DUPLICATE_KEY, "twice.json", 2 },
    { "urn:x", "not.json", { "a" }, BULLA_E_TRUNCATED, "not.json", 1 },
    { "urn:x", "none", { "a" }, BULLA_E_MISSING_FILE, "none", 0 },
    { "urn:x", "fifo", { "a" }, BULLA_E_SPECIAL_FILE, "fifo", 0 },
    { "urn:x", "large", { "a" }, BULLA_E_RESOURCE_LIMIT, "large", 0 },
    { "approve", "cdx.json", { "a" }, BULLA_E_USAGE, "", 0 },
    { "sbom", "cdx.json", { NULL }, BULLA_E_USAGE, "", 0 },
    { "sbom", "cdx.json", { "other/cdx.json" }, BULLA_E_DUPLICATE_ENTRY, "", 0 },
};

START_TEST(what_is_not_of_its_type_is_not_attested)
{
    BU_AUTO(bu_secret_key) key = new_key(BULLA_KEY_ED25519);
    bulla_buffer made = { 0 };
    bulla_error err = { 0 };
    FILE *large = fopen("large", "w");
    ck_assert_ptr_nonnull(large);
    ck_assert_int_eq(ftruncate(fileno(large), BU_LIMIT_METADATA_BYTES + 1), 0);
    ck_assert_int_eq(fclose(large), 0);
    unit_fails(bulla_attest(key, NULL, unattestable[_i].type, unattestable[_i].predicate,
                            unattestable[_i].files, &made, &err),
               unattestable[_i].code, err);
    ck_assert_str_eq(err.file, unattestable[_i].file);
    ck_assert_uint_eq(err.line, unattestable[_i].line);
    ck_assert_int_ne(err.exit, BULLA_EXIT_DENIED); /* nothing was judged here */
    ck_assert_ptr_null(made.ptr);
}
END_TEST

static bulla_status sign_cosign_attest(bulla_secret_key *const keys[2], bulla_error *err)
{
    bulla_buffer made[3] = { 0 };
    const char *const files[] = { "a", "b", NULL };
    bulla_status status = bulla_sign(keys[0], NULL, files, &made[0], err);
    if (bulla_ok(status))
        status =
            bulla_cosign(keys[1], (bulla_bytes){ made[0].ptr, made[0].len }, files, &made[1], err);
    if (bulla_ok(status))
        status = bulla_attest(keys[0], NULL, "sbom", "cdx.json", files, &made[2], err);
    for (size_t i = 0; i < 3; i++)
        bulla_buffer_free(&made[i]);
    return status;
}

START_TEST(no_memory_is_said_and_nothing_leaks)
{
    bulla_secret_key *keys[] = { new_key(BULLA_KEY_ED25519), new_key(BULLA_KEY_ED25519) };
    for (size_t n = 0;; n++) {
        bulla_error err = { 0 };
        alloc_fail_at(n);
        bulla_status status = sign_cosign_attest(keys, &err);
        if (!alloc_fail_off()) {
            unit_ok(status, err);
            break;
        }
        unit_fails(status, BULLA_E_NO_MEMORY, err);
    }
    bu_secret_key_free(keys[0]);
    bu_secret_key_free(keys[1]);
}
END_TEST

#define COUNT(table) (int)(sizeof(table) / sizeof(table)[0])

static void add(TCase *tc)
{
    tcase_add_checked_fixture(tc, set_up, NULL);
    tcase_add_loop_test(tc, a_signature_names_each_file_by_two_digests, 0, COUNT(kinds));
    tcase_add_test(tc, the_same_files_and_key_give_the_same_bytes);
    tcase_add_loop_test(tc, what_cannot_be_vouched_for_is_not_signed, 0, COUNT(unsignable));
    tcase_add_test(tc, a_second_person_signs_the_same_payload);
    tcase_add_test(tc, a_renamed_file_is_still_the_same_file);
    tcase_add_test(tc, one_key_signs_once);
    tcase_add_loop_test(tc, an_envelope_about_other_files_is_not_cosigned, 0, COUNT(others));
    tcase_add_loop_test(tc, an_envelope_around_something_else_is_not_cosigned, 0, COUNT(payloads));
    tcase_add_test(tc, what_is_no_envelope_is_not_cosigned);
    tcase_add_loop_test(tc, an_attestation_binds_the_predicate_to_its_subjects, 0,
                        COUNT(attestations));
    tcase_add_test(tc, the_predicate_is_carried_compact_and_whole);
    tcase_add_loop_test(tc, what_is_not_of_its_type_is_not_attested, 0, COUNT(unattestable));
    tcase_add_test(tc, no_memory_is_said_and_nothing_leaks);
}

int main(void)
{
    return unit_run("sign", add);
}
