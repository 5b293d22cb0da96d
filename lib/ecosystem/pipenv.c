/* SPDX-License-Identifier: MIT */
/*
 * Pipenv's Pipfile.lock, `pipfile-spec` up to 6: categories of packages, each
 * with the hashes of the files that will do. Pipenv writes no edges. Refuses
 * newer specifications.
 */
#include "ecosystem/pypi.h"

#define NEWEST_SPEC 6

static bulla_status read_hashes(bu_lock *lock, const bu_node *node, bu_pypi_package *package,
                                bulla_error *err)
{
    const bu_node *hashes;
    BU_TRY(bu_node_optional(lock->tree, node, "hashes", BU_NODE_ARRAY, &hashes, err));
    bulla_file_pin *files =
        bu_arena_get_array(lock->graph->arena, bu_node_count(hashes) + 1, sizeof *files);
    size_t count = 0;
    if (files == NULL)
        return bu_no_memory(err);
    for (const bu_node *one = hashes == NULL ? bu_node_get(node, "hash") : bu_node_first(hashes);
         one != NULL; one = hashes == NULL ? NULL : bu_node_next(one)) {
        bulla_digest_set digests = { 0 };
        bulla_error why = { 0 };
        BU_TRY(bu_node_need(lock->tree, one, BU_NODE_STRING, err));
        bulla_status status = bu_pypi_add_hash(bu_node_text(one), &digests, &why);
        if (!bulla_ok(status))
            return bu_node_fail(lock->tree, one, err, status.code, "%s", why.text);
        BU_TRY(bu_pypi_pin_file(lock, (bulla_bytes){ 0 }, package->entry.resolved, 0, &digests,
                                &files[count++], err));
    }
    package->entry.files = files;
    package->entry.file_count = count;
    return BU_OK;
}

static bulla_status read_vcs(bu_lock *lock, const char *system, const bu_node *url,
                             const bu_node *ref, bu_pypi_package *package, bulla_error *err)
{
    bulla_bytes commit = bu_node_text(ref);
    bool is_commit = bu_is_commit(commit);
    BU_TRY(bu_node_need(lock->tree, url, BU_NODE_STRING, err));
    BU_TRY(bu_pypi_from_vcs(lock, system, bu_node_text(url), commit, package, err));
    if (is_commit)
        return BU_OK;
    const bu_lock_entry at = { .node = ref == NULL ? url : ref };
    return bu_pypi_note(lock, &at, BULLA_E_UNPINNED, "a repository without its full commit", err);
}

static bulla_status read_file(bu_lock *lock, const bu_node *file, bu_pypi_package *package,
                              bulla_error *err)
{
    bulla_bytes text = bu_node_text(file);
    BU_TRY(bu_node_need(lock->tree, file, BU_NODE_STRING, err));
    for (size_t i = 0; i + 2 < text.len; i++)
        if (memcmp(text.ptr + i, "://", 3) == 0)
            return bu_pypi_from_url(lock, text, package, err);
    bu_pypi_from_path(text, !bu_pypi_is_archive(text), package);
    return BU_OK;
}

/* The first of these that is there says it; else it is from the index. */
static bulla_status read_source(bu_lock *lock, const bu_node *node, bu_pypi_package *package,
                                bulla_error *err)
{
    static const char *const systems[] = { "git", "hg", "svn", "bzr" };
    static const char *const files[] = { "file", "path" };
    for (size_t i = 0; i < sizeof systems / sizeof systems[0]; i++) {
        const bu_node *url = bu_node_get(node, systems[i]);
        if (url != NULL)
            return read_vcs(lock, systems[i], url, bu_node_get(node, "ref"), package, err);
    }
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        const bu_node *file = bu_node_get(node, files[i]);
        if (file != NULL)
            return read_file(lock, file, package, err);
    }
    package->entry.origin = BULLA_ORIGIN_REGISTRY;
    return BU_OK;
}

static bulla_status add_package(bu_lock *lock, const bu_node *node, bulla_scope scope,
                                bulla_error *err)
{
    bu_pypi_package package = { .entry = {
                                    .name = bu_node_key(node), .scope = scope, .node = node } };
    const bu_node *version;
    BU_TRY(bu_node_need(lock->tree, node, BU_NODE_TABLE, err));
    BU_TRY(bu_node_optional(lock->tree, node, "version", BU_NODE_STRING, &version, err));
    package.entry.version = bu_pypi_pinned(bu_node_text(version));
    BU_TRY(read_source(lock, node, &package, err));
    BU_TRY(read_hashes(lock, node, &package, err));
    return bu_pypi_add(lock, &package, NULL, err);
}

/* What is neither of the two is a category of the user's own. */
static bulla_scope scope_of(bulla_bytes category)
{
    if (bu_bytes_is(category, "default"))
        return BULLA_SCOPE_RUNTIME;
    return bu_bytes_is(category, "develop") ? BULLA_SCOPE_DEV : BULLA_SCOPE_OPTIONAL;
}

static bulla_status check_meta(bu_lock *lock, const bu_node *document, bulla_error *err)
{
    const bu_node *meta, *spec;
    BU_TRY(bu_node_field(lock->tree, document, "_meta", BU_NODE_TABLE, &meta, err));
    BU_TRY(bu_node_optional(lock->tree, meta, "pipfile-spec", BU_NODE_INTEGER, &spec, err));
    if (bu_node_integer(spec) >= 0 && bu_node_integer(spec) <= NEWEST_SPEC)
        return BU_OK;
    bulla_status status = bu_node_fail(lock->tree, spec, err, BULLA_E_UNSUPPORTED_VERSION,
                                       "no such version of Pipfile.lock is known");
    return bu_expected(err, status, BULLA_LIT("0 to 6"), bu_node_text(spec));
}

static bulla_status fill(bu_lock *lock, const bu_node *document, bulla_error *err)
{
    BU_TRY(bu_node_need(lock->tree, document, BU_NODE_TABLE, err));
    BU_TRY(check_meta(lock, document, err));
    BU_EACH_CHILD(category, document) {
        if (bu_bytes_is(bu_node_key(category), "_meta"))
            continue;
        BU_TRY(bu_node_need(lock->tree, category, BU_NODE_TABLE, err));
        BU_EACH_CHILD(node, category) {
            BU_TRY(add_package(lock, node, scope_of(bu_node_key(category)), err));
        }
    }
    return BU_OK;
}

static bulla_status parse(bulla_bytes text, const char *name, const bu_ecosystem_options *options,
                          bu_graph *graph, bulla_error *err)
{
    static const bu_lock_format format = { "pypi", bu_json_load, fill };
    return bu_lock_read(&format, text, name, options, graph, err);
}

static const char *const filenames[] = { "Pipfile.lock", NULL };

const bu_ecosystem bu_eco_pipenv = {
    .id = "pipenv",
    .filenames = filenames,
    .places = filenames,
    .title = "Pipenv lockfile (Pipfile.lock)",
    .parse = parse,
};
