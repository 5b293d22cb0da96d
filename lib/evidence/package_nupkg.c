/* SPDX-License-Identifier: MIT */
/*
 * NuGet packages: a zip with one .nuspec at its top, which names the package.
 * The pinned digest of a signed one is that of the archive before it was
 * signed, as every signature makes other bytes of it.
 */
#include <strings.h>

#include "evidence/nuget.h"
#include "evidence/package.h"
#include "syntax/tree.h"
#include "version/scheme.h"

#define NUSPEC ".nuspec"

static bulla_bytes place(const bu_contents *contents, bulla_bytes path)
{
    (void)contents;
    size_t len = strlen(NUSPEC);
    if (bu_bytes_find(path, '/') < path.len || path.len < len)
        return (bulla_bytes){ 0 };
    bulla_bytes end = bu_bytes_from(path, path.len - len);
    return strncasecmp((const char *)end.ptr, NUSPEC, len) == 0 ? bu_bytes_of(NUSPEC)
                                                                : (bulla_bytes){ 0 };
}

static bool is_same(bulla_bytes a, bulla_bytes b)
{
    return a.len == b.len &&
           (a.len == 0 || strncasecmp((const char *)a.ptr, (const char *)b.ptr, a.len) == 0);
}

/* As NuGet orders them: 1.0 is 1.0.0.0, 1.01 is 1.1, and what is behind a plus does not count. */
static bool is_same_version(bulla_bytes a, bulla_bytes b)
{
    const bu_scheme *scheme = bu_scheme_of_type(BULLA_LIT("nuget"));
    return bulla_ok(bu_version_check(scheme, a, NULL)) &&
           bulla_ok(bu_version_check(scheme, b, NULL)) && bu_version_compare(scheme, a, b) == 0;
}

/* The one child of that name: of two, each reader would take another. */
static bulla_status find_child(const bu_tree *tree, const bu_node *parent, const char *name,
                               const bu_node **out, bulla_error *err)
{
    *out = NULL;
    BU_EACH_CHILD(child, parent) {
        if (!bu_bytes_is(bu_node_key(child), name))
            continue;
        if (*out != NULL)
            return bu_node_fail(tree, child, err, BULLA_E_DUPLICATE_KEY, "a second %s", name);
        *out = child;
    }
    return *out != NULL ? BU_OK
                        : bu_node_fail(tree, parent, err, BULLA_E_MISSING_FIELD, "no %s", name);
}

static bulla_status compare(const bulla_component *component, const bu_tree *tree, bulla_error *err)
{
    const bu_node *metadata, *id, *version;
    const char *expected = bu_package_version(component);
    BU_TRY(find_child(tree, bu_tree_root(tree), "metadata", &metadata, err));
    BU_TRY(find_child(tree, metadata, "id", &id, err));
    BU_TRY(find_child(tree, metadata, "version", &version, err));
    if (!is_same(bu_xml_text(id), bu_bytes_of(component->name)))
        return bu_package_differs("id", component->name, bu_xml_text(id), err);
    if (expected != NULL && !is_same_version(bu_bytes_of(expected), bu_xml_text(version)))
        return bu_package_differs("version", expected, bu_xml_text(version), err);
    return BU_OK;
}

static bulla_status judge(const bu_contents *contents, const bulla_component *component,
                          bulla_bytes manifest, bulla_error *err)
{
    (void)contents;
    BU_AUTO(bu_tree) tree = NULL;
    BU_TRY(bu_xml_load(manifest, NUSPEC, &tree, err));
    return compare(component, tree, err);
}

static bulla_status walk(bu_source *source, const bu_walk_visitor *visitor, bulla_error *err)
{
    bu_contents *c = visitor->context;
    bulla_digest_set before = { 0 };
    BU_TRY(bu_walk_zip_without(source, visitor, BULLA_LIT(BU_NUGET_SIGNATURE),
                               BU_ALGS(BULLA_ALG_SHA512), &before, err));
    if (before.count > 0)
        c->packages[0].tree = before.items[0];
    return BU_OK;
}

static const char *const types[] = { "nuget", NULL };

const bu_package_kind bu_package_nupkg = {
    .title = "NuGet package",
    .types = types,
    .makes_digest = true,
    .accepts = bu_begins_zip,
    .walk = walk,
    .manifest = NUSPEC,
    .place = place,
    .judge = judge,
};
