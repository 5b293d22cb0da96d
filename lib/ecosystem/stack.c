/* SPDX-License-Identifier: MIT */
/*
 * Haskell's stack.yaml.lock: what stack resolved each extra dependency to. A
 * hackage entry pins its cabal file, not the archive; an archive entry pins
 * its bytes. Spec: Stack docs, "Lock files"; pantry's package locations.
 */
#include "ecosystem/origin.h"

/* "name-1.2.3@sha256:HEX,SIZE" or "name-1.2.3": the version is behind the last dash. */
static bool split_hackage(bulla_bytes text, bu_lock_entry *out)
{
    bulla_bytes package = bu_bytes_first(text, bu_bytes_find(text, '@'));
    size_t dash = package.len;
    while (dash > 0 && package.ptr[dash - 1] != '-')
        dash--;
    if (dash < 2 || dash == package.len)
        return false;
    out->version = bu_bytes_from(package, dash);
    out->name = bu_bytes_first(package, dash - 1);
    return bu_is_word(out->version, ".") && bu_is_word(out->name, "-");
}

static bulla_status take_hackage(bu_lock *l, const bu_node *hackage, bulla_error *err)
{
    bu_lock_entry entry = { .origin = BULLA_ORIGIN_REGISTRY, .node = hackage };
    if (!split_hackage(bu_node_text(hackage), &entry))
        return bu_node_fail(l->tree, hackage, err, BULLA_E_BAD_NAME, "not NAME-VERSION");
    return bu_lock_add(l, &entry, NULL, err);
}

static bulla_status take_commit(const bu_lock *l, const bu_node *package, bu_lock_entry *out,
                                bulla_error *err)
{
    bulla_bytes commit;
    BU_TRY(bu_node_scalar(l->tree, package, "commit", &commit, err));
    if (!bu_is_commit(commit))
        return bu_node_fail(l->tree, bu_node_get(package, "commit"), err, BULLA_E_UNPINNED,
                            "not a whole commit");
    out->origin = BULLA_ORIGIN_GIT;
    return BU_OK;
}

static bulla_status take_archive(const bu_lock *l, const bu_node *package, bu_lock_entry *out,
                                 bulla_error *err)
{
    bulla_bytes sha256;
    BU_TRY(bu_node_scalar(l->tree, package, "url", &out->resolved, err));
    BU_TRY(bu_node_scalar(l->tree, package, "sha256", &sha256, err));
    out->origin = BULLA_ORIGIN_REGISTRY;
    if (sha256.len == 0)
        return BU_OK;
    return bu_lock_add_hex(l, bu_node_get(package, "sha256"), BULLA_ALG_SHA256, sha256,
                           &out->digests, err);
}

/* A package from a repository or an archive says itself what it is. */
static bulla_status take_foreign(bu_lock *l, const bu_node *package, bulla_error *err)
{
    bu_lock_entry entry = { .node = package };
    BU_TRY(bu_node_scalar(l->tree, package, "name", &entry.name, err));
    BU_TRY(bu_node_scalar(l->tree, package, "version", &entry.version, err));
    if (entry.name.len == 0 || entry.version.len == 0)
        return bu_node_fail(l->tree, package, err, BULLA_E_MISSING_FIELD,
                            "a package needs name and version");
    if (bu_node_get(package, "commit") != NULL) {
        BU_TRY(take_commit(l, package, &entry, err));
        bulla_bytes url = bu_node_text(bu_node_get(package, "git"));
        entry.resolved = url.len > 0 ? url : bu_node_text(bu_node_get(package, "hg"));
    } else {
        BU_TRY(take_archive(l, package, &entry, err));
    }
    return bu_lock_add(l, &entry, NULL, err);
}

static bulla_status take_package(bu_lock *l, const bu_node *item, bulla_error *err)
{
    const bu_node *completed, *hackage;
    BU_TRY(bu_node_need(l->tree, item, BU_NODE_TABLE, err));
    BU_TRY(bu_node_field(l->tree, item, "completed", BU_NODE_TABLE, &completed, err));
    BU_TRY(bu_node_optional(l->tree, completed, "hackage", BU_NODE_STRING, &hackage, err));
    return hackage != NULL ? take_hackage(l, hackage, err) : take_foreign(l, completed, err);
}

static bulla_status read_document(bu_lock *l, const bu_node *root, bulla_error *err)
{
    const bu_node *packages;
    BU_TRY(bu_node_need(l->tree, root, BU_NODE_TABLE, err));
    BU_TRY(bu_node_field(l->tree, root, "packages", BU_NODE_ARRAY, &packages, err));
    BU_EACH_CHILD(item, packages)
        BU_TRY(take_package(l, item, err));
    return BU_OK;
}

static bulla_status parse(bulla_bytes text, const char *name, const bu_ecosystem_options *options,
                          bu_graph *graph, bulla_error *err)
{
    static const bu_lock_format format = { "hackage", bu_yaml_load, read_document };
    return bu_lock_read(&format, text, name, options, graph, err);
}

static const char *const filenames[] = { "stack.yaml.lock", NULL };

const bu_ecosystem bu_eco_stack = {
    .id = "stack",
    .filenames = filenames,
    .places = filenames,
    .title = "Haskell lockfile of Stack (stack.yaml.lock)",
    .parse = parse,
};
