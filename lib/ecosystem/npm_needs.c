/* SPDX-License-Identifier: MIT */
/*
 * Who needs whom in an npm lockfile, found as Node.js finds it.
 */
#include "base/cleanup.h"
#include "ecosystem/npm_lock.h"
#include "ecosystem/scopes.h"

/* A field that names what a package needs. */
typedef struct need {
    const char *field;
    bool required;
    bool own_folders_only; /* development dependencies of installed packages are not installed */
    bool tolerated; /* npm installs without it: peers if told so, and npm 6 what was optional */
} need;

static const need flat_needs[] = {
    { "dependencies", .required = true },
    { "optionalDependencies", .required = false },
    { "peerDependencies", .required = true, .tolerated = true },
    { "devDependencies", .required = true, .own_folders_only = true },
    { 0 },
};
static const need nested_needs[] = {
    { "requires", .required = true, .tolerated = true },
    { 0 },
};

static bool is_optional(const bu_node *node, bulla_bytes name)
{
    const bu_node *meta = bu_node_get_bytes(bu_node_get(node, "peerDependenciesMeta"), name);
    return bu_node_is_true(bu_node_get(meta, "optional")) ||
           bu_node_get_bytes(bu_node_get(node, "optionalDependencies"), name) != NULL;
}

static bulla_status note_missing(bu_npm_lock *l, const bu_npm_package *p, const bu_node *wanted,
                                 bool tolerated, bulla_error *err)
{
    bu_flaw flaw = { .code = BULLA_E_MISSING_DEPENDENCY,
                     .component = p->component,
                     .lockfile = l->file,
                     .tolerated = tolerated };
    bu_tree_place(l->tree, bu_node_offset(wanted), &flaw.line, &flaw.column);
    BU_TRY(bu_npm_keep(l, bu_node_key(wanted), &flaw.what, err));
    return bu_graph_note(l->graph, &flaw, err);
}

static bulla_status connect_one(bu_npm_lock *l, const bu_npm_package *p, const bu_node *wanted,
                                const need *n, bulla_error *err)
{
    size_t folder = bu_layout_resolve(&l->layout, p->folder, bu_node_key(wanted));
    if (folder == BU_LAYOUT_NONE) {
        if (!n->required || bu_npm_is_outside(p) || is_optional(p->node, bu_node_key(wanted)))
            return BU_OK;
        return note_missing(l, p, wanted, n->tolerated, err);
    }
    const bu_npm_package *to = &l->packages[l->layout.folders[folder].item];
    if (to->target != BU_NPM_NONE)
        to = &l->packages[to->target];
    if (p->component == BU_NPM_NONE || to->component == BU_NPM_NONE)
        return BU_OK;
    return bu_graph_link(l->graph, p->component, to->component, err);
}

static bulla_status connect_package(bu_npm_lock *l, const bu_npm_package *p, bulla_error *err)
{
    for (const need *n = l->nested ? nested_needs : flat_needs; n->field != NULL; n++) {
        const bu_node *wanted = bu_node_get(p->node, n->field);
        if ((n->own_folders_only && p->name.len > 0) || bu_node_kind_of(wanted) != BU_NODE_TABLE)
            continue;
        BU_EACH_CHILD(node, wanted) {
            BU_TRY(connect_one(l, p, node, n, err));
        }
    }
    return BU_OK;
}

/* Workspaces are needed without being asked for: npm links each into the project's node_modules. */
static bulla_status connect_workspaces(bu_npm_lock *l, size_t root, bulla_error *err)
{
    if (bu_node_get(l->packages[0].node, "workspaces") == NULL)
        return BU_OK;
    for (size_t i = 1; i < l->count; i++) {
        const bu_npm_package *p = &l->packages[i];
        if (p->target == BU_NPM_NONE || bu_npm_holder(l, p)->folder != BU_LAYOUT_ROOT)
            continue;
        const bu_npm_package *to = &l->packages[p->target];
        if (to->component != BU_NPM_NONE && !bu_npm_is_outside(to))
            BU_TRY(bu_graph_link(l->graph, root, to->component, err));
    }
    return BU_OK;
}

/* Version 1 does not say what the project itself asks for: take what nothing else asks for. */
static bulla_status connect_orphans(bu_npm_lock *l, size_t root, bulla_error *err)
{
    BU_FREE bool *wanted = calloc(l->graph->count, sizeof *wanted);
    if (wanted == NULL)
        return bu_no_memory(err);
    for (size_t i = 0; i < l->graph->edge_count; i++)
        wanted[l->graph->edges[i].to] = true;
    for (size_t i = 1; i < l->count; i++)
        if (!wanted[l->packages[i].component])
            BU_TRY(bu_graph_link(l->graph, root, l->packages[i].component, err));
    return BU_OK;
}

static bulla_status spread_exclusion(bu_graph *graph, bulla_error *err)
{
    BU_CLEAR(bu_scopes) scopes = { 0 };
    for (size_t i = 0; i < graph->edge_count; i++)
        BU_TRY(bu_scopes_need(&scopes, graph->edges[i].from, graph->edges[i].to,
                              BULLA_SCOPE_RUNTIME, err));
    return bu_scopes_exclude(&scopes, graph, err);
}

bulla_status bu_npm_connect(bu_npm_lock *l, bulla_error *err)
{
    for (size_t i = 0; i < l->count; i++)
        if (l->packages[i].target == BU_NPM_NONE)
            BU_TRY(connect_package(l, &l->packages[i], err));
    size_t root = l->graph->root;
    if (root == BULLA_NO_COMPONENT) /* what the project itself needs is then not in the graph */
        return BU_OK;
    if (l->nested)
        return connect_orphans(l, root, err);
    BU_TRY(spread_exclusion(l->graph, err));
    return connect_workspaces(l, root, err);
}
