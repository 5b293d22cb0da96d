/* SPDX-License-Identifier: MIT */
/*
 * Waivers: what one must say, what is refused and why, that what is written is read back, and what
 * bytes of a component one is about. A waiver that says less than it must would let more pass.
 */
#include "suite.h"

#include "alloc_fail.h"
#include "attest/waiver.h"
#include "digest/digest.h"

#define HEX    "abababababababababababababababababababababababababababababababab"
#define RULE   "\"rule\":{\"name\":\"npm packages\",\"digest\":{\"sha256\":\"" HEX "\"}}"
#define PURL   "\"package\":\"pkg:npm/x@1\""
#define WAIVES "\"waives\":[\"missing-file\",\"threshold\"]"
#define REASON "\"reason\":\"awaiting-fix\""
#define ROLE   "\"role\":\"approver\""
#define ISSUED "\"issued\":\"2026-11-21T00:00:00Z\""
#define UNTIL  "\"until\":\"2026-12-21T00:00:00Z\""
#define HEAD   "{" RULE "," PURL ","
#define TAIL   REASON "," ROLE "," ISSUED "," UNTIL "}"
#define WHOLE  HEAD WAIVES "," TAIL

static bulla_digest_set sha256_set(void)
{
    bulla_digest_set set = { .count = 1 };
    set.items[0] = (bulla_digest){ .alg = BULLA_ALG_SHA256, .len = 32 };
    memset(set.items[0].bytes, 0xab, 32);
    return set;
}

static bulla_status read(const char *predicate, bu_arena *arena, bu_waiver *out, bulla_error *err)
{
    bu_subject subject = { .digests = sha256_set() };
    const bu_statement statement = { .subjects = &subject,
                                     .count = 1,
                                     .predicate_type = BULLA_LIT(BU_WAIVER_TYPE),
                                     .predicate = bu_bytes_of(predicate) };
    return bu_waiver_read(&statement, "w.jsonl", arena, out, err);
}

START_TEST(a_waiver_is_read_whole)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bu_waiver waiver;
    bulla_error err = { 0 };
    unit_ok(read(WHOLE, arena, &waiver, &err), err);
    ck_assert(bu_bytes_is(waiver.rule, "npm packages"));
    ck_assert_int_eq(waiver.rule_digest.alg, BULLA_ALG_SHA256);
    ck_assert_uint_eq(waiver.rule_digest.bytes[31], 0xab);
    ck_assert(bu_bytes_is(waiver.package, "pkg:npm/x@1"));
    ck_assert_uint_eq(waiver.waives_count, 2);
    ck_assert_int_eq(waiver.waives[0], BULLA_E_MISSING_FILE);
    ck_assert_int_eq(waiver.waives[1], BULLA_E_THRESHOLD);
    ck_assert(bu_bytes_is(waiver.reason, "awaiting-fix"));
    ck_assert(bu_bytes_is(waiver.role, "approver"));
    ck_assert_int_eq(waiver.until - waiver.issued, (int64_t)30 * 86400);
}
END_TEST

START_TEST(what_is_written_is_read_back)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    BU_CLEAR(bu_buf) text = { 0 };
    bu_waiver waiver;
    bulla_error err = { 0 };
    unit_ok(read(WHOLE, arena, &waiver, &err), err);
    unit_ok(bu_waiver_write(&waiver, &text, &err), err);
    ck_assert_str_eq((const char *)text.ptr, WHOLE);
    waiver.until = waiver.issued;
    unit_fails(bu_waiver_write(&waiver, &text, &err), BULLA_E_BAD_TIME, err);
}
END_TEST

static const struct {
    const char *what, *predicate;
    bulla_code code;
} refused[] = {
    { "nothing", "{}", BULLA_E_MISSING_FIELD },
    { "no end", HEAD WAIVES "," REASON "," ROLE "," ISSUED "}", BULLA_E_MISSING_FIELD },
    { "an end that is none", HEAD WAIVES "," REASON "," ROLE "," ISSUED ",\"until\":null}",
      BULLA_E_TYPE_MISMATCH },
    { "an end in words", HEAD WAIVES "," REASON "," ROLE "," ISSUED ",\"until\":\"never\"}",
      BULLA_E_BAD_TIME },
    { "an end before the beginning",
      HEAD WAIVES "," REASON "," ROLE "," ISSUED ",\"until\":\"2026-11-20T00:00:00Z\"}",
      BULLA_E_BAD_TIME },
    { "91 days", HEAD WAIVES "," REASON "," ROLE "," ISSUED ",\"until\":\"2027-02-20T00:00:00Z\"}",
      BULLA_E_BAD_TIME },
    { "no beginning", HEAD WAIVES "," REASON "," ROLE "," UNTIL "}", BULLA_E_MISSING_FIELD },
    { "no rule", "{" PURL "," WAIVES "," TAIL, BULLA_E_MISSING_FIELD },
    { "a rule by name alone", "{\"rule\":{\"name\":\"a\"}," PURL "," WAIVES "," TAIL,
      BULLA_E_MISSING_FIELD },
    { "a rule by a weak digest",
      "{\"rule\":{\"name\":\"a\",\"digest\":{\"sha1\":\"ab\"}}," PURL "," WAIVES "," TAIL,
      BULLA_E_BAD_SYNTAX },
    { "a rule by half a digest",
      "{\"rule\":{\"name\":\"a\",\"digest\":{\"sha256\":\"abab\"}}," PURL "," WAIVES "," TAIL,
      BULLA_E_BAD_ENCODING },
    { "a rule whose name hides something",
      "{\"rule\":{\"name\":\"a\\u202e\",\"digest\":{\"sha256\":\"" HEX "\"}}," PURL "," WAIVES
      "," TAIL,
      BULLA_E_BAD_NAME },
    { "no package", "{" RULE "," WAIVES "," TAIL, BULLA_E_MISSING_FIELD },
    { "no package URL", "{" RULE ",\"package\":\"x\"," WAIVES "," TAIL, BULLA_E_BAD_PURL },
    { "a package URL in another form", "{" RULE ",\"package\":\"pkg:NPM/x@1\"," WAIVES "," TAIL,
      BULLA_E_BAD_PURL },
    { "nothing waived", HEAD "\"waives\":[]," TAIL, BULLA_E_EMPTY },
    { "all waived", HEAD "\"waives\":[\"*\"]," TAIL, BULLA_E_BAD_NAME },
    { "a wrong signature waived", HEAD "\"waives\":[\"bad-signature\"]," TAIL, BULLA_E_BAD_NAME },
    { "other bytes waived", HEAD "\"waives\":[\"hash-mismatch\"]," TAIL, BULLA_E_BAD_NAME },
    { "a conflict of duties waived", HEAD "\"waives\":[\"duty-conflict\"]," TAIL,
      BULLA_E_BAD_NAME },
    { "another environment waived", HEAD "\"waives\":[\"environment-mismatch\"]," TAIL,
      BULLA_E_BAD_NAME },
    { "a log waived", HEAD "\"waives\":[\"log-mismatch\"]," TAIL, BULLA_E_BAD_NAME },
    { "one reason twice", HEAD "\"waives\":[\"threshold\",\"threshold\"]," TAIL,
      BULLA_E_DUPLICATE_ENTRY },
    { "reasons out of order", HEAD "\"waives\":[\"threshold\",\"missing-file\"]," TAIL,
      BULLA_E_DUPLICATE_ENTRY },
    { "a reason that is no text", HEAD "\"waives\":[7]," TAIL, BULLA_E_TYPE_MISMATCH },
    { "free text as reason", HEAD WAIVES ",\"reason\":\"because\"," ROLE "," ISSUED "," UNTIL "}",
      BULLA_E_BAD_NAME },
    { "no reason", HEAD WAIVES "," ROLE "," ISSUED "," UNTIL "}", BULLA_E_MISSING_FIELD },
    { "no role", HEAD WAIVES "," REASON "," ISSUED "," UNTIL "}", BULLA_E_MISSING_FIELD },
    { "a role that none can be", HEAD WAIVES "," REASON ",\"role\":\"A B\"," ISSUED "," UNTIL "}",
      BULLA_E_BAD_NAME },
    { "a comment", HEAD WAIVES ",\"comment\":\"a patient\"," TAIL, BULLA_E_BAD_SYNTAX },
};

START_TEST(what_is_not_whole_is_refused)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bu_waiver waiver;
    bulla_error err = { 0 };
    unit_fails(read(refused[_i].predicate, arena, &waiver, &err), refused[_i].code, err);
    ck_assert_str_eq(err.file, "w.jsonl");
}
END_TEST

START_TEST(ninety_days_are_the_most)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bu_waiver waiver;
    bulla_error err = { 0 };
    unit_ok(read(HEAD WAIVES "," REASON "," ROLE "," ISSUED ",\"until\":\"2027-02-19T00:00:00Z\"}",
                 arena, &waiver, &err),
            err);
}
END_TEST

START_TEST(weak_subjects_and_other_types_are_refused)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bu_waiver waiver;
    bulla_error err = { 0 };
    bu_subject subject = { .digests = { .count = 1,
                                        .items = { { .alg = BULLA_ALG_SHA1, .len = 20 } } } };
    bu_statement statement = { .subjects = &subject,
                               .count = 1,
                               .predicate_type = BULLA_LIT(BU_WAIVER_TYPE),
                               .predicate = BULLA_LIT(WHOLE) };
    unit_fails(bu_waiver_read(&statement, "w", arena, &waiver, &err), BULLA_E_WEAK_HASH, err);
    statement.predicate_type = BULLA_LIT("urn:bulla:approval:v1");
    unit_fails(bu_waiver_read(&statement, "w", arena, &waiver, &err), BULLA_E_BAD_TYPE, err);
}
END_TEST

START_TEST(a_revocation_names_one_payload)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    BU_CLEAR(bu_buf) text = { 0 };
    bu_statement statement;
    bulla_digest got;
    bulla_error err = { 0 };
    bulla_digest_set set = sha256_set();
    unit_ok(bu_waiver_revocation_write(&set.items[0], 1795219200, &text, &err), err);
    unit_ok(bu_statement_parse(bu_buf_bytes(&text), "r", arena, &statement, &err), err);
    unit_ok(bu_waiver_revocation_read(&statement, "r", &got, &err), err);
    ck_assert(bulla_digest_equal(&got, &set.items[0]));
    statement.predicate = BULLA_LIT("{\"issued\":\"2026-11-21T00:00:00Z\",\"why\":\"x\"}");
    unit_fails(bu_waiver_revocation_read(&statement, "r", &got, &err), BULLA_E_BAD_SYNTAX, err);
    statement.predicate = BULLA_LIT("{}");
    unit_fails(bu_waiver_revocation_read(&statement, "r", &got, &err), BULLA_E_MISSING_FIELD, err);
}
END_TEST

/* Which bytes a waiver would be about: never a name alone, never fewer than may be used. */
START_TEST(subjects_are_the_bytes_that_may_be_used)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bulla_error err = { 0 };
    bulla_digest_set strong = sha256_set(), none = { 0 };
    bulla_digest weak = { .alg = BULLA_ALG_SHA1, .len = 20 };
    bulla_file_pin files[2] = { { .name = "a.whl", .digests = bu_digests_of(&strong) },
                                { .name = "b.whl", .digests = bu_digests_of(&strong) } };
    bulla_component component = { .purl = "pkg:npm/x@1" };
    bu_subject *subjects;
    size_t count;
    unit_ok(bu_waiver_subjects(&component, &none, arena, &subjects, &count, &err), err);
    ck_assert_uint_eq(count, 0);
    component.digests = (bulla_digests){ &weak, 1 };
    unit_ok(bu_waiver_subjects(&component, &none, arena, &subjects, &count, &err), err);
    ck_assert_uint_eq(count, 0);
    unit_ok(bu_waiver_subjects(&component, &strong, arena, &subjects, &count, &err), err);
    ck_assert_uint_eq(count, 1);
    ck_assert_int_eq(subjects[0].digests.items[0].alg, BULLA_ALG_SHA256);
    component.files = files;
    component.file_count = 2;
    unit_ok(bu_waiver_subjects(&component, &none, arena, &subjects, &count, &err), err);
    ck_assert_uint_eq(count, 2);
    files[1].digests = (bulla_digests){ &weak, 1 };
    unit_ok(bu_waiver_subjects(&component, &none, arena, &subjects, &count, &err), err);
    ck_assert_uint_eq(count, 0);
}
END_TEST

START_TEST(an_id_is_of_rule_package_and_bytes)
{
    bulla_error err = { 0 };
    bu_subject subject = { .digests = sha256_set() };
    bulla_digest rule = subject.digests.items[0];
    char id[BULLA_WAIVER_ID], other[BULLA_WAIVER_ID];
    unit_ok(bu_waiver_id("r", &rule, "pkg:npm/x@1", &subject, 1, id, &err), err);
    ck_assert_uint_eq(strlen(id), 12);
    unit_ok(bu_waiver_id("r", &rule, "pkg:npm/x@2", &subject, 1, other, &err), err);
    ck_assert_str_ne(id, other);
    unit_ok(bu_waiver_id("s", &rule, "pkg:npm/x@1", &subject, 1, other, &err), err);
    ck_assert_str_ne(id, other);
    rule.bytes[0] ^= 1;
    unit_ok(bu_waiver_id("r", &rule, "pkg:npm/x@1", &subject, 1, other, &err), err);
    ck_assert_str_ne(id, other);
    rule.bytes[0] ^= 1;
    subject.digests.items[0].bytes[0] ^= 1;
    unit_ok(bu_waiver_id("r", &rule, "pkg:npm/x@1", &subject, 1, other, &err), err);
    ck_assert_str_ne(id, other);
}
END_TEST

START_TEST(no_memory_is_said)
{
    for (size_t n = 0;; n++) {
        BU_AUTO(bu_arena) arena = bu_arena_new();
        bu_waiver waiver;
        bulla_error err = { 0 };
        alloc_fail_at(n);
        bulla_status status = read(WHOLE, arena, &waiver, &err);
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
    tcase_add_test(tc, a_waiver_is_read_whole);
    tcase_add_test(tc, what_is_written_is_read_back);
    tcase_add_loop_test(tc, what_is_not_whole_is_refused, 0, sizeof refused / sizeof *refused);
    tcase_add_test(tc, ninety_days_are_the_most);
    tcase_add_test(tc, weak_subjects_and_other_types_are_refused);
    tcase_add_test(tc, a_revocation_names_one_payload);
    tcase_add_test(tc, subjects_are_the_bytes_that_may_be_used);
    tcase_add_test(tc, an_id_is_of_rule_package_and_bytes);
    tcase_add_test(tc, no_memory_is_said);
}

int main(void)
{
    return unit_run("waiver", add);
}
