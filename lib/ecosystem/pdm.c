/* SPDX-License-Identifier: MIT */
/*
 * PDM's pdm.lock, lock_version 1 to 4, and the meta_version before it. The
 * files stand in each package, or (before 4.3) in [metadata.files] under
 * "name version". Refuses newer major versions.
 */
#include "ecosystem/pypi.h"

typedef struct reader {
    bu_lock *lock;
    const bu_node *files; /* by "name version"; NULL */
} reader;

static bulla_status read_vcs(reader *r, const char *system, const bu_node *node,
                             bu_pypi_package *package, bulla_error *err)
{
    const bu_node *url, *revision;
    BU_TRY(bu_node_field(r->lock->tree, node, system, BU_NODE_STRING, &url, err));
    BU_TRY(bu_node_optional(r->lock->tree, node, "revision", BU_NODE_STRING, &revision, err));
    bulla_bytes commit = bu_node_text(revision);
    BU_TRY(bu_pypi_from_vcs(r->lock, system, bu_node_text(url), commit, package, err));
    if (bu_is_commit(commit))
        return BU_OK;
    const bu_lock_entry at = { .node = revision == NULL ? url : revision };
    return bu_pypi_note(r->lock, &at, BULLA_E_UNPINNED, "a repository without its full commit",
                        err);
}

static bulla_status read_source(reader *r, const bu_node *node, bu_pypi_package *package,
                                bulla_error *err)
{
    static const char *const systems[] = { "git", "hg", "svn", "bzr" };
    const bu_node *url, *path;
    package->entry.origin = BULLA_ORIGIN_REGISTRY;
    BU_TRY(bu_node_optional(r->lock->tree, node, "url", BU_NODE_STRING, &url, err));
    BU_TRY(bu_node_optional(r->lock->tree, node, "path", BU_NODE_STRING, &path, err));
    for (size_t i = 0; i < sizeof systems / sizeof systems[0]; i++)
        if (bu_node_get(node, systems[i]) != NULL)
            return read_vcs(r, systems[i], node, package, err);
    if (path != NULL)
        bu_pypi_from_path(bu_node_text(path), !bu_pypi_is_archive(bu_node_text(path)), package);
    if (path != NULL || url == NULL)
        return BU_OK;
    return bu_pypi_from_url(r->lock, bu_node_text(url), package, err);
}

static bulla_status read_files(reader *r, const bu_node *node, bu_pypi_package *package,
                               bulla_error *err)
{
    const bu_lock_entry *e = &package->entry;
    const bu_node *files;
    BU_TRY(bu_node_optional(r->lock->tree, node, "files", BU_NODE_ARRAY, &files, err));
    if (files == NULL && r->files != NULL) {
        BU_CLEAR(bu_buf) key = { 0 };
        bu_buf_add(&key, e->name);
        bu_buf_add_byte(&key, ' ');
        bu_buf_add(&key, e->version);
        if (key.broken)
            return bu_no_memory(err);
        files = bu_node_get_bytes(r->files, bu_buf_bytes(&key));
    }
    if (files == NULL)
        return BU_OK;
    BU_TRY(bu_node_need(r->lock->tree, files, BU_NODE_ARRAY, err));
    return bu_pypi_read_files(r->lock, NULL, files, package, err);
}

/* The lockfile does not say whether a group is for development: only the usual name of it does. */
static bulla_scope scope_of(const bu_node *node)
{
    const bu_node *groups = bu_node_get(node, "groups");
    bulla_scope scope = BULLA_SCOPE_DEV;
    if (groups == NULL)
        groups = bu_node_get(node, "sections");
    if (bu_node_count(groups) == 0)
        return BULLA_SCOPE_RUNTIME;
    BU_EACH_CHILD(group, groups) {
        if (bu_bytes_is(bu_node_text(group), "default"))
            return BULLA_SCOPE_RUNTIME;
        if (!bu_bytes_is(bu_node_text(group), "dev"))
            scope = BULLA_SCOPE_OPTIONAL;
    }
    return scope;
}

static bulla_status add(void *context, const bu_node *node, bulla_error *err)
{
    reader *r = context;
    const bu_node *name, *version;
    BU_TRY(bu_node_field(r->lock->tree, node, "name", BU_NODE_STRING, &name, err));
    BU_TRY(bu_node_optional(r->lock->tree, node, "version", BU_NODE_STRING, &version, err));
    bu_pypi_package package = { .entry = { .name = bu_node_text(name),
                                           .version = bu_node_text(version),
                                           .scope = scope_of(node),
                                           .node = node } };
    BU_TRY(read_source(r, node, &package, err));
    BU_TRY(read_files(r, node, &package, err));
    return bu_pypi_add(r->lock, &package, NULL, err);
}

static bulla_status need(reader *r, size_t component, const bu_node *node, bulla_error *err)
{
    const bu_lock_entry at = { .node = node };
    bu_pypi_requirement requirement = { .name = bu_node_key(node) }; /* of a table: name = spec */
    if (requirement.name.len == 0 && !bu_pypi_requirement_of(bu_node_text(node), &requirement))
        return bu_node_fail(r->lock->tree, node, err, BULLA_E_BAD_SYNTAX, "not a requirement");
    return bu_pypi_need(r->lock, component, requirement.name, bu_pypi_pinned(requirement.specifier),
                        requirement.marker.len > 0 ? BU_ABSENCE_FINE : BU_ABSENCE_TOLERATED, &at,
                        err);
}

static bulla_status connect(void *context, const bu_node *node, size_t component, bulla_error *err)
{
    BU_EACH_CHILD(dependency, bu_node_get(node, "dependencies")) {
        BU_TRY(need(context, component, dependency, err));
    }
    return BU_OK;
}

static bool is_known(bulla_bytes version)
{
    size_t len = bu_bytes_find(version, '.');
    return len == 1 && version.ptr[0] >= '1' && version.ptr[0] <= '4';
}

/* PDM before 1.5: `meta_version` in [root], and the files in [metadata] itself. */
static bulla_status read_metadata(reader *r, const bu_node *document, bulla_error *err)
{
    const bu_tree *tree = r->lock->tree;
    const bu_node *metadata, *version;
    BU_TRY(bu_node_field(tree, document, "metadata", BU_NODE_TABLE, &metadata, err));
    BU_TRY(bu_node_optional(tree, metadata, "files", BU_NODE_TABLE, &r->files, err));
    if (bu_node_get(bu_node_get(document, "root"), "meta_version") != NULL) {
        r->files = r->files == NULL ? metadata : r->files;
        return BU_OK;
    }
    BU_TRY(bu_node_field(tree, metadata, "lock_version", BU_NODE_STRING, &version, err));
    if (is_known(bu_node_text(version)))
        return BU_OK;
    bulla_status status = bu_node_fail(tree, version, err, BULLA_E_UNSUPPORTED_VERSION,
                                       "no such version of pdm.lock is known");
    return bu_expected(err, status, BULLA_LIT("1 to 4"), bu_node_text(version));
}

static bulla_status fill(bu_lock *lock, const bu_node *document, bulla_error *err)
{
    reader r = { .lock = lock };
    const bu_pypi_steps steps = { add, connect, &r };
    const bu_node *packages;
    BU_TRY(read_metadata(&r, document, err));
    BU_TRY(bu_node_optional(lock->tree, document, "package", BU_NODE_ARRAY, &packages, err));
    return bu_pypi_read_packages(lock, packages, &steps, err);
}

static bulla_status parse(bulla_bytes text, const char *name, const bu_ecosystem_options *options,
                          bu_graph *graph, bulla_error *err)
{
    static const bu_lock_format format = { "pypi", bu_toml_load, fill };
    return bu_lock_read(&format, text, name, options, graph, err);
}

static const char *const filenames[] = { "pdm.lock", NULL };

const bu_ecosystem bu_eco_pdm = {
    .id = "pdm",
    .filenames = filenames,
    .places = filenames,
    .title = "PDM lockfile (pdm.lock, versions up to 4)",
    .parse = parse,
};
