/* SPDX-License-Identifier: MIT */
/*
 * Every case of testdata/ecosystem: what is valid becomes exactly the graph
 * that stands beside it, what is not is refused with exactly that code, at
 * exactly that place.
 */
#include <dirent.h>

#include "show.h"
#include "suite.h"

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Names in a folder, sorted. */
static size_t list(const char *path, char *names[256])
{
    size_t count = 0;
    DIR *folder = opendir(path);
    ck_assert_msg(folder != NULL, "no folder %s", path);
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder))
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
            ck_assert_uint_lt(count, 256);
            names[count++] = strdup(entry->d_name);
        }
    (void)closedir(folder);
    qsort(names, count, sizeof *names, compare_names);
    return count;
}

/* The whole of a file in a folder. Caller frees the pointer. */
static bulla_bytes slurp_in(const char *folder, const char *name)
{
    char *path = NULL;
    ck_assert_int_gt(asprintf(&path, "%s/%s", folder, name), 0);
    bulla_bytes content = unit_slurp(path);
    free(path);
    return content;
}

static const char *first_difference(const char *a, const char *b)
{
    const char *line = a;
    for (; *a != '\0' && *a == *b; a++, b++)
        if (*a == '\n')
            line = a + 1;
    return line;
}

static void expect_graph(const char *folder, bulla_status status, const bu_graph *graph,
                         const bulla_error *err)
{
    ck_assert_msg(bulla_ok(status), "%s: refused: %s [%s] at %u:%u", folder, err->text,
                  bulla_code_name(err->code), err->line, err->column);
    bulla_bytes expected = slurp_in(folder, "expected.json");
    BU_CLEAR(bu_buf) shown = { 0 };
    show_graph(graph, &shown);
    ck_assert_msg(strcmp((const char *)expected.ptr, (const char *)shown.ptr) == 0,
                  "%s: differs from here on:\n%s", folder,
                  first_difference((const char *)shown.ptr, (const char *)expected.ptr));
    free((void *)(uintptr_t)expected.ptr);
}

/* "code line:column" */
static void expect_error(const char *folder, bulla_status status, const bulla_error *err)
{
    char shown[256];
    ck_assert_msg(!bulla_ok(status), "%s: accepted", folder);
    bulla_bytes expected = slurp_in(folder, "error");
    (void)snprintf(shown, sizeof shown, "%s %u:%u\n", bulla_code_name(err->code), err->line,
                   err->column);
    ck_assert_msg(strcmp((const char *)expected.ptr, shown) == 0, "%s: got %s%s\nwant %s", folder,
                  shown, err->text, (const char *)expected.ptr);
    ck_assert_int_eq(status.code, err->code);
    ck_assert_str_ne(err->text, "");
    free((void *)(uintptr_t)expected.ptr);
}

/* The lockfile of a case, by the strongest of its names; other files are what it refers to. */
static const char *choose_input(const bu_ecosystem *ecosystem, char *const *names, size_t count)
{
    for (const char *const *form = ecosystem->filenames; *form != NULL; form++)
        for (size_t i = 0; i < count; i++)
            if (bu_ecosystem_name_matches(*form, bu_bytes_of(names[i])))
                return names[i];
    return NULL;
}

static void run_case(const bu_ecosystem *ecosystem, const char *folder, bool valid)
{
    char *names[256];
    size_t count = list(folder, names);
    const char *input = choose_input(ecosystem, names, count);
    ck_assert_msg(input != NULL, "%s: no lockfile", folder);
    bulla_bytes text = slurp_in(folder, input);
    bu_graph *graph = NULL;
    bulla_error err = { 0 };
    bulla_status status = show_parse(ecosystem, text, input, folder, &graph, &err);
    if (valid)
        expect_graph(folder, status, graph, &err);
    else
        expect_error(folder, status, &err);
    bu_graph_free(graph);
    free((void *)(uintptr_t)text.ptr);
    for (size_t i = 0; i < count; i++)
        free(names[i]);
}

/* Each allocation of reading a valid lockfile fails once. */
static void run_without_memory(const bu_ecosystem *ecosystem, const char *folder, bool valid)
{
    (void)valid;
    char *names[256], path[4096];
    size_t count = list(folder, names);
    const char *input = choose_input(ecosystem, names, count);
    (void)snprintf(path, sizeof path, "%s/%s", folder, input);
    show_no_memory(ecosystem->id, path);
    for (size_t i = 0; i < count; i++)
        free(names[i]);
}

static void run_all(bool valid, void (*run)(const bu_ecosystem *, const char *, bool))
{
    for (const bu_ecosystem *const *e = bu_ecosystems; *e != NULL; e++) {
        char relative[256], *names[256], *folder = NULL;
        (void)snprintf(relative, sizeof relative, "testdata/ecosystem/%s/%s", (*e)->id,
                       valid ? "valid" : "invalid");
        char *path = unit_source_path(relative);
        ck_assert_msg(path != NULL, "every format has cases: %s", relative);
        size_t count = list(path, names);
        ck_assert_uint_gt(count, 0);
        for (size_t i = 0; i < count; i++) {
            ck_assert_int_gt(asprintf(&folder, "%s/%s", path, names[i]), 0);
            run(*e, folder, valid);
            free(folder);
            free(names[i]);
        }
        free(path);
    }
}

START_TEST(valid_lockfiles_become_their_graph)
{
    run_all(true, run_case);
}
END_TEST

START_TEST(hostile_lockfiles_are_refused_with_their_place)
{
    run_all(false, run_case);
}
END_TEST

START_TEST(no_memory_is_an_error_and_nothing_else)
{
    run_all(true, run_without_memory);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_test(tc, no_memory_is_an_error_and_nothing_else);
    tcase_add_test(tc, valid_lockfiles_become_their_graph);
    tcase_add_test(tc, hostile_lockfiles_are_refused_with_their_place);
}

int main(void)
{
    return unit_run("lockfiles", add);
}
