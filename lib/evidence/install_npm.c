/* SPDX-License-Identifier: MIT */
/*
 * node_modules: npm's and Bun's lockfiles say which package stands where;
 * those of Yarn and pnpm do not, so that what is found is asked who it is. A
 * package is loaded by the name of its folder, so that must be its own.
 */
#include "base/limits.h"
#include "evidence/install.h"
#include "syntax/tree.h"

#define MODULES "node_modules"

static bool ends_in(const char *path, const char *part)
{
    size_t len = strlen(path), part_len = strlen(part);
    return len >= part_len && strcmp(path + len - part_len, part) == 0 &&
           (len == part_len || path[len - part_len - 1] == '/');
}

static bool is(const bu_install *tree, const bu_names *names)
{
    (void)names;
    return ends_in(tree->path, MODULES);
}

/* The folder of the path that `lockfile` gives to what it installs, with a slash; "" is here. */
static bulla_bytes folder_of(const char *lockfile)
{
    bulla_bytes path = bu_bytes_of(lockfile);
    while (bu_bytes_starts(path, "./"))
        path = bu_bytes_from(path, 2);
    return bu_bytes_first(path, bu_path_folder(path));
}

/* What the tree's own folder is called by this lockfile: "node_modules", "packages/a/node_modules". */
static bulla_bytes name_of(const bu_install *tree, const char *lockfile)
{
    bulla_bytes folder = folder_of(lockfile), path = bu_bytes_of(tree->path);
    while (bu_bytes_starts(path, "./"))
        path = bu_bytes_from(path, 2);
    bool is_below = bu_bytes_equal(bu_bytes_first(path, folder.len), folder) &&
                    !bu_bytes_starts(bu_bytes_from(path, folder.len), "/");
    return is_below ? bu_bytes_from(path, folder.len) : BULLA_LIT(MODULES);
}

/* `path` of a lockfile as it stands in the tree; NULL: it is elsewhere. */
static const char *below(const bu_install *tree, const char *lockfile, const char *path)
{
    bulla_bytes name = name_of(tree, lockfile);
    bool is_below = bu_bytes_starts(bu_bytes_of(path), "") && strlen(path) > name.len + 1 &&
                    memcmp(path, name.ptr, name.len) == 0 && path[name.len] == '/';
    return is_below ? path + name.len + 1 : NULL;
}

static bool is_npm(const bu_install *tree, size_t component)
{
    return component < tree->graph->count &&
           strcmp(tree->graph->components[component].type, "npm") == 0;
}

/* One step of a path; false when it leads above where it began. */
static bool step(bu_buf *path, bulla_bytes part)
{
    if (part.len == 0 || bu_bytes_is(part, "."))
        return true;
    if (!bu_bytes_is(part, "..")) {
        bu_buf_add_text(path, path->len == 0 ? "" : "/");
        bu_buf_add(path, part);
        return true;
    }
    bool has_part = path->len > 0;
    while (path->len > 0 && path->ptr[path->len - 1] != '/')
        path->len--;
    path->len -= path->len > 0;
    return has_part;
}

static bool walk_along(bu_buf *path, bulla_bytes rest)
{
    while (rest.len > 0) {
        bulla_bytes part = bu_bytes_first(rest, bu_bytes_find(rest, '/'));
        rest = bu_bytes_from(rest, part.len + 1);
        if (!step(path, part))
            return false;
    }
    return true;
}

/* Where a link in the tree leads, by its text, from the folder of the lockfile. */
static bool resolve(const bu_install *tree, const char *lockfile, const bu_found *found,
                    bu_buf *out)
{
    BU_CLEAR(bu_buf) target = { 0 };
    bulla_error err;
    if (!bulla_ok(bu_folder_link(found->folder, found->name, &target, &err)) || target.len == 0 ||
        target.ptr[0] == '/')
        return false;
    return walk_along(out, name_of(tree, lockfile)) && walk_along(out, bu_bytes_of(found->path)) &&
           walk_along(out, BULLA_LIT("..")) && walk_along(out, bu_buf_bytes(&target)) &&
           !out->broken;
}

/* The folder that an entry is in, as far as its own name does not matter. */
static bulla_bytes parent_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return (bulla_bytes){ (const uint8_t *)path, slash == NULL ? 0 : (size_t)(slash - path) };
}

/* Whether what is in this folder is packages: the tree itself, a node_modules, a scope in one. */
static bool holds_packages(bulla_bytes folder)
{
    bulla_bytes name = bu_bytes_from(folder, bu_path_folder(folder));
    if (!bu_bytes_starts(name, "@"))
        return folder.len == 0 || bu_bytes_is(name, MODULES);
    folder.len -= name.len == folder.len ? name.len : name.len + 1;
    return folder.len == 0 || bu_bytes_is(bu_bytes_from(folder, bu_path_folder(folder)), MODULES);
}

static bool is_alias(const bu_install *tree, const char *name)
{
    for (size_t i = 0; i < tree->graph->count; i++) {
        const bulla_component *c = &tree->graph->components[i];
        if (is_npm(tree, i) && c->alias != NULL && strcmp(c->alias, name) == 0)
            return true;
    }
    return false;
}

/* A link where packages are must lead to one, of its own name or of one that it stands for. */
static bool leads_to_package(const bu_install *tree, const char *link, const char *target)
{
    bulla_bytes parent = parent_of(link);
    bool is_scoped = bu_bytes_starts(bu_bytes_from(parent, bu_path_folder(parent)), "@");
    const char *name = link + parent.len + (parent.len > 0);
    if (is_scoped)
        name -= bu_bytes_from(parent, bu_path_folder(parent)).len + 1;
    bool is_named = ends_in(target, name) || is_alias(tree, name);
    return !holds_packages(parent) ||
           (is_named && bu_paths_have(&tree->claims, target + strlen(MODULES "/")));
}

static bool leads_to_folder(const bu_install *tree, const bu_place *place, const bu_found *found)
{
    BU_CLEAR(bu_buf) path = { 0 };
    return place->folder != NULL && is_npm(tree, place->component) &&
           resolve(tree, place->lockfile, found, &path) &&
           bu_bytes_is(bu_buf_bytes(&path), place->folder);
}

/* Within the tree, or to a folder of the project that a lockfile names. */
static bool leads_home(const bu_install *tree, const bu_found *found)
{
    BU_CLEAR(bu_buf) own = { 0 };
    if (resolve(tree, tree->path, found, &own) && bu_bytes_starts(bu_buf_bytes(&own), MODULES "/"))
        return leads_to_package(tree, found->path, (const char *)own.ptr);
    for (size_t i = 0; i < tree->graph->place_count; i++)
        if (leads_to_folder(tree, &tree->graph->places[i], found))
            return true;
    return false;
}

/* What is installed as the lockfile says: a folder. A package of the project itself is a link, see is_own(). */
static bulla_status add_place(bu_install *tree, const bu_place *place, bulla_error *err)
{
    const char *path = below(tree, place->lockfile, place->path);
    if (path == NULL || place->parent != BULLA_NO_COMPONENT || place->folder != NULL)
        return BU_OK;
    const char *full = bu_install_path(tree, path);
    if (full == NULL)
        return bu_no_memory(err);
    bu_installed installed = { .component = place->component, .place = path };
    return bu_folder_look(NULL, full, NULL) == BU_PRESENCE_FOLDER
               ? bu_install_add(tree, &installed, err)
               : BU_OK;
}

/* Yarn and pnpm: what is found in the tree, by name and version. */
static bulla_status read_identity(bu_install *tree, const char *path, const char **name,
                                  const char **version, bulla_error *err)
{
    BU_CLEAR(bu_buf) text = { 0 };
    BU_AUTO(bu_tree) json = NULL;
    const bu_node *name_node, *version_node;
    const char *manifest = bu_arena_format(tree->arena, "%s/%s/package.json", tree->path, path);
    if (manifest == NULL)
        return bu_no_memory(err);
    BU_TRY(bu_file_slurp(NULL, manifest, BU_LIMIT_METADATA_BYTES, &text, err));
    bulla_bytes bytes = bu_buf_bytes(&text);
    if (bu_bytes_starts(bytes, "\xEF\xBB\xBF"))
        bytes = bu_bytes_from(bytes, 3);
    BU_TRY(bu_json_load(bytes, manifest, &json, err));
    BU_TRY(bu_node_field(json, bu_tree_root(json), "name", BU_NODE_STRING, &name_node, err));
    BU_TRY(bu_node_field(json, bu_tree_root(json), "version", BU_NODE_STRING, &version_node, err));
    *name = bu_arena_text(tree->arena, bu_node_text(name_node));
    *version = bu_arena_text(tree->arena, bu_node_text(version_node));
    return *name == NULL || *version == NULL ? bu_no_memory(err) : BU_OK;
}

static bool has_place(const bu_graph *graph, size_t component)
{
    size_t count;
    const bu_place *places = bu_graph_places(graph, component, &count);
    for (size_t i = 0; i < count; i++)
        if (places[i].parent == BULLA_NO_COMPONENT && places[i].folder == NULL)
            return true;
    return false;
}

static bool is_called(const bulla_component *component, const char *path)
{
    return ends_in(path, component->name) ||
           (component->alias != NULL && ends_in(path, component->alias));
}

static bulla_status add_found(bu_install *tree, const char *path, bulla_error *err)
{
    const char *name = NULL, *version = NULL;
    bulla_error why = { 0 };
    bu_installed installed = { .place = path };
    bulla_status status = read_identity(tree, path, &name, &version, &why);
    if (!bulla_ok(status))
        return bu_install_refuse(tree, path, status, &why, err);
    BU_TRY(bu_install_component(tree, name, version, &installed.component, err));
    bool is_listed = installed.component != BULLA_NO_COMPONENT &&
                     !has_place(tree->graph, installed.component) &&
                     is_called(&tree->graph->components[installed.component], path);
    if (is_listed)
        return bu_install_add(tree, &installed, err);
    const char *what = bu_arena_format(tree->arena, "%s@%s", name, version);
    return what == NULL ? bu_no_memory(err) : bu_install_unknown(tree, path, what, err);
}

static bulla_status visit(void *context, const bu_found *found, bool *enter, bulla_error *err)
{
    bu_install *tree = context;
    bulla_bytes parent = parent_of(found->path);
    if (found->presence != BU_PRESENCE_FOLDER)
        return BU_OK;
    *enter = bu_bytes_is(parent, ".pnpm") || strcmp(found->name, MODULES) == 0;
    if (!holds_packages(parent))
        return BU_OK;
    *enter = found->name[0] != '.' || strcmp(found->name, ".pnpm") == 0;
    bool is_scope = found->name[0] == '@' &&
                    !bu_bytes_starts(bu_bytes_from(parent, bu_path_folder(parent)), "@");
    return found->name[0] == '.' || is_scope ? BU_OK : add_found(tree, found->path, err);
}

static bulla_status find(bu_install *tree, bulla_error *err)
{
    const bu_graph *graph = tree->graph;
    bool is_placed = true;
    for (size_t i = 0; i < graph->place_count; i++)
        if (is_npm(tree, graph->places[i].component))
            BU_TRY(add_place(tree, &graph->places[i], err));
    for (size_t i = 0; i < graph->count && is_placed; i++)
        is_placed = !is_npm(tree, i) || i == graph->root || has_place(graph, i) ||
                    graph->components[i].origin == BULLA_ORIGIN_LOCAL ||
                    graph->components[i].origin == BULLA_ORIGIN_BUNDLED;
    return is_placed ? BU_OK : bu_folder_walk(tree->path, visit, tree, err);
}

/* Files of the installers, and the programs that they link. */
static bool is_own(const bu_install *tree, const bu_found *found)
{
    static const char *const names[] = { ".modules.yaml",
                                         ".package-lock.json",
                                         ".pnpm",
                                         ".pnpm-workspace-state.json",
                                         ".pnpm-workspace-state-v1.json",
                                         ".pnpm/lock.yaml",
                                         ".yarn-integrity",
                                         ".yarn-state.yml" };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(found->path, names[i]) == 0)
            return found->presence != BU_PRESENCE_OTHER;
    if (found->presence == BU_PRESENCE_OTHER)
        return leads_home(tree, found);
    bulla_bytes parent = parent_of(found->path);
    if (found->presence != BU_PRESENCE_FOLDER)
        return bu_bytes_is(bu_bytes_from(parent, bu_path_folder(parent)), ".bin");
    bool is_shelf = bu_bytes_is(parent, ".pnpm") || found->name[0] == '@';
    return (strcmp(found->name, ".bin") == 0 && holds_packages(parent)) ||
           (is_shelf && holds_packages(bu_bytes_of(found->path)));
}

/* npm makes .npmignore of .gitignore, and unpacks no links; it links programs of what is inside. */
static bu_fate judge(const bu_installed *installed, const bu_file_pair *pair, bu_fate fate)
{
    (void)installed;
    if (fate == BU_FATE_MISSING &&
        (pair->a->kind == BU_FILE_LINK || ends_in(pair->a->path, ".gitignore")))
        return BU_FATE_LEFT_OUT;
    if (fate != BU_FATE_ADDED)
        return fate;
    bool is_program = strstr(pair->b->path, MODULES "/.bin/") != NULL;
    return ends_in(pair->b->path, ".npmignore") || is_program ? BU_FATE_GENERATED : fate;
}

const bu_install_kind bu_install_npm = {
    .title = MODULES,
    .type = "npm",
    .is = is,
    .find = find,
    .is_own = is_own,
    .judge = judge,
};
