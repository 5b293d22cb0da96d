/* SPDX-License-Identifier: MIT */
/*
 * Dart's pubspec.lock: hosted packages with the SHA-256 of their archive, git
 * packages with a commit, folders, and what the SDK brings. Spec: dart.dev,
 * "Package dependencies"; pub's lib/src/lock_file.dart.
 */
#include "ecosystem/lock.h"
#include "ecosystem/origin.h"

static bulla_status take_scope(const bu_lock *l, const bu_node *node, bulla_scope *out,
                               bulla_error *err)
{
    const bu_node *dependency;
    BU_TRY(bu_node_optional(l->tree, node, "dependency", BU_NODE_STRING, &dependency, err));
    *out =
        bu_bytes_is(bu_node_text(dependency), "direct dev") ? BULLA_SCOPE_DEV : BULLA_SCOPE_RUNTIME;
    return BU_OK;
}

static bulla_status take_hosted(const bu_lock *l, const bu_node *description, bu_lock_entry *out,
                                bulla_error *err)
{
    bulla_bytes sha256, name;
    if (bu_node_kind_of(description) == BU_NODE_STRING) { /* as pub wrote it before Dart 2 */
        out->origin = BULLA_ORIGIN_REGISTRY;
        return BU_OK;
    }
    BU_TRY(bu_node_need(l->tree, description, BU_NODE_TABLE, err));
    BU_TRY(bu_node_scalar(l->tree, description, "name", &name, err));
    BU_TRY(bu_node_scalar(l->tree, description, "url", &out->resolved, err));
    BU_TRY(bu_node_scalar(l->tree, description, "sha256", &sha256, err));
    if (name.len > 0 && !bu_bytes_equal(name, out->name)) {
        out->alias = out->name;
        out->name = name;
    }
    out->origin = BULLA_ORIGIN_REGISTRY;
    if (sha256.len == 0)
        return BU_OK;
    return bu_lock_add_hex(l, bu_node_get(description, "sha256"), BULLA_ALG_SHA256, sha256,
                           &out->digests, err);
}

static bulla_status take_git(const bu_lock *l, const bu_node *description, bu_lock_entry *out,
                             bulla_error *err)
{
    bulla_bytes commit;
    BU_TRY(bu_node_need(l->tree, description, BU_NODE_TABLE, err));
    BU_TRY(bu_node_scalar(l->tree, description, "resolved-ref", &commit, err));
    if (!bu_is_commit(commit))
        return bu_node_fail(l->tree, bu_node_get(description, "resolved-ref"), err,
                            BULLA_E_UNPINNED, "not a whole commit");
    out->origin = BULLA_ORIGIN_GIT;
    return bu_node_scalar(l->tree, description, "url", &out->resolved, err);
}

static bulla_status take_path(const bu_lock *l, const bu_node *description, bu_lock_entry *out,
                              bulla_error *err)
{
    const bu_node *path;
    BU_TRY(bu_node_need(l->tree, description, BU_NODE_TABLE, err));
    BU_TRY(bu_node_field(l->tree, description, "path", BU_NODE_STRING, &path, err));
    bulla_bytes text = bu_node_text(path);
    bool outside = bu_bytes_starts(text, "/") || bu_bytes_starts(text, "..");
    out->origin = outside ? BULLA_ORIGIN_OUTSIDE : BULLA_ORIGIN_LOCAL;
    out->location = text;
    return BU_OK;
}

static bulla_status take_source(const bu_lock *l, const bu_node *node, bu_lock_entry *out,
                                bool *is_package, bulla_error *err)
{
    const bu_node *source, *description = bu_node_get(node, "description");
    BU_TRY(bu_node_field(l->tree, node, "source", BU_NODE_STRING, &source, err));
    bulla_bytes kind = bu_node_text(source);
    *is_package = !bu_bytes_is(kind, "sdk");
    if (bu_bytes_is(kind, "hosted"))
        return take_hosted(l, description, out, err);
    if (bu_bytes_is(kind, "git"))
        return take_git(l, description, out, err);
    if (bu_bytes_is(kind, "path"))
        return take_path(l, description, out, err);
    if (bu_bytes_is(kind, "sdk"))
        return BU_OK;
    return bu_node_fail(l->tree, source, err, BULLA_E_UNSUPPORTED_FEATURE,
                        "not a source that is known");
}

static bulla_status take_package(bu_lock *l, const bu_node *node, bulla_error *err)
{
    bool is_package = false;
    bu_lock_entry entry = { .name = bu_node_key(node), .node = node };
    BU_TRY(bu_node_need(l->tree, node, BU_NODE_TABLE, err));
    BU_TRY(take_scope(l, node, &entry.scope, err));
    BU_TRY(take_source(l, node, &entry, &is_package, err));
    BU_TRY(bu_node_scalar(l->tree, node, "version", &entry.version, err));
    if (!is_package) /* the SDK is what the SDK is */
        return BU_OK;
    if (entry.version.len == 0)
        return bu_node_fail(l->tree, node, err, BULLA_E_MISSING_FIELD, "no version");
    return bu_lock_add(l, &entry, NULL, err);
}

static bulla_status read_document(bu_lock *l, const bu_node *root, bulla_error *err)
{
    const bu_node *packages;
    BU_TRY(bu_node_need(l->tree, root, BU_NODE_TABLE, err));
    BU_TRY(bu_node_optional(l->tree, root, "packages", BU_NODE_TABLE, &packages, err));
    BU_EACH_CHILD(package, packages)
        BU_TRY(take_package(l, package, err));
    return BU_OK;
}

static bulla_status parse(bulla_bytes text, const char *name, const bu_ecosystem_options *options,
                          bu_graph *graph, bulla_error *err)
{
    static const bu_lock_format format = { "pub", bu_yaml_load, read_document };
    return bu_lock_read(&format, text, name, options, graph, err);
}

static const char *const filenames[] = { "pubspec.lock", NULL };

const bu_ecosystem bu_eco_pub = {
    .id = "pub",
    .filenames = filenames,
    .places = filenames,
    .title = "Dart lockfile (pubspec.lock)",
    .parse = parse,
};
