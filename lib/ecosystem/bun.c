/* SPDX-License-Identifier: MIT */
/*
 * bun.lock, Bun's lockfile of text (JSON with comments and last commas),
 * lockfileVersion 0 to 3: folders of the project (`workspaces`), and packages
 * by where they stand ("a/b" is b in the node_modules of a), each an array
 * whose first element says what it is. Refuses other versions, the older
 * bun.lockb, which is binary, git without a commit, and an array that is not
 * what its first element announces.
 */
#include "base/limits.h"
#include "base/vec.h"
#include "ecosystem/layout.h"
#include "ecosystem/npm_entry.h"
#include "ecosystem/scopes.h"

#define NEWEST_VERSION 3
#define COMMIT_LEAST   7 /* Bun writes GitHub's abbreviation of a commit */

typedef struct package {
    const bu_node *node; /* what it needs is in here */
    size_t folder;       /* in the layout */
    size_t component;
    bool of_project;
} package;

typedef struct reader {
    bu_lock lock;
    bu_layout layout;
    bu_scopes scopes;
    package *packages;
    size_t count, cap;
    bu_intern folders; /* of the project, by path: the first of `packages` */
} reader;

/* "name@resolution" and the elements that follow it. */
typedef struct tuple {
    const bu_node *node;
    bulla_bytes name, resolution;
    const bu_node *info;   /* dependencies, platforms */
    const bu_node *source; /* npm: an address, or "" for the default registry */
    const bu_node *integrity;
} tuple;

/* What a tuple holds, by how its resolution begins; the first that fits. */
typedef enum kind { WORKSPACE, ROOT, LINK, FOLDER, GITHUB, GIT, ARCHIVE, NPM } kind;

static const struct shape {
    const char *prefix;
    const char *elements; /* i: info, s: source, t: Bun's tag, h: integrity; behind '?' may lack */
} shapes[] = {
    [WORKSPACE] = { "workspace:", "?i" }, /* version 0 */
    [ROOT] = { "root:", "i" },
    [LINK] = { "link:", "i" },
    [FOLDER] = { "file:", "i" },
    [GITHUB] = { "github:", "it?h" },
    [GIT] = { "git+", "it?h" },
    [ARCHIVE] = { NULL, "i?h" },
    [NPM] = { "", "sih" },
};

static bulla_status add_package(reader *r, const package *p, bulla_error *err)
{
    BU_TRY(bu_vec_grow(&r->packages, r->count, &r->cap, sizeof *r->packages, err));
    if (p->folder != BU_LAYOUT_NONE)
        r->layout.folders[p->folder].item = r->count;
    r->packages[r->count++] = *p;
    return BU_OK;
}

/* Folders of the project */

static bulla_status add_workspace(reader *r, const bu_node *node, bulla_error *err)
{
    const bu_node *name, *version;
    size_t number;
    bulla_bytes path = bu_node_key(node);
    package p = {
        .node = node, .folder = BU_LAYOUT_NONE, .component = BULLA_NO_COMPONENT, .of_project = true
    };
    BU_TRY(bu_node_need(r->lock.tree, node, BU_NODE_TABLE, err));
    BU_TRY(bu_node_optional(r->lock.tree, node, "name", BU_NODE_STRING, &name, err));
    BU_TRY(bu_node_optional(r->lock.tree, node, "version", BU_NODE_STRING, &version, err));
    bu_lock_entry entry = { .node = node,
                            .name = bu_node_text(name),
                            .version = bu_node_text(version) };
    if (path.len == 0)
        p.folder = BU_LAYOUT_ROOT;
    bu_npm_entry_folder(&entry, path);
    if (entry.name.len > 0) {
        BU_TRY(bu_npm_entry_add(&r->lock, &entry, &p.component, err));
        BU_TRY(
            bu_scopes_need(&r->scopes, BULLA_NO_COMPONENT, p.component, BULLA_SCOPE_RUNTIME, err));
    }
    if (path.len == 0 && entry.name.len > 0)
        r->lock.graph->root = p.component;
    BU_TRY(bu_intern_add(&r->folders, 0, path, &number, err));
    return add_package(r, &p, err);
}

/* Arrays */

static bool is_archive(bulla_bytes resolution)
{
    bu_npm_source source = bu_npm_source_of(resolution);
    return source == BU_NPM_URL || source == BU_NPM_ARCHIVE || source == BU_NPM_FOLDER ||
           bu_bytes_ends(resolution, ".tgz") || bu_bytes_ends(resolution, ".tar.gz");
}

static kind kind_of(bulla_bytes resolution)
{
    size_t k = 0;
    while (shapes[k].prefix == NULL ? !is_archive(resolution)
                                    : !bu_bytes_starts(resolution, shapes[k].prefix))
        k++;
    return k == FOLDER && bu_npm_source_of(resolution) == BU_NPM_ARCHIVE ? ARCHIVE : (kind)k;
}

static bulla_status take_elements(const reader *r, const bu_node *element, const char *elements,
                                  tuple *t, bulla_error *err)
{
    bool may_lack = false;
    for (const char *c = elements; *c != '\0'; c++) {
        if (*c == '?') {
            may_lack = true;
            continue;
        }
        if (element == NULL && may_lack)
            return BU_OK;
        if (element == NULL)
            return bu_node_fail(r->lock.tree, t->node, err, BULLA_E_MISSING_FIELD,
                                "a package of this kind has more elements");
        BU_TRY(
            bu_node_need(r->lock.tree, element, *c == 'i' ? BU_NODE_TABLE : BU_NODE_STRING, err));
        if (*c == 'i')
            t->info = element;
        else if (*c != 't')
            *(*c == 's' ? &t->source : &t->integrity) = element;
        element = bu_node_next(element);
    }
    if (element == NULL)
        return BU_OK;
    return bu_node_fail(r->lock.tree, element, err, BULLA_E_UNSUPPORTED_FEATURE,
                        "a package of this kind has fewer elements");
}

static bulla_status read_tuple(const reader *r, const bu_node *node, tuple *t, kind *k,
                               bulla_error *err)
{
    const bu_node *first = bu_node_first(node);
    *t = (tuple){ .node = node };
    BU_TRY(bu_node_need(r->lock.tree, node, BU_NODE_ARRAY, err));
    if (first == NULL)
        return bu_node_fail(r->lock.tree, node, err, BULLA_E_MISSING_FIELD,
                            "a package without a resolution");
    BU_TRY(bu_node_need(r->lock.tree, first, BU_NODE_STRING, err));
    bulla_bytes text = bu_node_text(first);
    size_t at =
        bu_bytes_starts(text, "@root:") ? 0 : 1 + bu_bytes_find(bu_bytes_from(text, 1), '@');
    t->name = bu_bytes_first(text, at);
    t->resolution = bu_bytes_from(text, at + 1);
    if (t->resolution.len == 0)
        return bu_node_fail(r->lock.tree, first, err, BULLA_E_BAD_SYNTAX,
                            "not a name, '@' and a resolution: \"%.*s\"", (int)text.len,
                            (const char *)text.ptr);
    *k = kind_of(t->resolution);
    return take_elements(r, bu_node_next(first), shapes[*k].elements, t, err);
}

/* "github:user/repository#1a2b3c4": Bun abbreviates the commit, as GitHub's archive does. */
static bulla_status take_github(const reader *r, const tuple *t, bu_lock_entry *entry,
                                bulla_error *err)
{
    bulla_bytes commit = bu_bytes_from(t->resolution, bu_bytes_find(t->resolution, '#') + 1);
    bool is_hex = commit.len >= COMMIT_LEAST;
    for (size_t i = 0; i < commit.len; i++)
        is_hex = is_hex && memchr("0123456789abcdef", commit.ptr[i], 16) != NULL;
    entry->origin = BULLA_ORIGIN_GIT;
    entry->resolved = t->resolution;
    entry->version = commit;
    if (is_hex)
        return BU_OK;
    return bu_node_fail(r->lock.tree, bu_node_first(t->node), err, BULLA_E_UNPINNED,
                        "a git dependency without its commit: \"%.*s\"", (int)t->resolution.len,
                        (const char *)t->resolution.ptr);
}

static bulla_status take_place(const reader *r, const tuple *t, kind k, bu_lock_entry *entry,
                               bulla_error *err)
{
    bulla_bytes at = t->resolution;
    bu_lock_entry pins = { .node = t->integrity };
    BU_TRY(bu_npm_entry_integrity(&r->lock, &pins, bu_node_text(t->integrity), err));
    entry->digests = pins.digests;
    if (k == GITHUB)
        return take_github(r, t, entry, err);
    if (k == NPM) {
        entry->version = at;
        entry->origin = BULLA_ORIGIN_REGISTRY;
        entry->resolved = bu_node_text(t->source);
        return BU_OK;
    }
    if (k == ARCHIVE && bu_bytes_find(at, ':') == at.len) { /* a path, with or without "./" */
        entry->origin = bu_npm_leaves_project(at) ? BULLA_ORIGIN_OUTSIDE : BULLA_ORIGIN_FILE;
        entry->resolved = at;
        return BU_OK;
    }
    return bu_npm_entry_place(&r->lock, entry, at, err);
}

/* Where packages stand */

/* The name that a path ends with, of one part or two: "a/@b/c" → "@b/c". */
static bulla_bytes first_name(bulla_bytes path)
{
    size_t len = bu_bytes_find(path, '/');
    if (bu_bytes_starts(path, "@") && len < path.len)
        len += 1 + bu_bytes_find(bu_bytes_from(path, len + 1), '/');
    return bu_bytes_first(path, len);
}

/* Each name of the path is in the node_modules of the one before. */
static bulla_status add_folder(reader *r, const bu_node *node, size_t *folder, bulla_bytes *last,
                               bulla_error *err)
{
    bulla_bytes path = bu_node_key(node);
    *folder = BU_LAYOUT_ROOT;
    for (size_t depth = 1;; depth++) {
        *last = first_name(path);
        if (depth > BU_LIMIT_TREE_DEPTH)
            return bu_node_fail(r->lock.tree, node, err, BULLA_E_RESOURCE_LIMIT,
                                "more than %u packages in each other", BU_LIMIT_TREE_DEPTH);
        if (!bu_npm_is_name(*last))
            return bu_node_fail(r->lock.tree, node, err, BULLA_E_BAD_NAME,
                                "not the place of a package: \"%.*s\"", (int)bu_node_key(node).len,
                                (const char *)bu_node_key(node).ptr);
        BU_TRY(bu_layout_add(&r->layout, *folder, BULLA_LIT("node_modules"), folder, err));
        BU_TRY(bu_layout_add(&r->layout, *folder, *last, folder, err));
        if (last->len == path.len)
            return BU_OK;
        path = bu_bytes_from(path, last->len + 1);
    }
}

/* A package of `workspaces`: this is where it is linked to. */
static bulla_status link_workspace(reader *r, const tuple *t, size_t folder, bulla_error *err)
{
    bulla_bytes path = bu_bytes_from(t->resolution, bu_bytes_find(t->resolution, ':') + 1);
    size_t number = bu_intern_find(&r->folders, 0, path);
    if (number != BU_INTERN_NONE) {
        r->layout.folders[folder].item = number;
        if (r->packages[number].folder == BU_LAYOUT_NONE)
            r->packages[number].folder = folder;
        return BU_OK;
    }
    return bu_node_fail(r->lock.tree, bu_node_first(t->node), err, BULLA_E_BAD_REFERENCE,
                        "no such folder among `workspaces`: \"%.*s\"", (int)path.len,
                        (const char *)path.ptr);
}

static bulla_status add_tuple(reader *r, const tuple *t, kind k, package *p, bulla_bytes installed,
                              bulla_error *err)
{
    bu_lock_entry entry = { .node = t->node, .name = t->name };
    BU_TRY(take_place(r, t, k, &entry, err));
    if (!bu_bytes_equal(installed, t->name))
        entry.alias = installed;
    BU_TRY(bu_npm_entry_check(&r->lock, &entry, err));
    BU_TRY(bu_npm_entry_add(&r->lock, &entry, &p->component, err));
    bulla_component *c = &r->lock.graph->components[p->component];
    c->excluded_here = bu_npm_is_excluded(t->info, r->lock.options);
    p->node = t->info;
    return add_package(r, p, err);
}

static bulla_status read_package(reader *r, const bu_node *node, bulla_error *err)
{
    tuple t;
    kind k = NPM;
    bulla_bytes installed = { 0 };
    package p = { .component = BULLA_NO_COMPONENT };
    BU_TRY(add_folder(r, node, &p.folder, &installed, err));
    BU_TRY(read_tuple(r, node, &t, &k, err));
    if (k == WORKSPACE || k == ROOT)
        return link_workspace(r, &t, p.folder, err);
    return add_tuple(r, &t, k, &p, installed, err);
}

/* Bundles */

/* The nearest package that this one is in. */
static size_t holder_of(const reader *r, const package *p)
{
    size_t folder = p->folder;
    do
        folder = bu_layout_up(&r->layout, folder);
    while (folder != BU_LAYOUT_NONE && r->layout.folders[folder].item == BU_LAYOUT_NONE);
    return folder == BU_LAYOUT_NONE ? BU_LAYOUT_NONE : r->layout.folders[folder].item;
}

/* What is marked as bundled lies in the archive of the package around it, and is not fetched. */
static bulla_status mark_bundled(reader *r, const package *p, bulla_error *err)
{
    if (p->of_project || !bu_node_is_true(bu_node_get(p->node, "bundled")))
        return BU_OK;
    size_t holder = holder_of(r, p);
    if (holder == BU_LAYOUT_NONE || r->packages[holder].of_project)
        return BU_OK;
    bulla_component *c = &r->lock.graph->components[p->component];
    c->origin = BULLA_ORIGIN_BUNDLED;
    c->parent = r->packages[holder].component;
    const bu_place place = { .component = p->component,
                             .parent = c->parent,
                             .path = bu_arena_format(r->lock.graph->arena, "node_modules/%s",
                                                     c->alias == NULL ? c->name : c->alias),
                             .lockfile = c->lockfile };
    return place.path == NULL ? bu_no_memory(err) : bu_graph_place(r->lock.graph, &place, err);
}

/* Dependencies */

static const struct group {
    const char *field;
    bulla_scope scope;
    bool of_folders; /* of the project only */
    bu_lock_absence absence;
} groups[] = {
    { "dependencies", BULLA_SCOPE_RUNTIME, false, BU_ABSENCE_FLAW },
    { "optionalDependencies", BULLA_SCOPE_OPTIONAL, false, BU_ABSENCE_FINE },
    { "peerDependencies", BULLA_SCOPE_RUNTIME, false, BU_ABSENCE_TOLERATED },
    { "devDependencies", BULLA_SCOPE_DEV, true, BU_ABSENCE_FLAW },
};

static bool is_optional_peer(const package *p, const struct group *g, bulla_bytes name)
{
    if (g->absence != BU_ABSENCE_TOLERATED)
        return false;
    BU_EACH_CHILD(peer, bu_node_get(p->node, "optionalPeers")) {
        if (bu_bytes_equal(bu_node_text(peer), name))
            return true;
    }
    return false;
}

static bulla_status note_missing(reader *r, const package *p, const bu_node *wanted, bool tolerated,
                                 bulla_error *err)
{
    bu_graph *graph = r->lock.graph;
    bu_flaw flaw = { .code = BULLA_E_MISSING_DEPENDENCY,
                     .component = p->component,
                     .what = bu_arena_text(graph->arena, bu_node_key(wanted)),
                     .lockfile = r->lock.file,
                     .tolerated = tolerated };
    bu_tree_place(r->lock.tree, bu_node_offset(wanted), &flaw.line, &flaw.column);
    return flaw.what == NULL ? bu_no_memory(err) : bu_graph_note(graph, &flaw, err);
}

/* An optional peer is there because of somebody else. */
static bulla_status connect_one(reader *r, const package *p, const bu_node *wanted,
                                const struct group *g, bulla_error *err)
{
    size_t start = p->folder == BU_LAYOUT_NONE ? BU_LAYOUT_ROOT : p->folder;
    size_t folder = bu_layout_resolve(&r->layout, start, bu_node_key(wanted));
    bool optional_peer = is_optional_peer(p, g, bu_node_key(wanted));
    if (folder == BU_LAYOUT_NONE)
        return g->absence == BU_ABSENCE_FINE || optional_peer
                   ? BU_OK
                   : note_missing(r, p, wanted, g->absence == BU_ABSENCE_TOLERATED, err);
    size_t to = r->packages[r->layout.folders[folder].item].component;
    if (to == BULLA_NO_COMPONENT)
        return BU_OK;
    if (p->component != BULLA_NO_COMPONENT)
        BU_TRY(bu_graph_link(r->lock.graph, p->component, to, err));
    return optional_peer ? BU_OK : bu_scopes_need(&r->scopes, p->component, to, g->scope, err);
}

static bulla_status connect(reader *r, const package *p, bulla_error *err)
{
    const bu_node *list;
    for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
        if (groups[i].of_folders && !p->of_project)
            continue;
        BU_TRY(bu_node_optional(r->lock.tree, p->node, groups[i].field, BU_NODE_TABLE, &list, err));
        BU_EACH_CHILD(wanted, list) {
            BU_TRY(connect_one(r, p, wanted, &groups[i], err));
        }
    }
    return BU_OK;
}

/* Workspaces are needed without being asked for. */
static bulla_status connect_workspaces(reader *r, bulla_error *err)
{
    size_t root = r->lock.graph->root;
    for (size_t i = 0; i < r->folders.count && root != BULLA_NO_COMPONENT; i++)
        if (r->packages[i].component != BULLA_NO_COMPONENT && r->packages[i].component != root)
            BU_TRY(bu_graph_link(r->lock.graph, root, r->packages[i].component, err));
    return BU_OK;
}

/* The document */

static bulla_status read_version(const reader *r, const bu_node *root, bulla_error *err)
{
    const bu_node *version;
    BU_TRY(bu_node_field(r->lock.tree, root, "lockfileVersion", BU_NODE_INTEGER, &version, err));
    int64_t number = bu_node_integer(version);
    if (number >= 0 && number <= NEWEST_VERSION)
        return BU_OK;
    bulla_status status = bu_node_fail(r->lock.tree, version, err, BULLA_E_UNSUPPORTED_VERSION,
                                       "no such version of Bun's lockfile is known");
    return bu_expected(err, status, BULLA_LIT("0 to 3"), bu_node_text(version));
}

static bulla_status read_root(reader *r, const bu_node *root, bulla_error *err)
{
    const bu_node *workspaces, *packages;
    BU_TRY(bu_node_need(r->lock.tree, root, BU_NODE_TABLE, err));
    BU_TRY(read_version(r, root, err));
    BU_TRY(bu_node_field(r->lock.tree, root, "workspaces", BU_NODE_TABLE, &workspaces, err));
    BU_TRY(bu_node_optional(r->lock.tree, root, "packages", BU_NODE_TABLE, &packages, err));
    BU_TRY(bu_layout_start(&r->layout, err));
    BU_EACH_CHILD(node, workspaces) {
        BU_TRY(add_workspace(r, node, err));
    }
    BU_EACH_CHILD(node, packages) {
        BU_TRY(read_package(r, node, err));
    }
    for (size_t i = 0; i < r->count; i++) {
        BU_TRY(mark_bundled(r, &r->packages[i], err));
        BU_TRY(connect(r, &r->packages[i], err));
    }
    BU_TRY(connect_workspaces(r, err));
    BU_TRY(bu_scopes_apply(&r->scopes, r->lock.graph, err));
    BU_TRY(bu_scopes_exclude(&r->scopes, r->lock.graph, err));
    return bu_npm_place_excluded(r->lock.graph, err);
}

static void reader_clear(reader *r)
{
    bu_lock_clear(&r->lock);
    bu_layout_clear(&r->layout);
    bu_scopes_clear(&r->scopes);
    bu_intern_clear(&r->folders);
    free(r->packages);
}

static bulla_status refuse_binary(const char *name, bulla_error *err)
{
    bulla_status status =
        bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE, "the binary lockfile of older versions of Bun");
    (void)bu_next(err, status,
                  "bun install --save-text-lockfile --frozen-lockfile --lockfile-only");
    return bu_in_file(err, bu_at_offset(err, bu_at(err, status, 1, 1), 0), name);
}

static bulla_status parse(bulla_bytes text, const char *name, const bu_ecosystem_options *options,
                          bu_graph *graph, bulla_error *err)
{
    BU_AUTO(bu_tree) tree = NULL;
    if (bu_bytes_starts(text, "#!/usr/bin/env bun\n"))
        return refuse_binary(name, err);
    BU_TRY(bu_jsonc_load(text, name, &tree, err));
    reader r = { 0 };
    bulla_status status = bu_lock_open(&r.lock, "npm", name, options, graph, err);
    r.lock.tree = tree;
    if (bulla_ok(status))
        status = read_root(&r, bu_tree_root(tree), err);
    reader_clear(&r);
    return status;
}

static const char *const filenames[] = { "bun.lock", "bun.lockb", NULL };

const bu_ecosystem bu_eco_bun = {
    .id = "bun",
    .filenames = filenames,
    .places = filenames,
    .title = "Bun lockfile (bun.lock, versions 0 to 3)",
    .parse = parse,
};
