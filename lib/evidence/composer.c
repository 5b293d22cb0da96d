/* SPDX-License-Identifier: MIT */
/*
 * composer.json against a component.
 */
#include "evidence/composer.h"

#include <strings.h>

#include "syntax/tree.h"

/* Packagist takes names without case; a tag `v1.0.0` is the version 1.0.0. */
static bulla_bytes clean(bulla_bytes version)
{
    return bu_bytes_from(version, bu_bytes_starts(version, "v") ? 1 : 0);
}

static bool same_name(const char *expected, bulla_bytes got)
{
    return got.len == strlen(expected) &&
           strncasecmp(expected, (const char *)got.ptr, got.len) == 0;
}

bulla_status bu_composer_judge(const bu_contents *contents, const bulla_component *component,
                               bulla_bytes manifest, bulla_error *err)
{
    (void)contents;
    BU_AUTO(bu_tree) tree = NULL;
    const bu_node *name, *version;
    const char *expected = bu_package_version(component);
    BU_TRY(bu_json_load(manifest, "composer.json", &tree, err));
    BU_TRY(bu_node_need(tree, bu_tree_root(tree), BU_NODE_TABLE, err));
    BU_TRY(bu_node_field(tree, bu_tree_root(tree), "name", BU_NODE_STRING, &name, err));
    BU_TRY(bu_node_optional(tree, bu_tree_root(tree), "version", BU_NODE_STRING, &version, err));
    if (!same_name(component->name, bu_node_text(name)))
        return bu_package_differs("name", component->name, bu_node_text(name), err);
    if (expected == NULL || version == NULL ||
        bu_bytes_equal(clean(bu_bytes_of(expected)), clean(bu_node_text(version))))
        return BU_OK;
    return bu_package_differs("version", expected, bu_node_text(version), err);
}
