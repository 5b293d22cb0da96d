/* SPDX-License-Identifier: MIT */
/*
 * NuGet's packages.config: the packages of an old .NET project, each with an
 * exact version and without a digest. Spec: NuGet docs, "packages.config
 * reference". A version range in `version` is refused by NuGet, and here.
 */
#include "ecosystem/lock.h"

static bulla_status take_package(bu_lock *l, const bu_node *element, bulla_error *err)
{
    bu_lock_entry entry = {
        .name = bu_xml_attribute(element, "id"),
        .version = bu_xml_attribute(element, "version"),
        .origin = BULLA_ORIGIN_REGISTRY,
        .node = element,
    };
    if (entry.name.len == 0 || entry.version.len == 0)
        return bu_lock_fail(l, &entry, err, BULLA_E_MISSING_FIELD,
                            "a package needs id and version");
    if (bu_bytes_find(entry.version, ',') < entry.version.len || entry.version.ptr[0] == '[' ||
        entry.version.ptr[0] == '(')
        return bu_lock_fail(l, &entry, err, BULLA_E_UNPINNED, "a range is no version");
    if (bu_bytes_is(bu_xml_attribute(element, "developmentDependency"), "true"))
        entry.scope = BULLA_SCOPE_DEV;
    return bu_lock_add(l, &entry, NULL, err);
}

static bulla_status parse(bulla_bytes text, const char *name, const bu_ecosystem_options *options,
                          bu_graph *graph, bulla_error *err)
{
    BU_AUTO(bu_tree) tree = NULL;
    BU_CLEAR(bu_lock) lock = { 0 };
    BU_TRY(bu_lock_open(&lock, "nuget", name, options, graph, err));
    BU_TRY(bu_xml_load(text, name, &tree, err));
    lock.tree = tree;
    const bu_node *root = bu_tree_root(tree);
    if (!bu_bytes_is(bu_node_key(root), "packages"))
        return bu_node_fail(tree, root, err, BULLA_E_FORMAT_MISMATCH, "not a packages.config");
    BU_EACH_CHILD(element, root)
        if (bu_bytes_is(bu_node_key(element), "package"))
            BU_TRY(take_package(&lock, element, err));
    return BU_OK;
}

static const char *const filenames[] = { "packages.config", NULL };

const bu_ecosystem bu_eco_nuget_config = {
    .id = "nuget_config",
    .filenames = filenames,
    .places = filenames,
    .title = "NuGet packages of an old .NET project (packages.config)",
    .parse = parse,
};
