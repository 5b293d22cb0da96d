/* SPDX-License-Identifier: MIT */
/*
 * A trust.toml, a NUL and a policy: what is unwise in both is found whatever they say, all that is
 * found is about something, and whoever takes every key brings down every gate. Targets:
 * bu_lint_trust, bu_simulate, bu_policy_lint, bu_policy_explain.
 */
#include "store.h"

#include "policy/explain.h"
#include "policy/trust_lint.h"

#define NOW 1795288320

static void check_lint(const bu_scene *scene, bu_arena *arena)
{
    bu_lint_report report = { 0 };
    bulla_error err = { 0 };
    size_t errors = 0;
    FUZZ_CHECK(bulla_ok(bu_lint_trust(scene, arena, &report, &err)));
    for (size_t i = 0; i < report.count; i++) {
        FUZZ_CHECK(i == 0 || report.items[i - 1].rule <= report.items[i].rule);
        errors += bu_lint_rows[report.items[i].rule].is_error;
    }
    FUZZ_CHECK(errors == report.errors);
}

static void check_attempts(const bu_scene *scene, bu_arena *arena)
{
    bu_simulation simulation = { 0 };
    bulla_error err = { 0 };
    FUZZ_CHECK(bulla_ok(bu_simulate(scene, NULL, arena, &simulation, &err)));
    for (size_t i = 0; i < simulation.count; i++) {
        const bu_attempt *attempt = &simulation.attempts[i];
        FUZZ_CHECK(attempt->loot_count == 1 && attempt->loot[0].name != NULL);
        for (size_t f = 0; f < attempt->count; f++)
            FUZZ_CHECK(attempt->falls[f].name != NULL &&
                       (!attempt->falls[f].is_fatal || attempt->is_fatal));
    }
}

static void check_words(const bu_scene *scene)
{
    BU_CLEAR(bu_buf) text = { 0 };
    bu_lint_counts counts;
    bulla_error err = { 0 };
    FUZZ_CHECK(bulla_ok(bu_policy_lint(scene->policy, scene->trust, &text, &counts, &err)));
    FUZZ_CHECK(bulla_ok(bu_policy_explain(scene->policy, &text, &err)));
    for (size_t i = 0; i < text.len; i++)
        FUZZ_CHECK(text.ptr[i] == '\n' || (text.ptr[i] >= ' ' && text.ptr[i] != 0x7F));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    BU_AUTO(bu_policy) policy = NULL;
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bulla_error err = { 0 };
    bulla_bytes all = { data, size };
    size_t end = bu_bytes_find(all, '\0');
    BU_AUTO(bulla_trust) trust = fuzz_store(bu_bytes_first(all, end), &err);
    FUZZ_CHECK(arena != NULL);
    if (trust == NULL ||
        !bulla_ok(bu_policy_parse(bu_bytes_from(all, end + 1), "policy", &policy, &err)))
        return 0;
    trust->chain.root = calloc(1, sizeof *trust->chain.root); /* of nobody */
    FUZZ_CHECK(trust->chain.root != NULL);
    const bu_scene scene = { .trust = trust, .policy = policy, .now = NOW };
    check_lint(&scene, arena);
    check_attempts(&scene, arena);
    check_words(&scene);
    return 0;
}
