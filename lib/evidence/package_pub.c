/* SPDX-License-Identifier: MIT */
/*
 * Dart packages: a tar.gz without a folder around it, with pubspec.yaml.
 */
#include "evidence/package.h"
#include "syntax/tree.h"

static bulla_status judge(const bu_contents *contents, const bulla_component *component,
                          bulla_bytes manifest, bulla_error *err)
{
    (void)contents;
    BU_AUTO(bu_tree) tree = NULL;
    const bu_node *name, *version;
    BU_TRY(bu_yaml_load(manifest, "pubspec.yaml", &tree, err));
    BU_TRY(bu_node_need(tree, bu_tree_root(tree), BU_NODE_TABLE, err));
    BU_TRY(bu_node_field(tree, bu_tree_root(tree), "name", BU_NODE_STRING, &name, err));
    BU_TRY(bu_node_field(tree, bu_tree_root(tree), "version", BU_NODE_STRING, &version, err));
    return bu_package_is(component, bu_node_text(name), bu_node_text(version), err);
}

static const char *const types[] = { "pub", NULL };

const bu_package_kind bu_package_pub = {
    .title = "Dart package",
    .types = types,
    .links = BU_LINKS_IN_TREE,
    .accepts = bu_begins_tar_gz,
    .walk = bu_walk_tar,
    .manifest = "pubspec.yaml",
    .place = bu_place_root,
    .judge = judge,
};
