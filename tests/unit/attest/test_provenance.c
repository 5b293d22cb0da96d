/* SPDX-License-Identifier: MIT */
/*
 * SLSA provenance: where each build type keeps source, commit, ref and trigger, and that no two
 * places may say different things.
 */
#include "suite.h"

#include "alloc_fail.h"
#include "attest/provenance.h"

#define V02 "https://slsa.dev/provenance/v0.2"
#define V1  "https://slsa.dev/provenance/v1"
#define C1  "1111111111111111111111111111111111111111"
#define C2  "2222222222222222222222222222222222222222"
#define URI "git+https://host.example/org/repo@refs/tags/v1.2.3"

static bulla_status read_as(const char *type, const char *predicate, bu_arena *arena,
                            bu_provenance *out, bulla_error *err)
{
    const bu_statement statement = { .predicate_type = bu_bytes_of(type),
                                     .predicate = bu_bytes_of(predicate) };
    return bu_provenance_read(&statement, "payload", arena, out, err);
}

/* What is read, in one text: builder|repository|commit|ref|base|entry|workflow ref|trigger|run|inputs */
static void show(const bu_provenance *p, bu_buf *out)
{
    const bulla_bytes fields[] = { p->builder_id,   p->repository, p->source_digest,
                                   p->ref,          p->base_ref,   p->entry_point,
                                   p->workflow_ref, p->trigger,    p->run_uri };
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        bu_buf_add(out, fields[i]);
        bu_buf_add_text(out, "|");
    }
    for (size_t i = 0; i < p->input_count; i++) {
        bu_buf_add(out, p->inputs[i].name);
        bu_buf_add_text(out, "=");
        bu_buf_add(out, p->inputs[i].value);
        bu_buf_add_text(out, ";");
    }
}

/* slsa-github-generator, v0.2: the environment in lower case, the push's payload. */
#define GENERIC(uri, commit, ref, event, payload)                                                  \
    "{\"builder\":{\"id\":\"B@v\"},\"buildType\":\"T\",\"invocation\":{\"configSource\":{\"uri\":" \
    "\""                                                                                           \
    "" uri "\",\"digest\":{\"sha1\":\"" commit "\"},\"entryPoint\":\".github/workflows/a.yml\"},"  \
    "\"environment\":{\"github_event_name\":\"" event "\",\"github_ref\":\"" ref                   \
    "\",\"github_base_ref\":\"\",\"github_event_payload\":" payload                                \
    "}},\"metadata\":{\"buildInvocationID\":\"12-3\"},\"materials\":[{\"uri\":\"" URI              \
    "\",\"digest\":{\"sha1\":\"" C1 "\"}},{\"uri\":\"https://other\"}]}"

/* npm's CLI of 2023, v0.2: the environment in capitals, a material without ref. */
#define NPM_CLI(commit, workflow, entry)                                                           \
    "{\"builder\":{\"id\":\"N@9\"},\"buildType\":\"T\",\"invocation\":{\"configSource\":{\"uri\":" \
    "\""                                                                                           \
    "" URI "\",\"digest\":{\"sha1\":\"" C1 "\"},\"entryPoint\":\"" entry                           \
    "\"},\"environment\":{\"GITHUB_EVENT_NAME\":\"release\",\"GITHUB_REF\":\"refs/tags/v1.2.3\","  \
    "\"GITHUB_REPOSITORY\":\"org/repo\",\"GITHUB_SHA\":\"" C1                                      \
    "\",\"GITHUB_WORKFLOW_REF\":\"" workflow                                                       \
    "\"}},\"metadata\":{\"buildInvocationId\":\"12-3\"},\"materials\":[{\"uri\":"                  \
    "\"git+https://host.example/org/repo\",\"digest\":{\"sha1\":\"" commit "\"}}]}"
#define WORKFLOW "org/repo/.github/workflows/a.yml@refs/tags/v1.2.3"

/* GitHub's attestations and npm's CLI, v1. */
#define ATTEST(repository, ref, dependencies)                                                      \
    "{\"buildDefinition\":{\"buildType\":\"T\",\"externalParameters\":{\"inputs\":{\"b\":true,"    \
    "\"a\":\"1\"},\"workflow\":{\"ref\":\"" ref "\",\"repository\":\"" repository                  \
    "\",\"path\":\".github/workflows/a.yml\"}},\"internalParameters\":{\"github\":{"               \
    "\"event_name\":\"workflow_dispatch\"}},\"resolvedDependencies\":" dependencies                \
    "},\"runDetails\":{\"builder\":{\"id\":\"G@r\"},\"metadata\":{\"invocationId\":\"https://"     \
    "run\""                                                                                        \
    "}}}"
#define REPOSITORY "https://host.example/org/repo"
#define SOURCE     "[{\"uri\":\"" URI "\",\"digest\":{\"gitCommit\":\"" C1 "\"}}]"

/* Delegated and container-based builders, v1: capitals among the internal parameters. */
#define DELEGATED(external, dependency, commit)                                                    \
    "{\"buildDefinition\":{\"buildType\":\"T\",\"externalParameters\":" external                   \
    ",\"internalParameters\":{\"GITHUB_EVENT_NAME\":\"workflow_dispatch\",\"GITHUB_REF\":"         \
    "\"refs/heads/main\",\"GITHUB_SHA\":\"" C1 "\",\"GITHUB_REPOSITORY\":\"org/repo\","            \
    "\"GITHUB_RUN_ID\":12,\"GITHUB_WORKFLOW_REF\":\"org/repo/.github/workflows/a.yml@refs/heads/"  \
    "main\",\"GITHUB_EVENT_PAYLOAD\":{\"inputs\":{\"release\":\"true\"}}},"                        \
    "\"resolvedDependencies\":[{\"uri\":\"" dependency "\",\"digest\":{\"sha1\":\"" commit         \
    "\"}},{\"uri\":\"git+https://host.example/builder@refs/tags/v1\"}]},\"runDetails\":{"          \
    "\"builder\":{\"id\":\"D@r\"}}}"
#define CONTAINER                                                                                  \
    "{\"source\":{\"uri\":\"git+https://host.example/org/repo@refs/heads/main\",\"digest\":{"      \
    "\"sha1\":\"" C1 "\"}},\"inputs\":{\"x\":\"y\"}}"

static const struct {
    const char *type, *predicate, *read;
} accepted[] = {
    { V02,
      GENERIC(URI, C1, "refs/tags/v1.2.3", "push",
              "{\"base_ref\":\"refs/heads/main\",\"inputs\":{\"a\":\"1\"}}"),
      "B@v|" REPOSITORY "|" C1 "|refs/tags/v1.2.3|refs/heads/main|.github/workflows/a.yml||push|"
      "https://host.example/org/repo/actions/runs/12/attempts/3|" },
    { V02, GENERIC(URI, C1, "refs/tags/v1.2.3", "push", "{\"base_ref\":null}"),
      "B@v|" REPOSITORY "|" C1 "|refs/tags/v1.2.3||.github/workflows/a.yml||push|"
      "https://host.example/org/repo/actions/runs/12/attempts/3|" },
    { V02,
      GENERIC(URI, C1, "refs/tags/v1.2.3", "release",
              "{\"base_ref\":\"no\",\"release\":{\"target_commitish\":\"next\"}}"),
      "B@v|" REPOSITORY "|" C1 "|refs/tags/v1.2.3|refs/heads/next|.github/workflows/a.yml||release|"
      "https://host.example/org/repo/actions/runs/12/attempts/3|" },
    { V02, GENERIC(URI, C1, "refs/tags/v1.2.3", "workflow_dispatch", "{\"inputs\":{\"a\":\"1\"}}"),
      "B@v|" REPOSITORY "|" C1 "|refs/tags/v1.2.3||.github/workflows/a.yml||workflow_dispatch|"
      "https://host.example/org/repo/actions/runs/12/attempts/3|a=1;" },
    { V02, NPM_CLI(C1, WORKFLOW, ".github/workflows/a.yml"),
      "N@9|" REPOSITORY "|" C1
      "|refs/tags/v1.2.3||.github/workflows/a.yml|refs/tags/v1.2.3|release|"
      "https://host.example/org/repo/actions/runs/12/attempts/3|" },
    { V02, NPM_CLI(C1, WORKFLOW, WORKFLOW),
      "N@9|" REPOSITORY "|" C1
      "|refs/tags/v1.2.3||.github/workflows/a.yml|refs/tags/v1.2.3|release|"
      "https://host.example/org/repo/actions/runs/12/attempts/3|" },
    { V02, "{\"builder\":{\"id\":\"B\"},\"buildType\":\"T\"}", "B|||||||||" },
    { V1, ATTEST(REPOSITORY, "refs/tags/v1.2.3", SOURCE),
      "G@r|" REPOSITORY "|" C1 "|refs/tags/v1.2.3||.github/workflows/a.yml|refs/tags/v1.2.3|"
      "workflow_dispatch|https://run|a=1;b=true;" },
    { V1, DELEGATED("{}", "git+https://host.example/org/repo@refs/heads/main", C1),
      "D@r|" REPOSITORY "|" C1 "|refs/heads/main||.github/workflows/a.yml|refs/heads/main|"
      "workflow_dispatch||release=true;" },
    /* Another commit than the one that started it: its ref is not known. */
    { V1, DELEGATED("{}", "git+https://host.example/org/repo", C2),
      "D@r|" REPOSITORY "|" C2 "|||.github/workflows/a.yml|refs/heads/main|workflow_dispatch||"
      "release=true;" },
    { V1, DELEGATED(CONTAINER, "https://not.git", C2),
      "D@r|" REPOSITORY "|" C1 "|refs/heads/main||.github/workflows/a.yml|refs/heads/main|"
      "workflow_dispatch||release=true;" },
    { V1,
      "{\"buildDefinition\":{\"buildType\":\"T\",\"resolvedDependencies\":[{\"uri\":"
      "\"git+ssh://git@host.example/org/repo@v1\"}]},\"runDetails\":{\"builder\":{\"id\":\"B\"}}}",
      "B|ssh://git@host.example/org/repo||v1||||||" },
};

START_TEST(each_build_type_is_read)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    BU_CLEAR(bu_buf) got = { 0 };
    bu_provenance provenance = { 0 };
    bulla_error err = { 0 };
    bulla_status status =
        read_as(accepted[_i].type, accepted[_i].predicate, arena, &provenance, &err);
    unit_ok(status, err);
    show(&provenance, &got);
    ck_assert_str_eq((const char *)got.ptr, accepted[_i].read);
}
END_TEST

static const struct {
    const char *type, *predicate;
    bulla_code code;
    const char *place; /* part of the sentence */
} refused[] = {
    { "https://slsa.dev/provenance/v0.1", "{}", BULLA_E_BAD_TYPE, "provenance" },
    { "https://slsa.dev/provenance/v1.1", "{}", BULLA_E_BAD_TYPE, "provenance" },
    { V1, "", BULLA_E_MISSING_FIELD, "predicate" },
    { V1, "{", BULLA_E_TRUNCATED, "" },
    { V1, "{}", BULLA_E_MISSING_FIELD, "builder" },
    { V02, "{}", BULLA_E_MISSING_FIELD, "builder" },
    { V02, "{\"builder\":{\"id\":\"\"},\"buildType\":\"T\"}", BULLA_E_MISSING_FIELD, "builder" },
    { V02, "{\"builder\":{\"id\":\"B\"}}", BULLA_E_MISSING_FIELD, "build type" },
    { V02, "{\"builder\":{\"id\":7},\"buildType\":\"T\"}", BULLA_E_TYPE_MISMATCH, "builder.id" },
    { V02, "{\"builder\":{\"id\":\"B\"},\"buildType\":\"T\",\"materials\":{}}",
      BULLA_E_TYPE_MISMATCH, "materials" },
    { V1, ATTEST(REPOSITORY, "refs/tags/v1.2.3", "\"no list\""), BULLA_E_TYPE_MISMATCH,
      "resolvedDependencies" },
    /* One thing in two places, changed in one. */
    { V02, GENERIC(URI, C2, "refs/tags/v1.2.3", "push", "{}"), BULLA_E_AMBIGUOUS_BUNDLE, "commit" },
    { V02, GENERIC(URI, C1, "refs/tags/v1.2.4", "push", "{}"), BULLA_E_AMBIGUOUS_BUNDLE, "ref" },
    { V02,
      GENERIC("git+https://host.example/org/repo@refs/heads/main", C1, "refs/heads/main", "push",
              "{}"),
      BULLA_E_AMBIGUOUS_BUNDLE, "ref" },
    { V02,
      GENERIC("git+https://host.example/org/other@refs/tags/v1.2.3", C1, "refs/tags/v1.2.3", "push",
              "{}"),
      BULLA_E_AMBIGUOUS_BUNDLE, "repository" },
    { V02, NPM_CLI(C1, "org/other/.github/workflows/a.yml@refs/tags/v1.2.3", "x"),
      BULLA_E_AMBIGUOUS_BUNDLE, "repository" },
    { V02, NPM_CLI(C1, WORKFLOW, ".github/workflows/b.yml"), BULLA_E_AMBIGUOUS_BUNDLE,
      "entry point" },
    { V02, NPM_CLI(C1, WORKFLOW, "org/repo/.github/workflows/b.yml@refs/tags/v1.2.3"),
      BULLA_E_AMBIGUOUS_BUNDLE, "workflow" },
    { V02, NPM_CLI(C1, "org/repo@refs/tags/v1.2.3", ""), BULLA_E_BAD_SYNTAX, "workflow" },
    { V02, NPM_CLI(C1, "org/repo/.github/workflows/a.yml", ""), BULLA_E_BAD_SYNTAX, "workflow" },
    { V1, ATTEST("https://host.example/org/other", "refs/tags/v1.2.3", SOURCE),
      BULLA_E_AMBIGUOUS_BUNDLE, "repository" },
    { V1, ATTEST("https://evil.example/org/repo", "refs/tags/v1.2.3", SOURCE),
      BULLA_E_AMBIGUOUS_BUNDLE, "repository" },
    { V1, DELEGATED("{}", "git+https://host.example/xorg/repo@refs/heads/main", C1),
      BULLA_E_AMBIGUOUS_BUNDLE, "repository" },
    { V1, DELEGATED("{}", "git+https://host.example/org/repo@refs/heads/main", C2),
      BULLA_E_AMBIGUOUS_BUNDLE, "commit" },
    { V1,
      ATTEST(REPOSITORY, "refs/tags/v1.2.3",
             "[{\"uri\":\"" URI "\",\"digest\":{\"gitCommit\":\"" C1 "\",\"sha1\":\"" C2 "\"}}]"),
      BULLA_E_AMBIGUOUS_BUNDLE, "commit" },
};

START_TEST(what_contradicts_itself_is_refused)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bu_provenance provenance = { 0 };
    bulla_error err = { 0 };
    bulla_status status =
        read_as(refused[_i].type, refused[_i].predicate, arena, &provenance, &err);
    unit_fails(status, refused[_i].code, err);
    ck_assert_msg(strstr(err.text, refused[_i].place) != NULL, "%s", err.text);
    ck_assert_str_eq(err.file, "payload");
    ck_assert_uint_eq(provenance.builder_id.len, 0);
}
END_TEST

START_TEST(its_types_are_known)
{
    ck_assert(bu_is_provenance(BULLA_LIT(V02)));
    ck_assert(bu_is_provenance(BULLA_LIT(V1)));
    ck_assert(!bu_is_provenance(BULLA_LIT("https://slsa.dev/provenance/v")));
    ck_assert(!bu_is_provenance((bulla_bytes){ 0 }));
}
END_TEST

START_TEST(no_memory_is_said_so)
{
    for (size_t n = 0;; n++) {
        BU_AUTO(bu_arena) arena = bu_arena_new();
        bu_provenance provenance = { 0 };
        bulla_error err = { 0 };
        alloc_fail_at(n);
        bulla_status status =
            read_as(V1, ATTEST(REPOSITORY, "refs/tags/v1.2.3", SOURCE), arena, &provenance, &err);
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
    tcase_add_loop_test(tc, each_build_type_is_read, 0,
                        (int)(sizeof accepted / sizeof accepted[0]));
    tcase_add_loop_test(tc, what_contradicts_itself_is_refused, 0,
                        (int)(sizeof refused / sizeof refused[0]));
    tcase_add_test(tc, its_types_are_known);
    tcase_add_test(tc, no_memory_is_said_so);
}

int main(void)
{
    return unit_run("attest/provenance", add);
}
