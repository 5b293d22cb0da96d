/* SPDX-License-Identifier: MIT */
/*
 * What readers of lockfiles share: an entry becomes a component with its place,
 * names find what they mean, and nothing that hides gets in.
 */
#include "alloc_fail.h"
#include "ecosystem/lock.h"
#include "suite.h"

static bu_graph *graph;
static bu_lock lock;
static bulla_error err;

static void start(void)
{
    err = (bulla_error){ 0 };
    lock = (bu_lock){ 0 };
    graph = bu_graph_new();
    ck_assert_ptr_nonnull(graph);
    unit_ok(bu_lock_open(&lock, "npm", "dir/lock", NULL, graph, &err), err);
}

static void stop(void)
{
    bu_lock_clear(&lock);
    bu_graph_free(graph);
}

static size_t add(const char *name, uint32_t line)
{
    size_t index;
    const bu_lock_entry entry = {
        .name = bu_bytes_of(name), .version = BULLA_LIT("1.0.0"), .line = line, .column = 3
    };
    unit_ok(bu_lock_add(&lock, &entry, &index, &err), err);
    return index;
}

START_TEST(an_entry_becomes_a_component_with_its_purl_place_and_pins)
{
    bu_qualifier qualifier = { BULLA_LIT("distro"), BULLA_LIT("edge") };
    bu_lock_entry entry = {
        .name = BULLA_LIT("@a/b"),
        .version = BULLA_LIT("2"),
        .qualifiers = &qualifier,
        .qualifier_count = 1,
        .resolved = BULLA_LIT("https://user:secret@host/b.tgz"),
        .scope = BULLA_SCOPE_DEV,
        .line = 7,
        .column = 9,
    };
    unit_ok(
        bu_digest_parse_sri(BULLA_LIT("sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk="), &entry.digests, &err),
        err);
    unit_ok(bu_lock_add(&lock, &entry, NULL, &err), err);
    const bulla_component *c = &graph->components[0];
    ck_assert_str_eq(c->purl, "pkg:npm/%40a/b@2?distro=edge");
    ck_assert_str_eq(c->name, "@a/b");
    ck_assert_str_eq(c->resolved, "https://host/b.tgz");
    ck_assert_str_eq(c->lockfile, "dir/lock");
    ck_assert_uint_eq(c->line, 7);
    ck_assert_uint_eq(c->column, 9);
    ck_assert_int_eq(c->scope, BULLA_SCOPE_DEV);
    ck_assert_uint_eq(c->digests.count, 1);
}
END_TEST

static const struct {
    const char *name;
    bulla_code code;
} bad_names[] = {
    { "", BULLA_E_BAD_NAME },
    { "a\xE2\x80\xAE"
      "b",
      BULLA_E_CONTROL_CHARACTER },
    { "a\nb", BULLA_E_CONTROL_CHARACTER },
    { "@a/", BULLA_E_BAD_NAME },
};

START_TEST(a_name_that_is_none_is_refused_at_its_place)
{
    const bu_lock_entry entry = { .name = bu_bytes_of(bad_names[_i].name), .line = 4, .column = 2 };
    unit_fails(bu_lock_add(&lock, &entry, NULL, &err), bad_names[_i].code, err);
    ck_assert_uint_eq(err.line, 4);
    ck_assert_uint_eq(err.column, 2);
    ck_assert_str_eq(err.file, "dir/lock");
}
END_TEST

START_TEST(names_are_linked_whichever_comes_first)
{
    const bu_lock_entry at = { .line = 1, .column = 1 };
    size_t a = add("a", 1);
    unit_ok(bu_lock_need(&lock, a, 0, BULLA_LIT("b"), BU_ABSENCE_FLAW, &at, &err), err);
    size_t b = add("b", 2);
    unit_ok(bu_lock_name(&lock, 0, BULLA_LIT("b"), b, &err), err);
    unit_ok(bu_lock_name(&lock, 0, BULLA_LIT("b"), a, &err), err); /* the first stays */
    ck_assert_uint_eq(bu_lock_find(&lock, 0, BULLA_LIT("b")), b);
    ck_assert_uint_eq(bu_lock_find(&lock, 1, BULLA_LIT("b")), BULLA_NO_COMPONENT);
    unit_ok(bu_lock_connect(&lock, &err), err);
    ck_assert_uint_eq(graph->edge_count, 1);
    ck_assert_uint_eq(graph->edges[0].to, b);
    ck_assert_uint_eq(graph->flaw_count, 0);
}
END_TEST

START_TEST(what_is_needed_and_not_there_is_said)
{
    const bu_lock_entry at = { .line = 5, .column = 6 };
    size_t a = add("a", 1);
    unit_ok(bu_lock_need(&lock, a, 0, BULLA_LIT("x"), BU_ABSENCE_FLAW, &at, &err), err);
    unit_ok(bu_lock_need(&lock, a, 0, BULLA_LIT("y"), BU_ABSENCE_TOLERATED, &at, &err), err);
    unit_ok(bu_lock_need(&lock, a, 0, BULLA_LIT("z"), BU_ABSENCE_FINE, &at, &err), err);
    unit_ok(bu_lock_connect(&lock, &err), err);
    ck_assert_uint_eq(graph->edge_count, 0);
    ck_assert_uint_eq(graph->flaw_count, 2);
    ck_assert_str_eq(graph->flaws[0].what, "x");
    ck_assert_uint_eq(graph->flaws[0].line, 5);
    ck_assert(!graph->flaws[0].tolerated);
    ck_assert(graph->flaws[1].tolerated);
}
END_TEST

static const struct {
    const char *url, *shown;
} secrets[] = {
    { "https://registry.example/a.tgz", "https://registry.example/a.tgz" },
    { "https://me:token@registry.example/a.tgz", "https://registry.example/a.tgz" },
    { "https://token@registry.example/a@1.tgz", "https://registry.example/a@1.tgz" },
    { "git+https://token@git.example/a.git#c", "git+https://git.example/a.git#c" },
    { "git+ssh://git@git.example/a.git#c", "git+ssh://git@git.example/a.git#c" },
    { "git@git.example:a/b.git", "git@git.example:a/b.git" },
    { "https://registry.example/@s/a.tgz", "https://registry.example/@s/a.tgz" },
    { "file:a@b.tgz", "file:a@b.tgz" },
    { "https://a@b@registry.example/", "https://registry.example/" },
};

START_TEST(no_password_gets_into_the_graph)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    ck_assert_str_eq(bu_lock_public_url(bu_bytes_of(secrets[_i].url), arena), secrets[_i].shown);
}
END_TEST

static bulla_status build(bulla_error *e)
{
    BU_AUTO(bu_graph) g = bu_graph_new();
    BU_CLEAR(bu_lock) l = { 0 };
    bu_lock_entry entry = { .name = BULLA_LIT("a"), .resolved = BULLA_LIT("https://h/x") };
    bulla_file_pin file;
    size_t index;
    if (g == NULL)
        return bu_no_memory(e);
    BU_TRY(bu_lock_open(&l, "pypi", "x", NULL, g, e));
    BU_TRY(bu_lock_pin_file(&l, BULLA_LIT("a.whl"), BULLA_LIT("https://h/a"), 1, &entry.digests,
                            &file, e));
    entry.files = &file;
    BU_TRY(bu_lock_add(&l, &entry, &index, e));
    BU_TRY(bu_lock_need(&l, index, 0, BULLA_LIT("b"), BU_ABSENCE_FLAW, &entry, e));
    return bu_lock_connect(&l, e);
}

START_TEST(no_memory_is_an_error_and_nothing_else)
{
    for (size_t n = 0;; n++) {
        err = (bulla_error){ 0 };
        alloc_fail_at(n);
        bulla_status status = build(&err);
        if (!alloc_fail_off()) {
            unit_ok(status, err);
            break;
        }
        unit_fails(status, BULLA_E_NO_MEMORY, err);
    }
}
END_TEST

static void add_tests(TCase *tc)
{
    tcase_add_checked_fixture(tc, start, stop);
    tcase_add_test(tc, an_entry_becomes_a_component_with_its_purl_place_and_pins);
    tcase_add_loop_test(tc, a_name_that_is_none_is_refused_at_its_place, 0,
                        sizeof bad_names / sizeof bad_names[0]);
    tcase_add_test(tc, names_are_linked_whichever_comes_first);
    tcase_add_test(tc, what_is_needed_and_not_there_is_said);
    tcase_add_loop_test(tc, no_password_gets_into_the_graph, 0, sizeof secrets / sizeof secrets[0]);
    tcase_add_test(tc, no_memory_is_an_error_and_nothing_else);
}

int main(void)
{
    return unit_run("lock", add_tests);
}
