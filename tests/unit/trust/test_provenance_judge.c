/* SPDX-License-Identifier: MIT */
/*
 * Provenance against its certificate and against what is wanted: one thing changed at a time, and
 * what it would let through.
 */
#include "suite.h"

#include "trust/provenance_judge.h"

#define GENERATOR  "https://github.com/slsa-framework/slsa-github-generator/.github/workflows/"
#define GENERIC    GENERATOR "generator_generic_slsa3.yml"
#define DELEGATOR  GENERATOR "delegator_generic_slsa3.yml"
#define OWN        "https://github.com/org/repo/.github/workflows/release.yml"
#define SHARED     "https://github.com/org/builders/.github/workflows/build.yml"
#define RUNNER     "https://github.com/actions/runner"
#define COMMIT     "1111111111111111111111111111111111111111"
#define OTHER      "2222222222222222222222222222222222222222"
#define ISSUER     "https://token.actions.githubusercontent.com"
#define AT_TAG     "@refs/tags/v1.2.3"
#define AT_BUILDER "@refs/tags/v2.1.0"
#define RUN        "https://github.com/org/repo/actions/runs/1/attempts/1"
#define ENTRY      ".github/workflows/release.yml"

/* A build of org/repo at tag v1.2.3 by the generic generator, and its certificate. */
typedef struct build {
    bu_provenance provenance;
    bu_claims claims;
} build;

static build good_build(void)
{
    static const bu_build_input inputs[] = { { { (const uint8_t *)"level", 5 },
                                               { (const uint8_t *)"high", 4 } } };
    return (build){
        .provenance = { .builder_id = BULLA_LIT(GENERIC AT_BUILDER),
                        .build_type = BULLA_LIT("T"),
                        .source_uri = BULLA_LIT("git+https://github.com/org/repo" AT_TAG),
                        .repository = BULLA_LIT("https://github.com/org/repo"),
                        .source_digest = BULLA_LIT(COMMIT),
                        .ref = BULLA_LIT("refs/tags/v1.2.3"),
                        .base_ref = BULLA_LIT("refs/heads/main"),
                        .entry_point = BULLA_LIT(ENTRY),
                        .workflow_ref = BULLA_LIT("refs/tags/v1.2.3"),
                        .trigger = BULLA_LIT("push"),
                        .run_uri = BULLA_LIT(RUN),
                        .inputs = (bu_build_input *)(uintptr_t)inputs,
                        .input_count = 1 },
        .claims = { .identity = GENERIC AT_BUILDER,
                    .issuer = ISSUER,
                    .build_signer_uri = GENERIC AT_BUILDER,
                    .runner_environment = "github-hosted",
                    .source_uri = "https://github.com/org/repo",
                    .source_digest = COMMIT,
                    .source_ref = "refs/tags/v1.2.3",
                    .build_config_uri = OWN AT_TAG,
                    .build_trigger = "push",
                    .run_uri = RUN },
    };
}

/* Who signs, and whom the provenance names as builder. */
static void by(build *b, const char *signer, const char *builder)
{
    b->claims.identity = b->claims.build_signer_uri = signer;
    b->provenance.builder_id = bu_bytes_of(builder);
}

static const struct {
    const char *signer, *builder, *runner;
    bool agrees;
    unsigned level;
} builders[] = {
    { GENERIC AT_BUILDER, GENERIC AT_BUILDER, "github-hosted", true, 3 },
    { GENERIC AT_BUILDER, GENERIC AT_BUILDER, "self-hosted", true, 1 },
    { GENERIC AT_BUILDER, GENERIC AT_BUILDER, NULL, true, 1 },
    { GENERIC AT_BUILDER, GENERIC, "github-hosted", false, 0 },
    { GENERIC AT_BUILDER, GENERIC "@refs/tags/v2.0.0", "github-hosted", false, 0 },
    { GENERIC AT_BUILDER, GENERATOR "builder_go_slsa3.yml" AT_BUILDER, "github-hosted", false, 0 },
    /* Only a release of it counts. */
    { GENERIC "@refs/heads/main", GENERIC "@refs/heads/main", "github-hosted", false, 0 },
    { GENERIC "@" COMMIT, GENERIC "@" COMMIT, "github-hosted", false, 0 },
    { GENERIC "@refs/tags/v2", GENERIC "@refs/tags/v2", "github-hosted", false, 0 },
    { GENERIC "@refs/tags/v2.1.0-rc.1", GENERIC "@refs/tags/v2.1.0-rc.1", "github-hosted", false,
      0 },
    { GENERIC "@refs/tags/v2.1.0+x", GENERIC "@refs/tags/v2.1.0+x", "github-hosted", false, 0 },
    { GENERIC "@refs/tags/2.1.0", GENERIC "@refs/tags/2.1.0", "github-hosted", false, 0 },
    { GENERIC "@refs/tags/v02.1.0", GENERIC "@refs/tags/v02.1.0", "github-hosted", false, 0 },
    { GENERIC "@refs/heads/v2.1.0", GENERIC "@refs/heads/v2.1.0", "github-hosted", false, 0 },
    /* A delegator says in whose name it builds. */
    { DELEGATOR AT_BUILDER, SHARED "@refs/tags/v1.0.0", "github-hosted", true, 3 },
    { DELEGATOR AT_BUILDER, SHARED "@refs/heads/main", "github-hosted", true, 3 },
    { DELEGATOR AT_BUILDER, SHARED, "github-hosted", false, 0 },
    { DELEGATOR AT_BUILDER, "https://github.com/else/b/.github/workflows/b.yml@refs/heads/main",
      "github-hosted", false, 0 },
    { DELEGATOR AT_BUILDER,
      "https://github.com/jreleaser/release-action/.github/workflows/b.yml@refs/tags/v1.0.0-java",
      "github-hosted", true, 3 },
    { DELEGATOR AT_BUILDER, SHARED "@refs/tags/v1.0.0-java", "github-hosted", false, 0 },
    { DELEGATOR "@refs/heads/main", SHARED "@refs/tags/v1.0.0", "github-hosted", false, 0 },
    /* Workflows of one's own. */
    { OWN AT_TAG, OWN AT_TAG, "github-hosted", true, 2 },
    { OWN "@refs/heads/main", OWN "@refs/heads/main", "github-hosted", true, 2 },
    { SHARED "@refs/tags/v1.0.0", SHARED "@refs/tags/v1.0.0", "github-hosted", true, 3 },
    { SHARED "@" COMMIT, SHARED "@" COMMIT, "github-hosted", true, 3 },
    { SHARED "@refs/heads/main", SHARED "@refs/heads/main", "github-hosted", true, 2 },
    { OWN AT_TAG, GENERIC AT_BUILDER, "github-hosted", false, 0 },
    { OWN AT_TAG, "https://example.org/builder", "github-hosted", false, 0 },
    /* npm's CLI names the runner. */
    { OWN AT_TAG, RUNNER, "github-hosted", true, 2 },
    { OWN AT_TAG, RUNNER "/github-hosted", "github-hosted", true, 2 },
    { OWN AT_TAG, RUNNER "/self-hosted", "self-hosted", true, 1 },
    { OWN AT_TAG, RUNNER "/github-hosted", "self-hosted", false, 0 },
    { OWN AT_TAG, RUNNER "/self-hosted", "github-hosted", false, 0 },
    { OWN AT_TAG, RUNNER, "self-hosted", false, 0 },
    { OWN AT_TAG, RUNNER, NULL, false, 0 },
    { OWN AT_TAG, RUNNER "2", "github-hosted", false, 0 },
};

START_TEST(a_builder_is_who_signed)
{
    build b = good_build();
    bulla_error err = { 0 };
    by(&b, builders[_i].signer, builders[_i].builder);
    b.claims.runner_environment = builders[_i].runner;
    bulla_status status = bu_provenance_agrees(&b.provenance, &b.claims, &err);
    if (!builders[_i].agrees) {
        unit_fails(status, BULLA_E_IDENTITY_MISMATCH, err);
        return;
    }
    unit_ok(status, err);
    ck_assert_uint_eq(bu_provenance_level(&b.provenance, &b.claims), builders[_i].level);
}
END_TEST

START_TEST(who_owns_a_builder_may_use_its_main_branch)
{
    build b = good_build();
    bulla_error err = { 0 };
    by(&b, GENERIC "@refs/heads/main", GENERIC "@refs/heads/main");
    b.claims.source_uri = "https://github.com/slsa-framework/example";
    b.provenance.repository = BULLA_LIT("https://github.com/slsa-framework/example");
    bulla_status status = bu_provenance_agrees(&b.provenance, &b.claims, &err);
    unit_ok(status, err);
    ck_assert_uint_eq(bu_provenance_level(&b.provenance, &b.claims), 2);
}
END_TEST

/* What a certificate says, changed; or what it does not say. */
static const struct {
    size_t field;
    const char *value;
    bool agrees;
} certified[] = {
    { offsetof(bu_claims, issuer), "https://accounts.example.org", false },
    { offsetof(bu_claims, issuer), ISSUER ".example.org", false },
    { offsetof(bu_claims, issuer), ISSUER "/enterprise", true },
    { offsetof(bu_claims, issuer), NULL, false },
    { offsetof(bu_claims, source_uri), "https://github.com/org/Repo", false },
    { offsetof(bu_claims, source_uri), "https://github.com/org/repo2", false },
    { offsetof(bu_claims, source_uri), "org/repo", true },
    { offsetof(bu_claims, source_uri), "org/rep", false },
    { offsetof(bu_claims, source_uri), NULL, false },
    { offsetof(bu_claims, source_digest), OTHER, false },
    { offsetof(bu_claims, source_digest), NULL, true },
    { offsetof(bu_claims, source_ref), "refs/tags/v1.2.4", false },
    { offsetof(bu_claims, source_ref), "refs/heads/main", false },
    { offsetof(bu_claims, build_trigger), "workflow_dispatch", false },
    { offsetof(bu_claims, run_uri), RUN "0", false },
    { offsetof(bu_claims, build_config_uri),
      "https://github.com/org/repo/.github/workflows/other.yml" AT_TAG, false },
    { offsetof(bu_claims, build_config_uri), OWN "@refs/heads/main", false },
    { offsetof(bu_claims, build_config_uri), NULL, true },
};

START_TEST(what_is_certified_must_be_claimed)
{
    build b = good_build();
    bulla_error err = { 0 };
    const char **field = (const char **)(void *)((char *)&b.claims + certified[_i].field);
    *field = certified[_i].value;
    bulla_status status = bu_provenance_agrees(&b.provenance, &b.claims, &err);
    if (certified[_i].agrees)
        unit_ok(status, err);
    else
        unit_fails(status, BULLA_E_IDENTITY_MISMATCH, err);
}
END_TEST

/* A key, and a person, vouch for whatever they sign: at level 1. */
START_TEST(only_certificates_of_builds_are_compared)
{
    build b = good_build();
    bulla_error err = { 0 };
    bulla_status status = bu_provenance_agrees(&b.provenance, NULL, &err);
    unit_ok(status, err);
    ck_assert_uint_eq(bu_provenance_level(&b.provenance, NULL), 1);
    const bu_claims person = { .identity = "a@example.org", .issuer = "https://example.org" };
    status = bu_provenance_agrees(&b.provenance, &person, &err);
    unit_ok(status, err);
    ck_assert_uint_eq(bu_provenance_level(&b.provenance, &person), 1);
}
END_TEST

/* Built through a delegator from another commit: then no ref may be claimed, nor by anyone else. */
START_TEST(another_commit_is_for_delegators_alone)
{
    build b = good_build();
    bulla_error err = { 0 };
    b.provenance.source_digest = BULLA_LIT(OTHER);
    b.provenance.ref = (bulla_bytes){ 0 };
    bulla_status status = bu_provenance_agrees(&b.provenance, &b.claims, &err);
    unit_fails(status, BULLA_E_IDENTITY_MISMATCH, err);
    by(&b, DELEGATOR AT_BUILDER, SHARED "@refs/tags/v1.0.0");
    status = bu_provenance_agrees(&b.provenance, &b.claims, &err);
    unit_ok(status, err);
    const bu_build_wanted tag = { .tag = "v1.2.3" };
    status = bu_provenance_meets(&b.provenance, &tag, &err);
    unit_fails(status, BULLA_E_SOURCE_MISMATCH, err);
    b.provenance.ref = BULLA_LIT("refs/tags/v1.2.3");
    status = bu_provenance_agrees(&b.provenance, &b.claims, &err);
    unit_fails(status, BULLA_E_IDENTITY_MISMATCH, err);
}
END_TEST

static const bu_build_input given[] = { { { (const uint8_t *)"level", 5 },
                                          { (const uint8_t *)"high", 4 } } },
                            other_value[] = { { { (const uint8_t *)"level", 5 },
                                                { (const uint8_t *)"low", 3 } } },
                            other_name[] = { { { (const uint8_t *)"Level", 5 },
                                               { (const uint8_t *)"high", 4 } } };

static const struct {
    const char *ref;
    bu_build_wanted wanted;
    bulla_code code;
} wants[] = {
    { "refs/tags/v1.2.3", { 0 }, BULLA_OK },
    { "refs/tags/v1.2.3", { .source = "github.com/org/repo" }, BULLA_OK },
    { "refs/tags/v1.2.3", { .source = "https://github.com/org/repo" }, BULLA_OK },
    { "refs/tags/v1.2.3", { .source = "git+https://github.com/org/repo" }, BULLA_OK },
    { "refs/tags/v1.2.3", { .source = "github.com/org/Repo" }, BULLA_E_SOURCE_MISMATCH },
    { "refs/tags/v1.2.3", { .source = "github.com/org/repo2" }, BULLA_E_SOURCE_MISMATCH },
    { "refs/tags/v1.2.3", { .source = "github.com/org/rep" }, BULLA_E_SOURCE_MISMATCH },
    { "refs/tags/v1.2.3", { .source = "gitlab.com/org/repo" }, BULLA_E_SOURCE_MISMATCH },
    { "refs/tags/v1.2.3", { .source = "" }, BULLA_E_SOURCE_MISMATCH },
    { "refs/tags/v1.2.3", { .builder = GENERIC }, BULLA_OK },
    { "refs/tags/v1.2.3", { .builder = GENERIC AT_BUILDER }, BULLA_OK },
    { "refs/tags/v1.2.3", { .builder = GENERIC "@v2.1.0" }, BULLA_OK },
    { "refs/tags/v1.2.3", { .builder = GENERIC "@v2.1" }, BULLA_E_IDENTITY_MISMATCH },
    { "refs/tags/v1.2.3", { .builder = GENERIC "x" }, BULLA_E_IDENTITY_MISMATCH },
    { "refs/tags/v1.2.3", { .builder = GENERATOR }, BULLA_E_IDENTITY_MISMATCH },
    { "refs/tags/v1.2.3", { .builder = "" }, BULLA_E_IDENTITY_MISMATCH },
    { "refs/tags/v1.2.3", { .tag = "v1.2.3" }, BULLA_OK },
    { "refs/tags/v1.2.3", { .tag = "v1.2" }, BULLA_E_SOURCE_MISMATCH },
    { "refs/tags/v1.2.3", { .tag = "refs/tags/v1.2.3" }, BULLA_E_SOURCE_MISMATCH },
    { "refs/heads/v1.2.3", { .tag = "v1.2.3" }, BULLA_E_SOURCE_MISMATCH },
    { "refs/tags/", { .tag = "" }, BULLA_E_SOURCE_MISMATCH },
    { "", { .tag = "v1.2.3" }, BULLA_E_SOURCE_MISMATCH },
    { "refs/heads/main", { .branch = "main" }, BULLA_OK },
    { "refs/heads/a/b", { .branch = "a/b" }, BULLA_OK },
    { "refs/heads/a/main", { .branch = "main" }, BULLA_E_SOURCE_MISMATCH },
    { "refs/heads/master", { .branch = "main" }, BULLA_E_SOURCE_MISMATCH },
    { "refs/tags/main", { .branch = "other" }, BULLA_E_SOURCE_MISMATCH },
    { "refs/tags/v1.2.3", { .branch = "main" }, BULLA_OK }, /* the tag was set on it */
    { "refs/pull/7/merge", { .branch = "main" }, BULLA_E_SOURCE_MISMATCH },
    { "", { .branch = "" }, BULLA_E_SOURCE_MISMATCH },
    { "refs/tags/v1.2.3", { .versioned_tag = "v1" }, BULLA_OK },
    { "refs/tags/v1.2.3", { .versioned_tag = "v1.2" }, BULLA_OK },
    { "refs/tags/v1.2.3", { .versioned_tag = "v1.2.3" }, BULLA_OK },
    { "refs/tags/v1.2.3+b", { .versioned_tag = "v1.2.3+c" }, BULLA_OK },
    { "refs/tags/v1.2.3-rc.1", { .versioned_tag = "v1.2" }, BULLA_OK },
    { "refs/tags/v1.2.3-rc.1", { .versioned_tag = "v1.2.3-rc.1" }, BULLA_OK },
    { "refs/tags/v1.2.3-rc.1", { .versioned_tag = "v1.2.3" }, BULLA_E_SOURCE_MISMATCH },
    { "refs/tags/v1.2.3-rc.1", { .versioned_tag = "v1.2.3-rc.2" }, BULLA_E_SOURCE_MISMATCH },
    { "refs/tags/v1.2.3", { .versioned_tag = "v1.2.4" }, BULLA_E_SOURCE_MISMATCH },
    { "refs/tags/v1.2.30", { .versioned_tag = "v1.2.3" }, BULLA_E_SOURCE_MISMATCH },
    { "refs/tags/v12.2.3", { .versioned_tag = "v1" }, BULLA_E_SOURCE_MISMATCH },
    { "refs/tags/v14", { .versioned_tag = "v14.0" }, BULLA_OK },
    { "refs/tags/v14", { .versioned_tag = "v14.0.0" }, BULLA_OK },
    { "refs/tags/v14", { .versioned_tag = "v14.1" }, BULLA_E_SOURCE_MISMATCH },
    { "refs/tags/v14.2", { .versioned_tag = "v14.2.1" }, BULLA_E_SOURCE_MISMATCH },
    { "refs/tags/1.2.3", { .versioned_tag = "v1" }, BULLA_E_SOURCE_MISMATCH },
    { "refs/tags/v1.2.3.4", { .versioned_tag = "v1" }, BULLA_E_SOURCE_MISMATCH },
    { "refs/tags/v01.2.3", { .versioned_tag = "v1" }, BULLA_E_SOURCE_MISMATCH },
    { "refs/heads/v1.2.3", { .versioned_tag = "v1" }, BULLA_E_SOURCE_MISMATCH },
    { "refs/tags/v1.2.3", { .versioned_tag = "1" }, BULLA_E_USAGE },
    { "refs/tags/v1.2.3", { .versioned_tag = "v1.x" }, BULLA_E_USAGE },
    { "refs/tags/v1.2.3", { .versioned_tag = "v1-rc" }, BULLA_E_USAGE },
    { "refs/tags/v1.2.3", { .versioned_tag = "v1.2.3-" }, BULLA_E_USAGE },
    { "refs/tags/v1.2.3", { .versioned_tag = "v1.2.3-a..b" }, BULLA_E_USAGE },
    { "refs/tags/v1.2.3", { .versioned_tag = "v1.2.3-a_b" }, BULLA_E_USAGE },
    { "refs/tags/v1.2.3", { .versioned_tag = "v" }, BULLA_E_USAGE },
    { "refs/tags/v1.2.3", { .versioned_tag = "" }, BULLA_E_USAGE },
    { "refs/tags/v1.2.3", { .inputs = given, .input_count = 1 }, BULLA_OK },
    { "refs/tags/v1.2.3", { .inputs = other_value, .input_count = 1 }, BULLA_E_SOURCE_MISMATCH },
    { "refs/tags/v1.2.3", { .inputs = other_name, .input_count = 1 }, BULLA_E_SOURCE_MISMATCH },
};

START_TEST(a_build_is_the_one_that_is_wanted)
{
    build b = good_build();
    bulla_error err = { 0 };
    b.provenance.ref = bu_bytes_of(wants[_i].ref);
    bulla_status status = bu_provenance_meets(&b.provenance, &wants[_i].wanted, &err);
    if (wants[_i].code == BULLA_OK)
        unit_ok(status, err);
    else
        unit_fails(status, wants[_i].code, err);
}
END_TEST

/* Before and after npm's CLI named the kind of the runner. */
static const struct {
    const char *got, *wanted;
    bulla_code code;
} runners[] = {
    { RUNNER, RUNNER, BULLA_OK },
    { RUNNER, RUNNER "/github-hosted", BULLA_OK },
    { RUNNER "/github-hosted", RUNNER, BULLA_OK },
    { RUNNER "/self-hosted", RUNNER, BULLA_E_IDENTITY_MISMATCH },
    { RUNNER "/self-hosted", RUNNER "/self-hosted", BULLA_OK },
    { RUNNER "/github-hosted", RUNNER "/github-hosted2", BULLA_E_IDENTITY_MISMATCH },
    { "https://github.com/npm/cli@9.4.2", "https://github.com/npm/cli", BULLA_OK },
    { "https://github.com/npm/cli@9.4.2", "https://github.com/npm/cli@9.4.2", BULLA_OK },
    { "https://github.com/npm/cli@9.4.2", "https://github.com/npm/cli@9.4.1",
      BULLA_E_IDENTITY_MISMATCH },
};

START_TEST(npm_names_the_runner_in_two_ways)
{
    build b = good_build();
    bulla_error err = { 0 };
    const bu_build_wanted wanted = { .builder = runners[_i].wanted };
    b.provenance.builder_id = bu_bytes_of(runners[_i].got);
    bulla_status status = bu_provenance_meets(&b.provenance, &wanted, &err);
    if (runners[_i].code == BULLA_OK)
        unit_ok(status, err);
    else
        unit_fails(status, runners[_i].code, err);
}
END_TEST

/* The first packages with provenance: npm's CLI as builder, certificates of seven texts. */
START_TEST(the_oldest_provenance_of_npm_is_held_against_what_there_is)
{
    build b = good_build();
    bulla_error err = { 0 };
    b.provenance.builder_id = BULLA_LIT("https://github.com/npm/cli@9.4.2");
    b.provenance.build_type = BULLA_LIT("https://github.com/npm/cli/gha@v0");
    b.claims = (bu_claims){ .identity = OWN AT_TAG,
                            .issuer = ISSUER,
                            .source_uri = "org/repo",
                            .source_digest = COMMIT,
                            .source_ref = "refs/tags/v1.2.3",
                            .build_trigger = "push" };
    bulla_status status = bu_provenance_agrees(&b.provenance, &b.claims, &err);
    unit_ok(status, err);
    ck_assert_uint_eq(bu_provenance_level(&b.provenance, &b.claims), 1);
    b.provenance.source_digest = BULLA_LIT(OTHER);
    status = bu_provenance_agrees(&b.provenance, &b.claims, &err);
    unit_fails(status, BULLA_E_IDENTITY_MISMATCH, err);
    ck_assert_str_eq(err.expected, COMMIT);
    ck_assert_str_eq(err.got, OTHER);
}
END_TEST

START_TEST(what_it_claims_can_be_shown)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bu_description lines = { .arena = arena };
    bulla_error err = { 0 };
    build b = good_build();
    b.provenance.trigger = (bulla_bytes){ 0 };
    bulla_status status = bu_provenance_describe(&b.provenance, &lines, &err);
    unit_ok(status, err);
    ck_assert_uint_eq(lines.count, 7); /* what is not stated has no line */
    ck_assert_str_eq(lines.items[0].label, "builder");
    ck_assert(bu_bytes_is(lines.items[0].text, GENERIC AT_BUILDER));
}
END_TEST

#define COUNT(table) (int)(sizeof(table) / sizeof(table)[0])

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, a_builder_is_who_signed, 0, COUNT(builders));
    tcase_add_test(tc, who_owns_a_builder_may_use_its_main_branch);
    tcase_add_loop_test(tc, what_is_certified_must_be_claimed, 0, COUNT(certified));
    tcase_add_test(tc, only_certificates_of_builds_are_compared);
    tcase_add_test(tc, another_commit_is_for_delegators_alone);
    tcase_add_loop_test(tc, a_build_is_the_one_that_is_wanted, 0, COUNT(wants));
    tcase_add_loop_test(tc, npm_names_the_runner_in_two_ways, 0, COUNT(runners));
    tcase_add_test(tc, the_oldest_provenance_of_npm_is_held_against_what_there_is);
    tcase_add_test(tc, what_it_claims_can_be_shown);
}

int main(void)
{
    return unit_run("trust/provenance_judge", add);
}
