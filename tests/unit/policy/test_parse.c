/* SPDX-License-Identifier: MIT */
/*
 * Reading a policy: whatever is left out of it silently would be a check that
 * is not made, so every slip is refused, at its place.
 */
#include "suite.h"

#include "alloc_fail.h"
#include "base/buf.h"
#include "base/limits.h"
#include "policy/gate.h"

#define HEAD "schema = \"bulla.policy/1\"\n"
#define RULE "[[rule]]\nmatch = \"**\"\n"
#define VSA  "[[vsa]]\nverifier = \"v:1\"\nrole = \"r\"\n"
#define GATE "[[gate]]\nname = \"prod\"\nmatch = \"*\"\n"
#define NEED "need = [{ type = \"approval\", role = \"r\" }]\n"

static const struct {
    const char *toml;
    bulla_code code;
    uint32_t line, column;
    const char *expected, *got;
} refused[] = {
    { "schema = \"bulla.policy/1\n", BULLA_E_BAD_SYNTAX, 1, 0, "", "" },
    { "rule = []\n", BULLA_E_MISSING_FIELD, 1, 1, "", "" },
    { "schema = 1\n", BULLA_E_TYPE_MISMATCH, 1, 10, "", "" },
    { "schema = \"bulla.policy/2\"\n" RULE "require = [\"digest\"]\n", BULLA_E_UNSUPPORTED_VERSION,
      1, 10, "bulla.policy/1", "bulla.policy/2" },
    { HEAD, BULLA_E_MISSING_FIELD, 1, 1, "", "" },
    { HEAD "rule = []\n", BULLA_E_EMPTY, 2, 8, "", "" },
    { HEAD "rule = [1]\n", BULLA_E_TYPE_MISMATCH, 2, 9, "", "" },
    { HEAD "[rule]\nmatch = \"**\"\n", BULLA_E_TYPE_MISMATCH, 2, 1, "", "" },
    { HEAD "[[rules]]\nmatch = \"**\"\n", BULLA_E_BAD_SYNTAX, 2, 1, "", "" },
    { HEAD "default = \"allow\"\n" RULE "require = [\"digest\"]\n", BULLA_E_BAD_SYNTAX, 2, 11, "",
      "" },
    /* what it is for */
    { HEAD "[[rule]]\nrequire = [\"digest\"]\n", BULLA_E_MISSING_FIELD, 2, 1, "", "" },
    { HEAD "[[rule]]\nmatch = 1\nrequire = [\"digest\"]\n", BULLA_E_TYPE_MISMATCH, 3, 9, "", "" },
    { HEAD "[[rule]]\nmatch = []\nrequire = [\"digest\"]\n", BULLA_E_EMPTY, 3, 9, "", "" },
    { HEAD "[[rule]]\nmatch = \"\"\nrequire = [\"digest\"]\n", BULLA_E_EMPTY, 3, 9, "", "" },
    { HEAD "[[rule]]\nmatch = [\"pkg:**\", 1]\nrequire = [\"digest\"]\n", BULLA_E_TYPE_MISMATCH, 3,
      20, "", "" },
    { HEAD "[[rule]]\nmatch = [\"pkg:**\", \"npm/**\"]\nrequire = [\"digest\"]\n", BULLA_E_BAD_PURL,
      3, 20, "pkg:TYPE/NAME@VERSION with wildcards * ** ?", "npm/**" },
    { HEAD "[[rule]]\nmatch = \"pk\"\nrequire = [\"digest\"]\n", BULLA_E_BAD_PURL, 3, 9,
      "pkg:TYPE/NAME@VERSION with wildcards * ** ?", "pk" },
    { HEAD "[[rule]]\nmatch = \"PKG:*\"\nrequire = [\"digest\"]\n", BULLA_E_BAD_PURL, 3, 9,
      "pkg:TYPE/NAME@VERSION with wildcards * ** ?", "PKG:*" },
    { HEAD "[[rule]]\nmatch = \"pkg:npm/\\u202Ex\"\nrequire = [\"digest\"]\n",
      BULLA_E_CONTROL_CHARACTER, 3, 9, "", "" },
    { HEAD RULE "except = 1\nrequire = [\"digest\"]\n", BULLA_E_TYPE_MISMATCH, 4, 10, "", "" },
    { HEAD RULE "excpet = \"**\"\nrequire = [\"digest\"]\n", BULLA_E_BAD_SYNTAX, 4, 10, "", "" },
    { HEAD RULE "scope = \"dev\"\nrequire = [\"digest\"]\n", BULLA_E_TYPE_MISMATCH, 4, 9, "", "" },
    { HEAD RULE "scope = []\nrequire = [\"digest\"]\n", BULLA_E_EMPTY, 4, 9, "", "" },
    { HEAD RULE "scope = [\"dev\", \"prod\"]\nrequire = [\"digest\"]\n", BULLA_E_BAD_NAME, 4, 17,
      "runtime, optional, build or dev", "prod" },
    { HEAD RULE "origin = [\"Registry\"]\nrequire = [\"digest\"]\n", BULLA_E_BAD_NAME, 4, 11,
      "unknown, registry, git, file, local, outside, bundled, system or artifact", "Registry" },
    { HEAD RULE "name = \"\"\nrequire = [\"digest\"]\n", BULLA_E_EMPTY, 4, 8, "", "" },
    { HEAD RULE "name = \"a\\u001B[2J\"\nrequire = [\"digest\"]\n", BULLA_E_CONTROL_CHARACTER, 4, 8,
      "", "" },
    { HEAD RULE "name = 7\nrequire = [\"digest\"]\n", BULLA_E_TYPE_MISMATCH, 4, 8, "", "" },
    /* what it asks for */
    { HEAD RULE, BULLA_E_MISSING_FIELD, 2, 1, "", "" },
    { HEAD RULE "require = \"digest\"\n", BULLA_E_TYPE_MISMATCH, 4, 11, "", "" },
    { HEAD RULE "require = []\n", BULLA_E_EMPTY, 4, 11, "", "" },
    { HEAD RULE "require = []\nany = [\"digest\"]\n", BULLA_E_EMPTY, 4, 11, "", "" },
    { HEAD RULE "require = [[\"digest\"]]\n", BULLA_E_TYPE_MISMATCH, 4, 12, "", "" },
#define PROOFS                                                                                     \
    "digest, contents, signature[:ROLE], TYPE:ROLE, registry-signature, provenance[:SOURCE], "     \
    "archive-chain, tree, publisher, vsa[:ROLE] or age:DURATION"
    { HEAD RULE "require = [\"digst\"]\n", BULLA_E_BAD_NAME, 4, 12, PROOFS, "digst" },
    { HEAD RULE "require = [\"digest\", \"none\"]\n", BULLA_E_BAD_NAME, 4, 22, PROOFS, "none" },
    { HEAD RULE "require = [\"local\"]\n", BULLA_E_BAD_NAME, 4, 12, PROOFS, "local" },
    { HEAD RULE "require = [\"not-installed\"]\n", BULLA_E_BAD_NAME, 4, 12, PROOFS,
      "not-installed" },
    { HEAD RULE "require = [\"\"]\n", BULLA_E_EMPTY, 4, 12, "", "" },
    { HEAD RULE "require = [\"digest:release\"]\n", BULLA_E_BAD_NAME, 4, 12, PROOFS,
      "digest:release" },
    { HEAD RULE "require = [\"signature:\"]\n", BULLA_E_BAD_NAME, 4, 12, PROOFS, "signature:" },
    { HEAD RULE "require = [\"signature: release\"]\n", BULLA_E_BAD_NAME, 4, 12, PROOFS,
      "signature: release" },
    { HEAD RULE "require = [\"signature:a,b\"]\n", BULLA_E_BAD_NAME, 4, 12, PROOFS,
      "signature:a,b" },
    { HEAD RULE "require = [\"signature:Release\"]\n", BULLA_E_BAD_NAME, 4, 12, PROOFS,
      "signature:Release" },
    { HEAD RULE "require = [\"aproval:approver\"]\n", BULLA_E_BAD_NAME, 4, 12, PROOFS,
      "aproval:approver" },
    { HEAD RULE "require = [\"approval:\"]\n", BULLA_E_BAD_NAME, 4, 12, PROOFS, "approval:" },
    { HEAD RULE "require = [\"approval\"]\n", BULLA_E_BAD_NAME, 4, 12, PROOFS, "approval" },
    { HEAD RULE "require = [\"urn:x:Approver\"]\n", BULLA_E_BAD_NAME, 4, 12, PROOFS,
      "urn:x:Approver" },
    { HEAD RULE "require = [\"provenance:\"]\n", BULLA_E_BAD_NAME, 4, 12, PROOFS, "provenance:" },
    { HEAD RULE "require = [\"tree:x\"]\n", BULLA_E_BAD_NAME, 4, 12, PROOFS, "tree:x" },
    { HEAD RULE "require = [\"log-proof\"]\n", BULLA_E_BAD_NAME, 4, 12, PROOFS, "log-proof" },
    { HEAD RULE "require = [\"no-advisory\"]\n", BULLA_E_BAD_NAME, 4, 12, PROOFS, "no-advisory" },
    { HEAD RULE "require = [\"age\"]\n", BULLA_E_BAD_NAME, 4, 12, PROOFS, "age" },
    { HEAD RULE "require = [\"age:soon\"]\n", BULLA_E_BAD_TIME, 4, 12,
      "a number and a unit like 90d, 24h or 30m", "age:soon" },
    { HEAD RULE "environment = []\nrequire = [\"digest\"]\n", BULLA_E_EMPTY, 4, 15, "", "" },
    { HEAD RULE "environment = \"Prod\"\nrequire = [\"digest\"]\n", BULLA_E_BAD_NAME, 4, 15,
      "1 to 64 of a-z 0-9 . _ -, the first a letter or digit", "Prod" },
    { HEAD RULE "any = []\n", BULLA_E_EMPTY, 4, 7, "", "" },
    { HEAD RULE "any = [[]]\n", BULLA_E_EMPTY, 4, 8, "", "" },
    { HEAD RULE "any = [\"digest\", [\"contents\", 1]]\n", BULLA_E_TYPE_MISMATCH, 4, 31, "", "" },
    { HEAD RULE "any = [\"digest\", [\"contents\", \"x\"]]\n", BULLA_E_BAD_NAME, 4, 31, PROOFS,
      "x" },
    { HEAD RULE "any = [[\"digest\", [\"contents\"]]]\n", BULLA_E_TYPE_MISMATCH, 4, 19, "", "" },
    { HEAD RULE "any = \"digest\"\n", BULLA_E_TYPE_MISMATCH, 4, 7, "", "" },
    { HEAD RULE "require = [\"digest\"]\naction = \"allow\"\n", BULLA_E_BAD_NAME, 5, 10,
      "fail or warn", "allow" },
    { HEAD RULE "require = [\"digest\"]\naction = true\n", BULLA_E_TYPE_MISMATCH, 5, 10, "", "" },
    { HEAD RULE "require = [\"digest\"]\nrequire = [\"contents\"]\n", BULLA_E_DUPLICATE_KEY, 5, 11,
      "", "" },
    /* waivers */
    { HEAD RULE "require = [\"digest\"]\nwaivers = 7\n", BULLA_E_BAD_SYNTAX, 5, 11, "", "" },
    { HEAD RULE "require = [\"digest\"]\n"
                "[waivers]\nmax_days = 91\n",
      BULLA_E_BAD_NUMBER, 6, 12, "0 to 90; 0: no waiver counts", "91" },
    { HEAD RULE "require = [\"digest\"]\n"
                "[waivers]\nmax_days = -1\n",
      BULLA_E_BAD_NUMBER, 6, 12, "0 to 90; 0: no waiver counts", "-1" },
    { HEAD RULE "require = [\"digest\"]\n"
                "[waivers]\nmax_days = \"7d\"\n",
      BULLA_E_TYPE_MISMATCH, 6, 12, "", "" },
    { HEAD RULE "require = [\"digest\"]\n"
                "[waivers]\nrole = []\n",
      BULLA_E_EMPTY, 6, 8, "", "" },
    { HEAD RULE "require = [\"digest\"]\n"
                "[waivers]\nrole = \"*\"\n",
      BULLA_E_BAD_NAME, 6, 8, "1 to 64 of a-z 0-9 . _ -, the first a letter or digit", "*" },
    { HEAD RULE "require = [\"digest\"]\n"
                "[waivers]\nnever = [\"bad-signature\"]\n",
      BULLA_E_BAD_NAME, 6, 10, "a code of doc/waivers.md", "bad-signature" },
    { HEAD RULE "require = [\"digest\"]\n"
                "[waivers]\nnever = []\n",
      BULLA_E_EMPTY, 6, 9, "", "" },
    { HEAD RULE "require = [\"digest\"]\n"
                "[waivers]\nalways = [\"threshold\"]\n",
      BULLA_E_BAD_SYNTAX, 6, 10, "", "" },
    /* gates */
    { HEAD "gate = 1\n", BULLA_E_TYPE_MISMATCH, 2, 8, "", "" },
    { HEAD "gate = []\n", BULLA_E_EMPTY, 2, 8, "", "" },
    { HEAD "[[gate]]\nmatch = \"*\"\n" NEED, BULLA_E_MISSING_FIELD, 2, 1, "", "" },
    { HEAD "[[gate]]\nname = \"Prod\"\nmatch = \"*\"\n" NEED, BULLA_E_BAD_NAME, 3, 8,
      "1 to 64 of a-z 0-9 . _ -, the first a letter or digit", "Prod" },
    { HEAD "[[gate]]\nname = \"prod\"\n" NEED, BULLA_E_MISSING_FIELD, 2, 1, "", "" },
    { HEAD "[[gate]]\nname = \"prod\"\nmatch = []\n" NEED, BULLA_E_EMPTY, 4, 9, "", "" },
    { HEAD GATE, BULLA_E_MISSING_FIELD, 2, 1, "", "" },
    { HEAD GATE "need = []\n", BULLA_E_EMPTY, 5, 8, "", "" },
    { HEAD GATE "need = [1]\n", BULLA_E_TYPE_MISMATCH, 5, 9, "", "" },
    { HEAD GATE "need = [{ role = \"r\" }]\n", BULLA_E_MISSING_FIELD, 5, 9, "", "" },
    { HEAD GATE "need = [{ type = \"approval\" }]\n", BULLA_E_MISSING_FIELD, 5, 9, "", "" },
    { HEAD GATE "need = [{ type = \"aproval\", role = \"r\" }]\n", BULLA_E_BAD_NAME, 5, 18,
      "signature, sbom, slsa, approval, review, release … or a URI", "aproval" },
    { HEAD GATE "need = [{ type = \"approval\", role = \"*\" }]\n", BULLA_E_BAD_NAME, 5, 37,
      "1 to 64 of a-z 0-9 . _ -, the first a letter or digit", "*" },
    { HEAD GATE "need = [{ type = \"approval\", role = \"r\", count = 0 }]\n", BULLA_E_BAD_NUMBER,
      5, 50, "", "" },
    { HEAD GATE "need = [{ type = \"approval\", role = \"r\", count = 13 }]\n", BULLA_E_BAD_NUMBER,
      5, 50, "", "" },
    { HEAD GATE "need = [{ type = \"approval\", role = \"r\", count = \"2\" }]\n",
      BULLA_E_TYPE_MISMATCH, 5, 50, "", "" },
    { HEAD GATE "need = [{ type = \"approval\", role = \"r\", max_age = 24 }]\n",
      BULLA_E_TYPE_MISMATCH, 5, 52, "", "" },
    { HEAD GATE "need = [{ type = \"approval\", role = \"r\", max_age = \"1 day\" }]\n",
      BULLA_E_BAD_TIME, 5, 52, "a number and a unit like 90d, 24h or 30m", "1 day" },
    { HEAD GATE "need = [{ type = \"approval\", role = \"r\", builder = \"*\" }]\n",
      BULLA_E_BAD_TYPE, 5, 52, "", "" },
    { HEAD GATE "need = [{ type = \"approval\", role = \"r\", people = 2 }]\n", BULLA_E_BAD_SYNTAX,
      5, 51, "", "" },
    { HEAD GATE
      "need = [{ type = \"approval\", role = \"r\" }, { type = \"approval\", role = \"r\" }]\n",
      BULLA_E_DUPLICATE_ENTRY, 5, 44, "", "" },
    { HEAD GATE "need = [{ type = \"approval\", role = \"r\", count = 7 },\n"
                "{ type = \"review\", role = \"r\", count = 6 }]\n",
      BULLA_E_RESOURCE_LIMIT, 6, 1, "", "" },
    { HEAD GATE NEED "distinct = \"some\"\n", BULLA_E_BAD_NAME, 6, 12,
      "all, none, or a list of pairs of roles", "some" },
    { HEAD GATE NEED "distinct = []\n", BULLA_E_EMPTY, 6, 12, "", "" },
    { HEAD GATE NEED "distinct = [[\"a\"]]\n", BULLA_E_BAD_NUMBER, 6, 13, "", "" },
    { HEAD GATE NEED "distinct = [[\"a\", \"a\"]]\n", BULLA_E_DUPLICATE_ENTRY, 6, 19, "", "" },
    { HEAD GATE NEED "distinct = [[\"a\", 1]]\n", BULLA_E_TYPE_MISMATCH, 6, 19, "", "" },
    { HEAD GATE NEED "on_missing = \"allow\"\n", BULLA_E_BAD_SYNTAX, 6, 14, "", "" },
    { HEAD GATE NEED GATE NEED, BULLA_E_DUPLICATE_ENTRY, 7, 8, "", "" },
    /* verifiers */
    { HEAD "vsa = []\n", BULLA_E_EMPTY, 2, 7, "", "" },
    { HEAD "[[vsa]]\nrole = \"r\"\nresource = \"**\"\n", BULLA_E_MISSING_FIELD, 2, 1, "", "" },
    { HEAD "[[vsa]]\nverifier = \"v:1\"\nresource = \"**\"\n", BULLA_E_MISSING_FIELD, 2, 1, "",
      "" },
    { HEAD "[[vsa]]\nverifier = \"v:1\"\nrole = \"r\"\n", BULLA_E_MISSING_FIELD, 2, 1, "", "" },
    { HEAD VSA "resource = []\n", BULLA_E_EMPTY, 5, 12, "", "" },
    { HEAD VSA "resource = \"**\"\nlevels = [\"SLSA_BUILD_LEVEL\"]\n", BULLA_E_BAD_NAME, 6, 10,
      "SLSA_TRACK_LEVEL_NUMBER, or a name of the verifier's own", "" },
    { HEAD VSA "resource = \"**\"\nmax_age = 90\n", BULLA_E_TYPE_MISMATCH, 6, 11, "string",
      "integer" },
    { HEAD VSA "resource = \"**\"\nallow = true\n", BULLA_E_BAD_SYNTAX, 6, 9, "", "" },
};

START_TEST(slips_are_refused)
{
    bulla_error err = { 0 };
    bu_policy *policy = NULL;
    bulla_status status =
        bu_policy_parse(bu_bytes_of(refused[_i].toml), "a/bulla.policy.toml", &policy, &err);
    ck_assert_msg(status.code == refused[_i].code, "%s\n%s: %s", refused[_i].toml,
                  bulla_code_name(status.code), err.text);
    ck_assert_int_eq(err.code, refused[_i].code);
    ck_assert_int_eq(err.exit, BULLA_EXIT_CONFIG);
    ck_assert_str_eq(err.file, "a/bulla.policy.toml");
    ck_assert_str_ne(err.text, "");
    ck_assert_msg(err.line == refused[_i].line &&
                      (refused[_i].column == 0 || err.column == refused[_i].column),
                  "%s\n%s at %u:%u, not %u:%u", refused[_i].toml, err.text, err.line, err.column,
                  refused[_i].line, refused[_i].column);
    if (refused[_i].expected[0] != '\0') {
        ck_assert_str_eq(err.expected, refused[_i].expected);
        ck_assert_str_eq(err.got, refused[_i].got);
    }
    ck_assert_ptr_null(policy);
}
END_TEST

static const char everything[] = HEAD
    "[[rule]]\n"
    "name = \"näme\"\n"
    "match = [\"pkg:npm/**\", \"*\", \"?kg:*\", \"p**\"]\n"
    "except = \"pkg:npm/%40ours/**\"\n"
    "scope = [\"runtime\", \"optional\", \"build\", \"dev\"]\n"
    "origin = [\"unknown\", \"registry\", \"git\", \"file\", \"local\", \"outside\", \"bundled\",\n"
    "          \"system\", \"artifact\"]\n"
    "require = [\"digest\", \"contents\", \"signature\", \"signature:a.b-c_9\", "
    "\"archive-chain\"]\n"
    "any = [\"digest\", [\"contents\", \"signature:x\"]]\n"
    "action = \"fail\"\n"
    "environment = [\"prod\", \"dev\"]\n"
    "[[rule]]\n"
    "match = \"**\"\n"
    "require = [\"review:reviewer\", \"urn:x:v1:role\", \"slsa:builder\", \"age:7d\",\n"
    "           \"provenance:https://github.com/org/*\", \"tree\", \"registry-signature\"]\n"
    "[[rule]]\n"
    "match = \"**\"\n"
    "any = [\"digest\"]\n"
    "action = \"warn\"\n"
    "[[gate]]\n"
    "name = \"staging\"\n"
    "match = \"*.tgz\"\n"
    "need = [{ type = \"approval\", role = \"approver\" }]\n"
    "distinct = \"none\"\n"
    "[[gate]]\n"
    "name = \"prod\"\n"
    "environment = \"prod\"\n"
    "match = [\"*.tgz\", \"pkg:generic/**\"]\n"
    "distinct = [[\"builder\", \"approver\"], [\"a\", \"b\"]]\n"
    "[[gate.need]]\n"
    "type = \"slsa\"\n"
    "role = \"builder\"\n"
    "builder = \"https://ci.example/*\"\n"
    "source = [\"https://git.example/a\", \"https://git.example/b\"]\n"
    "[[gate.need]]\n"
    "type = \"approval\"\n"
    "role = \"approver\"\n"
    "count = 2\n"
    "max_age = \"7d\"\n";

START_TEST(every_field_is_read)
{
    bulla_error err = { 0 };
    BU_AUTO(bu_policy) policy = NULL;
    bulla_bytes text = bu_bytes_of(everything);
    unit_ok(bu_policy_parse(text, "p.toml", &policy, &err), err);
    ck_assert_str_eq(bu_policy_name(policy), "p.toml");
    ck_assert(bu_bytes_equal(bu_policy_text(policy), text));
    size_t count;
    const bu_gate *gates = bu_policy_gates(policy, &count);
    ck_assert_uint_eq(count, 2);
    ck_assert_int_eq(gates[0].distinct, BU_DISTINCT_NONE);
    ck_assert_ptr_null(gates[0].environment);
    ck_assert_uint_eq(gates[0].needs[0].count, 1);
    ck_assert_int_eq(gates[0].needs[0].max_age, INT64_MAX);
    const bu_gate *prod = bu_policy_gate(policy, "prod");
    ck_assert_ptr_eq(prod, &gates[1]);
    ck_assert_str_eq(prod->environment, "prod");
    ck_assert_str_eq(prod->match[1], "pkg:generic/**");
    ck_assert_uint_eq(prod->pair_count, 2);
    ck_assert_str_eq(prod->pairs[1].b, "b");
    ck_assert_uint_eq(prod->need_count, 2);
    ck_assert_str_eq(prod->needs[0].sources[1], "https://git.example/b");
    ck_assert_str_eq(prod->needs[0].builders[0], "https://ci.example/*");
    ck_assert_uint_eq(prod->needs[1].count, 2);
    ck_assert_int_eq(prod->needs[1].max_age, 604800);
    ck_assert_ptr_null(bu_policy_gate(policy, "dev"));
}
END_TEST

/* The built-in rules hold for what such a policy leaves open. */
START_TEST(gates_alone_are_a_policy)
{
    bulla_error err = { 0 };
    BU_AUTO(bu_policy) policy = NULL;
    unit_ok(bu_policy_parse(BULLA_LIT(HEAD GATE NEED), "p.toml", &policy, &err), err);
}
END_TEST

/* The built-in policy is a policy like any other, and doc/policy.md shows this very text. */
START_TEST(built_in_is_documented)
{
    bulla_error err = { 0 };
    BU_AUTO(bu_policy) built_in = NULL;
    unit_ok(bu_policy_builtin(&built_in, &err), err);
    ck_assert_str_eq(bu_policy_name(built_in), "built-in");
    BU_AUTO(bu_policy) again = NULL;
    unit_ok(bu_policy_parse(bu_policy_text(built_in), "again", &again, &err), err);
    char *path = unit_source_path("doc/policy.md");
    ck_assert_ptr_nonnull(path);
    bulla_bytes page = unit_slurp(path);
    bulla_bytes text = bu_policy_text(built_in);
    ck_assert_ptr_nonnull(memmem(page.ptr, page.len, text.ptr, text.len));
    free((void *)(uintptr_t)page.ptr);
    free(path);
}
END_TEST

static bu_buf many(const char *head, const char *each, const char *tail, size_t count)
{
    bu_buf text = { 0 };
    bu_buf_add_text(&text, head);
    for (size_t i = 0; i < count; i++)
        bu_buf_add_text(&text, each);
    bu_buf_add_text(&text, tail);
    ck_assert(!text.broken);
    return text;
}

static const struct {
    const char *head, *each, *tail;
    size_t most;
} limits[] = {
    { HEAD, RULE "require = [\"digest\"]\n", "", BU_LIMIT_RULES },
    { HEAD "[[rule]]\nrequire = [\"digest\"]\nmatch = [", "\"**\",", "]\n", BU_LIMIT_RULE_ENTRIES },
    { HEAD RULE "require = [", "\"digest\",", "]\n", BU_LIMIT_RULE_ENTRIES },
    { HEAD RULE "any = [", "\"digest\",", "]\n", BU_LIMIT_RULE_ENTRIES },
    { HEAD RULE "any = [[", "\"digest\",", "]]\n", BU_LIMIT_RULE_ENTRIES },
};

START_TEST(counts_are_limited)
{
    for (size_t over = 0; over < 2; over++) {
        bulla_error err = { 0 };
        BU_AUTO(bu_policy) policy = NULL;
        BU_CLEAR(bu_buf)
        text = many(limits[_i].head, limits[_i].each, limits[_i].tail, limits[_i].most + over);
        bulla_status status = bu_policy_parse(bu_buf_bytes(&text), "p", &policy, &err);
        if (over == 0)
            unit_ok(status, err);
        else
            unit_fails(status, BULLA_E_RESOURCE_LIMIT, err);
    }
}
END_TEST

START_TEST(size_is_limited)
{
    bulla_error err = { 0 };
    bu_policy *policy = NULL;
    BU_CLEAR(bu_buf) text = many(HEAD "#", "0123456789abcdef", "\n", BU_LIMIT_METADATA_BYTES / 16);
    unit_fails(bu_policy_parse(bu_buf_bytes(&text), "p", &policy, &err), BULLA_E_RESOURCE_LIMIT,
               err);
    ck_assert_int_eq(err.exit, BULLA_EXIT_CONFIG);
    ck_assert_str_eq(err.file, "p");
}
END_TEST

START_TEST(no_memory)
{
    for (size_t n = 0;; n++) {
        bulla_error err = { 0 };
        BU_AUTO(bu_policy) policy = NULL;
        alloc_fail_at(n);
        bulla_status status = bu_policy_parse(bu_bytes_of(everything), "p", &policy, &err);
        if (!alloc_fail_off()) {
            unit_ok(status, err);
            ck_assert_uint_gt(n, 3);
            break;
        }
        unit_fails(status, BULLA_E_NO_MEMORY, err);
        ck_assert_int_eq(err.exit, BULLA_EXIT_INTERNAL);
        ck_assert_ptr_null(policy);
    }
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_loop_test(tc, slips_are_refused, 0, sizeof refused / sizeof refused[0]);
    tcase_add_test(tc, every_field_is_read);
    tcase_add_test(tc, gates_alone_are_a_policy);
    tcase_add_test(tc, built_in_is_documented);
    tcase_add_loop_test(tc, counts_are_limited, 0, sizeof limits / sizeof limits[0]);
    tcase_add_test(tc, size_is_limited);
    tcase_add_test(tc, no_memory);
}

int main(void)
{
    return unit_run("policy: parse", add);
}
