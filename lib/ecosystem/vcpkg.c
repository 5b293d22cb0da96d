/* SPDX-License-Identifier: MIT */
/*
 * vcpkg.json: the dependencies of a C or C++ project. Their versions follow
 * from a baseline, a commit of the registry, which has the hashes of the
 * sources too: only an override states a version here. Spec: vcpkg docs,
 * "vcpkg.json reference".
 */
#include "ecosystem/origin.h"

/* One of the fields that may state a version; its scheme does not matter here. */
static bulla_status take_version(const bu_lock *l, const bu_node *node, bulla_bytes *out,
                                 bulla_error *err)
{
    static const char *const fields[] = { "version", "version-semver", "version-date",
                                          "version-string" };
    for (size_t i = 0; i < sizeof fields / sizeof fields[0] && out->len == 0; i++)
        BU_TRY(bu_node_maybe_text(l->tree, node, fields[i], out, err));
    return BU_OK;
}

static bool is_name(bulla_bytes name)
{
    for (size_t i = 0; i < name.len; i++)
        if (name.ptr[i] >= 'A' && name.ptr[i] <= 'Z')
            return false;
    return bu_is_word(name, "-");
}

static bulla_status take_name(const bu_lock *l, const bu_node *node, bulla_bytes *out,
                              bulla_error *err)
{
    if (bu_node_kind_of(node) == BU_NODE_STRING) {
        *out = bu_node_text(node);
    } else {
        BU_TRY(bu_node_need(l->tree, node, BU_NODE_TABLE, err));
        BU_TRY(bu_node_must_text(l->tree, node, "name", out, err));
    }
    return is_name(*out) ? BU_OK
                         : bu_node_fail(l->tree, node, err, BULLA_E_BAD_NAME, "not a port's name");
}

/* The version that the overrides give to each name; a second one for a name is none of them. */
static bulla_status name_overrides(bu_lock *l, bu_intern *names, bulla_bytes **versions,
                                   bulla_error *err)
{
    const bu_node *overrides;
    BU_TRY(bu_node_optional(l->tree, bu_tree_root(l->tree), "overrides", BU_NODE_ARRAY, &overrides,
                            err));
    *versions =
        bu_arena_get_array(l->graph->arena, bu_node_count(overrides) + 1, sizeof **versions);
    if (*versions == NULL)
        return bu_no_memory(err);
    BU_EACH_CHILD(override, overrides) {
        bulla_bytes name, version = { 0 };
        size_t known = names->count, number;
        BU_TRY(take_name(l, override, &name, err));
        BU_TRY(take_version(l, override, &version, err));
        BU_TRY(bu_intern_add(names, 0, name, &number, err));
        if (number < known)
            return bu_node_fail(l->tree, override, err, BULLA_E_AMBIGUOUS_LOCK,
                                "a second override of one port");
        (*versions)[number] = version;
    }
    return BU_OK;
}

static bulla_status take_dependency(bu_lock *l, const bu_node *node, const bu_intern *names,
                                    const bulla_bytes *versions, bulla_scope scope,
                                    bulla_error *err)
{
    bu_lock_entry entry = { .node = node, .scope = scope, .origin = BULLA_ORIGIN_REGISTRY };
    BU_TRY(take_name(l, node, &entry.name, err));
    size_t number = bu_intern_find(names, 0, entry.name);
    if (number != BU_INTERN_NONE)
        entry.version = versions[number];
    if (bu_node_is_true(bu_node_get(node, "host")))
        entry.scope = BULLA_SCOPE_BUILD;
    return bu_lock_add(l, &entry, NULL, err);
}

static bulla_status take_features(bu_lock *l, const bu_intern *names, const bulla_bytes *versions,
                                  bulla_error *err)
{
    const bu_node *features, *list;
    BU_TRY(bu_node_optional(l->tree, bu_tree_root(l->tree), "features", BU_NODE_TABLE, &features,
                            err));
    BU_EACH_CHILD(feature, features) {
        BU_TRY(bu_node_need(l->tree, feature, BU_NODE_TABLE, err));
        BU_TRY(bu_node_optional(l->tree, feature, "dependencies", BU_NODE_ARRAY, &list, err));
        BU_EACH_CHILD(dependency, list)
            BU_TRY(take_dependency(l, dependency, names, versions, BULLA_SCOPE_OPTIONAL, err));
    }
    return BU_OK;
}

static bulla_status read_document(bu_lock *l, const bu_node *root, bulla_error *err)
{
    BU_CLEAR(bu_intern) names = { 0 };
    bulla_bytes *versions;
    const bu_node *list;
    BU_TRY(bu_node_need(l->tree, root, BU_NODE_TABLE, err));
    BU_TRY(name_overrides(l, &names, &versions, err));
    BU_TRY(bu_node_optional(l->tree, root, "dependencies", BU_NODE_ARRAY, &list, err));
    BU_EACH_CHILD(dependency, list)
        BU_TRY(take_dependency(l, dependency, &names, versions, BULLA_SCOPE_RUNTIME, err));
    return take_features(l, &names, versions, err);
}

static bulla_status parse(bulla_bytes text, const char *name, const bu_ecosystem_options *options,
                          bu_graph *graph, bulla_error *err)
{
    static const bu_lock_format format = { "vcpkg", bu_json_load, read_document };
    return bu_lock_read(&format, text, name, options, graph, err);
}

static const char *const filenames[] = { "vcpkg.json", NULL };

const bu_ecosystem bu_eco_vcpkg = {
    .id = "vcpkg",
    .filenames = filenames,
    .places = filenames,
    .title = "vcpkg manifest (vcpkg.json)",
    .parse = parse,
};
