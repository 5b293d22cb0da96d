/* SPDX-License-Identifier: MIT */
/*
 * Lint: each rule is found where it should be, and not in a store that is
 * fine. What is missed here stays in a store for years.
 */
#include "scene.h"

#include "alloc_fail.h"

#define DATES               "until = 2027-06-01T00:00:00Z\n"
#define GOOD(id, kind, env) KEY(kind, id, DATES "custody = \"token\"\nenvironments = [\"" env "\"]")
#define HUMAN(id)           "[[person]]\nid = \"" id "\"\n" GOOD(id, "person", "prod")
#define SERVANT             "[[service]]\nid = \"ci\"\ncontroller = \"alice\"\n" GOOD("ci", "service", "prod")
#define REVIEW              "review_by = 2027-06-01T00:00:00Z\n"
#define DUTY(name, people)  ROLE(name, people, "1", REVIEW "environments = [\"prod\"]")
#define PEOPLE              STORE HUMAN("alice") HUMAN("bob") HUMAN("carol") SERVANT
#define DUTIES              DUTY("builder", "\"ci\"") DUTY("reviewer", "\"bob\"") DUTY("approver", "\"carol\"")
#define IDENTITY(text)                                                                             \
    "[[person.key]]\nidentity = \"" text "\"\nissuer = \"https://id.example\"\n" DATES             \
    "environments = [\"prod\"]\n"
#define GATES                                                                                      \
    POLICY GATE("release", "environment = \"prod\"") NEED("slsa", "builder", "1")                  \
        NEED("review", "reviewer", "1") NEED("approval", "approver", "1")
/* What nobody proved is found in all stores here: there is no file to pin. */
#define PROOFS "no-proof alice; no-proof bob; no-proof carol; no-proof ci"

static const struct {
    const char *what, *trust, *owners;
    uint32_t threshold;
    const char *policy, *want; /* rule, person, role, gate, detail; parted by "; " */
} cases[] = {
    { "a store that is fine", PEOPLE DUTIES, "o p", 2, GATES, PROOFS },
    { "one owner", PEOPLE DUTIES, "o", 1, GATES, "root-threshold; " PROOFS },
    { "an owner who vouches", PEOPLE DUTIES, "o bob", 2, GATES, "owner-vouches bob; " PROOFS },
    { "a gate that one person completes", PEOPLE DUTIES, "o p", 2,
      POLICY GATE("release", "environment = \"prod\"") NEED("slsa", "builder", "1"),
      "one-suffices alice release; unused-role reviewer; " PROOFS },
    { "the same in another environment", PEOPLE DUTIES, "o p", 2,
      POLICY GATE("release", "environment = \"dev\"") NEED("slsa", "builder", "1"),
      "gate-out-of-reach release; unused-role reviewer; " PROOFS },
    { "who builds may approve",
      PEOPLE DUTY("ci-role", "\"ci\"") DUTY("release", "\"alice\", \"bob\", \"carol\""), "o p", 2,
      POLICY GATE("release", "environment = \"prod\"\ndistinct = \"none\"")
          NEED("slsa", "ci-role", "1") NEED("approval", "release", "1"),
      "one-suffices alice release; not-apart ci-role release release; "
      "any-predicate ci ci-role; any-predicate alice release; any-predicate bob release; "
      "any-predicate carol release; superset-role ci-role release; " PROOFS },
    { "two people", STORE HUMAN("alice") HUMAN("bob") DUTY("reviewer", "\"bob\""), "o p", 2, NULL,
      "too-few-people; no-proof alice; no-proof bob" },
    { "a role whose people have no keys any more",
      STORE HUMAN("alice") HUMAN("bob")
          HUMAN("carol") "[[person]]\nid = \"dave\"\n" DUTY("reviewer", "\"dave\""),
      "o p", 2, NULL,
      "role-out-of-reach reviewer; no-usable-key dave reviewer; no-proof alice; no-proof bob; "
      "no-proof carol" },
    { "everything, in production",
      PEOPLE DUTIES
      "[[role]]\nname = \"auditor\"\npeople = [\"dave\"]\nthreshold = 1\n" REVIEW
      "match = [\"pkg:**\"]\n[[person]]\nid = \"dave\"\n" GOOD("dave", "person", "prod"),
      "o p", 2, GATES,
      "wildcard-in-prod dave auditor pkg:**; no-proof alice; no-proof bob; no-proof carol; "
      "no-proof dave; no-proof ci" },
    { "everything, elsewhere",
      PEOPLE DUTIES "[[role]]\nname = \"auditor\"\npeople = [\"dave\"]\nthreshold = 1\n" REVIEW
                    "environments = [\"dev\"]\nmatch = [\"*\"]\n[[person]]\nid = \"dave\"\n" GOOD(
                        "dave", "person", "dev"),
      "o p", 2, GATES,
      "broad-scope dave auditor *; no-proof alice; no-proof bob; no-proof carol; no-proof "
      "dave; "
      "no-proof ci" },
    { "a key that is a file",
      PEOPLE "[[person]]\nid = \"dave\"\n" KEY("person", "dave", DATES "custody = \"file\"") DUTY(
          "builder", "\"ci\"") DUTY("reviewer", "\"bob\", \"dave\"") DUTY("approver", "\"carol\""),
      "o p", 2, GATES,
      "file-custody-in-prod dave; no-proof alice; no-proof bob; no-proof carol; no-proof dave; "
      "no-proof ci" },
    { "a service with one key for all",
      STORE HUMAN("alice") HUMAN("bob")
          HUMAN("carol") "[[service]]\nid = \"ci\"\ncontroller = \"alice\"\n" KEY(
              "service", "ci", DATES "custody = \"hsm\"\nenvironments = [\"prod\", \"staging\"]")
              ROLE("builder", "\"ci\"", "1", REVIEW "environments = [\"staging\", \"prod\"]")
                  DUTY("reviewer", "\"bob\"") DUTY("approver", "\"carol\""),
      "o p", 2, GATES, "shared-key ci staging; " PROOFS },
    { "a vendor of everything of a kind",
      PEOPLE DUTIES "[[role]]\nname = \"vendor\"\npeople = [\"acme\"]\nthreshold = 1\n" REVIEW
                    "environments = [\"prod\"]\nmatch = [\"pkg:npm/**\"]\n[[vendor]]\n"
                    "id = \"acme\"\n" GOOD("acme", "vendor", "prod"),
      "o p", 2, GATES,
      "vendor-without-scope acme vendor pkg:npm/**; unused-role vendor; " PROOFS
      "; no-proof acme" },
    { "what was not looked at again",
      PEOPLE DUTY("builder", "\"ci\"") DUTY("reviewer", "\"bob\"")
          ROLE("approver", "\"carol\"", "1",
               "environments = [\"prod\"]\nreview_by = 2026-11-01T00:00:00Z"),
      "o p", 2, GATES,
      "gate-out-of-reach release; review-overdue approver 2026-11-01T00:00:00Z; " PROOFS },
    { "what is soon due",
      PEOPLE DUTY("builder", "\"ci\"") DUTY("reviewer", "\"bob\"")
          ROLE("approver", "\"carol\"", "1",
               "environments = [\"prod\"]\nreview_by = 2026-12-01T00:00:00Z"),
      "o p", 2, GATES, "review-due approver 2026-12-01T00:00:00Z; " PROOFS },
    { "nothing is dated, nothing is said",
      STORE PERSON("alice") PERSON("bob") PERSON("carol") ROLE("x", "\"alice\"", "1", ""), "o p", 2,
      NULL,
      "any-predicate alice x; any-environment alice; no-review-date alice x; no-end alice; "
      "no-end bob; no-end carol; custody-unstated alice; no-proof alice; no-proof bob; "
      "no-proof carol" },
    { "old, ending and long-lived keys",
      STORE "[[person]]\nid = \"alice\"\n" KEY(
          "person", "alice",
          "until = 2026-11-01T00:00:00Z") "[[person]]\nid = \"bob\"\n" KEY("person", "bob",
                                                                           "until = "
                                                                           "2026-12-01T00:00:"
                                                                           "00Z") "[[person]]"
                                                                                  "\nid = "
                                                                                  "\"carol\""
                                                                                  "\n" KEY("per"
                                                                                           "so"
                                                                                           "n",
                                                                                           "car"
                                                                                           "ol",
                                                                                           "unt"
                                                                                           "il "
                                                                                           "= "
                                                                                           "202"
                                                                                           "8-"
                                                                                           "01-"
                                                                                           "01T"
                                                                                           "00:"
                                                                                           "00:"
                                                                                           "00"
                                                                                           "Z"),
      "o p", 2, NULL,
      "too-few-people; long-lived carol 2028-01-01T00:00:00Z; key-expired alice "
      "2026-11-01T00:00:00Z; key-expires bob 2026-12-01T00:00:00Z; no-proof alice; no-proof "
      "bob; "
      "no-proof carol" },
    { "identities that anybody can have",
      PEOPLE DUTIES "[[person]]\nid = \"dave\"\n" IDENTITY("**") IDENTITY("https://git.example/**")
          IDENTITY("dave@*.example") IDENTITY("https://git.example/ours/**")
              IDENTITY("*@ours.example"),
      "o p", 2, GATES,
      "any-identity dave **; any-identity dave https://git.example/**; "
      "any-identity dave dave@*.example; " PROOFS },
    { "an exclusion of nobody",
      PEOPLE DUTIES "[[exclusive]]\nroles = [\"builder\", \"aprover\"]\n"
                    "[[exclusive]]\nroles = [\"log-operator\", \"*\"]\n",
      "o p", 2, GATES, "excludes-nobody aprover; " PROOFS },
    { "a service whose person left",
      STORE HUMAN("bob") HUMAN("carol") HUMAN("dave") "[[person]]\nid = \"alice\"\n" KEY(
          "person", "alice", DATES "revoked = { at = 2026-01-01T00:00:00Z, reason = \"left\" }")
          SERVANT DUTIES,
      "o p", 2, GATES,
      "no-controller ci alice; no-proof bob; no-proof carol; no-proof dave; no-proof ci" },
    { "one login of two",
      PEOPLE DUTIES "[[person]]\nid = \"eve\"\ntag = \"t\"\n"
                    "[[person]]\nid = \"mallory\"\ntag = \"t\"\n",
      "o p", 2, GATES, PROOFS "; counted-as-one mallory eve" },
};

static void add_part(const char **out, const char *part)
{
    if (part != NULL)
        *out = test_text("%s %s", *out, part);
}

static const char *shown(const bu_lint_report *report)
{
    const char *out = "";
    for (size_t i = 0; i < report->count; i++) {
        const bu_lint_finding *f = &report->items[i];
        out = test_text("%s%s%s", out, i == 0 ? "" : "; ", bu_lint_rows[f->rule].name);
        add_part(&out, f->person);
        add_part(&out, f->role);
        add_part(&out, f->gate);
        add_part(&out, f->detail);
    }
    return out;
}

START_TEST(what_is_found)
{
    bulla_error err = { 0 };
    bu_lint_report report;
    test_scene s =
        test_scene_new(cases[_i].trust, cases[_i].owners, cases[_i].threshold, cases[_i].policy);
    bulla_status status = bu_lint_trust(&s.scene, s.arena, &report, &err);
    unit_ok(status, err);
    ck_assert_msg(cases[_i].want != NULL && strcmp(shown(&report), cases[_i].want) == 0, "%s:\n%s",
                  cases[_i].what, shown(&report));
    size_t errors = 0;
    for (size_t i = 0; i < report.count; i++)
        errors += bu_lint_rows[report.items[i].rule].is_error;
    ck_assert_uint_eq(report.errors, errors);
}
END_TEST

/* The store itself is about to expire. */
START_TEST(a_store_that_expires)
{
    bulla_error err = { 0 };
    bu_lint_report report;
    test_scene s = test_scene_new(PEOPLE DUTIES, "o p", 2, GATES);
    s.scene.now += INT64_C(180) * 24 * 60 * 60;
    bulla_status status = bu_lint_trust(&s.scene, s.arena, &report, &err);
    unit_ok(status, err);
    ck_assert_ptr_nonnull(strstr(shown(&report), "store-expires 2027-06-09T00:00:00Z"));
}
END_TEST

/* Every rule of the table is found by some case. */
START_TEST(each_rule_is_tested)
{
    const char *all = "store-expires";
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        all = test_text("%s; %s", all, cases[i].want);
    for (size_t i = 0; i < BU_LINT_COUNT; i++)
        ck_assert_msg(strstr(all, bu_lint_rows[i].name) != NULL, "%s", bu_lint_rows[i].name);
}
END_TEST

START_TEST(no_memory)
{
    test_scene s = test_scene_new(PEOPLE DUTIES, "o", 1, GATES);
    for (size_t n = 0;; n++) {
        bulla_error err = { 0 };
        bu_lint_report report;
        BU_AUTO(bu_arena) arena = bu_arena_new();
        alloc_fail_at(n);
        bulla_status status = bu_lint_trust(&s.scene, arena, &report, &err);
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
    tcase_add_loop_test(tc, what_is_found, 0, sizeof cases / sizeof cases[0]);
    tcase_add_test(tc, a_store_that_expires);
    tcase_add_test(tc, each_rule_is_tested);
    tcase_add_test(tc, no_memory);
}

int main(void)
{
    return unit_run("trust_lint", add);
}
