/* SPDX-License-Identifier: MIT */
/*
 * Which verification summaries count: each of the steps of "How to verify" that is not the
 * signature's, left out once.
 */
#include "suite.h"

#include "evidence/vsa.h"

#define NOW 1795219200 /* 2026-11-21T00:00:00Z */

static const char *const resources[] = { "https://example.com/**", "pkg:npm/**", NULL };
static const char *const levels[] = { "SLSA_BUILD_LEVEL_2", "ORG_TESTED", NULL };
static const bu_verifier items[] = {
    { .id = "https://v.example",
      .role = "verifier",
      .resources = resources,
      .levels = levels,
      .max_age = 86400 },
};
static const bu_verifiers verifiers = { items, 1 };

#define SUMMARY(id, time, resource, result, levels)                                                \
    "{\"verifier\":{\"id\":\"" id "\"},\"timeVerified\":" time ",\"resourceUri\":\"" resource      \
    "\",\"policy\":{\"uri\":\"a:b\"},\"verificationResult\":\"" result                             \
    "\",\"verifiedLevels\":" levels "}"
#define V      "https://v.example"
#define TODAY  "\"2026-11-20T12:00:00Z\""
#define APP    "https://example.com/app"
#define ENOUGH "[\"ORG_TESTED\",\"SLSA_BUILD_LEVEL_3\"]"

static const struct {
    const char *predicate, *role;
    bulla_origin origin;
    bulla_code code;
    bulla_exit exit;
} cases[] = {
    { SUMMARY(V, TODAY, APP, "PASSED", ENOUGH), "verifier", BULLA_ORIGIN_ARTIFACT, BULLA_OK, 0 },
    { SUMMARY(V, TODAY, APP, "PASSED", ENOUGH), "verifier", BULLA_ORIGIN_REGISTRY, BULLA_OK, 0 },
    { SUMMARY(V, TODAY, "pkg:npm/a@1.0.0?arch=x", "PASSED", ENOUGH), "verifier",
      BULLA_ORIGIN_REGISTRY, BULLA_OK, 0 },
    /* Of a package in a lockfile, a summary of another package is none. */
    { SUMMARY(V, TODAY, "pkg:npm/b@1.0.0", "PASSED", ENOUGH), "verifier", BULLA_ORIGIN_REGISTRY,
      BULLA_E_SUBJECT_MISMATCH, BULLA_EXIT_UNPROVEN },
    { SUMMARY(V, TODAY, "https://example.org/app", "PASSED", ENOUGH), "verifier",
      BULLA_ORIGIN_ARTIFACT, BULLA_E_SUBJECT_MISMATCH, BULLA_EXIT_UNPROVEN },
    { SUMMARY(V "/", TODAY, APP, "PASSED", ENOUGH), "verifier", BULLA_ORIGIN_ARTIFACT,
      BULLA_E_IDENTITY_MISMATCH, BULLA_EXIT_UNPROVEN },
    { SUMMARY(V, TODAY, APP, "PASSED", ENOUGH), "release", BULLA_ORIGIN_ARTIFACT,
      BULLA_E_IDENTITY_MISMATCH, BULLA_EXIT_UNPROVEN },
    { SUMMARY(V, TODAY, APP, "PASSED", ENOUGH), NULL, BULLA_ORIGIN_ARTIFACT,
      BULLA_E_IDENTITY_MISMATCH, BULLA_EXIT_UNPROVEN },
    { SUMMARY(V, TODAY, APP, "FAILED", "[]"), "verifier", BULLA_ORIGIN_ARTIFACT, BULLA_E_BAD_STATUS,
      BULLA_EXIT_DENIED },
    { SUMMARY(V, TODAY, APP, "FAILED", "[]"), "release", BULLA_ORIGIN_ARTIFACT, BULLA_E_BAD_STATUS,
      BULLA_EXIT_UNPROVEN },
    { SUMMARY(V, TODAY, APP, "PASSED", "[\"ORG_TESTED\",\"SLSA_BUILD_LEVEL_1\"]"), "verifier",
      BULLA_ORIGIN_ARTIFACT, BULLA_E_THRESHOLD, BULLA_EXIT_UNPROVEN },
    { SUMMARY(V, TODAY, APP, "PASSED", "[]"), "verifier", BULLA_ORIGIN_ARTIFACT, BULLA_E_THRESHOLD,
      BULLA_EXIT_UNPROVEN },
    { SUMMARY(V, "\"2026-11-19T12:00:00Z\"", APP, "PASSED", ENOUGH), "verifier",
      BULLA_ORIGIN_ARTIFACT, BULLA_E_EXPIRED, BULLA_EXIT_UNPROVEN },
    { SUMMARY(V, "null", APP, "PASSED", ENOUGH), "verifier", BULLA_ORIGIN_ARTIFACT, BULLA_E_EXPIRED,
      BULLA_EXIT_UNPROVEN },
    { SUMMARY(V, "\"2026-11-21T00:06:00Z\"", APP, "PASSED", ENOUGH), "verifier",
      BULLA_ORIGIN_ARTIFACT, BULLA_E_BAD_TIME, BULLA_EXIT_UNPROVEN },
    { "{}", "verifier", BULLA_ORIGIN_ARTIFACT, BULLA_E_MISSING_FIELD, BULLA_EXIT_MALFORMED },
};

START_TEST(each_step_is_made)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    const bulla_component component = { .purl = "pkg:npm/a@1.0.0", .origin = cases[_i].origin };
    const bu_statement statement = { .predicate_type = BULLA_LIT(BU_PREDICATE_VSA),
                                     .predicate = bu_bytes_of(cases[_i].predicate) };
    const bu_summary_use use = { .verifiers = &verifiers,
                                 .role = cases[_i].role,
                                 .component = &component,
                                 .file = "A.intoto.jsonl",
                                 .now = NOW };
    const bulla_summary *summary = NULL;
    bool failed = false;
    bulla_error err = { 0 };
    bulla_status status = bu_summary_judge(&statement, &use, arena, &failed, &summary, &err);
    ck_assert_int_eq(failed, strstr(cases[_i].predicate, "FAILED") != NULL);
    if (cases[_i].code == BULLA_OK) {
        unit_ok(status, err);
        ck_assert_str_eq(summary->verifier, V);
        return;
    }
    unit_fails(status, cases[_i].code, err);
    ck_assert_int_eq(err.exit, cases[_i].exit);
    ck_assert_str_eq(err.file, "A.intoto.jsonl");
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, each_step_is_made, 0, sizeof cases / sizeof cases[0]);
}

int main(void)
{
    return unit_run("evidence/vsa", add);
}
