/* SPDX-License-Identifier: MIT */
/*
 * in-toto statements: what is read, what is refused and where, which things a
 * statement is about, and the bytes that are written.
 */
#include "suite.h"

#include "alloc_fail.h"
#include "attest/statement.h"
#include "base/limits.h"
#include "digest/digest.h"

#define V1        "\"_type\":\"https://in-toto.io/Statement/v1\""
#define V01       "\"_type\":\"https://in-toto.io/Statement/v0.1\""
#define TYPE      "\"predicateType\":\"urn:t\""
#define HEX256    "abababababababababababababababababababababababababababababababab"
#define HEX1      "abababababababababababababababababababab"
#define SUBJECT   "{\"name\":\"a\",\"digest\":{\"sha256\":\"" HEX256 "\"}}"
#define SUBJECTS  "\"subject\":[" SUBJECT "]"
#define STATEMENT "{" V1 "," SUBJECTS "," TYPE ",\"predicate\":{\"b\":1,\"a\":2}}"

/* A statement with this subject, and one good one in front of it. */
#define WITH(subject) "{" V1 ",\"subject\":[" SUBJECT "," subject "]," TYPE "}"

static bulla_status parse(const char *text, bu_arena *arena, bu_statement *out, bulla_error *err)
{
    return bu_statement_parse(bu_bytes_of(text), "payload", arena, out, err);
}

START_TEST(a_statement_is_read_whole)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bu_statement statement = { 0 };
    bulla_error err = { 0 };
    unit_ok(parse(STATEMENT, arena, &statement, &err), err);
    ck_assert_uint_eq(statement.count, 1);
    ck_assert(bu_bytes_is(statement.subjects[0].name, "a"));
    ck_assert_uint_eq(statement.subjects[0].digests.count, 1);
    ck_assert_int_eq(statement.subjects[0].digests.items[0].alg, BULLA_ALG_SHA256);
    ck_assert_uint_eq(statement.subjects[0].digests.items[0].bytes[31], 0xab);
    ck_assert(bu_bytes_is(statement.predicate_type, "urn:t"));
    ck_assert(bu_bytes_is(statement.predicate, "{\"b\":1,\"a\":2}"));
}
END_TEST

/* What the specification lets be absent or be there. */
static const char *const accepted[] = {
    "{" V01 "," SUBJECTS "," TYPE ",\"predicate\":{}}",
    "{" V1 "," SUBJECTS "," TYPE "}",
    "{" V1 "," SUBJECTS "," TYPE ",\"predicate\":null}",
    "{" V1 "," SUBJECTS "," TYPE ",\"unknown\":[{}]}",
    WITH("{\"digest\":{\"sha256\":\"" HEX256 "\"}}"),
    WITH("{\"name\":\"\",\"digest\":{\"sha256\":\"" HEX256 "\"}}"),
    WITH("{\"digest\":{\"sha1\":\"" HEX1 "\"},\"uri\":\"urn:u\",\"annotations\":{}}"),
    WITH("{\"digest\":{\"gitCommit\":\"x\",\"sha1\":\"" HEX1 "\"}}"),
    WITH("{\"digest\":{\"SHA256\":\"not hex\",\"sha1\":\"" HEX1 "\"}}"),
};

START_TEST(what_the_specification_allows_is_read)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bu_statement statement = { 0 };
    bulla_error err = { 0 };
    unit_ok(parse(accepted[_i], arena, &statement, &err), err);
    ck_assert_uint_eq(statement.subjects[0].digests.count, 1);
}
END_TEST

static const struct {
    const char *text;
    bulla_code code;
    const char *place; /* part of the sentence */
} refused[] = {
    { "", BULLA_E_EMPTY, "" },
    { "{", BULLA_E_TRUNCATED, "" },
    { "{\"_type\"}", BULLA_E_BAD_SYNTAX, "" },
    { STATEMENT "x", BULLA_E_TRAILING_DATA, "" },
    { "[" STATEMENT "]", BULLA_E_TYPE_MISMATCH, "object" },
    { "{" SUBJECTS "," TYPE "}", BULLA_E_MISSING_FIELD, "_type" },
    { "{\"_type\":\"https://in-toto.io/Statement/v2\"," SUBJECTS "," TYPE "}",
      BULLA_E_UNSUPPORTED_VERSION, "_type" },
    { "{\"_type\":\"\"," SUBJECTS "," TYPE "}", BULLA_E_UNSUPPORTED_VERSION, "_type" },
    { "{\"_type\":1," SUBJECTS "," TYPE "}", BULLA_E_TYPE_MISMATCH, "_type" },
    { "{" V1 "," V1 "," SUBJECTS "," TYPE "}", BULLA_E_DUPLICATE_KEY, "" },
    { "{" V1 "," SUBJECTS "," SUBJECTS "," TYPE "}", BULLA_E_DUPLICATE_KEY, "" },
    { "{" V1 "," TYPE "}", BULLA_E_MISSING_FIELD, "subject" },
    { "{" V1 ",\"subject\":{}," TYPE "}", BULLA_E_TYPE_MISMATCH, "subject" },
    { "{" V1 ",\"subject\":[]," TYPE "}", BULLA_E_EMPTY, "subject" },
    { "{" V1 "," SUBJECTS "}", BULLA_E_MISSING_FIELD, "predicateType" },
    { "{" V1 "," SUBJECTS ",\"predicateType\":\"\"}", BULLA_E_MISSING_FIELD, "predicateType" },
    { "{" V1 "," SUBJECTS ",\"predicateType\":[]}", BULLA_E_TYPE_MISMATCH, "predicateType" },
    { "{" V1 "," SUBJECTS "," TYPE ",\"predicate\":[]}", BULLA_E_TYPE_MISMATCH, "predicate" },
    { "{" V1 "," SUBJECTS "," TYPE ",\"predicate\":false}", BULLA_E_TYPE_MISMATCH, "predicate" },
    { WITH("\"a\""), BULLA_E_TYPE_MISMATCH, "subject[1]" },
    { WITH("{\"name\":\"a\"}"), BULLA_E_MISSING_FIELD, "subject[1]: \"digest\"" },
    { WITH("{\"digest\":[]}"), BULLA_E_TYPE_MISMATCH, "subject[1]" },
    { WITH("{\"digest\":{}}"), BULLA_E_MISSING_HASH, "subject[1]" },
    { WITH("{\"digest\":{\"gitCommit\":\"" HEX1 "\"}}"), BULLA_E_MISSING_HASH, "subject[1]" },
    { WITH("{\"digest\":{\"SHA256\":\"" HEX256 "\"}}"), BULLA_E_MISSING_HASH, "subject[1]" },
    { WITH("{\"name\":1,\"digest\":{\"sha256\":\"" HEX256 "\"}}"), BULLA_E_TYPE_MISMATCH,
      "subject[1]" },
    { WITH("{\"digest\":{\"sha256\":\"" HEX1 "\"}}"), BULLA_E_BAD_ENCODING, "subject[1]: sha256" },
    { WITH("{\"digest\":{\"sha256\":\"" HEX256 "ab\"}}"), BULLA_E_BAD_ENCODING, "subject[1]" },
    { WITH("{\"digest\":{\"sha1\":\"" HEX256 "\"}}"), BULLA_E_BAD_ENCODING, "subject[1]: sha1" },
    { WITH("{\"digest\":{\"sha256\":\"\"}}"), BULLA_E_BAD_ENCODING, "subject[1]" },
    { WITH("{\"digest\":{\"sha256\":7}}"), BULLA_E_TYPE_MISMATCH, "subject[1]" },
    { WITH("{\"digest\":{\"gitCommit\":7}}"), BULLA_E_TYPE_MISMATCH, "subject[1]" },
    { WITH("{\"digest\":{\"sha256\":\"" HEX256 "\",\"sha256\":\"" HEX256 "\"}}"),
      BULLA_E_DUPLICATE_KEY, "" },
};

START_TEST(everything_else_is_refused_where_it_is)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bu_statement statement = { 0 };
    bulla_error err = { 0 };
    unit_fails(parse(refused[_i].text, arena, &statement, &err), refused[_i].code, err);
    ck_assert_msg(strstr(err.text, refused[_i].place) != NULL, "%s", err.text);
    ck_assert_str_eq(err.file, "payload");
    ck_assert_ptr_null(statement.subjects);
}
END_TEST

START_TEST(too_many_subjects_are_refused)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    BU_CLEAR(bu_buf) text = { 0 };
    bu_statement statement = { 0 };
    bulla_error err = { 0 };
    bu_buf_add_text(&text, "{" V1 "," TYPE ",\"subject\":[{}");
    for (size_t i = 0; i < BU_LIMIT_SUBJECTS; i++)
        bu_buf_add_text(&text, ",{}");
    bu_buf_add_text(&text, "]}");
    unit_fails(bu_statement_parse(bu_buf_bytes(&text), "payload", arena, &statement, &err),
               BULLA_E_RESOURCE_LIMIT, err);
}
END_TEST

/* A name is for people: it comes back as it was, and no error shows it raw. */
START_TEST(a_hostile_name_is_carried_and_never_shown_raw)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bu_statement statement = { 0 };
    bulla_error err = { 0 };
    unit_ok(parse(WITH("{\"name\":\"\\u001b[2J\\u202e\\n\",\"digest\":{\"sha1\":\"" HEX1 "\"}}"),
                  arena, &statement, &err),
            err);
    ck_assert(bu_bytes_is(statement.subjects[1].name, "\x1b[2J\u202e\n"));
    unit_fails(parse("{\"_type\":\"\\u001b[2J\"," SUBJECTS "," TYPE "}", arena, &statement, &err),
               BULLA_E_UNSUPPORTED_VERSION, err);
    ck_assert_ptr_null(strchr(err.got, '\x1b'));
}
END_TEST

static bulla_digest digest_of(bulla_alg alg, uint8_t fill)
{
    bulla_digest digest = { .alg = alg, .len = bulla_alg_size(alg) };
    memset(digest.bytes, fill, digest.len);
    return digest;
}

/* Digests in short: 1 is SHA-1, 2 is SHA-256, 5 is SHA-512; the letter behind is the value. */
static bulla_digest_set set_of(const char *text)
{
    bulla_digest_set set = { 0 };
    for (; text[0] != '\0'; text += 2) {
        bulla_alg alg = text[0] == '1'   ? BULLA_ALG_SHA1
                        : text[0] == '2' ? BULLA_ALG_SHA256
                                         : BULLA_ALG_SHA512;
        set.items[set.count++] = digest_of(alg, (uint8_t)text[1]);
    }
    return set;
}

static const struct {
    const char *why, *subjects[2], *thing;
    bool is_about;
} matches[] = {
    { "the same digest", { "2a" }, "2a", true },
    { "one of several", { "2b", "2a" }, "2a", true },
    { "one shared algorithm is enough", { "2a" }, "2a5b", true },
    { "more is known of the subject", { "2a5b" }, "2a", true },
    { "another value", { "2a" }, "2b", false },
    { "only a weak digest is shared", { "1a" }, "1a", false },
    { "only a weak digest is shared, strong ones differ in kind", { "1a2b" }, "1a5b", false },
    { "a shared algorithm disagrees", { "2a5b" }, "2a5c", false },
    { "even a weak one", { "1a2b" }, "1c2b", false },
    { "nothing is shared", { "2a" }, "5a", false },
    { "nothing is known", { "2a" }, "", false },
    { "two subjects are not one", { "2a", "5b" }, "2c5b", true },
    { "halves of two subjects", { "2a5x", "2x5b" }, "2a5b", false },
};

START_TEST(a_statement_is_about_a_thing_by_digest_alone)
{
    bu_subject subjects[2] = { 0 };
    bu_statement statement = { .subjects = subjects };
    for (; statement.count < 2 && matches[_i].subjects[statement.count] != NULL;
         statement.count++) {
        subjects[statement.count].name = BULLA_LIT("the very same name");
        subjects[statement.count].digests = set_of(matches[_i].subjects[statement.count]);
    }
    bulla_digest_set thing = set_of(matches[_i].thing);
    ck_assert_msg(bu_statement_is_about(&statement, &thing) == matches[_i].is_about, "%s",
                  matches[_i].why);
}
END_TEST

START_TEST(what_is_written_has_these_bytes_and_is_read_back)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    BU_CLEAR(bu_buf) out = { 0 };
    bu_statement read = { 0 };
    bulla_error err = { 0 };
    bu_subject subject = { BULLA_LIT("a\n\u202e"), set_of("1\xab"
                                                          "2\xab") };
    bu_statement statement = { &subject, 1, BULLA_LIT("urn:t"),
                               BULLA_LIT("{ \"z\": 1,\n\"a\": [] }") };
    unit_ok(bu_statement_write(&statement, &out, &err), err);
    ck_assert_str_eq((const char *)out.ptr,
                     "{" V1 ",\"subject\":[{\"name\":\"a\\n\\u202e\",\"digest\":{\"sha1\":\"" HEX1
                     "\",\"sha256\":\"" HEX256 "\"}}]," TYPE ",\"predicate\":{\"z\":1,\"a\":[]}}");
    unit_ok(parse((const char *)out.ptr, arena, &read, &err), err);
    ck_assert(bu_bytes_equal(read.subjects[0].name, subject.name));
    ck_assert(bu_statement_is_about(&read, &subject.digests));
    ck_assert(bu_bytes_is(read.predicate, "{\"z\":1,\"a\":[]}"));
}
END_TEST

START_TEST(a_predicate_that_is_not_json_is_never_written)
{
    BU_CLEAR(bu_buf) out = { 0 };
    bulla_error err = { 0 };
    bu_subject subject = { BULLA_LIT("a"), set_of("2a") };
    bu_statement statement = { &subject, 1, BULLA_LIT("urn:t"), BULLA_LIT("{}],\"x\":[") };
    unit_fails(bu_statement_write(&statement, &out, &err), BULLA_E_TRAILING_DATA, err);
}
END_TEST

static bulla_status round_trip(bu_buf *out, bulla_error *err)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bu_statement statement = { 0 };
    if (arena == NULL)
        return bu_no_memory(err);
    BU_TRY(parse(STATEMENT, arena, &statement, err));
    return bu_statement_write(&statement, out, err);
}

START_TEST(no_memory_is_said_and_nothing_leaks)
{
    for (size_t n = 0;; n++) {
        BU_CLEAR(bu_buf) out = { 0 };
        bulla_error err = { 0 };
        alloc_fail_at(n);
        bulla_status status = round_trip(&out, &err);
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
    tcase_add_test(tc, a_statement_is_read_whole);
    tcase_add_loop_test(tc, what_the_specification_allows_is_read, 0,
                        sizeof accepted / sizeof accepted[0]);
    tcase_add_loop_test(tc, everything_else_is_refused_where_it_is, 0,
                        sizeof refused / sizeof refused[0]);
    tcase_add_test(tc, too_many_subjects_are_refused);
    tcase_add_test(tc, a_hostile_name_is_carried_and_never_shown_raw);
    tcase_add_loop_test(tc, a_statement_is_about_a_thing_by_digest_alone, 0,
                        sizeof matches / sizeof matches[0]);
    tcase_add_test(tc, what_is_written_has_these_bytes_and_is_read_back);
    tcase_add_test(tc, a_predicate_that_is_not_json_is_never_written);
    tcase_add_test(tc, no_memory_is_said_and_nothing_leaks);
}

int main(void)
{
    return unit_run("statement", add);
}
