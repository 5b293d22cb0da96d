/* SPDX-License-Identifier: MIT */
/*
 * pylock.toml, and pylock.NAME.toml beside it: PEP 751, lock-version 1.x.
 * Refuses newer major versions, and packages with two kinds of source, of
 * which installers would each take their own.
 */
#include "ecosystem/pypi.h"

typedef struct reader {
    bu_lock *lock;
    bool has_default_groups; /* groups that are installed unless one says otherwise */
} reader;

static bool says(bulla_bytes marker, const char *words)
{
    size_t len = strlen(words);
    for (size_t i = 0; i + len <= marker.len; i++)
        if (memcmp(marker.ptr + i, words, len) == 0)
            return true;
    return false;
}

/* What the marker asks for, when it is plain that nothing is installed without. */
static bulla_scope scope_of(const reader *r, const bu_node *node)
{
    bulla_bytes marker = bu_node_text(bu_node_get(node, "marker"));
    if (says(marker, " or ") || says(marker, "not in"))
        return BULLA_SCOPE_RUNTIME;
    if (says(marker, "in dependency_groups") && !r->has_default_groups)
        return BULLA_SCOPE_DEV;
    return says(marker, "in extras") ? BULLA_SCOPE_OPTIONAL : BULLA_SCOPE_RUNTIME;
}

/* ---- Sources ---- */

static bulla_status from_vcs(reader *r, const bu_node *node, const bu_node *vcs,
                             bu_pypi_package *package, bulla_error *err)
{
    const bu_tree *tree = r->lock->tree;
    const bu_node *type, *url, *commit;
    (void)node;
    BU_TRY(bu_node_field(tree, vcs, "type", BU_NODE_STRING, &type, err));
    BU_TRY(bu_node_field(tree, vcs, "commit-id", BU_NODE_STRING, &commit, err));
    BU_TRY(bu_node_field(tree, vcs, bu_node_get(vcs, "url") == NULL ? "path" : "url",
                         BU_NODE_STRING, &url, err));
    if (bu_bytes_is(bu_node_text(type), "git") && !bu_is_commit(bu_node_text(commit)))
        return bu_node_fail(tree, commit, err, BULLA_E_UNPINNED, "not a full commit");
    const char *system =
        bu_arena_text(r->lock->graph->arena, bu_node_text(type)); /* "git", "hg", … */
    if (system == NULL)
        return bu_no_memory(err);
    return bu_pypi_from_vcs(r->lock, system, bu_node_text(url), bu_node_text(commit), package, err);
}

static bulla_status from_directory(reader *r, const bu_node *node, const bu_node *directory,
                                   bu_pypi_package *package, bulla_error *err)
{
    const bu_node *path;
    (void)node;
    BU_TRY(bu_node_field(r->lock->tree, directory, "path", BU_NODE_STRING, &path, err));
    bu_pypi_from_path(bu_node_text(path), true, package);
    return BU_OK;
}

static bulla_status from_archive(reader *r, const bu_node *node, const bu_node *archive,
                                 bu_pypi_package *package, bulla_error *err)
{
    const bu_node *url, *path;
    (void)node;
    BU_TRY(bu_node_optional(r->lock->tree, archive, "url", BU_NODE_STRING, &url, err));
    BU_TRY(bu_pypi_read_files(r->lock, archive, NULL, package, err));
    if (url != NULL)
        return bu_pypi_from_url(r->lock, bu_node_text(url), package, err);
    BU_TRY(bu_node_field(r->lock->tree, archive, "path", BU_NODE_STRING, &path, err));
    bu_pypi_from_path(bu_node_text(path), false, package);
    return BU_OK;
}

static bulla_status from_index(reader *r, const bu_node *node, const bu_node *found,
                               bu_pypi_package *package, bulla_error *err)
{
    const bu_node *sdist, *wheels, *index;
    (void)found;
    BU_TRY(bu_node_optional(r->lock->tree, node, "sdist", BU_NODE_TABLE, &sdist, err));
    BU_TRY(bu_node_optional(r->lock->tree, node, "wheels", BU_NODE_ARRAY, &wheels, err));
    BU_TRY(bu_node_optional(r->lock->tree, node, "index", BU_NODE_STRING, &index, err));
    package->entry.origin = BULLA_ORIGIN_REGISTRY;
    package->entry.resolved = bu_node_text(index);
    return bu_pypi_read_files(r->lock, sdist, wheels, package, err);
}

/* PEP 751: the first three exclude each other and the rest. */
static const struct {
    const char *field;
    bulla_status (*take)(reader *r, const bu_node *node, const bu_node *found,
                         bu_pypi_package *package, bulla_error *err);
} sources[] = {
    { "vcs", from_vcs },     { "directory", from_directory }, { "archive", from_archive },
    { "sdist", from_index }, { "wheels", from_index },
};

static bulla_status read_source(reader *r, const bu_node *node, bu_pypi_package *package,
                                bulla_error *err)
{
    size_t taken = SIZE_MAX;
    for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++) {
        const bu_node *found = bu_node_get(node, sources[i].field);
        if (found == NULL)
            continue;
        if (taken != SIZE_MAX && sources[i].take == sources[taken].take)
            continue;
        if (taken != SIZE_MAX)
            return bu_node_fail(r->lock->tree, found, err, BULLA_E_AMBIGUOUS_LOCK,
                                "`%s` beside `%s`", sources[i].field, sources[taken].field);
        taken = i;
        if (sources[i].take != from_index)
            BU_TRY(bu_node_need(r->lock->tree, found, BU_NODE_TABLE, err));
        BU_TRY(sources[i].take(r, node, found, package, err));
    }
    return taken == SIZE_MAX ? from_index(r, node, NULL, package, err) : BU_OK;
}

/* ---- Packages ---- */

static bulla_status add(void *context, const bu_node *node, bulla_error *err)
{
    reader *r = context;
    const bu_node *name, *version;
    BU_TRY(bu_node_field(r->lock->tree, node, "name", BU_NODE_STRING, &name, err));
    BU_TRY(bu_node_optional(r->lock->tree, node, "version", BU_NODE_STRING, &version, err));
    bu_pypi_package package = { .entry = { .name = bu_node_text(name),
                                           .version = bu_node_text(version),
                                           .scope = scope_of(r, node),
                                           .node = node } };
    BU_TRY(read_source(r, node, &package, err));
    return bu_pypi_add(r->lock, &package, NULL, err);
}

static bulla_status connect(void *context, const bu_node *node, size_t component, bulla_error *err)
{
    reader *r = context;
    const bu_node *dependencies, *name, *version;
    BU_TRY(
        bu_node_optional(r->lock->tree, node, "dependencies", BU_NODE_ARRAY, &dependencies, err));
    BU_EACH_CHILD(one, dependencies) {
        const bu_lock_entry at = { .node = one };
        BU_TRY(bu_node_need(r->lock->tree, one, BU_NODE_TABLE, err));
        BU_TRY(bu_node_field(r->lock->tree, one, "name", BU_NODE_STRING, &name, err));
        BU_TRY(bu_node_optional(r->lock->tree, one, "version", BU_NODE_STRING, &version, err));
        BU_TRY(bu_pypi_need(r->lock, component, bu_node_text(name), bu_node_text(version),
                            BU_ABSENCE_TOLERATED, &at, err));
    }
    return BU_OK;
}

static bulla_status check_version(const bu_tree *tree, const bu_node *document, bulla_error *err)
{
    const bu_node *version;
    BU_TRY(bu_node_field(tree, document, "lock-version", BU_NODE_STRING, &version, err));
    if (bu_bytes_starts(bu_node_text(version), "1."))
        return BU_OK;
    bulla_status status = bu_node_fail(tree, version, err, BULLA_E_UNSUPPORTED_VERSION,
                                       "no such version of pylock.toml is known");
    return bu_expected(err, status, BULLA_LIT("1.x"), bu_node_text(version));
}

static bulla_status fill(bu_lock *lock, const bu_node *document, bulla_error *err)
{
    reader r = { .lock = lock,
                 .has_default_groups = bu_node_count(bu_node_get(document, "default-groups")) > 0 };
    const bu_pypi_steps steps = { add, connect, &r };
    const bu_node *packages;
    BU_TRY(check_version(lock->tree, document, err));
    BU_TRY(bu_node_field(lock->tree, document, "packages", BU_NODE_ARRAY, &packages, err));
    return bu_pypi_read_packages(lock, packages, &steps, err);
}

static bulla_status parse(bulla_bytes text, const char *name, const bu_ecosystem_options *options,
                          bu_graph *graph, bulla_error *err)
{
    static const bu_lock_format format = { "pypi", bu_toml_load, fill };
    return bu_lock_read(&format, text, name, options, graph, err);
}

static const char *const filenames[] = { "pylock.toml", "pylock.*.toml", NULL };

const bu_ecosystem bu_eco_pylock = {
    .id = "pylock",
    .filenames = filenames,
    .places = filenames,
    .each_place = true,
    .title = "Python lockfile (pylock.toml, PEP 751)",
    .parse = parse,
};
