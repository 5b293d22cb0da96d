/* SPDX-License-Identifier: MIT */
/*
 * Installed trees: every kind finds its package in the tree that
 * tests/attack/trees makes, and no failure of memory makes one sound. What is
 * wrong with a tree is in tests/attack/tree_*.test.
 */
#include "suite.h"

#include <unistd.h>

#include "alloc_fail.h"
#include "base/limits.h"
#include "evidence/install.h"
#include "evidence/inventory.h"

static const struct {
    const char *kind, *tree, *lockfile, *place;
} cases[] = {
    { "npm", "node_modules", "package-lock.json", "demo" },
    { "yarn", "node_modules", "yarn.lock", "demo" },
    { "pnpm", "./node_modules/", "pnpm-lock.yaml", ".pnpm/demo@1.0.0/node_modules/demo" },
    { "golang", "vendor", "go.mod", "example.org/m" },
    { "cargo", "vendor", "Cargo.lock", "demo" },
    { "composer", "vendor/", "composer.lock", "acme/demo" },
    { "pypi", "site-packages", "requirements.txt", "" },
};

static void make(int i, bu_inventory *inventory)
{
    bulla_error err = { 0 };
    char command[8192], *folder = unit_temporary_folder();
    char *script = unit_source_path("tests/attack/trees");
    ck_assert_ptr_nonnull(script);
    ck_assert_int_eq(chdir(folder), 0);
    (void)snprintf(command, sizeof command, "python3 '%s' %s", script, cases[i].kind);
    ck_assert_int_eq(system(command), 0);
    free(folder);
    free(script);
    const char *const paths[] = { cases[i].lockfile, NULL };
    const bu_inventory_options options = { .paths = paths };
    unit_ok(bu_inventory_make(&options, inventory, &err), err);
    ck_assert_uint_eq(inventory->troubles.count, 0);
}

START_TEST(the_package_is_found)
{
    bulla_error err = { 0 };
    BU_CLEAR(bu_inventory) inventory = { 0 };
    BU_CLEAR(bu_installs) installs = { 0 };
    const char *const trees[] = { cases[_i].tree, NULL };
    make(_i, &inventory);
    unit_ok(bu_installs_open(trees, inventory.graph, &installs, &err), err);
    ck_assert_uint_eq(installs.unlisted.count, 0);
    ck_assert_uint_eq(installs.items[0].count, 1);
    const bu_installed *found = &installs.items[0].items[0];
    const bulla_component *component = &inventory.graph->components[found->component];
    ck_assert_str_eq(found->place, cases[_i].place);
    ck_assert(strstr(component->version, "1.0.0") != NULL);
    ck_assert(bu_installs_have(&installs, found->component));
    ck_assert(bu_installs_cover(&installs, component->type));
    ck_assert(!bu_installs_cover(&installs, "deb"));
}
END_TEST

START_TEST(without_its_lockfile_it_is_unlisted)
{
    bulla_error err = { 0 };
    BU_CLEAR(bu_inventory) inventory = { 0 };
    BU_CLEAR(bu_installs) installs = { 0 };
    BU_AUTO(bu_graph) empty = bu_graph_new();
    const char *const trees[] = { cases[_i].tree, NULL };
    make(_i, &inventory);
    unit_ok(bu_installs_open(trees, empty, &installs, &err), err);
    ck_assert_uint_eq(installs.items[0].count, 0);
    ck_assert_uint_gt(installs.unlisted.count, 0);
    for (size_t i = 0; i < installs.unlisted.count; i++) {
        ck_assert_int_eq(installs.unlisted.items[i].code, BULLA_E_UNLISTED_FILE);
        ck_assert_int_eq(installs.unlisted.items[i].exit, BULLA_EXIT_DENIED);
        ck_assert_str_ne(installs.unlisted.items[i].file, "");
    }
}
END_TEST

START_TEST(no_memory)
{
    BU_CLEAR(bu_inventory) inventory = { 0 };
    const char *const trees[] = { cases[_i].tree, NULL };
    make(_i, &inventory);
    for (size_t n = 0;; n++) {
        bulla_error err = { 0 };
        BU_CLEAR(bu_installs) installs = { 0 };
        alloc_fail_at(n);
        bulla_status status = bu_installs_open(trees, inventory.graph, &installs, &err);
        if (!alloc_fail_off()) {
            unit_ok(status, err);
            ck_assert_uint_eq(installs.unlisted.count, 0);
            break;
        }
        ck_assert(!bulla_ok(status) || installs.unlisted.count > 0);
    }
}
END_TEST

/* The files of the archive as they are unpacked. */
static bulla_status judge(const bu_inventory *inventory, bu_arena *arena, bulla_fact *fact,
                          bulla_error *err)
{
    static const char *const trees[] = { "node_modules", NULL };
    BU_CLEAR(bu_installs) installs = { 0 };
    BU_CLEAR(bu_files) files = { .arena = arena };
    BU_AUTO(bu_hasher) hasher = NULL;
    bulla_error why = { 0 };
    BU_TRY(bu_hasher_new(&hasher, err));
    BU_TRY(bu_files_of_archive("archives/demo-1.0.0.tgz", &files, err));
    BU_TRY(bu_installs_open(trees, inventory->graph, &installs, err));
    const bu_install_archive archive = { .files = &files, .hasher = hasher, .arena = arena };
    size_t demo = inventory->graph->root == 0 ? 1 : 0;
    return bu_installs_judge(&installs, demo, &archive, fact, &why, err);
}

START_TEST(all_files_are_counted_and_the_first_are_listed)
{
    BU_CLEAR(bu_inventory) inventory = { 0 };
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bulla_fact fact = { 0 };
    bulla_error err = { 0 };
    make(0, &inventory);
    unit_ok(judge(&inventory, arena, &fact, &err), err);
    ck_assert_int_eq(fact.outcome, BULLA_HELD);
    ck_assert_uint_eq(fact.installation->same, 3);
    ck_assert_int_eq(system("cd node_modules/demo && touch $(seq 1100) && rm index.js"), 0);
    unit_ok(judge(&inventory, arena, &fact, &err), err);
    ck_assert_int_eq(fact.outcome, BULLA_BROKEN);
    ck_assert_uint_eq(fact.installation->places, 1);
    ck_assert_uint_eq(fact.installation->same, 2);
    ck_assert_uint_eq(fact.installation->added, 1100);
    ck_assert_uint_eq(fact.installation->missing, 1);
    ck_assert_uint_eq(fact.installation->file_count, BU_LIMIT_TREE_PATHS);
    ck_assert_str_eq(fact.installation->files[0].path, "node_modules/demo/.npmignore");
    ck_assert_int_eq(fact.installation->files[0].change, BULLA_FILE_GENERATED);
    ck_assert_int_eq(fact.installation->files[1].change, BULLA_FILE_ADDED);
}
END_TEST

START_TEST(no_memory_is_never_held)
{
    BU_CLEAR(bu_inventory) inventory = { 0 };
    make(0, &inventory);
    ck_assert_int_eq(system("echo >>node_modules/demo/index.js"), 0);
    for (size_t n = 0;; n++) {
        bulla_error err = { 0 };
        bulla_fact fact = { 0 };
        BU_AUTO(bu_arena) arena = bu_arena_new();
        alloc_fail_at(n);
        bulla_status status = judge(&inventory, arena, &fact, &err);
        bool was_hit = alloc_fail_off();
        ck_assert(fact.outcome != BULLA_HELD);
        if (!was_hit) {
            unit_ok(status, err);
            ck_assert_int_eq(fact.outcome, BULLA_BROKEN);
            break;
        }
    }
}
END_TEST

START_TEST(a_folder_of_another_kind_is_refused)
{
    static const char *const trees[] = { "empty", NULL };
    bulla_error err = { 0 };
    BU_CLEAR(bu_installs) installs = { 0 };
    BU_AUTO(bu_graph) graph = bu_graph_new();
    char *folder = unit_temporary_folder();
    ck_assert_int_eq(chdir(folder), 0);
    free(folder);
    ck_assert_int_eq(system("mkdir empty"), 0);
    unit_fails(bu_installs_open(trees, graph, &installs, &err), BULLA_E_USAGE, err);
    ck_assert_str_eq(err.file, "empty");
}
END_TEST

/* What is below a folder is told from what only begins like it. */
START_TEST(paths_below_a_folder)
{
    bulla_error err = { 0 };
    BU_AUTO(bu_arena) arena = bu_arena_new();
    static const char *const all[] = { "a-b/x", "a/b/c", "a.x", "b", "@s/x" };
    bu_paths paths = { 0 };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        unit_ok(bu_paths_add(&paths, arena, bu_bytes_of(all[i]), &err), err);
    bu_paths_sort(&paths);
    ck_assert(bu_paths_have_below(&paths, "a") && bu_paths_have_below(&paths, "a/b"));
    ck_assert(bu_paths_have_below(&paths, "@s") && bu_paths_have_below(&paths, "a-b"));
    ck_assert(!bu_paths_have_below(&paths, "b") && !bu_paths_have_below(&paths, "a.x"));
    ck_assert(!bu_paths_have_below(&paths, "a/b/c") && !bu_paths_have_below(&paths, ""));
    ck_assert(bu_paths_have(&paths, "b") && !bu_paths_have(&paths, "a"));
    free(paths.items);
}
END_TEST

static void add(TCase *tc)
{
    int count = sizeof cases / sizeof cases[0];
    tcase_add_loop_test(tc, the_package_is_found, 0, count);
    tcase_add_loop_test(tc, without_its_lockfile_it_is_unlisted, 0, count);
    tcase_add_loop_test(tc, no_memory, 0, count);
    tcase_add_test(tc, all_files_are_counted_and_the_first_are_listed);
    tcase_add_test(tc, no_memory_is_never_held);
    tcase_add_test(tc, a_folder_of_another_kind_is_refused);
    tcase_add_test(tc, paths_below_a_folder);
}

int main(void)
{
    return unit_run("install", add);
}
