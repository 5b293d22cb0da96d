/* SPDX-License-Identifier: MIT */
/*
 * What is odd in a policy: whoever writes a rule that never applies, or a
 * gate that never opens, hears of it before it is relied on.
 */
#include "suite.h"

#include "alloc_fail.h"
#include "policy/explain.h"
#include "trust/trust_toml.h"

#define HEAD         "schema = \"bulla.policy/1\"\n"
#define RULE(fields) "[[rule]]\n" fields "\n"
#define GATE(fields) "[[gate]]\nname = \"g\"\n" fields "\n"
#define OF_PROD      "environment = \"prod\"\nmatch = \"*.tgz\"\n"

/* ann and bot (hers) and rob review; ann and al approve; al may only do so with statements of type release. */
static const char people[] =
    "schema = \"bulla.trust/1\"\n"
    "[[person]]\nid = \"ann\"\n[[person]]\nid = \"al\"\n[[person]]\nid = \"rob\"\n"
    "[[service]]\nid = \"bot\"\ncontroller = \"ann\"\n"
    "[[role]]\nname = \"reviewer\"\npeople = [\"ann\", \"bot\", \"rob\"]\nthreshold = 2\nmatch = "
    "[\"*\"]\n"
    "[[role]]\nname = \"approver\"\npeople = [\"ann\", \"al\"]\nthreshold = 1\nmatch = [\"*\"]\n"
    "[[role]]\nname = \"releaser\"\npeople = [\"al\"]\nthreshold = 1\nmatch = [\"*\"]\n"
    "predicates = [\"release\"]\n";

static const struct {
    const char *what, *policy, *want; /* words of each line, parted by | */
} cases[] = {
    { "nothing odd", HEAD RULE("match = \"pkg:npm/**\"\nrequire = [\"digest\"]"), "" },
    { "all is excepted",
      HEAD RULE("match = [\"pkg:npm/a@*\", \"pkg:npm/b@1\"]\nexcept = \"pkg:npm/**\"\nrequire = "
                "[\"digest\"]"),
      "2: error: it never applies" },
    { "one pattern is left",
      HEAD RULE("match = [\"pkg:npm/a@*\", \"pkg:pypi/b@1\"]\n"
                "except = \"pkg:npm/**\"\nrequire = [\"digest\"]"),
      "" },
    { "the very pattern is excepted",
      HEAD RULE("match = \"pkg:npm/*-x@1\"\nexcept = \"pkg:npm/*-x@1\"\nrequire = [\"digest\"]"),
      "2: error: it never applies" },
    { "an exception for something else",
      HEAD RULE("match = \"pkg:npm/**\"\nexcept = \"pkg:pypi/x@*\"\nrequire = [\"digest\"]"),
      "2: warning: excepts nothing" },
    { "a type that is none", HEAD RULE("match = \"pkg:npn/**\"\nrequire = [\"digest\"]"),
      "2: warning: no package of type npn" },
    { "a name in another case", HEAD RULE("match = \"pkg:pypi/Django@*\"\nrequire = [\"digest\"]"),
      "2: error: it is written \"pkg:pypi/django@\"" },
    { "an exception that is encoded otherwise",
      HEAD RULE("match = \"pkg:npm/**\"\nexcept = \"pkg:npm/%2dx@1\"\nrequire = [\"digest\"]"),
      "2: error: it is written \"pkg:npm/-x@1\"" },
    { "a name without a version", HEAD RULE("match = \"pkg:npm/x\"\nrequire = [\"digest\"]"),
      "2: warning: write \"pkg:npm/x@*\"" },
    { "a scope, a namespace, a version",
      HEAD RULE("match = [\"pkg:npm/%40ours/**\", \"pkg:deb/debian/a?b@*\", \"pkg:npm/x@1\"]\n"
                "require = [\"digest\"]"),
      "" },
    { "a type that is not written out", HEAD RULE("match = \"pkg:np*/**\"\nrequire = [\"digest\"]"),
      "" },
    { "a name twice",
      HEAD RULE("name = \"a\"\nmatch = \"pkg:npm/**\"\nrequire = [\"digest\"]")
          RULE("name = \"a\"\nmatch = \"pkg:pypi/**\"\nrequire = [\"digest\"]"),
      "6: warning: the same name" },
    { "a role that the store lacks",
      HEAD RULE("match = \"**\"\nany = [\"digest\", [\"contents\", \"signature:rleaser\"]]"),
      "2: error: no role rleaser" },
    { "a role that may not sign that",
      HEAD RULE("match = \"**\"\nrequire = [\"approval:releaser\"]"),
      "2: error: may not sign statements of type approval" },
    { "an environment that the store lacks",
      HEAD RULE("match = \"**\"\nenvironment = \"production\"\nrequire = [\"digest\"]"),
      "2: error: no environment production" },
    { "a gate with its people",
      HEAD GATE(OF_PROD "need = [{ type = \"review\", role = \"reviewer\", count = 2 }]"), "" },
    { "a person and her service are one",
      HEAD GATE(OF_PROD "need = [{ type = \"review\", role = \"reviewer\", count = 3 }]"),
      "2: error: it can never open" },
    { "people who exclude themselves",
      HEAD GATE(OF_PROD "need = [{ type = \"review\", role = \"reviewer\", count = 2 },\n"
                        "{ type = \"approval\", role = \"approver\", count = 2 }]"),
      "2: error: it can never open" },
    { "fewer than the role asks for",
      HEAD GATE(OF_PROD "need = [{ type = \"review\", role = \"reviewer\" },\n"
                        "{ type = \"approval\", role = \"approver\" }]"),
      "2: warning: the role itself asks for 2" },
    { "one person opens prod",
      HEAD GATE(OF_PROD "need = [{ type = \"approval\", role = \"approver\" }]"),
      "2: error: one person opens it alone" },
    { "one person may open prod",
      HEAD GATE(OF_PROD
                "distinct = \"none\"\nneed = [{ type = \"approval\", role = \"approver\" },\n"
                "{ type = \"release\", role = \"releaser\" }]"),
      "2: warning: one person may be counted" },
    { "everything goes to prod",
      HEAD GATE("environment = \"prod\"\nmatch = [\"*.tgz\", \"pkg:**\"]\n"
                "need = [{ type = \"approval\", role = \"approver\", count = 2 }]"),
      "2: warning: \"pkg:**\" lets every artifact" },
    { "a gate of no environment",
      HEAD GATE("match = \"*\"\nneed = [{ type = \"approval\", role = \"approver\", count = 2 }]"),
      "2: warning: it is of no environment" },
    { "a role that is held apart and that the store lacks",
      HEAD GATE("environment = \"prod\"\nmatch = \"*.tgz\"\n"
                "distinct = [[\"aprover\", \"approver\"]]\n"
                "need = [{ type = \"approval\", role = \"approver\", count = 2 }]"),
      "2: error: no role aprover" },
    { "a role of a gate that the store lacks",
      HEAD GATE(OF_PROD "need = [{ type = \"approval\", role = \"nobody\", count = 2 }]"),
      "2: error: no role nobody" },
};

static bulla_trust *store(void)
{
    bulla_error err = { 0 };
    bulla_trust *trust = NULL;
    unit_ok(bu_store_new(&trust, &err), err);
    unit_ok(bu_trust_toml_read(bu_bytes_of(people), trust, &err), err);
    return trust;
}

/* "2: error: words" → the line has its beginning and its words. */
static void check_line(const char *what, const char *got, const char *want)
{
    const char *words = strchr(strchr(want, ' ') + 1, ' ') + 1;
    BU_FREE char *start = strndup(want, (size_t)(words - want - 1));
    ck_assert_msg(strstr(got, start) != NULL && strstr(got, words) != NULL,
                  "%s:\n  got  %s  want %s\n", what, got, want);
}

static size_t count_of(const char *text, const char *words)
{
    size_t count = 0;
    for (const char *at = strstr(text, words); at != NULL; at = strstr(at + 1, words))
        count++;
    return count;
}

START_TEST(odd_things_are_said)
{
    bulla_error err = { 0 };
    BU_AUTO(bu_policy) policy = NULL;
    BU_AUTO(bulla_trust) trust = store();
    BU_CLEAR(bu_buf) got = { 0 };
    bu_lint_counts counts;
    unit_ok(bu_policy_parse(bu_bytes_of(cases[_i].policy), "p.toml", &policy, &err), err);
    unit_ok(bu_policy_lint(policy, trust, &got, &counts, &err), err);
    bu_buf_add_byte(&got, '\0');
    const char *text = (const char *)got.ptr;
    size_t lines = count_of(text, "\n") - count_of(text, ": note: ");
    size_t wanted = cases[_i].want[0] != '\0';
    ck_assert_msg(lines == wanted && counts.errors + counts.warnings == wanted, "%s:\n%s",
                  cases[_i].what, text);
    if (wanted > 0)
        check_line(cases[_i].what, text, cases[_i].want);
}
END_TEST

static const struct {
    const char *what, *policy;
    size_t notes;
} noted[] = {
    { "a gate of production that counts approvers",
      HEAD GATE(OF_PROD "need = [{ type = \"approval\", role = \"approver\", count = 2 }]"), 1 },
    { "one that asks for authors",
      HEAD GATE(OF_PROD "need = [{ type = \"approval\", role = \"approver\" },\n"
                        "{ type = \"authorship\", role = \"reviewer\" }]"),
      0 },
    { "one that counts nobody whom authors are kept apart from",
      HEAD GATE(OF_PROD "need = [{ type = \"release\", role = \"releaser\", count = 2 }]"), 0 },
    { "one that is not of production",
      HEAD GATE("environment = \"staging\"\nmatch = \"*\"\n"
                "need = [{ type = \"approval\", role = \"approver\", count = 2 }]"),
      0 },
};

/* What authors could do is told, and fails nothing. */
START_TEST(gates_that_ask_for_no_authors_are_noted)
{
    bulla_error err = { 0 };
    BU_AUTO(bu_policy) policy = NULL;
    BU_AUTO(bulla_trust) trust = store();
    BU_CLEAR(bu_buf) got = { 0 };
    bu_lint_counts counts;
    unit_ok(bu_policy_parse(bu_bytes_of(noted[_i].policy), "p.toml", &policy, &err), err);
    unit_ok(bu_policy_lint(policy, trust, &got, &counts, &err), err);
    bu_buf_add_byte(&got, '\0');
    const char *text = (const char *)got.ptr;
    ck_assert_msg(count_of(text, ": note: gate \"g\": it does not ask who wrote it") ==
                      noted[_i].notes,
                  "%s:\n%s", noted[_i].what, text);
    ck_assert_uint_eq(count_of(text, "\n"), noted[_i].notes + counts.errors + counts.warnings);
}
END_TEST

/* Without a store, nothing is said about people. */
START_TEST(a_policy_alone)
{
    bulla_error err = { 0 };
    BU_AUTO(bu_policy) policy = NULL;
    BU_CLEAR(bu_buf) got = { 0 };
    bu_lint_counts counts;
    unit_ok(
        bu_policy_parse(BULLA_LIT(HEAD GATE(
                            OF_PROD "need = [{ type = \"approval\", role = \"x\", count = 9 }]")),
                        "p.toml", &policy, &err),
        err);
    unit_ok(bu_policy_lint(policy, NULL, &got, &counts, &err), err);
    ck_assert_uint_eq(counts.errors + counts.warnings, 0);
}
END_TEST

/* The same policy, the same text; the built-in one is explained where there is no other. */
START_TEST(the_built_in_policy_is_explained)
{
    bulla_error err = { 0 };
    BU_AUTO(bu_policy) policy = NULL;
    BU_CLEAR(bu_buf) first = { 0 };
    BU_CLEAR(bu_buf) second = { 0 };
    unit_ok(bu_policy_builtin(&policy, &err), err);
    unit_ok(bu_policy_explain(policy, &first, &err), err);
    unit_ok(bu_policy_explain(policy, &second, &err), err);
    ck_assert(bu_bytes_equal(bu_buf_bytes(&first), bu_buf_bytes(&second)));
    ck_assert(bu_bytes_has(
        bu_buf_bytes(&first),
        "Rule \"built-in: artifacts\" is about packages that match **; of origin artifact.\n"
        "  Each needs proof of all of:\n"
        "  - enough people of a role signed it (signature)\n"));
}
END_TEST

START_TEST(no_memory)
{
    bulla_error err = { 0 };
    BU_AUTO(bu_policy) policy = NULL;
    BU_AUTO(bulla_trust) trust = store();
    unit_ok(bu_policy_parse(bu_bytes_of(cases[13].policy), "p.toml", &policy, &err), err);
    for (size_t n = 0;; n++) {
        BU_CLEAR(bu_buf) text = { 0 };
        bu_lint_counts counts;
        alloc_fail_at(n);
        bulla_status status = bu_policy_lint(policy, trust, &text, &counts, &err);
        if (bulla_ok(status))
            status = bu_policy_explain(policy, &text, &err);
        if (!alloc_fail_off()) {
            unit_ok(status, err);
            ck_assert_uint_gt(n, 1);
            break;
        }
        unit_fails(status, BULLA_E_NO_MEMORY, err);
    }
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, odd_things_are_said, 0, sizeof cases / sizeof cases[0]);
    tcase_add_loop_test(tc, gates_that_ask_for_no_authors_are_noted, 0,
                        sizeof noted / sizeof noted[0]);
    tcase_add_test(tc, a_policy_alone);
    tcase_add_test(tc, the_built_in_policy_is_explained);
    tcase_add_test(tc, no_memory);
}

int main(void)
{
    return unit_run("policy: lint", add);
}
