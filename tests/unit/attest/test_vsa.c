/* SPDX-License-Identifier: MIT */
/*
 * Verification summaries: what is read of them, what is refused because it could be read in two
 * ways, which level implies which, and that what is written is read again as the same.
 */
#include "suite.h"

#include "alloc_fail.h"
#include "attest/vsa.h"
#include "digest/digest.h"

#define SHA "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

/* A whole predicate; each case exchanges one field. */
#define WITH(verifier, time, resource, policy, result, levels)                                     \
    "{" verifier time resource policy result levels                                                \
    "\"slsaVersion\":\"1.0\",\"https://example.com/other\":[1]}"
#define VERIFIER "\"verifier\":{\"id\":\"https://verifier.example/v1\",\"version\":{\"x\":\"1\"}},"
#define TIME     "\"timeVerified\":\"2026-11-20T12:00:00.5Z\","
#define RESOURCE "\"resourceUri\":\"https://example.com/app-1.2.tar.gz\","
#define POLICY   "\"policy\":{\"uri\":\"https://example.com/p\",\"digest\":{\"sha256\":\"" SHA "\"}},"
#define PASSED   "\"verificationResult\":\"PASSED\","
#define LEVELS   "\"verifiedLevels\":[\"SLSA_BUILD_LEVEL_3\",\"ORG_TESTED\"],"

static bulla_status read_as(const char *type, const char *predicate, bu_arena *arena,
                            bu_summary *out, bulla_error *err)
{
    const bu_statement statement = { .predicate_type = bu_bytes_of(type),
                                     .predicate = bu_bytes_of(predicate) };
    return bu_summary_read(&statement, "payload", arena, out, err);
}

START_TEST(a_whole_summary_is_read)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bu_summary s = { 0 };
    bulla_error err = { 0 };
    unit_ok(read_as(BU_PREDICATE_VSA, WITH(VERIFIER, TIME, RESOURCE, POLICY, PASSED, LEVELS), arena,
                    &s, &err),
            err);
    ck_assert(bu_bytes_is(s.verifier, "https://verifier.example/v1"));
    ck_assert(bu_bytes_is(s.resource, "https://example.com/app-1.2.tar.gz"));
    ck_assert(bu_bytes_is(s.policy, "https://example.com/p"));
    ck_assert_uint_eq(s.policy_digests.count, 1);
    ck_assert(s.passed && s.has_time);
    ck_assert_int_eq(s.time, 1795176000);
    ck_assert_uint_eq(s.level_count, 2);
    ck_assert(bu_bytes_is(s.levels[1], "ORG_TESTED"));
}
END_TEST

START_TEST(a_summary_that_failed_is_read)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bu_summary s = { 0 };
    bulla_error err = { 0 };
    unit_ok(read_as(BU_PREDICATE_VSA,
                    WITH(VERIFIER, "\"timeVerified\":null,", RESOURCE, POLICY,
                         "\"verificationResult\":\"FAILED\",", "\"verifiedLevels\":[\"FAILED\"],"),
                    arena, &s, &err),
            err);
    ck_assert(!s.passed && !s.has_time);
}
END_TEST

static const struct {
    const char *type, *predicate;
    bulla_code code;
    const char *place; /* part of the sentence */
} refused[] = {
    { "https://slsa.dev/verification_summary/v0.2",
      WITH(VERIFIER, TIME, RESOURCE, POLICY, PASSED, LEVELS), BULLA_E_BAD_TYPE, "summary" },
    { "https://slsa.dev/verification_summary/v1.0",
      WITH(VERIFIER, TIME, RESOURCE, POLICY, PASSED, LEVELS), BULLA_E_BAD_TYPE, "summary" },
    { BU_PREDICATE_VSA, "", BULLA_E_MISSING_FIELD, "predicate" },
    { BU_PREDICATE_VSA, "{", BULLA_E_TRUNCATED, "" },
    { BU_PREDICATE_VSA, WITH("", TIME, RESOURCE, POLICY, PASSED, LEVELS), BULLA_E_MISSING_FIELD,
      "verifier" },
    { BU_PREDICATE_VSA, WITH("\"verifier\":{},", TIME, RESOURCE, POLICY, PASSED, LEVELS),
      BULLA_E_MISSING_FIELD, "verifier: \"id\"" },
    { BU_PREDICATE_VSA, WITH("\"verifier\":{\"id\":\"\"},", TIME, RESOURCE, POLICY, PASSED, LEVELS),
      BULLA_E_MISSING_FIELD, "verifier: \"id\"" },
    { BU_PREDICATE_VSA,
      WITH("\"verifier\":{\"id\":\"https://a\\u202e\"},", TIME, RESOURCE, POLICY, PASSED, LEVELS),
      BULLA_E_CONTROL_CHARACTER, "byte 9" },
    { BU_PREDICATE_VSA,
      WITH(VERIFIER, "\"timeVerified\":\"yesterday\",", RESOURCE, POLICY, PASSED, LEVELS),
      BULLA_E_BAD_TIME, "timeVerified" },
    { BU_PREDICATE_VSA, WITH(VERIFIER, "\"timeVerified\":7,", RESOURCE, POLICY, PASSED, LEVELS),
      BULLA_E_TYPE_MISMATCH, "timeVerified" },
    { BU_PREDICATE_VSA, WITH(VERIFIER, TIME, "", POLICY, PASSED, LEVELS), BULLA_E_MISSING_FIELD,
      "resourceUri" },
    { BU_PREDICATE_VSA, WITH(VERIFIER, TIME, RESOURCE, "", PASSED, LEVELS), BULLA_E_MISSING_FIELD,
      "policy" },
    { BU_PREDICATE_VSA, WITH(VERIFIER, TIME, RESOURCE, "\"policy\":{},", PASSED, LEVELS),
      BULLA_E_MISSING_FIELD, "policy: \"uri\"" },
    { BU_PREDICATE_VSA,
      WITH(VERIFIER, TIME, RESOURCE, "\"policy\":{\"uri\":\"a:b\",\"digest\":{\"sha256\":\"00\"}},",
           PASSED, LEVELS),
      BULLA_E_BAD_ENCODING, "policy: sha256" },
    { BU_PREDICATE_VSA, WITH(VERIFIER, TIME, RESOURCE, POLICY, "", LEVELS), BULLA_E_MISSING_FIELD,
      "verificationResult" },
    /* Whatever is not exactly PASSED did not pass. */
    { BU_PREDICATE_VSA,
      WITH(VERIFIER, TIME, RESOURCE, POLICY, "\"verificationResult\":\"passed\",", LEVELS),
      BULLA_E_BAD_STATUS, "verificationResult" },
    { BU_PREDICATE_VSA,
      WITH(VERIFIER, TIME, RESOURCE, POLICY, "\"verificationResult\":true,", LEVELS),
      BULLA_E_TYPE_MISMATCH, "verificationResult" },
    { BU_PREDICATE_VSA, WITH(VERIFIER, TIME, RESOURCE, POLICY, PASSED, ""), BULLA_E_MISSING_FIELD,
      "verifiedLevels" },
    { BU_PREDICATE_VSA, WITH(VERIFIER, TIME, RESOURCE, POLICY, PASSED, "\"verifiedLevels\":[3],"),
      BULLA_E_TYPE_MISMATCH, "level" },
    { BU_PREDICATE_VSA,
      WITH(VERIFIER, TIME, RESOURCE, POLICY, PASSED, "\"verifiedLevels\":[\"FAILED\"],"),
      BULLA_E_AMBIGUOUS_BUNDLE, "FAILED" },
    { BU_PREDICATE_VSA,
      WITH(VERIFIER, TIME, RESOURCE, POLICY, PASSED,
           "\"verifiedLevels\":[\"SLSA_BUILD_LEVEL_1\",\"SLSA_BUILD_LEVEL_3\"],"),
      BULLA_E_AMBIGUOUS_BUNDLE, "two levels" },
    { BU_PREDICATE_VSA,
      WITH(VERIFIER, TIME, RESOURCE, POLICY, PASSED,
           "\"verifiedLevels\":[\"SLSA_BUILD_LEVEL_3\",\"SLSA_BUILD_LEVEL_UNEVALUATED\"],"),
      BULLA_E_AMBIGUOUS_BUNDLE, "two levels" },
    { BU_PREDICATE_VSA,
      "{\"verificationResult\":\"FAILED\"," VERIFIER RESOURCE POLICY PASSED LEVELS "\"x\":1}",
      BULLA_E_DUPLICATE_KEY, "" },
};

START_TEST(what_is_no_clear_summary_is_refused)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bu_summary s = { 0 };
    bulla_error err = { 0 };
    unit_fails(read_as(refused[_i].type, refused[_i].predicate, arena, &s, &err), refused[_i].code,
               err);
    ck_assert_msg(strstr(err.text, refused[_i].place) != NULL, "%s", err.text);
    ck_assert_str_eq(err.file, "payload");
    ck_assert(!s.passed);
}
END_TEST

static const struct {
    const char *has, *wanted;
    bool reaches;
} levels[] = {
    { "SLSA_BUILD_LEVEL_3", "SLSA_BUILD_LEVEL_3", true },
    { "SLSA_BUILD_LEVEL_3", "SLSA_BUILD_LEVEL_1", true },
    { "SLSA_BUILD_LEVEL_2", "SLSA_BUILD_LEVEL_3", false },
    { "SLSA_SOURCE_LEVEL_3", "SLSA_BUILD_LEVEL_1", false },
    { "SLSA_BUILD_LEVEL_UNEVALUATED", "SLSA_BUILD_LEVEL_0", false },
    { "SLSA_BUILD_LEVEL_3", "SLSA_BUILD_LEVEL_UNEVALUATED", false },
    { "SLSA_BUILD_LEVEL_UNEVALUATED", "SLSA_BUILD_LEVEL_UNEVALUATED", true },
    { "SLSA_BUILD_LEVEL_33", "SLSA_BUILD_LEVEL_3", false },
    { "SLSA_BUILD_LEVEL_3x", "SLSA_BUILD_LEVEL_3", false },
    { "SLSA__LEVEL_3", "SLSA__LEVEL_2", false },
    { "ORG_LEVEL_3", "ORG_LEVEL_2", false },
    { "ORG_TESTED", "ORG_TESTED", true },
    { "ORG_TESTED", "ORG", false },
};

START_TEST(higher_levels_of_a_track_imply_lower_ones)
{
    const bulla_bytes has = bu_bytes_of(levels[_i].has);
    const bu_summary s = { .levels = &has, .level_count = 1 };
    ck_assert_int_eq(bu_summary_reaches(&s, bu_bytes_of(levels[_i].wanted)), levels[_i].reaches);
}
END_TEST

static bu_summary made(const bulla_bytes *names, size_t count, const bulla_digest_set *input)
{
    bu_summary s = { .verifier = BULLA_LIT("https://v.example"),
                     .resource = BULLA_LIT("pkg:generic/app"),
                     .policy = BULLA_LIT("urn:bulla:policy:x"),
                     .passed = true,
                     .has_time = true,
                     .time = 1795176000,
                     .levels = names,
                     .level_count = count,
                     .version = BULLA_LIT("9.9"),
                     .inputs = input,
                     .input_count = 1 };
    s.dependencies[0] = 4;
    s.dependencies[3] = 2;
    return s;
}

static const bulla_bytes two_levels[] = { BULLA_LIT("SLSA_BUILD_LEVEL_2"), BULLA_LIT("BULLA_X") };

START_TEST(it_is_written_as_the_specification_has_it)
{
    bulla_digest digest;
    bulla_error err = { 0 };
    unit_ok(bu_digest_from_hex(BULLA_ALG_SHA256, BULLA_LIT(SHA), &digest, &err), err);
    const bulla_digest_set input = { .count = 1, .items = { digest } };
    bu_summary s = made(two_levels, 2, &input);
    BU_CLEAR(bu_buf) out = { 0 };
    s.counts_dependencies = _i == 1;
    bu_summary_write(&s, &out);
    ck_assert(!out.broken);
    ck_assert_str_eq((const char *)out.ptr,
                     _i == 0 ? "{\"verifier\":{\"id\":\"https://v.example\",\"version\":{\"bulla\":"
                               "\"9.9\"}},\"timeVerified\":\"2026-11-20T12:00:00Z\","
                               "\"resourceUri\":\"pkg:generic/app\",\"policy\":{\"uri\":"
                               "\"urn:bulla:policy:x\"},\"inputAttestations\":[{\"digest\":{"
                               "\"sha256\":\"" SHA "\"}}],\"verificationResult\":\"PASSED\","
                               "\"verifiedLevels\":[\"SLSA_BUILD_LEVEL_2\",\"BULLA_X\"],"
                               "\"slsaVersion\":\"1.2\"}"
                             : "{\"verifier\":{\"id\":\"https://v.example\",\"version\":{\"bulla\":"
                               "\"9.9\"}},\"timeVerified\":\"2026-11-20T12:00:00Z\","
                               "\"resourceUri\":\"pkg:generic/app\",\"policy\":{\"uri\":"
                               "\"urn:bulla:policy:x\"},\"inputAttestations\":[{\"digest\":{"
                               "\"sha256\":\"" SHA "\"}}],\"verificationResult\":\"PASSED\","
                               "\"verifiedLevels\":[\"SLSA_BUILD_LEVEL_2\",\"BULLA_X\"],"
                               "\"dependencyLevels\":{\"SLSA_BUILD_LEVEL_3\":2,"
                               "\"SLSA_BUILD_LEVEL_UNEVALUATED\":4},\"slsaVersion\":\"1.2\"}");
}
END_TEST

START_TEST(a_simple_result_has_the_policies_of_its_verifier)
{
    const bulla_digest_set none = { 0 };
    bu_summary s = made(two_levels, 2, &none);
    BU_CLEAR(bu_buf) out = { 0 };
    bu_svr_write(&s, &out);
    ck_assert_str_eq((const char *)out.ptr,
                     "{\"verifier\":{\"id\":\"https://v.example\",\"policies\":[{\"uri\":"
                     "\"urn:bulla:policy:x\"}]},\"timeCreated\":\"2026-11-20T12:00:00Z\","
                     "\"properties\":[\"SLSA_BUILD_LEVEL_2\",\"BULLA_X\"]}");
}
END_TEST

START_TEST(what_is_written_is_read)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    BU_CLEAR(bu_buf) out = { 0 };
    const bulla_digest_set none = { 0 };
    bu_summary s = made(two_levels, 2, &none), got = { 0 };
    bulla_error err = { 0 };
    bu_summary_write(&s, &out);
    unit_ok(read_as(BU_PREDICATE_VSA, (const char *)out.ptr, arena, &got, &err), err);
    ck_assert(bu_bytes_equal(got.verifier, s.verifier) && bu_bytes_equal(got.resource, s.resource));
    ck_assert(got.passed && got.time == s.time && got.level_count == 2);
}
END_TEST

START_TEST(no_memory_is_no_summary)
{
    const char *text = WITH(VERIFIER, TIME, RESOURCE, POLICY, PASSED, LEVELS);
    for (size_t n = 0;; n++) {
        BU_AUTO(bu_arena) arena = bu_arena_new();
        bu_summary s = { 0 };
        bulla_error err = { 0 };
        alloc_fail_at(n);
        bulla_status status = read_as(BU_PREDICATE_VSA, text, arena, &s, &err);
        if (!alloc_fail_off()) {
            unit_ok(status, err);
            break;
        }
        unit_fails(status, BULLA_E_NO_MEMORY, err);
        ck_assert(!s.passed);
    }
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_test(tc, a_whole_summary_is_read);
    tcase_add_test(tc, a_summary_that_failed_is_read);
    tcase_add_loop_test(tc, what_is_no_clear_summary_is_refused, 0,
                        sizeof refused / sizeof refused[0]);
    tcase_add_loop_test(tc, higher_levels_of_a_track_imply_lower_ones, 0,
                        sizeof levels / sizeof levels[0]);
    tcase_add_loop_test(tc, it_is_written_as_the_specification_has_it, 0, 2);
    tcase_add_test(tc, a_simple_result_has_the_policies_of_its_verifier);
    tcase_add_test(tc, what_is_written_is_read);
    tcase_add_test(tc, no_memory_is_no_summary);
}

int main(void)
{
    return unit_run("attest/vsa", add);
}
