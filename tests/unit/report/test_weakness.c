/* SPDX-License-Identifier: MIT */
/*
 * Findings about a store as people and programs read them: every one is
 * shown, the answer is last, and hostile patterns stay harmless.
 */
#include <sys/wait.h>

#include "../policy/scene.h"
#include "alloc_fail.h"
#include "report/weakness.h"

#define TRUST STORE PERSON("alice") PERSON("bob") ROLE("approver", "\"alice\", \"bob\"", "1", "")
#define RULES                                                                                      \
    POLICY "[[rule]]\nname = \"ours\"\nmatch = \"**\"\nrequire = [\"approval:approver\"]\n" GATE(  \
        "release", "environment = \"prod\"") NEED("approval", "approver", "1")

static bulla_status write_lint(const test_scene *s, const char *format, bu_buf *out,
                               bulla_error *err)
{
    bu_lint_report report;
    BU_TRY(bu_lint_trust(&s->scene, s->arena, &report, err));
    return bu_lint_write(&s->scene, &report, format, out, err);
}

static bulla_status write_simulation(const test_scene *s, const char *format, bu_buf *out,
                                     bulla_error *err)
{
    bu_simulation simulation;
    BU_TRY(bu_simulate(&s->scene, NULL, s->arena, &simulation, err));
    return bu_simulation_write(&s->scene, &simulation, format, out, err);
}

static bulla_status write_named(const test_scene *s, const char *format, bu_buf *out,
                                bulla_error *err)
{
    static const char *const names[] = { "bob", "alice", NULL };
    bu_simulation simulation;
    BU_TRY(bu_simulate(&s->scene, names, s->arena, &simulation, err));
    return bu_simulation_write(&s->scene, &simulation, format, out, err);
}

static const struct {
    const char *schema;
    bulla_status (*write)(const test_scene *, const char *, bu_buf *, bulla_error *);
} pages[] = {
    { "doc/schema/trust-lint.json", write_lint },
    { "doc/schema/trust-simulate.json", write_simulation },
    { "doc/schema/trust-simulate.json", write_named },
};

static const char *page(const test_scene *s, size_t index, const char *format)
{
    bulla_error err = { 0 };
    BU_CLEAR(bu_buf) out = { 0 };
    bulla_status status = pages[index].write(s, format, &out, &err);
    unit_ok(status, err);
    return test_text("%.*s", (int)out.len, (const char *)out.ptr);
}

START_TEST(lint_for_people)
{
    test_scene s = test_scene_new(TRUST, "o", 1, RULES);
    const char *text = page(&s, 0, "text");
    ck_assert_int_eq(strncmp(text, "ERROR     root-threshold: ", 26), 0);
    ck_assert_ptr_nonnull(strstr(text, "ERROR     one-suffices: one person completes a gate of "
                                       "production alone\n"
                                       "          alice, gate release\n"
                                       "          bob, gate release\n"
                                       "          next: "));
    ck_assert_ptr_nonnull(
        strstr(text, test_text("          alice, key %s\n", test_keyid("alice"))));
    ck_assert_ptr_nonnull(strstr(text, "\nRESULT: ERRORS (exit 1)\n"));
}
END_TEST

START_TEST(simulation_for_people)
{
    test_scene s = test_scene_new(TRUST, "o p", 2, RULES);
    ck_assert_str_eq(page(&s, 2, "text"), "person bob, person alice\n"
                                          "FALLS     gate release in prod\n"
                                          "falls     rule ours: approval:approver\n"
                                          "\n"
                                          "taken:    0 keys, 2 people, 0 owners, together\n"
                                          "attacked: 1 gate, 1 rule for a signature\n"
                                          "RESULT: FALLS (exit 1)\n");
    ck_assert_ptr_nonnull(
        strstr(page(&s, 1, "text"),
               test_text("key %s of bob\nFALLS     gate release in prod\n", test_keyid("bob"))));
}
END_TEST

/* A pattern with an escape sequence must not reach the terminal; trust.toml refuses it before. */
START_TEST(policies_are_foreign)
{
    test_scene s = test_scene_new(TRUST, "o p", 2, RULES);
    bu_simulation simulation;
    bulla_error err = { 0 };
    bulla_status status = bu_simulate(&s.scene, NULL, s.arena, &simulation, &err);
    unit_ok(status, err);
    for (size_t i = 0; i < simulation.count; i++)
        for (size_t f = 0; f < simulation.attempts[i].count; f++)
            simulation.attempts[i].falls[f].name = "x\x1b[31m";
    bu_buf out = { 0 };
    for (int json = 0; json < 2; json++) {
        status = bu_simulation_write(&s.scene, &simulation, json ? "json" : "text", &out, &err);
        unit_ok(status, err);
    }
    ck_assert_ptr_null(memchr(out.ptr, '\x1b', out.len));
    bu_buf_clear(&out);
}
END_TEST

START_TEST(an_unknown_format_is_refused)
{
    bulla_error err = { 0 };
    bu_buf out = { 0 };
    test_scene s = test_scene_new(TRUST, "o p", 2, RULES);
    unit_fails(pages[_i].write(&s, "html", &out, &err), BULLA_E_USAGE, err);
    ck_assert_str_eq(err.got, "html");
}
END_TEST

START_TEST(valid_by_schema)
{
    char *folder = unit_temporary_folder(), command[16384];
    char *script = unit_source_path("tests/unit/report/validate.py");
    char *schema = unit_source_path(pages[_i].schema);
    ck_assert(script != NULL && schema != NULL);
    test_scene bad = test_scene_new(TRUST, "o", 1, RULES),
               plain = test_scene_new(STORE, "o", 1, NULL);
    test_write(folder, "1.json", page(&bad, (size_t)_i, "json"));
    test_write(folder, "2.json",
               _i == 2 ? page(&bad, 1, "json") : page(&plain, (size_t)_i, "json"));
    (void)snprintf(command, sizeof command, "/usr/bin/python3 '%s' '%s' '%s'/*.json", script,
                   schema, folder);
    int status = system(command);
    ck_assert(WIFEXITED(status));
    if (WEXITSTATUS(status) == 77)
        unit_skipped("validation by the schema", "python3-jsonschema is not installed");
    else
        ck_assert_int_eq(WEXITSTATUS(status), 0);
    free(folder);
    free(script);
    free(schema);
}
END_TEST

START_TEST(no_memory)
{
    test_scene s = test_scene_new(TRUST, "o", 1, RULES);
    for (size_t n = 0;; n++) {
        bulla_error err = { 0 };
        BU_CLEAR(bu_buf) out = { 0 };
        test_scene once = { s.scene, bu_arena_new() };
        alloc_fail_at(n);
        bulla_status status = pages[_i].write(&once, n % 2 == 0 ? "json" : "text", &out, &err);
        bool failed = alloc_fail_off();
        bu_arena_free(once.arena);
        if (!failed) {
            unit_ok(status, err);
            break;
        }
        unit_fails(status, BULLA_E_NO_MEMORY, err);
    }
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_test(tc, lint_for_people);
    tcase_add_test(tc, simulation_for_people);
    tcase_add_test(tc, policies_are_foreign);
    tcase_add_loop_test(tc, an_unknown_format_is_refused, 0, 3);
    tcase_add_loop_test(tc, valid_by_schema, 0, 3);
    tcase_add_loop_test(tc, no_memory, 0, 3);
}

int main(void)
{
    return unit_run("weakness", add);
}
