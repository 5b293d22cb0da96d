/* SPDX-License-Identifier: MIT */
/*
 * What is allowed, and what is said when it is not: facts x rules → verdict,
 * exit, deciding rule, reasons. The attack in most cases: something that is
 * not proved, or is wrong, must not get through because of another rule.
 */
#include "suite.h"

#include "alloc_fail.h"
#include "policy/policy.h"

#define HEAD              "schema = \"bulla.policy/1\"\n"
#define RULE(match, rest) "[[rule]]\nmatch = \"" match "\"\n" rest "\n"

#define HELD_(proof_)                                                                              \
    {                                                                                              \
        .proof = BULLA_PROOF_##proof_, .outcome = BULLA_HELD                                       \
    }
#define SIGNED(role_)                                                                              \
    {                                                                                              \
        .proof = BULLA_PROOF_SIGNATURE, .outcome = BULLA_HELD, .role = role_                       \
    }
#define NOT(proof_, out, code_)                                                                    \
    {                                                                                              \
        .proof = BULLA_PROOF_##proof_, .outcome = BULLA_##out, .code = BULLA_E_##code_             \
    }
#define MISSING(proof_) NOT(proof_, ABSENT, MISSING_FILE)
#define WRONG           NOT(DIGEST, BROKEN, HASH_MISMATCH)
#define HOSTILE         NOT(CONTENTS, BROKEN, PATH_TRAVERSAL)

typedef struct seen {
    bulla_proof proof;
    bulla_outcome outcome;
    const char *role;
    bulla_code code;
} seen;

#define DEPENDENCIES "built-in: dependencies"
#define ARTIFACTS    "built-in: artifacts"
#define NOTHING      "built-in: nothing broken"

static const struct {
    const char *what;
    const char *policy; /* NULL: the built-in one */
    const char *purl;
    bulla_origin origin;
    bulla_scope scope;
    seen facts[4];
    bulla_verdict verdict;
    bulla_exit exit;
    const char *rule;
    bulla_code reason; /* of the first; BULLA_OK: none */
    size_t reasons, warnings;
} cases[] = {
#define NPM      "pkg:npm/x@1", BULLA_ORIGIN_REGISTRY, BULLA_SCOPE_RUNTIME
#define DEV      "pkg:npm/x@1", BULLA_ORIGIN_REGISTRY, BULLA_SCOPE_DEV
#define FILE_    "pkg:generic/app", BULLA_ORIGIN_ARTIFACT, BULLA_SCOPE_RUNTIME
#define DEB      "pkg:deb/debian/x@1?arch=amd64", BULLA_ORIGIN_UNKNOWN, BULLA_SCOPE_RUNTIME
#define ALLOWED  BULLA_ALLOWED, BULLA_EXIT_ALLOWED
#define DENIED   BULLA_DENIED, BULLA_EXIT_DENIED
#define UNPROVEN BULLA_UNPROVEN, BULLA_EXIT_UNPROVEN
    /* The built-in policy. */
    { "both proofs of a dependency",
      NULL,
      NPM,
      { HELD_(DIGEST), HELD_(CONTENTS) },
      ALLOWED,
      DEPENDENCIES,
      BULLA_OK,
      0,
      0 },
    { "no facts at all", NULL, NPM, { { 0 } }, UNPROVEN, DEPENDENCIES, BULLA_E_MISSING_FILE, 2, 0 },
    { "a digest alone",
      NULL,
      NPM,
      { HELD_(DIGEST) },
      UNPROVEN,
      DEPENDENCIES,
      BULLA_E_MISSING_FILE,
      1,
      0 },
    { "one missing archive is one reason",
      NULL,
      NPM,
      { MISSING(DIGEST), MISSING(CONTENTS) },
      UNPROVEN,
      DEPENDENCIES,
      BULLA_E_MISSING_FILE,
      1,
      0 },
    { "other bytes",
      NULL,
      NPM,
      { WRONG, NOT(CONTENTS, UNDECIDED, UNREADABLE) },
      DENIED,
      DEPENDENCIES,
      BULLA_E_HASH_MISMATCH,
      1,
      0 },
    { "a hostile archive with the pinned digest",
      NULL,
      NPM,
      { HELD_(DIGEST), HOSTILE },
      BULLA_DENIED,
      BULLA_EXIT_MALFORMED,
      DEPENDENCIES,
      BULLA_E_PATH_TRAVERSAL,
      1,
      0 },
    { "hostile and other bytes",
      NULL,
      NPM,
      { WRONG, HOSTILE },
      BULLA_DENIED,
      BULLA_EXIT_MALFORMED,
      DEPENDENCIES,
      BULLA_E_HASH_MISMATCH,
      2,
      0 },
    { "an archive that cannot be read",
      NULL,
      NPM,
      { NOT(DIGEST, UNDECIDED, UNREADABLE), NOT(CONTENTS, UNDECIDED, UNREADABLE) },
      BULLA_UNPROVEN,
      BULLA_EXIT_IO,
      DEPENDENCIES,
      BULLA_E_UNREADABLE,
      1,
      0 },
    { "a SHA-1 pin proves nothing",
      NULL,
      NPM,
      { NOT(DIGEST, ABSENT, WEAK_HASH), HELD_(CONTENTS) },
      UNPROVEN,
      DEPENDENCIES,
      BULLA_E_WEAK_HASH,
      1,
      0 },
    { "a signature is no digest",
      NULL,
      NPM,
      { SIGNED("release"), HELD_(CONTENTS) },
      UNPROVEN,
      DEPENDENCIES,
      BULLA_E_MISSING_FILE,
      1,
      0 },
    { "a class of denied that is only missing",
      NULL,
      NPM,
      { NOT(DIGEST, ABSENT, INSECURE_SOURCE), HELD_(CONTENTS) },
      UNPROVEN,
      DEPENDENCIES,
      BULLA_E_INSECURE_SOURCE,
      1,
      0 },
    { "a class of unproven that is broken",
      NULL,
      NPM,
      { NOT(DIGEST, BROKEN, MISSING_HASH), HELD_(CONTENTS) },
      DENIED,
      DEPENDENCIES,
      BULLA_E_MISSING_HASH,
      1,
      0 },
    { "broken without a finding",
      NULL,
      NPM,
      { { BULLA_PROOF_DIGEST, BULLA_BROKEN, NULL, BULLA_OK } },
      DENIED,
      DEPENDENCIES,
      BULLA_E_MISSING_FILE,
      1,
      0 },
    { "an outcome that is no outcome",
      NULL,
      NPM,
      { { BULLA_PROOF_DIGEST, (bulla_outcome)1234, NULL, BULLA_OK }, HELD_(CONTENTS) },
      UNPROVEN,
      DEPENDENCIES,
      BULLA_E_MISSING_FILE,
      1,
      0 },
    { "the same digest held here and broken there",
      NULL,
      NPM,
      { HELD_(DIGEST), HELD_(CONTENTS), WRONG },
      DENIED,
      NOTHING,
      BULLA_E_HASH_MISMATCH,
      1,
      0 },
    { "a broken signature that nobody asked for",
      NULL,
      NPM,
      { HELD_(DIGEST), HELD_(CONTENTS), NOT(SIGNATURE, BROKEN, BAD_SIGNATURE) },
      DENIED,
      NOTHING,
      BULLA_E_BAD_SIGNATURE,
      1,
      0 },
    { "a folder of the project",
      NULL,
      "pkg:npm/x@1",
      BULLA_ORIGIN_LOCAL,
      BULLA_SCOPE_RUNTIME,
      { HELD_(LOCAL) },
      ALLOWED,
      DEPENDENCIES,
      BULLA_OK,
      0,
      0 },
    { "optional and not installed",
      NULL,
      NPM,
      { HELD_(NOT_INSTALLED) },
      ALLOWED,
      DEPENDENCIES,
      BULLA_OK,
      0,
      0 },
    { "a local folder that is said to be, but not seen",
      NULL,
      "pkg:npm/x@1",
      BULLA_ORIGIN_LOCAL,
      BULLA_SCOPE_RUNTIME,
      { MISSING(LOCAL) },
      UNPROVEN,
      DEPENDENCIES,
      BULLA_E_MISSING_FILE,
      2,
      0 },
    { "not installed, and yet other bytes",
      NULL,
      NPM,
      { HELD_(NOT_INSTALLED), WRONG },
      DENIED,
      NOTHING,
      BULLA_E_HASH_MISMATCH,
      1,
      0 },
    { "a signed artifact", NULL, FILE_, { SIGNED("release") }, ALLOWED, ARTIFACTS, BULLA_OK, 0, 0 },
    { "an unsigned artifact",
      NULL,
      FILE_,
      { HELD_(DIGEST), HELD_(CONTENTS) },
      UNPROVEN,
      ARTIFACTS,
      BULLA_E_THRESHOLD,
      1,
      0 },
    { "an artifact with a wrong signature beside a good one",
      NULL,
      FILE_,
      { SIGNED("release"), NOT(SIGNATURE, BROKEN, BAD_SIGNATURE) },
      DENIED,
      NOTHING,
      BULLA_E_BAD_SIGNATURE,
      1,
      0 },
    { "a Debian package in a signed index",
      NULL,
      DEB,
      { HELD_(ARCHIVE_CHAIN) },
      ALLOWED,
      "built-in: Debian packages",
      BULLA_OK,
      0,
      0 },
    { "a Debian package with a digest alone",
      NULL,
      DEB,
      { HELD_(DIGEST), HELD_(CONTENTS) },
      UNPROVEN,
      "built-in: Debian packages",
      BULLA_E_MISSING_FILE,
      1,
      0 },
    { "an installed Debian package",
      NULL,
      "pkg:deb/debian/x@1",
      BULLA_ORIGIN_SYSTEM,
      BULLA_SCOPE_RUNTIME,
      { MISSING(ARCHIVE_CHAIN) },
      UNPROVEN,
      "built-in: Debian packages",
      BULLA_E_MISSING_FILE,
      1,
      0 },
    { "a name that only looks like Debian's",
      NULL,
      "pkg:debian/x@1",
      BULLA_ORIGIN_REGISTRY,
      BULLA_SCOPE_RUNTIME,
      { HELD_(ARCHIVE_CHAIN) },
      UNPROVEN,
      DEPENDENCIES,
      BULLA_E_MISSING_FILE,
      2,
      0 },
    { "an origin that is none",
      NULL,
      "pkg:npm/x@1",
      (bulla_origin)77,
      BULLA_SCOPE_RUNTIME,
      { HELD_(DIGEST), HELD_(CONTENTS) },
      BULLA_DENIED,
      BULLA_EXIT_INTERNAL,
      "none",
      BULLA_E_INTERNAL,
      1,
      0 },
    { "a scope that is none",
      NULL,
      "pkg:npm/x@1",
      BULLA_ORIGIN_REGISTRY,
      (bulla_scope)77,
      { HELD_(DIGEST), HELD_(CONTENTS) },
      BULLA_DENIED,
      BULLA_EXIT_INTERNAL,
      "none",
      BULLA_E_INTERNAL,
      1,
      0 },

    /* Which rules apply. */
    { "a rule stands instead of the built-in ones",
      HEAD RULE("pkg:npm/**", "require = [\"digest\"]"),
      NPM,
      { HELD_(DIGEST) },
      ALLOWED,
      "rule 1",
      BULLA_OK,
      0,
      0 },
    { "no rule is about it: the built-in ones",
      HEAD RULE("pkg:cargo/**", "require = [\"signature\"]"),
      NPM,
      { HELD_(DIGEST), HELD_(CONTENTS) },
      ALLOWED,
      DEPENDENCIES,
      BULLA_OK,
      0,
      0 },
    { "no rule is about it, and it has nothing",
      HEAD RULE("pkg:cargo/**", "require = [\"digest\"]"),
      NPM,
      { HELD_(DIGEST) },
      UNPROVEN,
      DEPENDENCIES,
      BULLA_E_MISSING_FILE,
      1,
      0 },
    { "all rules have to be satisfied: the second",
      HEAD RULE("**", "require = [\"digest\"]") RULE("**", "require = [\"signature\"]"),
      NPM,
      { HELD_(DIGEST) },
      UNPROVEN,
      "rule 2",
      BULLA_E_THRESHOLD,
      1,
      0 },
    { "all rules have to be satisfied: the first",
      HEAD RULE("**", "require = [\"signature\"]") RULE("**", "require = [\"digest\"]"),
      NPM,
      { HELD_(DIGEST) },
      UNPROVEN,
      "rule 1",
      BULLA_E_THRESHOLD,
      1,
      0 },
    { "one star does not cross a slash",
      HEAD RULE("pkg:npm/*", "require = [\"digest\"]"),
      "pkg:npm/%40s/x@1",
      BULLA_ORIGIN_REGISTRY,
      BULLA_SCOPE_RUNTIME,
      { HELD_(DIGEST) },
      UNPROVEN,
      DEPENDENCIES,
      BULLA_E_MISSING_FILE,
      1,
      0 },
    { "a pattern longer than the name",
      HEAD RULE("pkg:npm/x@1.0", "require = [\"digest\"]"),
      NPM,
      { HELD_(DIGEST) },
      UNPROVEN,
      DEPENDENCIES,
      BULLA_E_MISSING_FILE,
      1,
      0 },
    { "one of several patterns",
      HEAD "[[rule]]\nmatch = [\"pkg:a/**\", \"pkg:npm/x@*\"]\nrequire = [\"digest\"]\n",
      NPM,
      { HELD_(DIGEST) },
      ALLOWED,
      "rule 1",
      BULLA_OK,
      0,
      0 },
    { "an exception to a pattern",
      HEAD RULE("pkg:npm/**", "except = \"pkg:npm/x@*\"\nrequire = [\"digest\"]"),
      NPM,
      { HELD_(DIGEST) },
      UNPROVEN,
      DEPENDENCIES,
      BULLA_E_MISSING_FILE,
      1,
      0 },
    { "a rule for another scope",
      HEAD RULE("**", "scope = [\"runtime\"]\nrequire = [\"digest\"]"),
      DEV,
      { HELD_(DIGEST) },
      UNPROVEN,
      DEPENDENCIES,
      BULLA_E_MISSING_FILE,
      1,
      0 },
    { "a rule for this scope",
      HEAD RULE("**", "scope = [\"build\", \"dev\"]\nrequire = [\"digest\"]"),
      DEV,
      { HELD_(DIGEST) },
      ALLOWED,
      "rule 1",
      BULLA_OK,
      0,
      0 },
    { "a rule for another origin",
      HEAD RULE("**", "origin = [\"artifact\"]\nrequire = [\"digest\"]"),
      NPM,
      { HELD_(DIGEST) },
      UNPROVEN,
      DEPENDENCIES,
      BULLA_E_MISSING_FILE,
      1,
      0 },
    { "the name of a rule",
      HEAD RULE("**", "name = \"all of it\"\nrequire = [\"digest\"]"),
      NPM,
      { HELD_(DIGEST) },
      ALLOWED,
      "all of it",
      BULLA_OK,
      0,
      0 },

    /* Roles. */
    { "signed by the role",
      HEAD RULE("**", "require = [\"signature:release\"]"),
      FILE_,
      { SIGNED("release") },
      ALLOWED,
      "rule 1",
      BULLA_OK,
      0,
      0 },
    { "signed by another role",
      HEAD RULE("**", "require = [\"signature:release\"]"),
      FILE_,
      { SIGNED("review") },
      UNPROVEN,
      "rule 1",
      BULLA_E_THRESHOLD,
      1,
      0 },
    { "signed by no role, with a key given by hand",
      HEAD RULE("**", "require = [\"signature:release\"]"),
      FILE_,
      { HELD_(SIGNATURE) },
      UNPROVEN,
      "rule 1",
      BULLA_E_THRESHOLD,
      1,
      0 },
    { "a role whose name goes on",
      HEAD RULE("**", "require = [\"signature:rel\"]"),
      FILE_,
      { SIGNED("release") },
      UNPROVEN,
      "rule 1",
      BULLA_E_THRESHOLD,
      1,
      0 },
    { "a role that is wrong beside the one that is right",
      HEAD RULE("**", "require = [\"signature:release\"]"),
      FILE_,
      { SIGNED("release"),
        { BULLA_PROOF_SIGNATURE, BULLA_BROKEN, "review", BULLA_E_BAD_SIGNATURE } },
      DENIED,
      NOTHING,
      BULLA_E_BAD_SIGNATURE,
      1,
      0 },
    { "the finding of its own role",
      HEAD RULE("**", "require = [\"signature:release\"]"),
      FILE_,
      { { BULLA_PROOF_SIGNATURE, BULLA_ABSENT, "review", BULLA_E_UNTRUSTED_KEY },
        { BULLA_PROOF_SIGNATURE, BULLA_ABSENT, "release", BULLA_E_THRESHOLD } },
      UNPROVEN,
      "rule 1",
      BULLA_E_THRESHOLD,
      1,
      0 },
    { "the finding of no role",
      HEAD RULE("**", "require = [\"signature:release\"]"),
      FILE_,
      { NOT(SIGNATURE, ABSENT, MISSING_FILE) },
      UNPROVEN,
      "rule 1",
      BULLA_E_MISSING_FILE,
      1,
      0 },
    { "undecided says more than absent",
      HEAD RULE("**", "require = [\"signature\"]"),
      FILE_,
      { MISSING(SIGNATURE), NOT(SIGNATURE, UNDECIDED, UNREADABLE) },
      BULLA_UNPROVEN,
      BULLA_EXIT_IO,
      "rule 1",
      BULLA_E_UNREADABLE,
      1,
      0 },

/* Alternatives. */
#define EITHER "any = [\"signature:release\", [\"digest\", \"archive-chain\"]]"
    { "the first alternative",
      HEAD RULE("**", EITHER),
      NPM,
      { SIGNED("release") },
      ALLOWED,
      "rule 1",
      BULLA_OK,
      0,
      0 },
    { "the second alternative",
      HEAD RULE("**", EITHER),
      NPM,
      { HELD_(DIGEST), HELD_(ARCHIVE_CHAIN) },
      ALLOWED,
      "rule 1",
      BULLA_OK,
      0,
      0 },
    { "half of an alternative",
      HEAD RULE("**", EITHER),
      NPM,
      { HELD_(DIGEST) },
      UNPROVEN,
      "rule 1",
      BULLA_E_THRESHOLD,
      2,
      0 },
    { "half of one and half of the other",
      HEAD RULE("**", EITHER),
      NPM,
      { HELD_(ARCHIVE_CHAIN), SIGNED("review") },
      UNPROVEN,
      "rule 1",
      BULLA_E_THRESHOLD,
      2,
      0 },
    { "an alternative does not outvote what is broken",
      HEAD RULE("**", EITHER),
      NPM,
      { SIGNED("release"), WRONG },
      DENIED,
      NOTHING,
      BULLA_E_HASH_MISMATCH,
      1,
      0 },
    { "an alternative beside what is required",
      HEAD RULE("**", "require = [\"contents\"]\n" EITHER),
      NPM,
      { SIGNED("release") },
      UNPROVEN,
      "rule 1",
      BULLA_E_MISSING_FILE,
      1,
      0 },

/* Warnings. */
#define WARN "action = \"warn\"\n"
    { "a warning takes no check away",
      HEAD RULE("**", WARN "require = [\"signature\"]"),
      NPM,
      { HELD_(DIGEST), HELD_(CONTENTS) },
      ALLOWED,
      DEPENDENCIES,
      BULLA_OK,
      0,
      1 },
    { "a warning in place of all checks",
      HEAD RULE("**", WARN "require = [\"signature\"]"),
      NPM,
      { { 0 } },
      UNPROVEN,
      DEPENDENCIES,
      BULLA_E_MISSING_FILE,
      2,
      1 },
    { "a warning does not allow what it asks for",
      HEAD RULE("**", WARN "require = [\"digest\"]"),
      NPM,
      { HELD_(CONTENTS) },
      UNPROVEN,
      DEPENDENCIES,
      BULLA_E_MISSING_FILE,
      1,
      1 },
    { "a warning that has what it wants",
      HEAD RULE("**", WARN "require = [\"digest\"]"),
      NPM,
      { HELD_(DIGEST), HELD_(CONTENTS) },
      ALLOWED,
      DEPENDENCIES,
      BULLA_OK,
      0,
      0 },
    { "a warning beside a rule",
      HEAD RULE("**", WARN "require = [\"signature\"]") RULE("**", "require = [\"digest\"]"),
      NPM,
      { HELD_(DIGEST) },
      ALLOWED,
      "rule 2",
      BULLA_OK,
      0,
      1 },
    { "what is broken is never only warned of",
      HEAD RULE("**", WARN "require = [\"signature\"]"),
      NPM,
      { HELD_(DIGEST), HELD_(CONTENTS), NOT(SIGNATURE, BROKEN, BAD_SIGNATURE) },
      DENIED,
      NOTHING,
      BULLA_E_BAD_SIGNATURE,
      1,
      0 },
    { "a warning of what cannot be read",
      HEAD RULE("**", WARN "require = [\"signature\"]"),
      NPM,
      { HELD_(DIGEST), HELD_(CONTENTS), NOT(SIGNATURE, UNDECIDED, UNREADABLE) },
      ALLOWED,
      DEPENDENCIES,
      BULLA_OK,
      0,
      1 },
};

static bulla_finding finding_of(bulla_code code)
{
    return (bulla_finding){ .code = code,
                            .exit = bulla_code_exit(code),
                            .offset = UINT64_MAX,
                            .file = "",
                            .expected = "",
                            .got = "",
                            .text = code == BULLA_OK ? "" : bulla_code_name(code) };
}

static size_t facts_of(const seen *from, bulla_fact *out)
{
    size_t count = 0;
    for (; count < 4 && from[count].proof != BULLA_PROOF_NONE; count++)
        out[count] = (bulla_fact){ .proof = from[count].proof,
                                   .outcome = from[count].outcome,
                                   .role = from[count].role,
                                   .finding = finding_of(from[count].code) };
    return count;
}

static bu_policy *policy_of(const char *text)
{
    bulla_error err = { 0 };
    bu_policy *policy = NULL;
    if (text == NULL)
        unit_ok(bu_policy_builtin(&policy, &err), err);
    else
        unit_ok(bu_policy_parse(bu_bytes_of(text), "bulla.policy.toml", &policy, &err), err);
    return policy;
}

START_TEST(verdicts)
{
    bulla_error err = { 0 };
    BU_AUTO(bu_policy) policy = policy_of(cases[_i].policy);
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bulla_fact facts[4];
    bulla_component component = { .purl = cases[_i].purl,
                                  .origin = cases[_i].origin,
                                  .scope = cases[_i].scope };
    bulla_judgement judgement = { .component = &component,
                                  .facts = facts,
                                  .fact_count = facts_of(cases[_i].facts, facts) };
    unit_ok(bu_policy_judge(policy, &judgement, arena, &err), err);
    const char *what = cases[_i].what;
    ck_assert_msg(judgement.verdict == cases[_i].verdict, "%s: verdict %d", what,
                  (int)judgement.verdict);
    ck_assert_msg(judgement.exit == cases[_i].exit, "%s: exit %d", what, (int)judgement.exit);
    ck_assert_msg(strcmp(judgement.rule, cases[_i].rule) == 0, "%s: %s", what, judgement.rule);
    ck_assert_msg(judgement.reason_count == cases[_i].reasons, "%s: %zu reasons", what,
                  judgement.reason_count);
    ck_assert_msg(judgement.warning_count == cases[_i].warnings, "%s: %zu warnings", what,
                  judgement.warning_count);
    if (judgement.reason_count > 0) {
        ck_assert_msg(judgement.reasons[0].code == cases[_i].reason, "%s: %s", what,
                      bulla_code_name(judgement.reasons[0].code));
        ck_assert_str_ne(judgement.reasons[0].text, "");
    }
}
END_TEST

/* A reason says where: its own place, or else that of the component in its lockfile. */
START_TEST(reasons_have_a_place)
{
    bulla_error err = { 0 };
    BU_AUTO(bu_policy) policy = policy_of(NULL);
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bulla_fact facts[] = {
        { .proof = BULLA_PROOF_DIGEST, .finding = finding_of(BULLA_E_MISSING_FILE) },
        { .proof = BULLA_PROOF_CONTENTS, .finding = finding_of(BULLA_E_BAD_HEADER) },
    };
    facts[1].finding.file = "x-1.tgz";
    facts[1].finding.offset = 512;
    bulla_component component = { .purl = "pkg:npm/x@1",
                                  .origin = BULLA_ORIGIN_REGISTRY,
                                  .lockfile = "a\x1b[2J/package-lock.json",
                                  .line = 14,
                                  .column = 7 };
    bulla_judgement judgement = { .component = &component, .facts = facts, .fact_count = 2 };
    unit_ok(bu_policy_judge(policy, &judgement, arena, &err), err);
    ck_assert_uint_eq(judgement.reason_count, 2);
    ck_assert_str_eq(judgement.reasons[0].file, "a\\x1B[2J/package-lock.json");
    ck_assert_uint_eq(judgement.reasons[0].line, 14);
    ck_assert_uint_eq(judgement.reasons[0].column, 7);
    ck_assert_uint_eq(judgement.reasons[0].offset, UINT64_MAX);
    ck_assert_str_eq(judgement.reasons[1].file, "x-1.tgz");
    ck_assert_uint_eq(judgement.reasons[1].line, 0);
    ck_assert_uint_eq(judgement.reasons[1].offset, 512);
}
END_TEST

/* Whoever reads "unproven" sees what would have done. */
START_TEST(reasons_name_the_alternatives)
{
    bulla_error err = { 0 };
    BU_AUTO(bu_policy) policy = policy_of(HEAD RULE("**", EITHER));
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bulla_component component = { .purl = "pkg:npm/x@1", .origin = BULLA_ORIGIN_REGISTRY };
    bulla_judgement judgement = { .component = &component };
    unit_ok(bu_policy_judge(policy, &judgement, arena, &err), err);
    ck_assert_uint_eq(judgement.reason_count, 3);
    for (size_t i = 0; i < 3; i++)
        ck_assert_str_eq(judgement.reasons[i].expected,
                         "signature:release, or digest and archive-chain");
    ck_assert_str_eq(judgement.reasons[0].text, "no proof that enough people of a role signed it");
}
END_TEST

/* The built-in policy leaves no kind of component without a demand. */
START_TEST(nothing_is_allowed_without_facts)
{
    static const char *const purls[] = { "pkg:npm/x@1", "pkg:npm/%40s/x@1", "pkg:deb/debian/x@1",
                                         "pkg:generic/x", "pkg:a/b/c/d@1?q=r#s" };
    BU_AUTO(bu_policy) policy = policy_of(NULL);
    BU_AUTO(bu_arena) arena = bu_arena_new();
    for (size_t p = 0; p < sizeof purls / sizeof purls[0]; p++) {
        for (int o = BULLA_ORIGIN_UNKNOWN; o <= BULLA_ORIGIN_ARTIFACT; o++) {
            bulla_error err = { 0 };
            bulla_component component = { .purl = purls[p], .origin = (bulla_origin)o };
            bulla_judgement judgement = { .component = &component };
            unit_ok(bu_policy_judge(policy, &judgement, arena, &err), err);
            ck_assert_msg(judgement.verdict == BULLA_UNPROVEN, "%s %d", purls[p], o);
            ck_assert_int_eq(judgement.exit, BULLA_EXIT_UNPROVEN);
        }
    }
}
END_TEST

static const struct {
    const char *policy, *purl;
    bulla_origin origin;
    bulla_scope scope;
    const char *want;
} needs_cases[] = {
    { NULL, NPM, "digest contents " },
    { NULL, DEB, "archive-chain " },
    { NULL, FILE_, "signature " },
    { HEAD RULE("**", "require = [\"digest\"]"), NPM, "digest " },
    { HEAD RULE("**", EITHER), NPM, "digest signature archive-chain " },
    { HEAD RULE("**", WARN "require = [\"signature\"]"), NPM, "digest contents signature " },
    { HEAD RULE("**", "scope = [\"dev\"]\nrequire = [\"signature\"]"), NPM, "digest contents " },
};

/* A policy that wants digests alone must not make anybody open archives. */
START_TEST(needs_are_what_the_rules_mention)
{
    BU_AUTO(bu_policy) policy = policy_of(needs_cases[_i].policy);
    bulla_component component = { .purl = needs_cases[_i].purl,
                                  .origin = needs_cases[_i].origin,
                                  .scope = needs_cases[_i].scope };
    bu_needs needs = bu_policy_needs(policy, &component);
    char got[128] = "";
    static const char *const names[] = { "none",          "digest", "contents",     "signature",
                                         "archive-chain", "local",  "not-installed" };
    for (size_t i = 0; i < BULLA_PROOF_COUNT; i++) {
        if (needs.proofs[i])
            (void)snprintf(got + strlen(got), sizeof got - strlen(got), "%s ", names[i]);
    }
    ck_assert_str_eq(got, needs_cases[_i].want);
}
END_TEST

START_TEST(no_memory_never_allows)
{
    BU_AUTO(bu_policy)
    policy = policy_of(HEAD RULE("**", EITHER) RULE("**", "require = [\"contents\"]"));
    bulla_component component = { .purl = "pkg:npm/x@1", .lockfile = "package-lock.json" };
    for (size_t n = 0;; n++) {
        bulla_error err = { 0 };
        BU_AUTO(bu_arena) arena = bu_arena_new();
        bulla_judgement judgement = { .component = &component, .verdict = BULLA_ALLOWED };
        alloc_fail_at(n);
        bulla_status status = bu_policy_judge(policy, &judgement, arena, &err);
        if (!alloc_fail_off()) {
            unit_ok(status, err);
            ck_assert_int_eq(judgement.verdict, BULLA_UNPROVEN);
            ck_assert_uint_gt(n, 0);
            break;
        }
        unit_fails(status, BULLA_E_NO_MEMORY, err);
        ck_assert_int_eq(judgement.verdict, BULLA_DENIED);
        ck_assert_int_eq(judgement.exit, BULLA_EXIT_INTERNAL);
    }
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, verdicts, 0, sizeof cases / sizeof cases[0]);
    tcase_add_test(tc, reasons_have_a_place);
    tcase_add_test(tc, reasons_name_the_alternatives);
    tcase_add_test(tc, nothing_is_allowed_without_facts);
    tcase_add_loop_test(tc, needs_are_what_the_rules_mention, 0,
                        sizeof needs_cases / sizeof needs_cases[0]);
    tcase_add_test(tc, no_memory_never_allows);
}

int main(void)
{
    return unit_run("policy: judge", add);
}
