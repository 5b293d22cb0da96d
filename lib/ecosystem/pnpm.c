/* SPDX-License-Identifier: MIT */
/*
 * pnpm-lock.yaml, lockfileVersion 5 (5.0 to 5.4), 6 (6.0, 6.1) and 9: packages
 * by their dependency paths, importers (the project's folders), and since 9
 * snapshots: packages with the peers that they are installed with. Scopes are
 * found by walking from the importers, as pnpm does; its `dev` and `optional`
 * marks only repeat them. Refuses other versions, git without a commit, and a
 * path that names another package than its entry.
 */
#include "ecosystem/npm_entry.h"
#include "ecosystem/pnpm_key.h"
#include "ecosystem/scopes.h"

typedef struct reader {
    bu_lock lock;
    bu_pnpm_syntax syntax;
    bu_scopes scopes;
    bu_buf key; /* that a dependency means */
} reader;

/* A field that may be there without a value: `packages:` */
static bulla_status table_in(const reader *r, const bu_node *node, const char *key,
                             const bu_node **out, bulla_error *err)
{
    *out = bu_node_get(node, key);
    if (bu_node_kind_of(*out) == BU_NODE_NULL)
        *out = NULL;
    return *out == NULL ? BU_OK : bu_node_need(r->lock.tree, *out, BU_NODE_TABLE, err);
}

static bulla_status text_in(const reader *r, const bu_node *node, const char *key, bulla_bytes *out,
                            bulla_error *err)
{
    const bu_node *field;
    BU_TRY(bu_node_optional(r->lock.tree, node, key, BU_NODE_STRING, &field, err));
    *out = bu_node_text(field);
    return BU_OK;
}

/* Packages */

/* What a field says must not differ from what the key does. */
static bulla_status agree(const reader *r, const bu_node *node, const char *key,
                          bulla_bytes *by_key, bulla_error *err)
{
    bulla_bytes stated;
    BU_TRY(text_in(r, node, key, &stated, err));
    if (by_key->len == 0)
        *by_key = stated;
    if (stated.len == 0 || bu_bytes_equal(stated, *by_key))
        return BU_OK;
    return bu_expected(err,
                       bu_node_fail(r->lock.tree, bu_node_get(node, key), err,
                                    BULLA_E_AMBIGUOUS_LOCK, "`%s` is not the one of its key", key),
                       *by_key, stated);
}

static bulla_status take_git(const reader *r, const bu_node *resolution, bu_lock_entry *entry,
                             bulla_error *err)
{
    const bu_node *repository, *commit;
    BU_TRY(bu_node_field(r->lock.tree, resolution, "repo", BU_NODE_STRING, &repository, err));
    BU_TRY(bu_node_field(r->lock.tree, resolution, "commit", BU_NODE_STRING, &commit, err));
    return bu_npm_entry_git(&r->lock, entry, bu_node_text(repository), bu_node_text(commit), err);
}

static bulla_status take_directory(const reader *r, const bu_node *resolution, bu_lock_entry *entry,
                                   bulla_error *err)
{
    const bu_node *directory;
    BU_TRY(bu_node_field(r->lock.tree, resolution, "directory", BU_NODE_STRING, &directory, err));
    bu_npm_entry_folder(entry, bu_node_text(directory));
    return BU_OK;
}

static bulla_status take_archive(const reader *r, const bu_node *resolution, bu_lock_entry *entry,
                                 bulla_error *err)
{
    bulla_bytes tarball;
    BU_TRY(text_in(r, resolution, "tarball", &tarball, err));
    if (tarball.len > 0)
        return bu_npm_entry_place(&r->lock, entry, tarball, err);
    if (entry->origin != BULLA_ORIGIN_REGISTRY)
        return bu_node_fail(r->lock.tree, resolution, err, BULLA_E_MISSING_FIELD,
                            "of no registry, and without `tarball`");
    return BU_OK;
}

static bulla_status take_resolution(const reader *r, const bu_node *resolution,
                                    bu_lock_entry *entry, bulla_error *err)
{
    static const struct {
        const char *type;
        bulla_status (*take)(const reader *, const bu_node *, bu_lock_entry *, bulla_error *);
    } rows[] = { { "", take_archive }, { "git", take_git }, { "directory", take_directory } };
    bulla_bytes type, integrity;
    BU_TRY(text_in(r, resolution, "type", &type, err));
    BU_TRY(text_in(r, resolution, "integrity", &integrity, err));
    bu_lock_entry at = { .node = resolution };
    BU_TRY(bu_npm_entry_integrity(&r->lock, &at, integrity, err));
    entry->digests = at.digests;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (bu_bytes_is(type, rows[i].type))
            return rows[i].take(r, resolution, entry, err);
    return bu_node_fail(r->lock.tree, bu_node_get(resolution, "type"), err,
                        BULLA_E_UNSUPPORTED_FEATURE, "a resolution of an unknown type: \"%.*s\"",
                        (int)type.len, (const char *)type.ptr);
}

static bulla_status add_package(reader *r, const bu_node *node, bulla_error *err)
{
    size_t component;
    const bu_node *resolution;
    bu_pnpm_key key = bu_pnpm_key_of(r->syntax, bu_node_key(node));
    BU_TRY(bu_node_need(r->lock.tree, node, BU_NODE_TABLE, err));
    bu_lock_entry entry = { .node = node,
                            .origin = key.version.len > 0 ? BULLA_ORIGIN_REGISTRY
                                                          : BULLA_ORIGIN_UNKNOWN };
    BU_TRY(agree(r, node, "name", &key.name, err));
    BU_TRY(agree(r, node, "version", &key.version, err));
    BU_TRY(bu_node_field(r->lock.tree, node, "resolution", BU_NODE_TABLE, &resolution, err));
    entry.name = key.name;
    entry.version = key.version;
    BU_TRY(take_resolution(r, resolution, &entry, err));
    BU_TRY(bu_npm_entry_check(&r->lock, &entry, err));
    BU_TRY(bu_npm_entry_add(&r->lock, &entry, &component, err));
    r->lock.graph->components[component].excluded_here = bu_npm_is_excluded(node, r->lock.options);
    return bu_lock_name(&r->lock, 0, bu_node_key(node), component, err);
}

/* Since 9, dependencies are those of a snapshot: its package without the peers. */
static bulla_status name_snapshots(reader *r, const bu_node *snapshots, bulla_error *err)
{
    BU_EACH_CHILD(node, snapshots) {
        bulla_bytes key = bu_node_key(node), package = bu_pnpm_key_without_peers(key);
        size_t component = bu_lock_find(&r->lock, 0, package);
        if (component == BULLA_NO_COMPONENT)
            return bu_node_fail(r->lock.tree, node, err, BULLA_E_BAD_REFERENCE,
                                "a snapshot of what is no package: \"%.*s\"", (int)package.len,
                                (const char *)package.ptr);
        BU_TRY(bu_lock_name(&r->lock, 0, key, component, err));
    }
    return BU_OK;
}

/* Dependencies */

static const struct group {
    const char *field;
    bulla_scope scope;
    bool of_folders; /* of the project only */
} groups[] = {
    { "dependencies", BULLA_SCOPE_RUNTIME, false },
    { "optionalDependencies", BULLA_SCOPE_OPTIONAL, false },
    { "devDependencies", BULLA_SCOPE_DEV, true },
};

/* By its text alone: does this path, from a folder that is `depth` deep, leave the project? */
static bool leaves(size_t depth, bulla_bytes path)
{
    if (bu_bytes_starts(path, "/") || bu_bytes_starts(path, "~") ||
        bu_bytes_find(path, '\\') < path.len || bu_bytes_find(path, ':') < path.len)
        return true;
    while (path.len > 0) {
        bulla_bytes part = bu_bytes_first(path, bu_bytes_find(path, '/'));
        path = bu_bytes_from(path, part.len + 1);
        if (part.len == 0 || bu_bytes_is(part, "."))
            continue;
        if (bu_bytes_is(part, "..") && depth == 0)
            return true;
        depth = bu_bytes_is(part, "..") ? depth - 1 : depth + 1;
    }
    return false;
}

static size_t depth_of(bulla_bytes folder)
{
    size_t depth = 0;
    while (folder.len > 0) {
        bulla_bytes part = bu_bytes_first(folder, bu_bytes_find(folder, '/'));
        depth += part.len > 0 && !bu_bytes_is(part, ".");
        folder = bu_bytes_from(folder, part.len + 1);
    }
    return depth;
}

/* A folder of the project has no name here, and nothing to prove; one outside of it has to be seen. */
static bulla_status add_link(reader *r, bulla_bytes importer, const bu_node *wanted,
                             bulla_bytes reference, bulla_error *err)
{
    size_t component;
    bulla_bytes path = bu_bytes_from(reference, strlen("link:"));
    const bu_lock_entry entry = { .node = wanted,
                                  .name = bu_node_key(wanted),
                                  .resolved = reference,
                                  .location = path,
                                  .origin = BULLA_ORIGIN_OUTSIDE };
    if (!leaves(depth_of(importer), path))
        return BU_OK;
    BU_TRY(bu_npm_entry_check(&r->lock, &entry, err));
    return bu_npm_entry_add(&r->lock, &entry, &component, err);
}

static bulla_status note_missing(reader *r, size_t from, const bu_node *wanted, bulla_error *err)
{
    bu_graph *graph = r->lock.graph;
    bu_flaw flaw = { .code = BULLA_E_MISSING_DEPENDENCY,
                     .component = from,
                     .what = bu_arena_text(graph->arena, bu_node_key(wanted)),
                     .lockfile = r->lock.file };
    bu_tree_place(r->lock.tree, bu_node_offset(wanted), &flaw.line, &flaw.column);
    return flaw.what == NULL ? bu_no_memory(err) : bu_graph_note(graph, &flaw, err);
}

static bulla_status note_alias(reader *r, size_t component, bulla_bytes name, bulla_error *err)
{
    bulla_component *c = &r->lock.graph->components[component];
    if (c->alias != NULL || bu_bytes_is(name, c->name) || !bu_npm_is_name(name))
        return BU_OK;
    c->alias = bu_arena_text(r->lock.graph->arena, name);
    return c->alias == NULL ? bu_no_memory(err) : BU_OK;
}

/* "1.0.0", or since 6 `{ specifier: ^1.0.0, version: 1.0.0 }` of an importer. */
static bulla_status reference_of(const reader *r, const bu_node *wanted, bulla_bytes *out,
                                 bulla_error *err)
{
    const bu_node *version = wanted;
    if (bu_node_kind_of(wanted) == BU_NODE_TABLE)
        BU_TRY(bu_node_field(r->lock.tree, wanted, "version", BU_NODE_STRING, &version, err));
    else
        BU_TRY(bu_node_need(r->lock.tree, wanted, BU_NODE_STRING, err));
    *out = bu_node_text(version);
    return BU_OK;
}

static bulla_status connect_one(reader *r, bulla_bytes importer, size_t from, const bu_node *wanted,
                                bulla_scope scope, bulla_error *err)
{
    bulla_bytes reference;
    BU_TRY(reference_of(r, wanted, &reference, err));
    if (bu_bytes_starts(reference, "link:"))
        return add_link(r, importer, wanted, reference, err);
    bu_pnpm_key_meant(r->syntax, bu_node_key(wanted), reference, &r->key);
    if (r->key.broken)
        return bu_no_memory(err);
    size_t to = bu_lock_find(&r->lock, 0, bu_buf_bytes(&r->key));
    if (to == BULLA_NO_COMPONENT)
        return scope == BULLA_SCOPE_OPTIONAL ? BU_OK : note_missing(r, from, wanted, err);
    BU_TRY(note_alias(r, to, bu_node_key(wanted), err));
    if (from != BULLA_NO_COMPONENT)
        BU_TRY(bu_graph_link(r->lock.graph, from, to, err));
    return bu_scopes_need(&r->scopes, from, to, scope, err);
}

/* @param from  NO_COMPONENT for an importer: a folder of the project. */
static bulla_status connect(reader *r, bulla_bytes importer, size_t from, const bu_node *node,
                            bulla_error *err)
{
    const bu_node *list;
    for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
        if (groups[i].of_folders && from != BULLA_NO_COMPONENT)
            continue;
        BU_TRY(table_in(r, node, groups[i].field, &list, err));
        BU_EACH_CHILD(wanted, list) {
            BU_TRY(connect_one(r, importer, from, wanted, groups[i].scope, err));
        }
    }
    return BU_OK;
}

static bulla_status connect_importers(reader *r, const bu_node *root, bulla_error *err)
{
    const bu_node *importers;
    BU_TRY(table_in(r, root, "importers", &importers, err));
    if (importers == NULL)
        return connect(r, (bulla_bytes){ 0 }, BULLA_NO_COMPONENT, root, err);
    BU_EACH_CHILD(importer, importers) {
        BU_TRY(connect(r, bu_node_key(importer), BULLA_NO_COMPONENT, importer, err));
    }
    return BU_OK;
}

/* The document */

static bulla_status read_version(reader *r, const bu_node *root, bulla_error *err)
{
    static const struct {
        const char *major;
        bu_pnpm_syntax syntax;
    } rows[] = { { "5", BU_PNPM_5 }, { "6", BU_PNPM_6 }, { "9", BU_PNPM_9 } };
    const bu_node *version = bu_node_get(root, "lockfileVersion");
    bulla_bytes text = bu_node_text(version);
    if (version == NULL)
        return bu_node_fail(r->lock.tree, root, err, BULLA_E_MISSING_FIELD, "no `lockfileVersion`");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (bu_bytes_is(bu_bytes_first(text, bu_bytes_find(text, '.')), rows[i].major)) {
            r->syntax = rows[i].syntax;
            return BU_OK;
        }
    bulla_status status = bu_node_fail(r->lock.tree, version, err, BULLA_E_UNSUPPORTED_VERSION,
                                       "no such version of pnpm's lockfile is known");
    return bu_expected(err, status, BULLA_LIT("5, 6 or 9"), text);
}

static bulla_status read_root(reader *r, const bu_node *root, bulla_error *err)
{
    const bu_node *packages, *snapshots;
    BU_TRY(bu_node_need(r->lock.tree, root, BU_NODE_TABLE, err));
    BU_TRY(read_version(r, root, err));
    BU_TRY(table_in(r, root, "packages", &packages, err));
    BU_TRY(table_in(r, root, "snapshots", &snapshots, err));
    BU_EACH_CHILD(node, packages) {
        BU_TRY(add_package(r, node, err));
    }
    if (r->syntax == BU_PNPM_9)
        BU_TRY(name_snapshots(r, snapshots, err));
    BU_EACH_CHILD(node, r->syntax == BU_PNPM_9 ? snapshots : packages) {
        size_t from = bu_lock_find(&r->lock, 0, bu_node_key(node));
        BU_TRY(connect(r, (bulla_bytes){ 0 }, from, node, err));
    }
    BU_TRY(connect_importers(r, root, err));
    BU_TRY(bu_scopes_apply(&r->scopes, r->lock.graph, err));
    BU_TRY(bu_scopes_exclude(&r->scopes, r->lock.graph, err));
    return bu_npm_place_excluded(r->lock.graph, err);
}

static void reader_clear(reader *r)
{
    bu_lock_clear(&r->lock);
    bu_scopes_clear(&r->scopes);
    bu_buf_clear(&r->key);
}

/* A file of comments alone is what pnpm takes for no lockfile: nothing is locked. */
static bulla_status parse(bulla_bytes text, const char *name, const bu_ecosystem_options *options,
                          bu_graph *graph, bulla_error *err)
{
    BU_AUTO(bu_tree) tree = NULL;
    BU_TRY(bu_yaml_load(text, name, &tree, err));
    if (bu_node_kind_of(bu_tree_root(tree)) == BU_NODE_NULL)
        return BU_OK;
    reader r = { 0 };
    bulla_status status = bu_lock_open(&r.lock, "npm", name, options, graph, err);
    r.lock.tree = tree;
    if (bulla_ok(status))
        status = read_root(&r, bu_tree_root(tree), err);
    reader_clear(&r);
    return status;
}

static const char *const filenames[] = { "pnpm-lock.yaml", NULL };

const bu_ecosystem bu_eco_pnpm = {
    .id = "pnpm",
    .filenames = filenames,
    .places = filenames,
    .title = "pnpm lockfile (pnpm-lock.yaml, versions 5, 6 and 9)",
    .parse = parse,
};
