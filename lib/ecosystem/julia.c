/* SPDX-License-Identifier: MIT */
/*
 * Julia's Manifest.toml, formats 1 and 2: packages with version, UUID and the
 * hash of their git tree, which is of no archive and pins nothing here.
 * Spec: Pkg.jl docs, "Project.toml and Manifest.toml". What is in the standard
 * library has no version of its own.
 */
#include "ecosystem/origin.h"

static bulla_status take_package(bu_lock *l, const bu_node *list, const bu_node *node,
                                 bulla_error *err)
{
    bu_qualifier uuid = { .key = BULLA_LIT("uuid") };
    bulla_bytes path = { 0 };
    bu_lock_entry entry = { .name = bu_node_key(list),
                            .node = node,
                            .qualifiers = &uuid,
                            .qualifier_count = 1,
                            .origin = BULLA_ORIGIN_REGISTRY };
    BU_TRY(bu_node_need(l->tree, node, BU_NODE_TABLE, err));
    BU_TRY(bu_node_must_text(l->tree, node, "uuid", &uuid.value, err));
    BU_TRY(bu_node_maybe_text(l->tree, node, "version", &entry.version, err));
    BU_TRY(bu_node_maybe_text(l->tree, node, "path", &path, err));
    BU_TRY(bu_node_maybe_text(l->tree, node, "repo-url", &entry.resolved, err));
    if (path.len > 0)
        return bu_lock_add_folder(l, &entry, path, NULL, err);
    if (entry.resolved.len > 0)
        entry.origin = BULLA_ORIGIN_GIT;
    if (entry.version.len == 0 && entry.origin != BULLA_ORIGIN_GIT)
        return BU_OK; /* of the standard library, which comes with Julia */
    return bu_lock_add(l, &entry, NULL, err);
}

/* Each name has a list: two packages may have one name, and differ by their UUID. */
static bulla_status take_packages(bu_lock *l, const bu_node *packages, bulla_error *err)
{
    BU_EACH_CHILD(list, packages) {
        if (bu_node_kind_of(list) != BU_NODE_ARRAY)
            continue; /* format 1 has `julia_version` among them */
        BU_EACH_CHILD(package, list)
            BU_TRY(take_package(l, list, package, err));
    }
    return BU_OK;
}

static bulla_status read_document(bu_lock *l, const bu_node *root, bulla_error *err)
{
    const bu_node *format, *packages;
    BU_TRY(bu_node_optional(l->tree, root, "manifest_format", BU_NODE_STRING, &format, err));
    if (format == NULL)
        return take_packages(l, root, err);
    bulla_bytes text = bu_node_text(format);
    if (!bu_bytes_starts(text, "2.") && !bu_bytes_is(text, "2"))
        return bu_node_fail(l->tree, format, err, BULLA_E_UNSUPPORTED_VERSION,
                            "only formats 1 and 2 of Manifest.toml are known");
    BU_TRY(bu_node_optional(l->tree, root, "deps", BU_NODE_TABLE, &packages, err));
    return take_packages(l, packages, err);
}

static bulla_status parse(bulla_bytes text, const char *name, const bu_ecosystem_options *options,
                          bu_graph *graph, bulla_error *err)
{
    static const bu_lock_format format = { "julia", bu_toml_load, read_document };
    return bu_lock_read(&format, text, name, options, graph, err);
}

static const char *const filenames[] = { "Manifest.toml", "JuliaManifest.toml", NULL };

const bu_ecosystem bu_eco_julia = {
    .id = "julia",
    .filenames = filenames,
    .places = filenames,
    .title = "Julia manifest (Manifest.toml 1, 2)",
    .parse = parse,
};
