/* SPDX-License-Identifier: MIT */
/*
 * Lockfiles of other projects: each must name exactly the packages, and pin
 * exactly the digests, that manifest.json and hashes.json expect.
 */
#include "show.h"
#include "suite.h"
#include "syntax/tree.h"

static bu_tree *manifest, *hashes;

static bu_tree *load(const char *relative)
{
    char *path = unit_vectors_path(relative);
    if (path == NULL)
        return NULL;
    bulla_bytes text = unit_slurp(path);
    bu_tree *tree = NULL;
    bulla_error err = { 0 };
    unit_ok(bu_json_load(text, relative, &tree, &err), err);
    free((void *)(uintptr_t)text.ptr);
    free(path);
    return tree;
}

static void load_all(void)
{
    manifest = load("lockfiles/manifest.json");
    hashes = load("lockfiles/hashes.json");
}

static void free_all(void)
{
    bu_tree_free(manifest);
    bu_tree_free(hashes);
}

static bulla_bytes text_at(const bu_node *array, size_t index)
{
    const bu_node *node = bu_node_first(array);
    while (index-- > 0)
        node = bu_node_next(node);
    return bu_node_text(node);
}

static bool is_named(const bulla_component *c, const bu_node *row)
{
    return bu_bytes_is(text_at(row, 0), c->type) && bu_bytes_is(text_at(row, 1), c->name);
}

static bool is_row(const bulla_component *c, const bu_node *row)
{
    return is_named(c, row) &&
           bu_bytes_equal(text_at(row, 2), bu_bytes_of(c->version == NULL ? "" : c->version));
}

static const bulla_component *find(const bu_graph *graph, const bu_node *row,
                                   bool (*matches)(const bulla_component *, const bu_node *))
{
    for (size_t i = 0; i < graph->count; i++)
        if (matches(&graph->components[i], row))
            return &graph->components[i];
    return NULL;
}

static bool is_in(const bu_node *rows, const bulla_component *c,
                  bool (*matches)(const bulla_component *, const bu_node *))
{
    BU_EACH_CHILD(row, rows) {
        if (matches(c, row))
            return true;
    }
    return false;
}

static void expect_packages(const char *id, const bu_node *expected, const bu_graph *graph)
{
    BU_EACH_CHILD(row, bu_node_get(expected, "must")) {
        ck_assert_msg(find(graph, row, is_row) != NULL, "%s: %.*s is missing", id,
                      (int)text_at(row, 1).len, (const char *)text_at(row, 1).ptr);
    }
    BU_EACH_CHILD(row, bu_node_get(expected, "must_name")) {
        ck_assert_msg(find(graph, row, is_named) != NULL, "%s: %.*s is missing", id,
                      (int)text_at(row, 1).len, (const char *)text_at(row, 1).ptr);
    }
    for (size_t i = 0; i < graph->count; i++) {
        const bulla_component *c = &graph->components[i];
        ck_assert_msg(is_in(bu_node_get(expected, "must"), c, is_row) ||
                          is_in(bu_node_get(expected, "must_name"), c, is_named) ||
                          is_in(bu_node_get(expected, "may_name"), c, is_named),
                      "%s: %s is not expected", id, c->purl);
    }
}

static void expect_hashes(const char *id, const bu_node *rows, const bu_graph *graph)
{
    size_t pinned = 0;
    BU_EACH_CHILD(row, rows) {
        const bulla_component *c = find(graph, row, is_row);
        ck_assert_msg(c != NULL, "%s: %.*s is missing", id, (int)text_at(row, 1).len,
                      (const char *)text_at(row, 1).ptr);
        bulla_alg alg = bu_alg_of(text_at(row, 3));
        const bulla_digest *digest = bulla_digest_set_get(&c->digests, alg);
        char hex[BULLA_DIGEST_HEX_MAX];
        ck_assert_msg(digest != NULL && bu_bytes_is(text_at(row, 4), bulla_digest_hex(digest, hex)),
                      "%s: another digest for %s", id, c->purl);
        pinned++;
    }
    for (size_t i = 0; rows != NULL && i < graph->count; i++)
        if (is_in(rows, &graph->components[i], is_row))
            pinned -= graph->components[i].digests.count;
    ck_assert_msg(pinned == 0, "%s: more digests than expected", id);
}

static void run_case(const bu_ecosystem *ecosystem, const bu_node *expected)
{
    char id[256], relative[512];
    bulla_bytes file = bu_node_text(bu_node_get(expected, "file"));
    bulla_bytes name = bu_node_text(bu_node_get(expected, "id"));
    (void)snprintf(id, sizeof id, "%.*s", (int)name.len, (const char *)name.ptr);
    (void)snprintf(relative, sizeof relative, "lockfiles/%.*s", (int)file.len,
                   (const char *)file.ptr);
    char *path = unit_vectors_path(relative);
    ck_assert_msg(path != NULL, "%s is not there", relative);
    bulla_bytes text = unit_slurp(path);
    bu_graph *graph = NULL;
    bulla_error err = { 0 };
    bulla_status status = show_parse(ecosystem, text, relative, &graph, &err);
    if (bu_node_is_true(bu_node_get(expected, "reject"))) {
        ck_assert_msg(!bulla_ok(status), "%s: accepted", id);
    } else {
        ck_assert_msg(bulla_ok(status), "%s: %s [%s] %u:%u", id, err.text,
                      bulla_code_name(err.code), err.line, err.column);
        expect_packages(id, expected, graph);
        expect_hashes(id, bu_node_get_bytes(bu_tree_root(hashes), name), graph);
    }
    bu_graph_free(graph);
    free((void *)(uintptr_t)text.ptr);
    free(path);
}

START_TEST(lockfiles_of_other_projects_name_what_they_name)
{
    if (manifest == NULL || hashes == NULL) {
        unit_skipped("lockfiles of other projects", "no test vectors");
        return;
    }
    size_t cases = 0;
    BU_EACH_CHILD(expected, bu_tree_root(manifest)) {
        const bu_ecosystem *ecosystem =
            bu_ecosystem_by_filename(bu_node_text(bu_node_get(expected, "kind")));
        if (ecosystem == NULL)
            continue;
        run_case(ecosystem, expected);
        cases++;
    }
    ck_assert_uint_gt(cases, 0);
    printf("# %zu lockfiles\n", cases);
}
END_TEST

static void add(TCase *tc)
{
    tcase_add_unchecked_fixture(tc, load_all, free_all);
    tcase_add_test(tc, lockfiles_of_other_projects_name_what_they_name);
}

int main(void)
{
    return unit_run("vectors", add);
}
