/* SPDX-License-Identifier: MIT */
/*
 * Conan's conan.lock: 0.0 to 0.4 (Conan 1: a graph of nodes) and 0.5 (Conan 2:
 * lists of references). A revision is the hash of a recipe, not of an archive:
 * it pins nothing here. Spec: Conan docs, "Lockfiles"; conans/model/graph_lock.
 */
#include "ecosystem/origin.h"

/* name/version[@user/channel][#revision][:package…][%timestamp] */
static bulla_status take_reference(bu_lock *l, const bu_node *node, bulla_bytes text,
                                   bulla_scope scope, size_t *out, bulla_error *err)
{
    bu_qualifier qualifiers[3];
    bu_lock_entry entry = {
        .node = node, .scope = scope, .origin = BULLA_ORIGIN_REGISTRY, .qualifiers = qualifiers
    };
    bulla_bytes plain = bu_bytes_first(text, bu_bytes_find(text, '%'));
    bulla_bytes package = bu_bytes_first(plain, bu_bytes_find(plain, '#'));
    bulla_bytes revision = bu_bytes_from(plain, package.len + 1);
    revision = bu_bytes_first(revision, bu_bytes_find(revision, ':'));
    package = bu_bytes_first(package, bu_bytes_find(package, ':'));
    bulla_bytes owner = bu_bytes_from(package, bu_bytes_find(package, '@') + 1);
    package = bu_bytes_first(package, bu_bytes_find(package, '@'));
    size_t slash = bu_bytes_find(package, '/');
    entry.name = bu_bytes_first(package, slash);
    entry.version = bu_bytes_from(package, slash + 1);
    if (!bu_is_word(entry.name, "_+.-") || !bu_is_word(entry.version, "_+.-~"))
        return bu_node_fail(l->tree, node, err, BULLA_E_BAD_NAME, "not NAME/VERSION");
    if (revision.len > 0)
        qualifiers[entry.qualifier_count++] = (bu_qualifier){ BULLA_LIT("rrev"), revision };
    size_t part = bu_bytes_find(owner, '/');
    if (owner.len > 0) {
        qualifiers[entry.qualifier_count++] =
            (bu_qualifier){ BULLA_LIT("user"), bu_bytes_first(owner, part) };
        qualifiers[entry.qualifier_count++] =
            (bu_qualifier){ BULLA_LIT("channel"), bu_bytes_from(owner, part + 1) };
    }
    return bu_lock_add(l, &entry, out, err);
}

/* ---- Conan 2 ---- */

static bulla_status take_list(bu_lock *l, const char *field, bulla_scope scope, bulla_error *err)
{
    const bu_node *list;
    BU_TRY(bu_node_optional(l->tree, bu_tree_root(l->tree), field, BU_NODE_ARRAY, &list, err));
    BU_EACH_CHILD(reference, list) {
        /* with a recipe's package list, it is [reference, {…}] */
        const bu_node *text =
            bu_node_kind_of(reference) == BU_NODE_ARRAY ? bu_node_first(reference) : reference;
        BU_TRY(bu_node_need(l->tree, text, BU_NODE_STRING, err));
        BU_TRY(take_reference(l, text, bu_node_text(text), scope, NULL, err));
    }
    return BU_OK;
}

static bulla_status read_lists(bu_lock *l, bulla_error *err)
{
    BU_TRY(take_list(l, "requires", BULLA_SCOPE_RUNTIME, err));
    BU_TRY(take_list(l, "build_requires", BULLA_SCOPE_BUILD, err));
    BU_TRY(take_list(l, "python_requires", BULLA_SCOPE_BUILD, err));
    return take_list(l, "config_requires", BULLA_SCOPE_BUILD, err);
}

/* ---- Conan 1 ---- */

/* The project itself has a path, or no reference at all. */
static bulla_status take_node(bu_lock *l, const bu_node *node, bulla_error *err)
{
    bulla_bytes reference, path, context;
    size_t index;
    BU_TRY(bu_node_need(l->tree, node, BU_NODE_TABLE, err));
    const char *field = bu_node_get(node, "ref") != NULL ? "ref" : "pref";
    if (bu_node_kind_of(bu_node_get(node, field)) == BU_NODE_NULL)
        return BU_OK;
    BU_TRY(bu_node_must_text(l->tree, node, field, &reference, err));
    BU_TRY(bu_node_maybe_text(l->tree, node, "path", &path, err));
    BU_TRY(bu_node_maybe_text(l->tree, node, "context", &context, err));
    if (path.len > 0)
        return BU_OK;
    bulla_scope scope = bu_bytes_is(context, "build") ? BULLA_SCOPE_BUILD : BULLA_SCOPE_RUNTIME;
    BU_TRY(take_reference(l, bu_node_get(node, field), reference, scope, &index, err));
    return bu_lock_name(l, 0, bu_node_key(node), index, err);
}

/* Node numbers in a list, or as the values of a table. */
static bulla_status take_needs(bu_lock *l, const bu_node *node, const char *field, bulla_error *err)
{
    size_t from = bu_lock_find(l, 0, bu_node_key(node));
    const bu_node *needs = bu_node_get(node, field);
    if (from == BULLA_NO_COMPONENT)
        return BU_OK;
    BU_EACH_CHILD(need, needs) {
        const bu_lock_entry at = { .node = need };
        BU_TRY(bu_node_need(l->tree, need, BU_NODE_STRING, err));
        BU_TRY(bu_lock_need(l, from, 0, bu_node_text(need), BU_ABSENCE_FLAW, &at, err));
    }
    return BU_OK;
}

static bulla_status read_graph(bu_lock *l, const bu_node *graph, bulla_error *err)
{
    const bu_node *nodes;
    BU_TRY(bu_node_field(l->tree, graph, "nodes", BU_NODE_TABLE, &nodes, err));
    BU_EACH_CHILD(node, nodes)
        BU_TRY(take_node(l, node, err));
    BU_EACH_CHILD(node, nodes) {
        BU_TRY(take_needs(l, node, "requires", err));
        BU_TRY(take_needs(l, node, "build_requires", err));
    }
    return bu_lock_connect(l, err);
}

static bulla_status read_document(bu_lock *l, const bu_node *root, bulla_error *err)
{
    static const char *const graphs[] = { "0.0", "0.1", "0.2", "0.3", "0.4" };
    const bu_node *version, *graph;
    BU_TRY(bu_node_need(l->tree, root, BU_NODE_TABLE, err));
    BU_TRY(bu_node_optional(l->tree, root, "version", BU_NODE_STRING, &version, err));
    BU_TRY(bu_node_optional(l->tree, root, "graph_lock", BU_NODE_TABLE, &graph, err));
    if (bu_bytes_is(bu_node_text(version), "0.5"))
        return read_lists(l, err);
    bool known = version == NULL; /* 0.0 does not say so */
    for (size_t i = 0; i < sizeof graphs / sizeof graphs[0]; i++)
        known = known || bu_bytes_is(bu_node_text(version), graphs[i]);
    if (!known)
        return bu_node_fail(l->tree, version, err, BULLA_E_UNSUPPORTED_VERSION,
                            "only versions 0.0 to 0.5 of conan.lock are known");
    if (graph == NULL)
        return bu_node_fail(l->tree, root, err, BULLA_E_MISSING_FIELD, "no graph_lock");
    return read_graph(l, graph, err);
}

static bulla_status parse(bulla_bytes text, const char *name, const bu_ecosystem_options *options,
                          bu_graph *graph, bulla_error *err)
{
    static const bu_lock_format format = { "conan", bu_json_load, read_document };
    return bu_lock_read(&format, text, name, options, graph, err);
}

static const char *const filenames[] = { "conan.lock", NULL };

const bu_ecosystem bu_eco_conan = {
    .id = "conan",
    .filenames = filenames,
    .places = filenames,
    .title = "Conan lockfile (conan.lock 0.0-0.5)",
    .parse = parse,
};
