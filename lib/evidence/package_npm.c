/* SPDX-License-Identifier: MIT */
/*
 * npm packages: a tar archive, mostly gzip, with package.json in its top
 * folder, whatever the name of that. Packages that are bundled in it have
 * theirs below node_modules.
 */
#include "evidence/npm.h"
#include "syntax/tree.h"

/* npm publishes "v1.0.0" and "=1.0.0" as 1.0.0 (semver's clean form). */
static bulla_bytes clean_version(bulla_bytes version)
{
    version = bu_bytes_trim(version);
    while (version.len > 0 &&
           (version.ptr[0] == 'v' || version.ptr[0] == '=' || version.ptr[0] == ' '))
        version = bu_bytes_from(version, 1);
    return version;
}

/* The last parts of build metadata are not part of a published version: 1.0.0+5 is 1.0.0. */
static bool same_version(const char *expected, bulla_bytes got)
{
    bulla_bytes want = bu_bytes_of(expected);
    got = clean_version(got);
    return bu_bytes_equal(want, got) ||
           bu_bytes_equal(want, bu_bytes_first(got, bu_bytes_find(got, '+')));
}

static bulla_status compare(const bulla_component *component, const bu_tree *tree, bulla_error *err)
{
    const bu_node *name, *version;
    BU_TRY(bu_node_need(tree, bu_tree_root(tree), BU_NODE_TABLE, err));
    BU_TRY(bu_node_field(tree, bu_tree_root(tree), "name", BU_NODE_STRING, &name, err));
    BU_TRY(bu_node_field(tree, bu_tree_root(tree), "version", BU_NODE_STRING, &version, err));
    if (!bu_bytes_is(bu_node_text(name), component->name))
        return bu_package_differs("name", component->name, bu_node_text(name), err);
    const char *expected = bu_package_version(component);
    if (expected != NULL && !same_version(expected, bu_node_text(version)))
        return bu_package_differs("version", expected, bu_node_text(version), err);
    return BU_OK;
}

bulla_status bu_npm_judge(const bu_contents *contents, const bulla_component *component,
                          bulla_bytes manifest, bulla_error *err)
{
    (void)contents;
    BU_AUTO(bu_tree) tree = NULL;
    if (bu_bytes_starts(manifest, "\xEF\xBB\xBF"))
        manifest = bu_bytes_from(manifest, 3); /* npm reads it so, and old packages have it */
    BU_TRY(bu_json_load(manifest, "package.json", &tree, err));
    return compare(component, tree, err);
}

static const char *const types[] = { "npm", NULL };

const bu_package_kind bu_package_npm = {
    .title = "npm package",
    .types = types,
    .accepts = bu_begins_tarball,
    .walk = bu_walk_tar,
    .manifest = "package.json",
    .place = bu_place_top_folder,
    .unpacked = bu_place_top_folder,
    .judge = bu_npm_judge,
};
