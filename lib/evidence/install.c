/* SPDX-License-Identifier: MIT */
/*
 * Opening trees: their kind is told, packages are found, and what is left is
 * named: nothing in a tree stays unaccounted for.
 */
#include "evidence/install.h"

#include "base/vec.h"
#include "model/purl.h"

#define UNLISTED_MAX 100 /* findings about one tree; the rest is counted */

#define BU_INSTALL(id) extern const bu_install_kind bu_install_##id;
#include "evidence/installs.def"
#undef BU_INSTALL

static const bu_install_kind *const kinds[] = {
#define BU_INSTALL(id) &bu_install_##id,
#include "evidence/installs.def"
#undef BU_INSTALL
};

#define KINDS (sizeof kinds / sizeof kinds[0])

bulla_status bu_paths_add(bu_paths *paths, bu_arena *arena, bulla_bytes path, bulla_error *err)
{
    BU_TRY(bu_vec_grow(&paths->items, paths->count, &paths->cap, sizeof *paths->items, err));
    const char *copy = bu_arena_text(arena, path);
    if (copy == NULL)
        return bu_no_memory(err);
    paths->items[paths->count++] = copy;
    return BU_OK;
}

static int compare_paths(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void bu_paths_sort(bu_paths *paths)
{
    if (paths->count > 0)
        qsort(paths->items, paths->count, sizeof *paths->items, compare_paths);
}

bool bu_paths_have(const bu_paths *paths, const char *path)
{
    return paths->count > 0 &&
           bsearch(&path, paths->items, paths->count, sizeof *paths->items, compare_paths) != NULL;
}

/* Order of a path against what is below the folder `path`: 0 when it is. */
static int against_folder(const char *item, const char *path, size_t len)
{
    int order = strncmp(item, path, len);
    return order != 0 ? order : (uint8_t)item[len] - '/';
}

bool bu_paths_have_below(const bu_paths *paths, const char *path)
{
    size_t low = 0, high = paths->count, len = strlen(path);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = against_folder(paths->items[middle], path, len);
        if (order == 0)
            return true;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

const char *bu_install_path(const bu_install *tree, const char *path)
{
    return bu_arena_format(tree->arena, "%s/%s", tree->path, path);
}

/* The first component whose purl is not before this text. */
static size_t lower_bound(const bu_graph *graph, const char *purl)
{
    size_t low = 0, high = graph->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(graph->components[middle].purl, purl) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* What has qualifiers stands elsewhere than what has none. */
bulla_status bu_install_component(bu_install *tree, const char *name, const char *version,
                                  size_t *out, bulla_error *err)
{
    const bu_graph *graph = tree->graph;
    const char *purl;
    bulla_error ignored;
    *out = BULLA_NO_COMPONENT;
    bulla_status status =
        bu_purl_make(tree->kind->type, NULL, name, version, NULL, tree->arena, &purl, &ignored);
    if (!bulla_ok(status))
        return status.code == BULLA_E_NO_MEMORY ? bu_no_memory(err) : BU_OK;
    const char *qualified = bu_arena_format(tree->arena, "%s?", purl);
    if (qualified == NULL)
        return bu_no_memory(err);
    size_t plain = lower_bound(graph, purl), other = lower_bound(graph, qualified);
    if (plain < graph->count && strcmp(graph->components[plain].purl, purl) == 0)
        *out = plain;
    else if (other < graph->count &&
             strncmp(graph->components[other].purl, qualified, strlen(qualified)) == 0)
        *out = other;
    return BU_OK;
}

static bulla_status claim(bu_install *tree, const char *place, bulla_error *err)
{
    return place[0] == '\0' ? BU_OK
                            : bu_paths_add(&tree->claims, tree->arena, bu_bytes_of(place), err);
}

bulla_status bu_install_add(bu_install *tree, const bu_installed *installed, bulla_error *err)
{
    BU_TRY(bu_vec_grow(&tree->items, tree->count, &tree->cap, sizeof *tree->items, err));
    bu_installed *added = &tree->items[tree->count++];
    *added = *installed;
    added->tree = tree;
    added->place = bu_arena_text(tree->arena, bu_bytes_of(installed->place));
    return added->place == NULL ? bu_no_memory(err) : claim(tree, added->place, err);
}

static bulla_status keep_unlisted(bu_install *tree, const char *path, bulla_status status,
                                  bulla_error *why, bulla_error *err)
{
    const char *file = bu_install_path(tree, path);
    if (file == NULL || status.code == BULLA_E_NO_MEMORY)
        return bu_no_memory(err);
    (void)bu_in_file(why, status, file);
    return bu_findings_add(tree->unlisted, why, tree->arena, err);
}

bulla_status bu_install_unknown(bu_install *tree, const char *place, const char *what,
                                bulla_error *err)
{
    bulla_error why;
    bulla_status status = bu_fail(&why, BULLA_E_UNLISTED_FILE,
                                  "%s is in the tree, but no lockfile puts it there", what);
    (void)bu_next(&why, bu_as(&why, status, BULLA_EXIT_DENIED),
                  "install anew with the ecosystem's own tool, or remove it");
    BU_TRY(claim(tree, place, err));
    return keep_unlisted(tree, place, status, &why, err);
}

bulla_status bu_install_refuse(bu_install *tree, const char *place, bulla_status status,
                               bulla_error *why, bulla_error *err)
{
    if (status.code == BULLA_E_MISSING_FILE) /* it does not say what it is */
        return bu_install_unknown(tree, place, "something without a manifest", err);
    BU_TRY(claim(tree, place, err));
    return keep_unlisted(tree, place, status, why, err);
}

typedef struct sweep {
    bu_install *tree;
    size_t left; /* entries that are nobody's */
} sweep;

/* What is a package's was found, what holds one is gone into, and the rest is the installer's or nobody's. */
static bulla_status visit(void *context, const bu_found *found, bool *enter, bulla_error *err)
{
    sweep *s = context;
    if (bu_paths_have(&s->tree->claims, found->path))
        return BU_OK;
    *enter = true;
    if (found->presence == BU_PRESENCE_FOLDER && bu_paths_have_below(&s->tree->claims, found->path))
        return BU_OK;
    if (s->tree->kind->is_own(s->tree, found)) {
        s->tree->generated += found->presence != BU_PRESENCE_FOLDER;
        return BU_OK;
    }
    *enter = false;
    if (++s->left > UNLISTED_MAX)
        return BU_OK;
    bulla_error why;
    bulla_status status =
        bu_fail(&why, BULLA_E_UNLISTED_FILE, "is in the tree, but of no package that is listed");
    (void)bu_next(&why, bu_as(&why, status, BULLA_EXIT_DENIED),
                  "install anew with the ecosystem's own tool, or remove it");
    return keep_unlisted(s->tree, found->path, status, &why, err);
}

static bulla_status sweep_tree(bu_install *tree, bulla_error *err)
{
    sweep s = { .tree = tree };
    BU_TRY(bu_folder_walk(tree->path, visit, &s, err));
    if (s.left <= UNLISTED_MAX)
        return BU_OK;
    bulla_error why;
    bulla_status status =
        bu_fail(&why, BULLA_E_UNLISTED_FILE, "and %zu more of no package", s.left - UNLISTED_MAX);
    return keep_unlisted(tree, "", bu_as(&why, status, BULLA_EXIT_DENIED), &why, err);
}

static bulla_status choose_kind(bu_install *tree, bulla_error *err)
{
    BU_CLEAR(bu_folder) folder = BU_FOLDER_NONE;
    BU_CLEAR(bu_names) names = { 0 };
    BU_TRY(bu_folder_open(tree->path, &folder, err));
    BU_TRY(bu_in_file(err, bu_folder_list(&folder, "", &names, err), tree->path));
    for (size_t i = 0; i < KINDS; i++)
        if (kinds[i]->is(tree, &names)) {
            tree->kind = kinds[i];
            return BU_OK;
        }
    bulla_status status = bu_fail(err, BULLA_E_USAGE,
                                  "--tree %s: not an installed tree: "
                                  "node_modules, vendor or site-packages",
                                  tree->path);
    return bu_in_file(err, status, tree->path);
}

static int by_component(const void *a, const void *b)
{
    const bu_installed *x = a, *y = b;
    int order = (x->component > y->component) - (x->component < y->component);
    return order != 0 ? order : strcmp(x->place, y->place);
}

static bulla_status open_tree(bu_install *tree, bulla_error *err)
{
    BU_TRY(choose_kind(tree, err));
    BU_TRY(tree->kind->find(tree, err));
    if (tree->count > 0)
        qsort(tree->items, tree->count, sizeof *tree->items, by_component);
    bu_paths_sort(&tree->claims);
    return sweep_tree(tree, err);
}

/* "a/b/" → "a/b". */
static const char *without_slash(bu_arena *arena, const char *path)
{
    bulla_bytes bytes = bu_bytes_of(path);
    while (bytes.len > 1 && bytes.ptr[bytes.len - 1] == '/')
        bytes.len--;
    return bu_arena_text(arena, bytes);
}

bulla_status bu_installs_open(const char *const *paths, const bu_graph *graph, bu_installs *out,
                              bulla_error *err)
{
    BU_CLEAR(bu_installs) installs = { .arena = bu_arena_new() };
    size_t count = 0;
    while (paths != NULL && paths[count] != NULL)
        count++;
    installs.items = calloc(count + 1, sizeof *installs.items);
    if (installs.arena == NULL || installs.items == NULL)
        return bu_no_memory(err);
    for (size_t i = 0; i < count; i++) {
        bu_install *tree = &installs.items[installs.count++];
        *tree = (bu_install){ .path = without_slash(installs.arena, paths[i]),
                              .graph = graph,
                              .arena = installs.arena,
                              .unlisted = &installs.unlisted };
        if (tree->path == NULL)
            return bu_no_memory(err);
        BU_TRY(open_tree(tree, err));
        tree->unlisted = NULL;
    }
    *out = installs;
    installs = (bu_installs){ 0 };
    return BU_OK;
}

void bu_installs_clear(bu_installs *installs)
{
    for (size_t i = 0; i < installs->count; i++) {
        bu_install *tree = &installs->items[i];
        for (size_t p = 0; p < tree->count; p++)
            free(tree->items[p].parts.items);
        free(tree->items);
        free(tree->claims.items);
    }
    free(installs->items);
    bu_arena_free(installs->arena);
    *installs = (bu_installs){ 0 };
}

bool bu_installs_cover(const bu_installs *installs, const char *type)
{
    for (size_t i = 0; installs != NULL && i < installs->count; i++)
        if (strcmp(installs->items[i].kind->type, type) == 0)
            return true;
    return false;
}
