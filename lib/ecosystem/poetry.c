/* SPDX-License-Identifier: MIT */
/*
 * Poetry's poetry.lock, lock-version 1.x and 2.x, and the documents before
 * there was one: the hashes stand in each package (2.x), in [metadata.files]
 * by name (1.x), or in [metadata.hashes] alone. Refuses newer major versions
 * and sources that Poetry does not know.
 */
#include "digest/digest.h"
#include "ecosystem/pypi.h"

typedef struct reader {
    bu_lock *lock;
    const bu_node *files, *hashes; /* of [metadata]: by name of the package; NULL */
} reader;

/* ---- Source ---- */

static bulla_status from_git(reader *r, const bu_node *source, bulla_bytes url,
                             bu_pypi_package *package, bulla_error *err)
{
    const bu_node *commit = bu_node_get(source, "resolved_reference");
    if (commit == NULL)
        commit = bu_node_get(source, "reference");
    BU_TRY(bu_pypi_from_vcs(r->lock, "git", url, bu_node_text(commit), package, err));
    if (bu_is_commit(bu_node_text(commit)))
        return BU_OK;
    const bu_lock_entry at = { .node = commit == NULL ? source : commit };
    return bu_pypi_note(r->lock, &at, BULLA_E_UNPINNED, "a repository without its full commit",
                        err);
}

/* Poetry before 1.0 writes empty texts for what comes from the index. */
static bulla_status read_source(reader *r, const bu_node *node, bu_pypi_package *package,
                                bulla_error *err)
{
    const bu_tree *tree = r->lock->tree;
    const bu_node *source, *type, *url;
    package->entry.origin = BULLA_ORIGIN_REGISTRY;
    BU_TRY(bu_node_optional(tree, node, "source", BU_NODE_TABLE, &source, err));
    BU_TRY(bu_node_optional(tree, source, "type", BU_NODE_STRING, &type, err));
    bulla_bytes kind = bu_node_text(type);
    if (kind.len == 0)
        return BU_OK;
    BU_TRY(bu_node_field(tree, source, "url", BU_NODE_STRING, &url, err));
    package->entry.resolved = bu_node_text(url);
    if (bu_bytes_is(kind, "legacy"))
        return BU_OK;
    if (bu_bytes_is(kind, "git"))
        return from_git(r, source, bu_node_text(url), package, err);
    if (bu_bytes_is(kind, "url"))
        return bu_pypi_from_url(r->lock, bu_node_text(url), package, err);
    bool is_folder = bu_bytes_is(kind, "directory");
    if (!is_folder && !bu_bytes_is(kind, "file"))
        return bu_node_fail(tree, type, err, BULLA_E_UNSUPPORTED_FEATURE,
                            "no source that Poetry knows: \"%.*s\"", (int)kind.len,
                            (const char *)kind.ptr);
    bu_pypi_from_path(bu_node_text(url), is_folder, package);
    return BU_OK;
}

/* ---- Files ---- */

/* One list for all versions of a package: what is named for another version is not of this one. */
static void keep_own_files(bu_pypi_package *package)
{
    bulla_file_pin *files = (bulla_file_pin *)(uintptr_t)package->entry.files;
    size_t kept = 0;
    for (size_t i = 0; i < package->entry.file_count; i++) {
        bulla_bytes name, version;
        if (!bu_pypi_file_says(bu_bytes_of(files[i].name), &name, &version) ||
            bu_bytes_equal(version, package->entry.version))
            files[kept++] = files[i];
    }
    if (kept > 0) /* none is named so: the versions are only spelled differently */
        package->entry.file_count = kept;
}

static bulla_status read_bare_hashes(reader *r, const bu_node *list, bu_pypi_package *package,
                                     bulla_error *err)
{
    bulla_file_pin *files =
        bu_arena_get_array(r->lock->graph->arena, bu_node_count(list), sizeof *files);
    size_t count = 0;
    if (files == NULL)
        return bu_no_memory(err);
    BU_EACH_CHILD(node, list) {
        bulla_digest_set digests = { 0 };
        BU_TRY(bu_lock_add_hex(r->lock, node, BULLA_ALG_SHA256, bu_node_text(node), &digests, err));
        BU_TRY(bu_pypi_pin_file(r->lock, (bulla_bytes){ 0 }, (bulla_bytes){ 0 }, 0, &digests,
                                &files[count++], err));
    }
    package->entry.files = files;
    package->entry.file_count = count;
    return BU_OK;
}

static bulla_status read_shared_files(reader *r, bu_pypi_package *package, bulla_error *err)
{
    const bu_node *list = bu_node_get_bytes(r->files, package->entry.name);
    const bu_node *hashes = bu_node_get_bytes(r->hashes, package->entry.name);
    bool too_many;
    if (list == NULL && hashes == NULL)
        return BU_OK;
    BU_TRY(bu_node_need(r->lock->tree, list == NULL ? hashes : list, BU_NODE_ARRAY, err));
    BU_TRY(bu_pypi_has_forks(r->lock, package->entry.name, &too_many, err));
    if (too_many) /* each goes through the whole list */
        return bu_lock_fail(r->lock, &package->entry, err, BULLA_E_RESOURCE_LIMIT,
                            "more than %u versions share a list of files", BU_PYPI_FORKS);
    if (list == NULL)
        return read_bare_hashes(r, hashes, package, err);
    BU_TRY(bu_pypi_read_files(r->lock, NULL, list, package, err));
    keep_own_files(package);
    return BU_OK;
}

/* ---- Packages ---- */

static bool has_text(const bu_node *list, const char *text)
{
    BU_EACH_CHILD(node, list) {
        if (bu_bytes_is(bu_node_text(node), text))
            return true;
    }
    return false;
}

/* Groups other than the main one are for development: Poetry, "Dependency groups". */
static bulla_scope scope_of(const bu_node *node)
{
    const bu_node *groups = bu_node_get(node, "groups"), *category = bu_node_get(node, "category");
    if (bu_node_count(groups) > 0 && !has_text(groups, "main"))
        return BULLA_SCOPE_DEV;
    if (category != NULL && !bu_bytes_is(bu_node_text(category), "main"))
        return BULLA_SCOPE_DEV;
    return bu_node_is_true(bu_node_get(node, "optional")) ? BULLA_SCOPE_OPTIONAL
                                                          : BULLA_SCOPE_RUNTIME;
}

static bulla_status add(void *context, const bu_node *node, bulla_error *err)
{
    reader *r = context;
    const bu_tree *tree = r->lock->tree;
    const bu_node *name, *version, *files;
    BU_TRY(bu_node_field(tree, node, "name", BU_NODE_STRING, &name, err));
    BU_TRY(bu_node_field(tree, node, "version", BU_NODE_STRING, &version, err));
    BU_TRY(bu_node_optional(tree, node, "files", BU_NODE_ARRAY, &files, err));
    bu_pypi_package package = { .entry = { .name = bu_node_text(name),
                                           .version = bu_node_text(version),
                                           .scope = scope_of(node),
                                           .node = node } };
    BU_TRY(read_source(r, node, &package, err));
    if (files != NULL)
        BU_TRY(bu_pypi_read_files(r->lock, NULL, files, &package, err));
    else
        BU_TRY(read_shared_files(r, &package, err));
    return bu_pypi_add(r->lock, &package, NULL, err);
}

/* What is limited to platforms or extras need not be there. */
static bu_lock_absence absence_of(const bu_node *dependency)
{
    bool may_be_absent = bu_node_kind_of(dependency) == BU_NODE_ARRAY ||
                         bu_node_get(dependency, "markers") != NULL ||
                         bu_node_get(dependency, "python") != NULL ||
                         bu_node_is_true(bu_node_get(dependency, "optional"));
    return may_be_absent ? BU_ABSENCE_FINE : BU_ABSENCE_TOLERATED;
}

static bulla_status connect(void *context, const bu_node *node, size_t component, bulla_error *err)
{
    reader *r = context;
    const bu_node *dependencies;
    BU_TRY(
        bu_node_optional(r->lock->tree, node, "dependencies", BU_NODE_TABLE, &dependencies, err));
    BU_EACH_CHILD(dependency, dependencies) {
        const bu_lock_entry at = { .node = dependency };
        BU_TRY(bu_pypi_need(r->lock, component, bu_node_key(dependency), (bulla_bytes){ 0 },
                            absence_of(dependency), &at, err));
    }
    return BU_OK;
}

/* ---- The document ---- */

static bulla_status read_metadata(reader *r, const bu_node *document, bulla_error *err)
{
    const bu_tree *tree = r->lock->tree;
    const bu_node *metadata, *version;
    BU_TRY(bu_node_optional(tree, document, "metadata", BU_NODE_TABLE, &metadata, err));
    BU_TRY(bu_node_optional(tree, metadata, "lock-version", BU_NODE_STRING, &version, err));
    BU_TRY(bu_node_optional(tree, metadata, "files", BU_NODE_TABLE, &r->files, err));
    BU_TRY(bu_node_optional(tree, metadata, "hashes", BU_NODE_TABLE, &r->hashes, err));
    bulla_bytes text = bu_node_text(version);
    if (version == NULL || bu_bytes_starts(text, "1.") || bu_bytes_starts(text, "2."))
        return BU_OK;
    bulla_status status = bu_node_fail(tree, version, err, BULLA_E_UNSUPPORTED_VERSION,
                                       "no such version of poetry.lock is known");
    return bu_expected(err, status, BULLA_LIT("1.x or 2.x"), text);
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

static const char *const filenames[] = { "poetry.lock", NULL };

const bu_ecosystem bu_eco_poetry = {
    .id = "poetry",
    .filenames = filenames,
    .places = filenames,
    .title = "Poetry lockfile (poetry.lock 1.x and 2.x, and older ones)",
    .parse = parse,
};
