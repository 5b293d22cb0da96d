/* SPDX-License-Identifier: MIT */
/*
 * Statements for people. What slips in here is counted as somebody's word: a field nobody reads, a
 * decision that never ends, a review of one publisher shown for another.
 */
#include "suite.h"

#include "alloc_fail.h"
#include "attest/decision.h"
#include "base/limits.h"
#include "digest/digest.h"

#define HEX       "abababababababababababababababababababababababababababababababab"
#define DIGEST    "{\"sha256\":\"" HEX "\"}"
#define ROLE      "\"role\":\"reviewer\""
#define YES       "\"decision\":\"approve\""
#define ISSUED    "\"issued\":\"2026-01-01T00:00:00Z\""
#define NEEDED    ROLE "," YES "," ISSUED
#define UNTIL(t)  "\"until\":\"" t "\""
#define PUBLISHER "https://github.com/org/repo/.github/workflows/release.yml@refs/tags/v1"
#define ISSUER    "https://token.actions.githubusercontent.com"
#define WHO       "\"publisher\":\"" PUBLISHER "\",\"issuer\":\"" ISSUER "\""
#define SCOPE     "\"scope\":[\"pkg:npm/left-pad@*\",\"pkg:npm/%40org/**\"]"
#define FOUND                                                                                      \
    "\"role\":\"builder\",\"control\":\"164.312-b\",\"result\":\"fail\",\"tool\":" DIGEST          \
    "," ISSUED ",\"observed_at\":\"2026-01-01T00:00:00Z\"," UNTIL("2026-02-01T00:00:00Z")
#define WROTE(ids) "{\"role\":\"builder\"," ISSUED ",\"authors\":" ids "}"
#define VENDOR                                                                                     \
    NEEDED ",\"vendor\":\"acme\",\"verified_on\":\"2026-01-01T00:00:00Z\","                        \
           "\"next_review\":\"2026-06-01T00:00:00Z\""

static bulla_status read(const char *type, const char *predicate, bu_arena *arena, bu_decision *out,
                         bulla_error *err)
{
    bu_subject subject = { .digests = { .count = 1 } };
    bu_statement statement = { &subject, 1, bu_decision_type(bu_bytes_of(type)),
                               bu_bytes_of(predicate) };
    unit_ok(bu_publisher_digest(BULLA_LIT(ISSUER), BULLA_LIT(PUBLISHER), &subject.digests.items[0],
                                err),
            *err);
    return bu_decision_read(&statement, "d.json", arena, out, err);
}

static const struct {
    const char *type, *predicate;
} accepted[] = {
    { "approval", "{" NEEDED "}" },
    { "approval", "{" NEEDED ",\"environment\":\"prod\",\"package\":\"pkg:npm/a@1\"}" },
    { "approval", "{" ROLE ",\"decision\":\"reject\"," ISSUED ",\"reason\":\"vulnerable\"}" },
    { "release", "{" NEEDED "," UNTIL("2026-01-01T00:00:00Z") "}" },
    { "review", "{" NEEDED ",\"package\":\"pkg:npm/%40s/a@1\",\"from\":" DIGEST "}" },
    { "review", "{" NEEDED "," UNTIL("2027-01-01T00:00:00Z") "," WHO "," SCOPE "}" },
    { "vendor-review", "{" VENDOR ",\"phi_access\":\"none\"}" },
    { "vendor-review", "{" VENDOR ",\"phi_access\":\"full\",\"baa\":" DIGEST
                       ",\"baa_until\":\"2026-05-01T00:00:00Z\",\"clauses\":[\"breach\"]}" },
    { "deid", "{" NEEDED ",\"method\":\"safe-harbor\"}" },
    { "log-review", "{" NEEDED "}" },
    { "training",
      "{" ROLE "," ISSUED ",\"course\":\"hipaa-2026\"," UNTIL("2027-06-01T00:00:00Z") "}" },
    { "break-glass", "{" ROLE "," ISSUED ",\"environment\":\"prod\",\"reason\":\"outage\","
                     "\"rules\":[\"fresh\"]," UNTIL("2026-01-02T00:00:00Z") "}" },
    { "config-scan", "{" FOUND "}" },
    { "phi-scan", "{" FOUND ",\"environment\":\"prod\"}" },
    { "evidence", "{" FOUND "}" },
    { "authorship", WROTE("[\"ann\",\"bot-7\"],\"package\":\"pkg:npm/a@1\"") },
};

START_TEST(what_the_table_allows_is_read_and_written_the_same)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    BU_CLEAR(bu_buf) once = { 0 };
    BU_CLEAR(bu_buf) again = { 0 };
    bu_decision first, second;
    bulla_error err = { 0 };
    bulla_bytes type = bu_decision_type(bu_bytes_of(accepted[_i].type));
    unit_ok(read(accepted[_i].type, accepted[_i].predicate, arena, &first, &err), err);
    unit_ok(bu_decision_write(type, &first, &once, &err), err);
    unit_ok(read(accepted[_i].type, (const char *)once.ptr, arena, &second, &err), err);
    unit_ok(bu_decision_write(type, &second, &again, &err), err);
    ck_assert_str_eq((const char *)once.ptr, (const char *)again.ptr);
}
END_TEST

static const struct {
    const char *type, *predicate;
    bulla_code code;
    const char *place;
} refused[] = {
    { "approval", "", BULLA_E_MISSING_FIELD, "predicate" },
    { "approval", "{" YES "," ISSUED "}", BULLA_E_MISSING_FIELD, "role" },
    { "approval", "{" ROLE "," ISSUED "}", BULLA_E_MISSING_FIELD, "decision" },
    { "approval", "{" ROLE "," YES "}", BULLA_E_MISSING_FIELD, "issued" },
    { "approval", "{" NEEDED ",\"comment\":\"for Mrs Smith\"}", BULLA_E_BAD_SYNTAX, "approval" },
    { "approval", "{" NEEDED ",\"from\":" DIGEST "}", BULLA_E_BAD_SYNTAX, "approval" },
    { "approval", "{" NEEDED ",\"environment\":\"Prod\"}", BULLA_E_BAD_NAME, "environment" },
    { "approval", "{" NEEDED ",\"environment\":\"\"}", BULLA_E_BAD_NAME, "environment" },
    { "approval", "{" NEEDED ",\"environment\":\"john smith\"}", BULLA_E_BAD_NAME, "environment" },
    { "approval", "{" NEEDED ",\"environment\":7}", BULLA_E_TYPE_MISMATCH, "environment" },
    { "approval", "{\"role\":\"-a\"," YES "," ISSUED "}", BULLA_E_BAD_NAME, "role" },
    { "approval", "{" ROLE ",\"decision\":\"maybe\"," ISSUED "}", BULLA_E_BAD_NAME, "decision" },
    { "approval", "{" ROLE ",\"decision\":true," ISSUED "}", BULLA_E_TYPE_MISMATCH, "decision" },
    { "approval", "{" NEEDED ",\"reason\":\"unreadable\"}", BULLA_E_BAD_NAME, "reason" },
    { "approval", "{" NEEDED ",\"reason\":\"patient-7\"}", BULLA_E_BAD_NAME, "reason" },
    { "approval", "{" NEEDED "," UNTIL("2025-12-31T23:59:59Z") "}", BULLA_E_BAD_TIME, "ends" },
    { "approval", "{" NEEDED "," UNTIL("2026-01-02T00:00:00+01:00") "}", BULLA_E_BAD_TIME,
      "until" },
    { "approval", "{" NEEDED "," UNTIL("2026-01-02T00:00:00.5Z") "}", BULLA_E_BAD_TIME, "until" },
    { "approval", "{" NEEDED "," UNTIL("never") "}", BULLA_E_BAD_TIME, "until" },
    { "approval", "{" NEEDED ",\"until\":9}", BULLA_E_TYPE_MISMATCH, "until" },
    { "approval", "{" NEEDED ",\"package\":\"npm/a\"}", BULLA_E_BAD_PURL, "package" },
    { "approval", "{" NEEDED ",\"package\":\"pkg:NPM/a@1\"}", BULLA_E_BAD_PURL, "package" },
    { "approval", "{" NEEDED "," ROLE "}", BULLA_E_DUPLICATE_KEY, "" },
    { "review", "{" NEEDED ",\"from\":{}}", BULLA_E_EMPTY, "from" },
    { "review", "{" NEEDED ",\"from\":\"" HEX "\"}", BULLA_E_TYPE_MISMATCH, "from" },
    { "review", "{" NEEDED ",\"from\":{\"sha256\":\"ab\"}}", BULLA_E_BAD_ENCODING, "from" },
    { "review", "{" NEEDED ",\"from\":{\"SHA256\":\"" HEX "\"}}", BULLA_E_UNSUPPORTED_HASH,
      "from" },
    { "review", "{" NEEDED ",\"from\":{\"sha1\":\"abababababababababababababababababababab\"}}",
      BULLA_E_WEAK_HASH, "from" },
    { "review", "{" NEEDED "," WHO "," SCOPE "}", BULLA_E_MISSING_FIELD, "until" },
    { "review", "{" NEEDED "," WHO "," SCOPE "," UNTIL("9999-12-31T23:59:59Z") "}",
      BULLA_E_BAD_TIME, "more than" },
    { "review", "{" NEEDED "," WHO "," UNTIL("2026-02-01T00:00:00Z") "}", BULLA_E_MISSING_FIELD,
      "scope" },
    { "review", "{" NEEDED "," SCOPE "," UNTIL("2026-02-01T00:00:00Z") "}", BULLA_E_MISSING_FIELD,
      "publisher" },
    { "review",
      "{" NEEDED "," WHO "," SCOPE
      ",\"package\":\"pkg:npm/a@1\"," UNTIL("2026-02-01T00:00:00Z") "}",
      BULLA_E_BAD_SYNTAX, "not both" },
    { "review", "{" NEEDED "," WHO ",\"scope\":[\"**\"]}", BULLA_E_BAD_PURL, "scope" },
    { "review", "{" NEEDED "," WHO ",\"scope\":[\"pkg:*/a\"]}", BULLA_E_BAD_PURL, "scope" },
    { "review", "{" NEEDED "," WHO ",\"scope\":[\"pkg:npm/\"]}", BULLA_E_BAD_PURL, "scope" },
    { "review", "{" NEEDED "," WHO ",\"scope\":[]}", BULLA_E_EMPTY, "scope" },
    { "review", "{" NEEDED "," WHO ",\"scope\":\"pkg:npm/a\"}", BULLA_E_TYPE_MISMATCH, "scope" },
    { "review", "{" NEEDED ",\"publisher\":\"a b\"}", BULLA_E_BAD_NAME, "publisher" },
    { "review", "{" NEEDED ",\"publisher\":\"https://*\"}", BULLA_E_BAD_NAME, "publisher" },
    { "review", "{" NEEDED ",\"issuer\":\"http://a\"}", BULLA_E_BAD_NAME, "issuer" },
    { "review",
      "{" NEEDED ",\"publisher\":\"urn:other\",\"issuer\":\"" ISSUER "\"," SCOPE
      "," UNTIL("2026-02-01T00:00:00Z") "}",
      BULLA_E_SUBJECT_MISMATCH, "publisher" },
    { "vendor-review", "{" VENDOR ",\"phi_access\":\"full\"}", BULLA_E_MISSING_FIELD, "baa" },
    { "vendor-review", "{" VENDOR ",\"phi_access\":\"some\"}", BULLA_E_BAD_NAME, "phi_access" },
    { "vendor-review", "{" VENDOR ",\"phi_access\":\"none\",\"clauses\":[\"Mrs Smith\"]}",
      BULLA_E_BAD_NAME, "clauses" },
    { "deid", "{" NEEDED "}", BULLA_E_MISSING_FIELD, "method" },
    { "deid", "{" NEEDED ",\"method\":\"none\"}", BULLA_E_BAD_NAME, "method" },
    { "training", "{" ROLE "," ISSUED ",\"course\":\"c\"}", BULLA_E_MISSING_FIELD, "until" },
    { "break-glass",
      "{" ROLE "," ISSUED ",\"environment\":\"prod\",\"reason\":\"outage\","
      "\"rules\":[\"fresh\"]," UNTIL("2026-01-02T00:00:01Z") "}",
      BULLA_E_BAD_TIME, "86400" },
    { "evidence", "{" FOUND "," YES "}", BULLA_E_BAD_SYNTAX, "evidence" },
    { "authorship", "{" ROLE "," ISSUED "}", BULLA_E_MISSING_FIELD, "authors" },
    { "authorship", WROTE("[]"), BULLA_E_EMPTY, "authors" },
    { "authorship", WROTE("\"ann\""), BULLA_E_TYPE_MISMATCH, "authors" },
    { "authorship", WROTE("[\"ann\",7]"), BULLA_E_TYPE_MISMATCH, "authors" },
    { "authorship", WROTE("[\"ann@example.org\"]"), BULLA_E_BAD_NAME, "authors" },
    { "authorship", WROTE("[\"Ann Smith\"]"), BULLA_E_BAD_NAME, "authors" },
    { "authorship", WROTE("[\"\"]"), BULLA_E_BAD_NAME, "authors" },
    { "authorship", WROTE("[\"ann\"]," UNTIL("2026-02-01T00:00:00Z")), BULLA_E_BAD_SYNTAX,
      "authorship" },
    { "authorship", WROTE("[\"ann\"]," YES), BULLA_E_BAD_SYNTAX, "authorship" },
    { "approval", "{" NEEDED ",\"authors\":[\"ann\"]}", BULLA_E_BAD_SYNTAX, "approval" },
};

START_TEST(everything_else_is_refused_where_it_is)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bu_decision decision = { 0 };
    bulla_error err = { 0 };
    unit_fails(read(refused[_i].type, refused[_i].predicate, arena, &decision, &err),
               refused[_i].code, err);
    ck_assert_msg(strstr(err.text, refused[_i].place) != NULL, "%s", err.text);
    ck_assert_str_eq(err.file, "d.json");
    ck_assert_uint_eq(decision.role.len, 0);
}
END_TEST

START_TEST(what_is_stated_is_found_again)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bu_decision decision;
    bulla_error err = { 0 };
    unit_ok(read("review", accepted[5].predicate, arena, &decision, &err), err);
    ck_assert(bu_bytes_is(decision.role, "reviewer"));
    ck_assert(bu_bytes_is(decision.publisher, PUBLISHER));
    ck_assert_str_eq(decision.scope[1], "pkg:npm/%40org/**");
    ck_assert_ptr_null(decision.scope[2]);
    ck_assert_int_eq(decision.until - decision.issued, 365 * 86400);
    ck_assert(!bu_decision_rejects(&decision));
    unit_ok(read("approval", accepted[2].predicate, arena, &decision, &err), err);
    ck_assert(bu_decision_rejects(&decision));
    ck_assert_int_eq(decision.until, INT64_MAX);
    unit_ok(read("phi-scan", accepted[13].predicate, arena, &decision, &err), err);
    ck_assert(bu_decision_rejects(&decision));
}
END_TEST

/* The contract with a vendor ends before the next review: so does the review. */
START_TEST(a_vendor_review_ends_with_its_contract)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bu_decision decision;
    bulla_error err = { 0 };
    unit_ok(read("vendor-review", accepted[7].predicate, arena, &decision, &err), err);
    ck_assert_int_eq(decision.until, decision.baa_until);
    unit_ok(read("vendor-review", accepted[6].predicate, arena, &decision, &err), err);
    ck_assert_int_eq(decision.until, decision.next_review);
}
END_TEST

static void topic_of(const char *type, const char *predicate, bulla_digest *out)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bu_decision decision;
    bulla_error err = { 0 };
    unit_ok(read(type, predicate, arena, &decision, &err), err);
    unit_ok(bu_decision_topic(&decision, out, &err), err);
}

/* Two statements that name others are not one: whoever only one of them names is not forgotten. */
START_TEST(other_authors_are_another_topic)
{
    bulla_digest one, both, again;
    topic_of("authorship", WROTE("[\"ann\"]"), &one);
    topic_of("authorship", WROTE("[\"ann\",\"al\"]"), &both);
    topic_of("authorship", WROTE("[\"ann\"],\"package\":\"pkg:npm/a@1\""), &again);
    ck_assert(!bulla_digest_equal(&one, &both));
    ck_assert(bulla_digest_equal(&one, &again));
}
END_TEST

START_TEST(other_statements_are_no_decisions)
{
    static const char *const others[] = { "urn:bulla:signature:v1", "urn:bulla:approval:v2",
                                          "approval", "https://slsa.dev/provenance/v1", "" };
    BU_AUTO(bu_arena) arena = bu_arena_new();
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        bu_subject subject = { .digests = { .count = 1 } };
        bu_statement statement = { &subject, 1, bu_bytes_of(others[i]), BULLA_LIT("{" NEEDED "}") };
        bu_decision decision;
        bulla_error err = { 0 };
        ck_assert(!bu_is_decision(statement.predicate_type));
        unit_fails(bu_decision_read(&statement, "d", arena, &decision, &err), BULLA_E_BAD_TYPE,
                   err);
    }
}
END_TEST

/* Whoever rejects does not approve in the same breath. */
START_TEST(a_choice_is_made_once)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bu_decision decision = BU_DECISION_NONE;
    bulla_error err = { 0 };
    bulla_bytes type = bu_decision_type(BULLA_LIT("approval")), name = BULLA_LIT("decision");
    unit_ok(bu_decision_set(type, name, BULLA_LIT("reject"), arena, &decision, &err), err);
    bulla_status status = bu_decision_set(type, name, BULLA_LIT("approve"), arena, &decision, &err);
    unit_fails(status, BULLA_E_DUPLICATE_ENTRY, err);
    ck_assert(bu_decision_rejects(&decision));
}
END_TEST

static const struct {
    const char *field, *text;
    bulla_code code;
} words[] = {
    { "role", "reviewer", BULLA_E_DUPLICATE_ENTRY },
    { "until", "2026-02-01T01:00:00+01:00", BULLA_OK },
    { "package", "pkg:NPM/a@1", BULLA_OK },
    { "from", "sha256:" HEX, BULLA_OK },
    { "from", "sha256", BULLA_E_BAD_ENCODING },
    { "from", HEX, BULLA_E_UNSUPPORTED_HASH },
    { "decision", "reject", BULLA_OK },
    { "course", "c", BULLA_E_BAD_SYNTAX },
    { "", "c", BULLA_E_BAD_SYNTAX },
};

START_TEST(fields_are_stated_one_by_one)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    BU_CLEAR(bu_buf) text = { 0 };
    bu_decision decision = BU_DECISION_NONE;
    bulla_error err = { 0 };
    bulla_bytes type = bu_decision_type(BULLA_LIT("review"));
    decision.issued = 0;
    unit_ok(bu_decision_set(type, BULLA_LIT("role"), BULLA_LIT("r"), arena, &decision, &err), err);
    bulla_status status = bu_decision_set(type, bu_bytes_of(words[_i].field),
                                          bu_bytes_of(words[_i].text), arena, &decision, &err);
    if (words[_i].code != BULLA_OK) {
        unit_fails(status, words[_i].code, err);
        return;
    }
    unit_ok(status, err);
    unit_ok(bu_decision_write(type, &decision, &text, &err), err);
}
END_TEST

START_TEST(nothing_is_written_that_would_not_be_read)
{
    BU_CLEAR(bu_buf) text = { 0 };
    bu_decision decision = BU_DECISION_NONE;
    bulla_error err = { 0 };
    decision.issued = 0;
    decision.role = BULLA_LIT("Mrs Smith");
    unit_fails(bu_decision_write(bu_decision_type(BULLA_LIT("approval")), &decision, &text, &err),
               BULLA_E_BAD_NAME, err);
    decision.role = BULLA_LIT("approver");
    decision.course = BULLA_LIT("c");
    unit_fails(bu_decision_write(bu_decision_type(BULLA_LIT("approval")), &decision, &text, &err),
               BULLA_E_BAD_SYNTAX, err);
    ck_assert_uint_eq(text.len, 0);
}
END_TEST

START_TEST(a_list_is_not_endless)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bu_decision decision = BU_DECISION_NONE;
    bulla_error err = { 0 };
    bulla_bytes type = bu_decision_type(BULLA_LIT("review"));
    for (size_t i = 0; i < BU_LIMIT_DECISION_LIST; i++)
        unit_ok(bu_decision_set(type, BULLA_LIT("scope"), BULLA_LIT("pkg:npm/a"), arena, &decision,
                                &err),
                err);
    unit_fails(
        bu_decision_set(type, BULLA_LIT("scope"), BULLA_LIT("pkg:npm/a"), arena, &decision, &err),
        BULLA_E_RESOURCE_LIMIT, err);
}
END_TEST

START_TEST(without_memory_it_says_so)
{
    for (size_t n = 0;; n++) {
        BU_AUTO(bu_arena) arena = bu_arena_new();
        bu_decision decision;
        bulla_error err = { 0 };
        bu_subject subject = { .digests = { .count = 1 } };
        bu_statement statement = { &subject, 1, bu_decision_type(BULLA_LIT("vendor-review")),
                                   bu_bytes_of(accepted[7].predicate) };
        alloc_fail_at(n);
        bulla_status status = bu_decision_read(&statement, "d", arena, &decision, &err);
        if (!alloc_fail_off()) {
            unit_ok(status, err);
            return;
        }
        unit_fails(status, BULLA_E_NO_MEMORY, err);
    }
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, what_the_table_allows_is_read_and_written_the_same, 0,
                        sizeof accepted / sizeof accepted[0]);
    tcase_add_loop_test(tc, everything_else_is_refused_where_it_is, 0,
                        sizeof refused / sizeof refused[0]);
    tcase_add_test(tc, what_is_stated_is_found_again);
    tcase_add_test(tc, a_vendor_review_ends_with_its_contract);
    tcase_add_test(tc, other_authors_are_another_topic);
    tcase_add_test(tc, other_statements_are_no_decisions);
    tcase_add_test(tc, a_choice_is_made_once);
    tcase_add_loop_test(tc, fields_are_stated_one_by_one, 0, sizeof words / sizeof words[0]);
    tcase_add_test(tc, nothing_is_written_that_would_not_be_read);
    tcase_add_test(tc, a_list_is_not_endless);
    tcase_add_test(tc, without_memory_it_says_so);
}

int main(void)
{
    return unit_run("decision", add);
}
