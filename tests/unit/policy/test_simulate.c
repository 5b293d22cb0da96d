/* SPDX-License-Identifier: MIT */
/*
 * What falls to stolen keys. A gate that is said to stand, and falls, is what
 * a store's owners would find out last.
 */
#include "scene.h"

#include "alloc_fail.h"
#include "base/buf.h"

#define PEOPLE                                                                                     \
    STORE PERSON("alice") PERSON("bob") PERSON("carol") PERSON("dave") SERVICE("ci", "alice")
#define ROLES                                                                                      \
    ROLE("builder", "\"ci\"", "1", "")                                                             \
    ROLE("reviewer", "\"bob\", \"carol\"", "1", "")                                                \
    ROLE("approver", "\"carol\", \"dave\"", "1", "")
#define RELEASE(more)                                                                              \
    POLICY GATE("release", "environment = \"prod\"\n" more) NEED("slsa", "builder", "1")           \
        NEED("review", "reviewer", "1") NEED("approval", "approver", "1")
#define REVIEWED                                                                                   \
    "[[rule]]\nmatch = \"pkg:npm/**\"\nany = [\"review:reviewer\", [\"digest\", "                  \
    "\"signature:x\"]]\n"

#define LOGIN(id)                                                                                  \
    "[[person]]\nid = \"" id "\"\nlogin = { issuer = \"i\", user = \"u\" }\n" KEY("person", id, "")

/* `want`: what falls, in order; fatal things with an exclamation mark. */
static const struct {
    const char *what, *trust, *owners;
    uint32_t threshold;
    const char *policy;
    const char *taken; /* parted by blanks */
    const char *want;
} cases[] = {
    { "three people together", PEOPLE ROLES, "o p", 2, RELEASE(""), "alice bob dave",
      "gate:release!" },
    { "two of them", PEOPLE ROLES, "o p", 2, RELEASE(""), "alice bob", "" },
    { "one person in two roles counts once", PEOPLE ROLES, "o p", 2, RELEASE(""), "alice carol",
      "" },
    { "a service is taken with its person", PEOPLE ROLES, "o p", 2,
      POLICY GATE("built", "environment = \"prod\"") NEED("slsa", "builder", "1"), "alice",
      "gate:built!" },
    { "a service alone, by its id, is its person, too", PEOPLE ROLES, "o p", 2,
      POLICY GATE("built", "environment = \"prod\"") NEED("slsa", "builder", "1"), "ci",
      "gate:built!" },
    { "a gate of another environment is not fatal", PEOPLE ROLES, "o p", 2,
      POLICY GATE("built", "environment = \"dev\"") NEED("slsa", "builder", "1"), "alice",
      "gate:built" },
    { "a gate of no environment is", PEOPLE ROLES, "o p", 2,
      POLICY GATE("built", "") NEED("slsa", "builder", "1"), "alice", "gate:built!" },
    { "roles that exclude each other for one thing, where the gate would not care", PEOPLE ROLES,
      "o p", 2,
      POLICY GATE("release", "distinct = \"none\"") NEED("review", "reviewer", "1")
          NEED("approval", "approver", "1"),
      "carol", "" },
    { "two names with one login are one person",
      STORE LOGIN("alice") LOGIN("bob") ROLE("r", "\"alice\", \"bob\"", "1", ""), "o p", 2,
      POLICY GATE("g", "") NEED("approval", "r", "2"), "alice bob", "" },
    { "a key of another environment",
      STORE "[[person]]\nid = \"alice\"\n" KEY("person", "alice", "environments = [\"dev\"]")
          ROLE("r", "\"alice\"", "1", ""),
      "o p", 2, POLICY GATE("g", "environment = \"prod\"") NEED("approval", "r", "1"), "alice",
      "" },
    { "a role of another environment",
      STORE PERSON("alice") ROLE("r", "\"alice\"", "1", "environments = [\"dev\"]"), "o p", 2,
      POLICY GATE("g", "environment = \"prod\"") NEED("approval", "r", "1"), "alice", "" },
    { "a role for other statements",
      STORE PERSON("alice") ROLE("r", "\"alice\"", "1", "predicates = [\"sbom\"]"), "o p", 2,
      POLICY GATE("g", "") NEED("approval", "r", "1"), "alice", "" },
    { "a role for this statement, by its URI",
      STORE PERSON("alice")
          ROLE("r", "\"alice\"", "1", "predicates = [\"https://spdx.dev/Document\"]"),
      "o p", 2, POLICY GATE("g", "") NEED("sbom", "r", "1"), "alice", "gate:g!" },
    { "a role for other things",
      STORE PERSON("alice") "[[role]]\nname = \"r\"\npeople = [\"alice\"]\nthreshold = 1\n"
                            "match = [\"pkg:npm/**\", \"tool-*\"]\n",
      "o p", 2, POLICY GATE("g", "") NEED("approval", "r", "1"), "alice", "" },
    { "a role for things by their package URL",
      STORE PERSON("alice") "[[role]]\nname = \"r\"\npeople = [\"alice\"]\nthreshold = 1\n"
                            "match = [\"pkg:generic/app-1*\"]\n",
      "o p", 2, POLICY GATE("g", "") NEED("approval", "r", "1"), "alice", "gate:g!" },
    { "a grant that is over",
      STORE PERSON("alice")
          ROLE("r", "", "1",
               "") "[[grant]]\nrole = \"r\"\nperson = \"alice\"\nuntil = 2026-01-01T00:00:00Z\n",
      "o p", 2, POLICY GATE("g", "") NEED("approval", "r", "1"), "alice", "" },
    { "a role that was not looked at again",
      STORE PERSON("alice") ROLE("r", "\"alice\"", "1", "review_by = 2026-01-01T00:00:00Z"), "o p",
      2, POLICY GATE("g", "") NEED("approval", "r", "1"), "alice", "" },
    { "a key that was revoked",
      STORE "[[person]]\nid = \"alice\"\n" KEY(
          "person", "alice", "revoked = { at = 2026-01-01T00:00:00Z, reason = \"lost\" }")
          ROLE("r", "\"alice\"", "1", ""),
      "o p", 2, POLICY GATE("g", "") NEED("approval", "r", "1"), "alice", "" },
    { "too many people are needed", PEOPLE ROLES, "o p", 2,
      POLICY GATE("g", "") NEED("approval", "approver", "2"), "dave", "" },
    { "an alternative of a rule", PEOPLE ROLES, "o p", 2, POLICY REVIEWED, "bob",
      "rule:review:reviewer" },
    { "a rule that another role may satisfy", PEOPLE ROLES, "o p", 2, POLICY REVIEWED, "dave", "" },
    { "digests are no obstacle, but a second signature is", PEOPLE ROLES, "o p", 2,
      POLICY "[[rule]]\nmatch = \"**\"\nrequire = [\"digest\", \"review:reviewer\", "
             "\"approval:approver\"]\n",
      "bob", "" },
    { "nor is an alternative without one", PEOPLE ROLES, "o p", 2,
      POLICY "[[rule]]\nmatch = \"**\"\nrequire = [\"review:reviewer\"]\n"
             "any = [\"digest\", \"approval:approver\"]\n",
      "bob", "rule:review:reviewer" },
    { "a rule that only warns", PEOPLE ROLES, "o p", 2,
      POLICY "[[rule]]\nmatch = \"**\"\nrequire = [\"review:reviewer\"]\naction = \"warn\"\n",
      "bob", "" },
    { "an owner alone", PEOPLE ROLES, "o p", 1, RELEASE(""), "@o",
      "store:root! store:targets! freshness:snapshot freshness:timestamp gate:release!" },
    { "one owner of two", PEOPLE ROLES, "o p", 2, RELEASE(""), "@o", "" },
    { "both", PEOPLE ROLES, "o p", 2, RELEASE(""), "@o @p",
      "store:root! store:targets! freshness:snapshot freshness:timestamp gate:release!" },
    { "a person whose key owns the store", PEOPLE ROLES, "bob p", 1, RELEASE(""), "bob",
      "store:root! store:targets! freshness:snapshot freshness:timestamp gate:release!" },
    { "a key of a person, by the first digits of its keyid", PEOPLE ROLES, "o p", 2,
      POLICY GATE("built", "environment = \"prod\"") NEED("slsa", "builder", "1"), "@ci",
      "gate:built!" },
    { "another key of that person", PEOPLE ROLES, "o p", 2,
      POLICY GATE("built", "environment = \"prod\"") NEED("slsa", "builder", "1"), "@alice", "" },
};

/* "@NAME" is the key of that name: the first digits of its keyid. */
static const char *const *names_of(const char *taken)
{
    static const char *names[8];
    size_t count = 0;
    char *list = test_text("%s", taken);
    for (char *name = strtok(list, " "); name != NULL; name = strtok(NULL, " "))
        names[count++] = name[0] == '@' ? test_text("%.12s", test_keyid(name + 1)) : name;
    names[count] = NULL;
    return names;
}

static const char *falls_of(const bu_attempt *attempt)
{
    const char *out = "";
    for (size_t i = 0; i < attempt->count; i++) {
        const bu_fall *fall = &attempt->falls[i];
        const char *what = fall->kind == BU_FALL_RULE ? fall->detail : fall->name;
        out = test_text("%s%s%s:%s%s", out, i == 0 ? "" : " ", bu_fall_name(fall->kind), what,
                        fall->is_fatal ? "!" : "");
    }
    return out;
}

START_TEST(what_falls)
{
    bulla_error err = { 0 };
    bu_simulation simulation;
    test_scene s =
        test_scene_new(cases[_i].trust, cases[_i].owners, cases[_i].threshold, cases[_i].policy);
    bulla_status status =
        bu_simulate(&s.scene, names_of(cases[_i].taken), s.arena, &simulation, &err);
    unit_ok(status, err);
    ck_assert_uint_eq(simulation.count, 1);
    ck_assert_msg(strcmp(falls_of(&simulation.attempts[0]), cases[_i].want) == 0, "%s: %s",
                  cases[_i].what, falls_of(&simulation.attempts[0]));
    bool is_fatal = strchr(cases[_i].want, '!') != NULL;
    ck_assert_int_eq(bu_simulation_exit(&simulation) == BULLA_EXIT_DENIED, is_fatal);
}
END_TEST

/* Each key, each person and each owner is tried, and nothing of one attempt is left for the next. */
START_TEST(single_ones_in_turn)
{
    bulla_error err = { 0 };
    bu_simulation simulation;
    test_scene s = test_scene_new(PEOPLE ROLES, "o p", 2, RELEASE("") REVIEWED);
    bulla_status status = bu_simulate(&s.scene, NULL, s.arena, &simulation, &err);
    unit_ok(status, err);
    ck_assert_uint_eq(simulation.count, 2 + 4 + 5); /* owners, people, keys */
    ck_assert_uint_eq(simulation.gates, 1);
    ck_assert_uint_eq(simulation.rules, 1);
    ck_assert_int_eq(bu_simulation_exit(&simulation), BULLA_EXIT_ALLOWED);
    size_t falls = 0;
    for (size_t i = 0; i < simulation.count; i++)
        falls += simulation.attempts[i].count;
    ck_assert_uint_eq(falls, 4); /* the rule, to bob and carol, as people and by their keys */
}
END_TEST

START_TEST(nothing_to_attack)
{
    bulla_error err = { 0 };
    bu_simulation simulation;
    test_scene s = test_scene_new(PEOPLE ROLES, "o p", 2,
                                  POLICY "[[rule]]\nmatch = \"**\"\nrequire = [\"digest\"]\n");
    bulla_status status = bu_simulate(&s.scene, NULL, s.arena, &simulation, &err);
    unit_ok(status, err);
    ck_assert_int_eq(bu_simulation_exit(&simulation), BULLA_EXIT_NOTHING);
}
END_TEST

START_TEST(nobody_of_that_name)
{
    static const char *const names[] = { "nobody", "abcdef", "0000000000", "" };
    bulla_error err = { 0 };
    bu_simulation simulation;
    const char *const taken[] = { names[_i], NULL };
    test_scene s = test_scene_new(PEOPLE ROLES, "o p", 2, NULL);
    unit_fails(bu_simulate(&s.scene, taken, s.arena, &simulation, &err), BULLA_E_BAD_REFERENCE,
               err);
    ck_assert_int_eq(err.exit, BULLA_EXIT_CONFIG);
    ck_assert_str_eq(err.got, names[_i]);
}
END_TEST

START_TEST(no_memory)
{
    test_scene s = test_scene_new(PEOPLE ROLES, "o p", 2, RELEASE("") REVIEWED);
    for (size_t n = 0;; n++) {
        bulla_error err = { 0 };
        bu_simulation simulation;
        BU_AUTO(bu_arena) arena = bu_arena_new();
        alloc_fail_at(n);
        bulla_status status = bu_simulate(&s.scene, NULL, arena, &simulation, &err);
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
    tcase_add_loop_test(tc, what_falls, 0, sizeof cases / sizeof cases[0]);
    tcase_add_test(tc, single_ones_in_turn);
    tcase_add_test(tc, nothing_to_attack);
    tcase_add_loop_test(tc, nobody_of_that_name, 0, 4);
    tcase_add_test(tc, no_memory);
}

int main(void)
{
    return unit_run("simulate", add);
}
