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

static bulla_status read_document(bu_lock *l, const bu_node *root, bulla_error *err)
{
    if (!bu_bytes_is(bu_node_key(root), "packages"))
        return bu_node_fail(l->tree, root, err, BULLA_E_FORMAT_MISMATCH, "not a packages.config");
    BU_EACH_CHILD(element, root)
        if (bu_bytes_is(bu_node_key(element), "package"))
            BU_TRY(take_package(l, element, err));
    return BU_OK;
}

static bulla_status parse(bulla_bytes text, const char *name, const bu_ecosystem_options *options,
                          bu_graph *graph, bulla_error *err)
{
    static const bu_lock_format format = { "nuget", bu_xml_load, read_document };
    return bu_lock_read(&format, text, name, options, graph, err);
}

static const char *const filenames[] = { "packages.config", NULL };

const bu_ecosystem bu_eco_nuget_config = {
    .id = "nuget_config",
    .filenames = filenames,
    .places = filenames,
    .title = "NuGet packages of an old .NET project (packages.config)",
    .parse = parse,
};
