/* SPDX-License-Identifier: MIT */
/*
 * Crates: a tar.gz whose only folder is NAME-VERSION, as Cargo demands before
 * it unpacks one, with Cargo.toml in it.
 */
#include "evidence/package.h"
#include "syntax/tree.h"

static bulla_status judge(const bu_contents *contents, const bulla_component *component,
                          bulla_bytes manifest, bulla_error *err)
{
    (void)contents;
    BU_AUTO(bu_tree) tree = NULL;
    const bu_node *package, *name, *version;
    BU_TRY(bu_toml_load(manifest, "Cargo.toml", &tree, err));
    const bu_node *root = bu_tree_root(tree);
    /* Before Cargo 1.0 the table was called `project`. */
    const char *table = bu_node_get(root, "package") == NULL && bu_node_get(root, "project") != NULL
                            ? "project"
                            : "package";
    BU_TRY(bu_node_field(tree, root, table, BU_NODE_TABLE, &package, err));
    BU_TRY(bu_node_field(tree, package, "name", BU_NODE_STRING, &name, err));
    BU_TRY(bu_node_field(tree, package, "version", BU_NODE_STRING, &version, err));
    return bu_package_is(component, bu_node_text(name), bu_node_text(version), err);
}

static const char *const types[] = { "cargo", NULL };

const bu_package_kind bu_package_crate = {
    .title = "crate",
    .types = types,
    .accepts = bu_begins_tar_gz,
    .walk = bu_walk_tar,
    .manifest = "Cargo.toml",
    .place = bu_place_top_folder,
    .unpacked = bu_place_top_folder,
    .judge = judge,
    .member = bu_member_in_release,
};
