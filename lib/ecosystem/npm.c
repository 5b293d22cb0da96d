/* SPDX-License-Identifier: MIT */
/*
 * npm's lockfile: package-lock.json and npm-shrinkwrap.json, lockfileVersion
 * 1 (nested `dependencies`), 2 and 3 (flat `packages`). Spec: npm docs,
 * package-lock.json; where they are silent, what npm 11 does. Refuses other
 * versions, names and paths that npm cannot install, git without a commit,
 * and a lockfile that two versions of npm would read as two different trees.
 */
#include "base/limits.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "ecosystem/npm_lock.h"

static void lock_clear(bu_npm_lock *l)
{
    bu_layout_clear(&l->layout);
    free(l->packages);
}

bulla_status bu_npm_check_types(const bu_npm_lock *l, const bu_node *node, bulla_error *err)
{
    static const struct {
        const char *field;
        bu_node_kind kind;
    } rows[] = {
        { "name", BU_NODE_STRING },
        { "version", BU_NODE_STRING },
        { "integrity", BU_NODE_STRING },
        { "link", BU_NODE_BOOL },
        { "inBundle", BU_NODE_BOOL },
        { "bundled", BU_NODE_BOOL },
        { "dev", BU_NODE_BOOL },
        { "optional", BU_NODE_BOOL },
        { "devOptional", BU_NODE_BOOL },
        { "dependencies", BU_NODE_TABLE },
        { "devDependencies", BU_NODE_TABLE },
        { "optionalDependencies", BU_NODE_TABLE },
        { "peerDependencies", BU_NODE_TABLE },
        { "peerDependenciesMeta", BU_NODE_TABLE },
    };
    const bu_node *field;
    BU_TRY(bu_node_need(l->tree, node, BU_NODE_TABLE, err));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        BU_TRY(bu_node_optional(l->tree, node, rows[i].field, rows[i].kind, &field, err));
    const bu_node *resolved =
        bu_node_get(node, "resolved"); /* npm 6 writes `false` for "unknown" */
    if (bu_node_kind_of(resolved) == BU_NODE_BOOL && !bu_node_is_true(resolved))
        return BU_OK;
    return bu_node_optional(l->tree, node, "resolved", BU_NODE_STRING, &field, err);
}

static bulla_status add_package(bu_npm_lock *l, const bu_npm_package *package, bulla_error *err)
{
    BU_TRY(bu_npm_check_types(l, package->node, err));
    if (l->count > BU_LIMIT_COMPONENTS)
        return bu_node_fail(l->tree, package->node, err, BULLA_E_RESOURCE_LIMIT,
                            "more than %u packages", BU_LIMIT_COMPONENTS);
    BU_TRY(bu_vec_grow(&l->packages, l->count, &l->cap, sizeof *l->packages, err));
    l->layout.folders[package->folder].item = l->count;
    l->packages[l->count++] = *package;
    return BU_OK;
}

/* Paths are compared as text, so each folder may have but one, and none may mean another folder. */
static bulla_code judge_part(bulla_bytes part, bulla_bytes before, bool may_climb, bool last)
{
    bool climbs = bu_bytes_is(part, "..") && !may_climb;
    if (climbs || part.len == 0 || bu_bytes_is(part, ".") || bu_bytes_ends(part, ":") ||
        bu_bytes_find(part, '\\') < part.len)
        return BULLA_E_PATH_TRAVERSAL;
    if (bu_bytes_is(part, "node_modules") && (last || bu_bytes_equal(part, before)))
        return BULLA_E_BAD_NAME;
    return BULLA_OK;
}

/* Only in front may a path climb, and only where it may lead out of the project. */
static bulla_status check_path(const bu_npm_lock *l, const bu_node *node, bool may_climb,
                               bulla_error *err)
{
    const bulla_bytes path = bu_node_key(node);
    bulla_bytes rest = path, before = { 0 };
    size_t at;
    if (bu_utf8_hides(path, &at))
        return bu_node_fail(l->tree, node, err, BULLA_E_CONTROL_CHARACTER,
                            "the place of a package hides a character at byte %zu", at);
    for (size_t depth = 1;; depth++) {
        bulla_bytes part = bu_bytes_first(rest, bu_bytes_find(rest, '/'));
        bool last = part.len == rest.len;
        bulla_code code = judge_part(part, before, may_climb, last);
        if (depth > BU_LIMIT_TREE_DEPTH)
            code = BULLA_E_RESOURCE_LIMIT;
        if (code != BULLA_OK)
            return bu_node_fail(l->tree, node, err, code, "not the place of a package: \"%.*s\"",
                                (int)path.len, (const char *)path.ptr);
        if (last)
            return BU_OK;
        may_climb = may_climb && bu_bytes_is(part, "..");
        before = part;
        rest = bu_bytes_from(rest, part.len + 1);
    }
}

bulla_status bu_npm_bad_name(const bu_npm_lock *l, const bu_node *node, bulla_bytes name,
                             bulla_error *err)
{
    return bu_node_fail(l->tree, node, err, BULLA_E_BAD_NAME, "npm has no packages named \"%.*s\"",
                        (int)name.len, (const char *)name.ptr);
}

/* "node_modules/@a/b" → "@a/b"; empty for any other folder. */
static bulla_bytes installed_name(const bu_npm_lock *l, size_t folder, bulla_bytes location)
{
    size_t up = bu_layout_up(&l->layout, folder);
    size_t len = bu_layout_part(&l->layout, folder).len;
    bulla_bytes scope = bu_layout_part(&l->layout, up);
    if (bu_bytes_starts(scope, "@")) {
        len += scope.len + 1;
        up = bu_layout_up(&l->layout, up);
    }
    if (!bu_bytes_is(bu_layout_part(&l->layout, up), "node_modules"))
        return (bulla_bytes){ 0 };
    return bu_bytes_from(location, location.len - len);
}

static bulla_status add_flat(bu_npm_lock *l, const bu_node *node, bulla_error *err)
{
    bu_npm_package p = { .node = node, .target = BU_NPM_NONE, .component = BU_NPM_NONE };
    bulla_bytes location = bu_node_key(node);
    BU_TRY(check_path(l, node, true, err));
    BU_TRY(bu_layout_add(&l->layout, BU_LAYOUT_ROOT, location, &p.folder, err));
    p.name = installed_name(l, p.folder, location);
    if (p.name.len > 0 && !bu_npm_is_name(p.name))
        return bu_npm_bad_name(l, node, p.name, err);
    p.location = bu_arena_text(l->graph->arena, location);
    p.bundled = bu_node_is_true(bu_node_get(node, "inBundle"));
    return p.location == NULL ? bu_no_memory(err) : add_package(l, &p, err);
}

static bulla_status add_project(bu_npm_lock *l, const bu_node *node, bulla_error *err)
{
    BU_TRY(bu_layout_start(&l->layout, err));
    const bu_npm_package p = {
        .node = node, .location = "", .target = BU_NPM_NONE, .component = BU_NPM_NONE
    };
    return add_package(l, &p, err);
}

static bulla_status read_flat(bu_npm_lock *l, const bu_node *document, bulla_error *err)
{
    const bu_node *packages;
    BU_TRY(bu_node_field(l->tree, document, "packages", BU_NODE_TABLE, &packages, err));
    const bu_node *project = bu_node_get(packages, "");
    BU_TRY(add_project(l, project == NULL ? document : project, err));
    BU_EACH_CHILD(node, packages) {
        if (node != project)
            BU_TRY(add_flat(l, node, err));
    }
    return BU_OK;
}

static bulla_status add_nested(bu_npm_lock *l, size_t parent, const bu_node *node, bulla_error *err)
{
    const bu_npm_package *above = &l->packages[parent];
    bu_npm_package p = {
        .node = node, .name = bu_node_key(node), .target = BU_NPM_NONE, .component = BU_NPM_NONE
    };
    BU_TRY(check_path(l, node, false, err));
    if (!bu_npm_is_name(p.name))
        return bu_npm_bad_name(l, node, p.name, err);
    p.location = bu_arena_format(l->graph->arena, "%s%snode_modules/%.*s", above->location,
                                 parent == 0 ? "" : "/", (int)p.name.len, (const char *)p.name.ptr);
    if (p.location == NULL)
        return bu_no_memory(err);
    if (__builtin_sub_overflow(l->paths_left, strlen(p.location), &l->paths_left))
        return bu_node_fail(l->tree, node, err, BULLA_E_RESOURCE_LIMIT,
                            "the paths of nested packages are longer than the lockfile");
    BU_TRY(bu_layout_add(&l->layout, above->folder, BULLA_LIT("node_modules"), &p.folder, err));
    BU_TRY(bu_layout_add(&l->layout, p.folder, p.name, &p.folder, err));
    p.bundled = bu_node_is_true(bu_node_get(node, "bundled"));
    return add_package(l, &p, err);
}

/* The list of packages is also the list of those whose `dependencies` are still to be read. */
static bulla_status read_nested(bu_npm_lock *l, const bu_node *document, bulla_error *err)
{
    BU_TRY(add_project(l, document, err));
    for (size_t i = 0; i < l->count; i++)
        BU_EACH_CHILD(node, bu_node_get(l->packages[i].node, "dependencies")) {
            BU_TRY(add_nested(l, i, node, err));
        }
    return BU_OK;
}

static bulla_status follow_link(bu_npm_lock *l, bu_npm_package *p, bulla_error *err)
{
    const bu_node *resolved;
    BU_TRY(bu_node_field(l->tree, p->node, "resolved", BU_NODE_STRING, &resolved, err));
    size_t folder = bu_layout_find(&l->layout, BU_LAYOUT_ROOT, bu_node_text(resolved));
    p->target = folder == BU_LAYOUT_NONE ? BU_NPM_NONE : l->layout.folders[folder].item;
    if (p->target == BU_NPM_NONE ||
        bu_node_is_true(bu_node_get(l->packages[p->target].node, "link")))
        return bu_node_fail(l->tree, resolved, err, BULLA_E_BAD_REFERENCE,
                            "a link to what is no package of this lockfile: \"%.*s\"",
                            (int)bu_node_text(resolved).len,
                            (const char *)bu_node_text(resolved).ptr);
    l->packages[p->target].linked = true;
    return BU_OK;
}

static bulla_status follow_links(bu_npm_lock *l, bulla_error *err)
{
    for (size_t i = 1; i < l->count; i++)
        if (bu_node_is_true(bu_node_get(l->packages[i].node, "link")) && !l->nested)
            BU_TRY(follow_link(l, &l->packages[i], err));
    return BU_OK;
}

/* npm: "No version provided: an ancient shrinkwrap file". It grew into version 1. */
static bool is_ancient(const bu_node *document)
{
    return bu_node_get(document, "lockfileVersion") == NULL &&
           bu_node_get(document, "dependencies") != NULL &&
           bu_node_get(document, "packages") == NULL;
}

static bulla_status read_version(bu_npm_lock *l, const bu_node *document, bulla_error *err)
{
    const bu_node *version;
    BU_TRY(bu_npm_check_types(l, document, err));
    l->nested = is_ancient(document);
    if (l->nested)
        return BU_OK;
    BU_TRY(bu_node_field(l->tree, document, "lockfileVersion", BU_NODE_INTEGER, &version, err));
    int64_t number = bu_node_integer(version);
    if (number < 1 || number > 3) {
        bulla_status status = bu_node_fail(l->tree, version, err, BULLA_E_UNSUPPORTED_VERSION,
                                           "no such version of npm's lockfile is known");
        return bu_expected(err, status, BULLA_LIT("1, 2 or 3"), bu_node_text(version));
    }
    l->nested = number == 1;
    const bu_node *packages = bu_node_get(document, "packages");
    if (l->nested && packages != NULL)
        return bu_node_fail(l->tree, packages, err, BULLA_E_AMBIGUOUS_LOCK,
                            "version 1 has no `packages`, but npm 7 and later would read them");
    return BU_OK;
}

static bulla_status read_packages(bu_npm_lock *l, const bu_node *document, bulla_error *err)
{
    BU_TRY(read_version(l, document, err));
    if (l->nested)
        return read_nested(l, document, err);
    BU_TRY(read_flat(l, document, err));
    BU_TRY(follow_links(l, err));
    return bu_npm_compare(l, document, err);
}

static bulla_status fill(bu_npm_lock *l, const bu_node *document, bulla_error *err)
{
    BU_TRY(read_packages(l, document, err));
    BU_TRY(bu_npm_add_components(l, document, err));
    return bu_npm_connect(l, err);
}

static bulla_status parse(bulla_bytes text, const char *name, const bu_ecosystem_options *options,
                          bu_graph *graph, bulla_error *err)
{
    BU_AUTO(bu_tree) tree = NULL;
    BU_TRY(bu_json_load(text, name, &tree, err));
    bu_npm_lock l = { .tree = tree,
                      .options = options,
                      .graph = graph,
                      .file = bu_arena_text(graph->arena, bu_bytes_of(name)),
                      .paths_left = text.len + BU_LIMIT_NESTED_BYTES };
    bulla_status status = l.file == NULL ? bu_no_memory(err) : fill(&l, bu_tree_root(tree), err);
    lock_clear(&l);
    return status;
}

/* npm: "npm-shrinkwrap.json will take precedence" */
static const char *const filenames[] = { "npm-shrinkwrap.json", "package-lock.json", NULL };

const bu_ecosystem bu_eco_npm = {
    .id = "npm",
    .filenames = filenames,
    .places = filenames,
    .title = "npm lockfile (package-lock.json and npm-shrinkwrap.json, versions 1 to 3)",
    .parse = parse,
};
