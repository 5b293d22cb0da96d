/* SPDX-License-Identifier: MIT */
/*
 * What is allowed, and what is said when it is not: facts x rules → verdict,
 * exit, deciding rule, reasons. The attack in most cases: something that is
 * not proved, or is wrong, must not get through because of another rule.
 */
#include "suite.h"

#include "alloc_fail.h"
#include "base/buf.h"
#include "policy/gate.h"

#define HEAD              "schema = \"bulla.policy/1\"\n"
#define RULE(match, rest) "[[rule]]\nmatch = \"" match "\"\n" rest "\n"
#define EITHER            "any = [\"signature:release\", [\"digest\", \"archive-chain\"]]"
#define WARN              "action = \"warn\"\n"

static const bu_basis basis = { .now = 1000000, .environment = "prod" };

static const bulla_component
    npm = { .purl = "pkg:npm/x@1", .origin = BULLA_ORIGIN_REGISTRY },
    dev = { .purl = "pkg:npm/x@1", .origin = BULLA_ORIGIN_REGISTRY, .scope = BULLA_SCOPE_DEV },
    scoped = { .purl = "pkg:npm/%40s/x@1", .origin = BULLA_ORIGIN_REGISTRY },
    local = { .purl = "pkg:npm/x@1", .origin = BULLA_ORIGIN_LOCAL },
    artifact = { .purl = "pkg:generic/app", .origin = BULLA_ORIGIN_ARTIFACT },
    deb = { .purl = "pkg:deb/debian/x@1?arch=amd64", .origin = BULLA_ORIGIN_UNKNOWN },
    installed = { .purl = "pkg:deb/debian/x@1", .origin = BULLA_ORIGIN_SYSTEM },
    debian_lookalike = { .purl = "pkg:debian/x@1", .origin = BULLA_ORIGIN_REGISTRY },
    no_origin = { .purl = "pkg:npm/x@1", .origin = (bulla_origin)77 },
    no_scope = { .purl = "pkg:npm/x@1", .scope = (bulla_scope)77 };

/*
 * Facts: proof[/role][~type][@days ago][^source][=outcome:code]; held when there is no outcome.
 * Wanted: verdict exit [rule] reasons | warnings.
 */
static const struct {
    const char *what, *policy; /* policy NULL: the built-in one */
    const bulla_component *component;
    const char *facts, *want;
} cases[] = {
    /* The built-in policy. */
    { "both proofs of a dependency", NULL, &npm, "digest contents",
      "allowed 0 [built-in: dependencies]" },
    { "no facts at all", NULL, &npm, "",
      "unproven 3 [built-in: dependencies] missing-file missing-file" },
    { "a digest alone", NULL, &npm, "digest", "unproven 3 [built-in: dependencies] missing-file" },
    { "one missing archive is one reason", NULL, &npm,
      "digest=absent:missing-file contents=absent:missing-file",
      "unproven 3 [built-in: dependencies] missing-file" },
    { "other bytes", NULL, &npm, "digest=broken:hash-mismatch contents=undecided:unreadable",
      "denied 1 [built-in: dependencies] hash-mismatch" },
    { "a hostile archive with the pinned digest", NULL, &npm,
      "digest contents=broken:path-traversal", "denied 6 [built-in: dependencies] path-traversal" },
    { "hostile and other bytes", NULL, &npm,
      "digest=broken:hash-mismatch contents=broken:path-traversal",
      "denied 6 [built-in: dependencies] hash-mismatch path-traversal" },
    { "an archive that cannot be read", NULL, &npm,
      "digest=undecided:unreadable contents=undecided:unreadable",
      "unproven 7 [built-in: dependencies] unreadable" },
    { "a SHA-1 pin proves nothing", NULL, &npm, "digest=absent:weak-hash contents",
      "unproven 3 [built-in: dependencies] weak-hash" },
    { "a signature is no digest", NULL, &npm, "signature/release contents",
      "unproven 3 [built-in: dependencies] missing-file" },
    { "a code of the class denied that is only missing", NULL, &npm,
      "digest=absent:insecure-source contents",
      "unproven 3 [built-in: dependencies] insecure-source" },
    { "a code of the class unproven that is broken", NULL, &npm,
      "digest=broken:missing-hash contents", "denied 1 [built-in: dependencies] missing-hash" },
    { "broken without a finding", NULL, &npm, "digest=broken contents",
      "denied 1 [built-in: dependencies] missing-file" },
    { "an outcome that is none", NULL, &npm, "digest=garbage contents",
      "unproven 3 [built-in: dependencies] missing-file" },
    { "a digest that is held here and broken there", NULL, &npm,
      "digest contents digest=broken:hash-mismatch",
      "denied 1 [built-in: nothing broken] hash-mismatch" },
    { "a broken signature that nobody asked for", NULL, &npm,
      "digest contents signature=broken:bad-signature",
      "denied 1 [built-in: nothing broken] bad-signature" },
    { "a folder of the project", NULL, &local, "local", "allowed 0 [built-in: dependencies]" },
    { "a folder that is not seen to be one", NULL, &local, "local=absent:missing-file",
      "unproven 3 [built-in: dependencies] missing-file missing-file" },
    { "optional and not installed", NULL, &npm, "not-installed",
      "allowed 0 [built-in: dependencies]" },
    { "not installed, and yet other bytes", NULL, &npm, "not-installed digest=broken:hash-mismatch",
      "denied 1 [built-in: nothing broken] hash-mismatch" },
    { "a signed artifact", NULL, &artifact, "signature/release",
      "allowed 0 [built-in: artifacts]" },
    { "an artifact without a signature", NULL, &artifact, "digest contents",
      "unproven 3 [built-in: artifacts] threshold" },
    { "a wrong signature beside a good one", NULL, &artifact,
      "signature/release signature=broken:bad-signature",
      "denied 1 [built-in: nothing broken] bad-signature" },
    { "a Debian package in a signed index", NULL, &deb, "archive-chain",
      "allowed 0 [built-in: Debian packages]" },
    { "a Debian package with a digest alone", NULL, &deb, "digest contents",
      "unproven 3 [built-in: Debian packages] missing-file" },
    { "an installed Debian package", NULL, &installed, "archive-chain=absent:missing-file",
      "unproven 3 [built-in: Debian packages] missing-file" },
    { "a type that only begins like Debian's", NULL, &debian_lookalike, "archive-chain",
      "unproven 3 [built-in: dependencies] missing-file missing-file" },
    { "an origin that is none", NULL, &no_origin, "digest contents", "denied 8 [none] internal" },
    { "a scope that is none", NULL, &no_scope, "digest contents", "denied 8 [none] internal" },
    /* Which rules apply. */
    { "a rule in place of the built-in ones", HEAD RULE("pkg:npm/**", "require = [\"digest\"]"),
      &npm, "digest", "allowed 0 [rule 1]" },
    { "no rule is about it", HEAD RULE("pkg:cargo/**", "require = [\"digest\"]"), &npm, "digest",
      "unproven 3 [built-in: dependencies] missing-file" },
    { "no rule is about it, and all is proved",
      HEAD RULE("pkg:cargo/**", "require = [\"signature\"]"), &npm, "digest contents",
      "allowed 0 [built-in: dependencies]" },
    { "all rules have to be satisfied: the second",
      HEAD RULE("**", "require = [\"digest\"]") RULE("**", "require = [\"signature\"]"), &npm,
      "digest", "unproven 3 [rule 2] threshold" },
    { "all rules have to be satisfied: the first",
      HEAD RULE("**", "require = [\"signature\"]") RULE("**", "require = [\"digest\"]"), &npm,
      "digest", "unproven 3 [rule 1] threshold" },
    { "one star does not cross a slash", HEAD RULE("pkg:npm/*", "require = [\"digest\"]"), &scoped,
      "digest", "unproven 3 [built-in: dependencies] missing-file" },
    { "a pattern longer than the name", HEAD RULE("pkg:npm/x@1.0", "require = [\"digest\"]"), &npm,
      "digest", "unproven 3 [built-in: dependencies] missing-file" },
    { "one of several patterns",
      HEAD "[[rule]]\nmatch = [\"pkg:a/**\", \"pkg:npm/x@*\"]\nrequire = [\"digest\"]\n", &npm,
      "digest", "allowed 0 [rule 1]" },
    { "an exception to a pattern",
      HEAD RULE("pkg:npm/**", "except = \"pkg:npm/x@*\"\nrequire = [\"digest\"]"), &npm, "digest",
      "unproven 3 [built-in: dependencies] missing-file" },
    { "a rule for another scope", HEAD RULE("**", "scope = [\"runtime\"]\nrequire = [\"digest\"]"),
      &dev, "digest", "unproven 3 [built-in: dependencies] missing-file" },
    { "a rule for this scope",
      HEAD RULE("**", "scope = [\"build\", \"dev\"]\nrequire = [\"digest\"]"), &dev, "digest",
      "allowed 0 [rule 1]" },
    { "a rule for another origin",
      HEAD RULE("**", "origin = [\"artifact\"]\nrequire = [\"digest\"]"), &npm, "digest",
      "unproven 3 [built-in: dependencies] missing-file" },
    { "the name of a rule", HEAD RULE("**", "name = \"all of it\"\nrequire = [\"digest\"]"), &npm,
      "digest", "allowed 0 [all of it]" },
    /* Roles. */
    { "signed by the role", HEAD RULE("**", "require = [\"signature:release\"]"), &artifact,
      "signature/release", "allowed 0 [rule 1]" },
    { "signed by another role", HEAD RULE("**", "require = [\"signature:release\"]"), &artifact,
      "signature/review", "unproven 3 [rule 1] threshold" },
    { "signed with a key given by hand", HEAD RULE("**", "require = [\"signature:release\"]"),
      &artifact, "signature", "unproven 3 [rule 1] threshold" },
    { "a role whose name goes on", HEAD RULE("**", "require = [\"signature:rel\"]"), &artifact,
      "signature/release", "unproven 3 [rule 1] threshold" },
    { "one role is wrong beside the one that is right",
      HEAD RULE("**", "require = [\"signature:release\"]"), &artifact,
      "signature/release signature/review=broken:bad-signature",
      "denied 1 [built-in: nothing broken] bad-signature" },
    { "the finding of its own role", HEAD RULE("**", "require = [\"signature:release\"]"),
      &artifact, "signature/review=absent:untrusted-key signature/release=absent:missing-field",
      "unproven 6 [rule 1] missing-field" },
    { "the finding of no role", HEAD RULE("**", "require = [\"signature:release\"]"), &artifact,
      "signature=absent:missing-file", "unproven 3 [rule 1] missing-file" },
    { "a key given by hand is no finding about a role",
      HEAD RULE("**", "require = [\"signature:release\"]"), &artifact,
      "signature signature/release=absent:untrusted-key", "unproven 3 [rule 1] untrusted-key" },
    { "undecided says more than absent", HEAD RULE("**", "require = [\"signature\"]"), &artifact,
      "signature=absent:missing-file signature=undecided:unreadable",
      "unproven 7 [rule 1] unreadable" },
    /* Alternatives. */
    { "the first alternative", HEAD RULE("**", EITHER), &npm, "signature/release",
      "allowed 0 [rule 1]" },
    { "the second alternative", HEAD RULE("**", EITHER), &npm, "digest archive-chain",
      "allowed 0 [rule 1]" },
    { "half of an alternative", HEAD RULE("**", EITHER), &npm, "digest",
      "unproven 3 [rule 1] threshold missing-file" },
    { "half of one, and the other by the wrong role", HEAD RULE("**", EITHER), &npm,
      "archive-chain signature/review", "unproven 3 [rule 1] threshold missing-file" },
    { "an alternative does not outvote what is broken", HEAD RULE("**", EITHER), &npm,
      "signature/release digest=broken:hash-mismatch",
      "denied 1 [built-in: nothing broken] hash-mismatch" },
    { "an alternative does not stand for what is required",
      HEAD RULE("**", "require = [\"contents\"]\n" EITHER), &npm, "signature/release",
      "unproven 3 [rule 1] missing-file" },
    /* Warnings. */
    { "a warning takes no check away", HEAD RULE("**", WARN "require = [\"signature\"]"), &npm,
      "digest contents", "allowed 0 [built-in: dependencies] | threshold" },
    { "a warning in place of all checks", HEAD RULE("**", WARN "require = [\"signature\"]"), &npm,
      "", "unproven 3 [built-in: dependencies] missing-file missing-file | threshold" },
    { "a warning does not allow what it asks for", HEAD RULE("**", WARN "require = [\"digest\"]"),
      &npm, "contents", "unproven 3 [built-in: dependencies] missing-file | missing-file" },
    { "a warning that has what it wants", HEAD RULE("**", WARN "require = [\"digest\"]"), &npm,
      "digest contents", "allowed 0 [built-in: dependencies]" },
    { "a warning beside a rule",
      HEAD RULE("**", WARN "require = [\"signature\"]") RULE("**", "require = [\"digest\"]"), &npm,
      "digest", "allowed 0 [rule 2] | threshold" },
    { "what is broken is never only warned of", HEAD RULE("**", WARN "require = [\"signature\"]"),
      &npm, "digest contents signature=broken:bad-signature",
      "denied 1 [built-in: nothing broken] bad-signature" },
    /* Statements by role, sources, ages, environments. */
    { "a review by the role", HEAD RULE("**", "require = [\"review:reviewer\"]"), &npm,
      "signature/reviewer~urn:bulla:review:v1", "allowed 0 [rule 1]" },
    { "a review by its URI", HEAD RULE("**", "require = [\"urn:bulla:review:v1:reviewer\"]"), &npm,
      "signature/reviewer~urn:bulla:review:v1", "allowed 0 [rule 1]" },
    { "an approval is no review", HEAD RULE("**", "require = [\"review:reviewer\"]"), &npm,
      "signature/reviewer~urn:bulla:approval:v1", "unproven 3 [rule 1] threshold" },
    { "a plain signature is no review", HEAD RULE("**", "require = [\"review:reviewer\"]"), &npm,
      "signature/reviewer", "unproven 3 [rule 1] threshold" },
    { "a review by another role", HEAD RULE("**", "require = [\"review:reviewer\"]"), &npm,
      "signature/approver~urn:bulla:review:v1", "unproven 3 [rule 1] threshold" },
    { "a review that is over", HEAD RULE("**", "require = [\"review:reviewer\"]"), &npm,
      "signature/reviewer~urn:bulla:review:v1=absent:expired", "unproven 3 [rule 1] expired" },
    { "an approval that is over is no finding about a review",
      HEAD RULE("**", "require = [\"review:reviewer\"]"), &npm,
      "signature/reviewer~urn:bulla:approval:v1=absent:expired", "unproven 3 [rule 1] threshold" },
    { "provenance by a role", HEAD RULE("**", "require = [\"slsa:builder\"]"), &npm,
      "provenance/builder~https://slsa.dev/provenance/v0.2", "allowed 0 [rule 1]" },
    { "a statement that claims to be provenance", HEAD RULE("**", "require = [\"slsa:builder\"]"),
      &npm, "signature/builder~https://slsa.dev/provenance/v1",
      "unproven 3 [rule 1] missing-file" },
    { "the source", HEAD RULE("**", "require = [\"provenance:https://g.example/*\"]"), &npm,
      "provenance^git+https://g.example/a@refs/tags/v1", "allowed 0 [rule 1]" },
    { "another source", HEAD RULE("**", "require = [\"provenance:https://g.example/*\"]"), &npm,
      "provenance^https://g.example.evil/a", "unproven 3 [rule 1] missing-file" },
    { "a source that is not named", HEAD RULE("**", "require = [\"provenance:**\"]"), &npm,
      "provenance", "unproven 3 [rule 1] missing-file" },
    { "old enough", HEAD RULE("**", "require = [\"age:7d\"]"), &npm, "signature/a@8 signature/b@1",
      "allowed 0 [rule 1]" },
    { "too new", HEAD RULE("**", "require = [\"age:7d\"]"), &npm, "signature/a@6",
      "unproven 3 [rule 1] too-new" },
    { "of no age", HEAD RULE("**", "require = [\"age:7d\"]"), &npm, "signature/a digest",
      "unproven 3 [rule 1] missing-file" },
    { "an age that is not held", HEAD RULE("**", "require = [\"age:7d\"]"), &npm,
      "signature/a@8=absent:threshold", "unproven 3 [rule 1] missing-file" },
    { "a rule for the environment that is asked about",
      HEAD RULE("**", "environment = \"prod\"\nrequire = [\"digest\"]"), &npm, "digest",
      "allowed 0 [rule 1]" },
    { "a rule for another environment",
      HEAD RULE("**", "environment = [\"dev\", \"staging\"]\nrequire = [\"digest\"]"), &npm,
      "digest", "unproven 3 [built-in: dependencies] missing-file" },
    { "a warning of what cannot be read", HEAD RULE("**", WARN "require = [\"signature\"]"), &npm,
      "digest contents signature=undecided:unreadable",
      "allowed 0 [built-in: dependencies] | unreadable" },
};

static bulla_code code_of(const char *name)
{
    for (bulla_code code = BULLA_OK; code <= BULLA_E_INTERNAL; code++) {
        if (strcmp(bulla_code_name(code), name) == 0)
            return code;
    }
    ck_abort_msg("no code %s", name);
}

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

static const struct {
    const char *name;
    bulla_outcome outcome;
} outcomes[] = { { "absent", BULLA_ABSENT },
                 { "undecided", BULLA_UNDECIDED },
                 { "broken", BULLA_BROKEN },
                 { "garbage", (bulla_outcome)1234 } };

static const char *const proofs[] = {
    [BULLA_PROOF_NONE] = "none",
#define BULLA_PROOF(id, name, title) [BULLA_PROOF_##id] = name,
#include "bulla/proofs.def"
#undef BULLA_PROOF
};

/* What stands behind the first mark, which ends the word; NULL when there is none. */
static char *cut(char *word, char mark)
{
    char *at = strchr(word, mark);
    if (at == NULL)
        return NULL;
    *at = '\0';
    return at + 1;
}

/* One word of the little language above; cut up in place. */
static bulla_fact fact_of(char *word)
{
    bulla_fact fact = { .outcome = BULLA_HELD, .finding = finding_of(BULLA_OK) };
    char *source = cut(word, '^');
    char *outcome = cut(source == NULL ? word : source, '='),
         *code = outcome == NULL ? NULL : cut(outcome, ':');
    char *days = cut(word, '@');
    fact.predicate = cut(word, '~');
    fact.role = cut(word, '/');
    if (code != NULL)
        fact.finding = finding_of(code_of(code));
    if (source != NULL) {
        static bulla_build build; /* no case has two */
        build.source = source;
        fact.build = &build;
    }
    fact.has_time = days != NULL;
    if (days != NULL)
        fact.time = basis.now - (int64_t)86400 * atoi(days);
    for (size_t i = 0; outcome != NULL && i < sizeof outcomes / sizeof outcomes[0]; i++) {
        if (strcmp(outcomes[i].name, outcome) == 0)
            fact.outcome = outcomes[i].outcome;
    }
    for (size_t i = 1; i < BULLA_PROOF_COUNT; i++) {
        if (strcmp(proofs[i], word) == 0)
            fact.proof = (bulla_proof)i;
    }
    ck_assert_msg(fact.proof != BULLA_PROOF_NONE, "no proof %s", word);
    return fact;
}

static size_t facts_of(char *text, bulla_fact out[8])
{
    size_t count = 0;
    for (char *rest = NULL, *word = strtok_r(text, " ", &rest); word != NULL;
         word = strtok_r(NULL, " ", &rest))
        out[count++] = fact_of(word);
    return count;
}

static void add_codes(bu_buf *out, const char *before, const bulla_finding *findings, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bu_buf_add_format(out, "%s %s", i == 0 ? before : "", bulla_code_name(findings[i].code));
        ck_assert_str_ne(findings[i].text, "");
    }
}

static const char *verdict_name(bulla_verdict verdict)
{
    return verdict == BULLA_ALLOWED    ? "allowed"
           : verdict == BULLA_UNPROVEN ? "unproven"
           : verdict == BULLA_DENIED   ? "denied"
                                       : "garbage";
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
    bu_policy *policy = policy_of(cases[_i].policy);
    BU_AUTO(bu_arena) arena = bu_arena_new();
    BU_CLEAR(bu_buf) got = { 0 };
    BU_FREE char *text = strdup(cases[_i].facts);
    bulla_fact facts[8];
    bulla_judgement j = { .component = cases[_i].component,
                          .facts = facts,
                          .fact_count = facts_of(text, facts) };
    unit_ok(bu_policy_judge(policy, &basis, &j, arena, &err), err);
    bu_policy_free(policy); /* a result outlives it */
    bu_buf_add_format(&got, "%s %d [%s]", verdict_name(j.verdict), (int)j.exit, j.rule);
    add_codes(&got, "", j.reasons, j.reason_count);
    add_codes(&got, " |", j.warnings, j.warning_count);
    ck_assert_msg(strcmp((const char *)got.ptr, cases[_i].want) == 0, "%s:\n  got  %s\n  want %s",
                  cases[_i].what, (const char *)got.ptr, cases[_i].want);
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
    unit_ok(bu_policy_judge(policy, &basis, &judgement, arena, &err), err);
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
    bu_policy *policy = policy_of(HEAD RULE("**", EITHER));
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bulla_component component = { .purl = "pkg:npm/x@1", .origin = BULLA_ORIGIN_REGISTRY };
    bulla_judgement judgement = { .component = &component };
    unit_ok(bu_policy_judge(policy, &basis, &judgement, arena, &err), err);
    bu_policy_free(policy);
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
            unit_ok(bu_policy_judge(policy, &basis, &judgement, arena, &err), err);
            ck_assert_msg(judgement.verdict == BULLA_UNPROVEN, "%s %d", purls[p], o);
            ck_assert_int_eq(judgement.exit, BULLA_EXIT_UNPROVEN);
        }
    }
}
END_TEST

static const struct {
    const char *policy;
    const bulla_component *component;
    const char *want;
} needs_cases[] = {
    { NULL, &npm, "digest contents " },
    { NULL, &deb, "archive-chain " },
    { NULL, &artifact, "signature " },
    { HEAD RULE("**", "require = [\"digest\"]"), &npm, "digest " },
    { HEAD RULE("**", EITHER), &npm, "digest signature archive-chain " },
    { HEAD RULE("**", WARN "require = [\"signature\"]"), &npm, "digest contents signature " },
    { HEAD RULE("**", "require = [\"age:7d\"]"), &npm,
      "signature registry-signature provenance age " },
    { HEAD RULE("**", "require = [\"review:r\", \"slsa:b\"]"), &npm, "signature provenance " },
    { HEAD RULE("**", "scope = [\"dev\"]\nrequire = [\"signature\"]"), &npm, "digest contents " },
};

/* A policy that wants digests alone must not make anybody open archives. */
START_TEST(needs_are_what_the_rules_mention)
{
    BU_AUTO(bu_policy) policy = policy_of(needs_cases[_i].policy);
    bu_needs needs = bu_policy_needs(policy, &basis, needs_cases[_i].component);
    char got[128] = "";
    for (size_t i = 0; i < BULLA_PROOF_COUNT; i++) {
        if (needs.proofs[i])
            (void)snprintf(got + strlen(got), sizeof got - strlen(got), "%s ", proofs[i]);
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
        bulla_status status = bu_policy_judge(policy, &basis, &judgement, arena, &err);
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
