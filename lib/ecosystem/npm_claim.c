/* SPDX-License-Identifier: MIT */
/*
 * What an entry of npm's lockfile claims to be, and the component that it
 * becomes: name and alias, where it comes from, what pins it, what it is
 * needed for, and whether this platform leaves it out.
 */
#include "base/utf8.h"
#include "digest/digest.h"
#include "ecosystem/npm_entry.h"
#include "ecosystem/npm_lock.h"
#include "model/purl.h"

const bu_npm_package *bu_npm_holder(const bu_npm_lock *l, const bu_npm_package *p)
{
    size_t folder = p->folder;
    do
        folder = bu_layout_up(&l->layout, folder);
    while (l->layout.folders[folder].item == BU_LAYOUT_NONE);
    return &l->packages[l->layout.folders[folder].item];
}

static bool declares_bundle(const bu_node *node)
{
    const bu_node *list = bu_node_get(node, "bundleDependencies");
    return bu_node_count(list) > 0 || bu_node_is_true(list);
}

/*
 * The package whose archive holds this one, or NULL. What the project itself bundles is fetched as
 * ever; and `inBundle` alone keeps no npm since 7 from fetching what has an address or a holder
 * that does not bundle.
 */
static const bu_npm_package *bundler(const bu_npm_lock *l, const bu_npm_package *p)
{
    if (!p->bundled || (!l->nested && bu_node_text(bu_node_get(p->node, "resolved")).len > 0))
        return NULL;
    do
        p = bu_npm_holder(l, p);
    while (p->bundled);
    if (p->name.len == 0 || p->target != BU_NPM_NONE)
        return NULL;
    return l->nested || declares_bundle(p->node) ? p : NULL;
}

bool bu_npm_is_outside(const bu_npm_package *p)
{
    return strcmp(p->location, "..") == 0 || bu_bytes_starts(bu_bytes_of(p->location), "../");
}

/* Outside of the project is only what a link names, and what is installed in there. */
static bulla_status check_outside(const bu_npm_lock *l, const bu_npm_package *p, bulla_error *err)
{
    if (!bu_npm_is_outside(p))
        return BU_OK;
    if (p->name.len > 0 ? bu_npm_holder(l, p)->folder != BU_LAYOUT_ROOT : p->linked)
        return BU_OK;
    return bu_node_fail(l->tree, p->node, err, BULLA_E_PATH_TRAVERSAL,
                        "outside of the project, and no link leads there: \"%s\"", p->location);
}

/* A folder that does not say its name is called as its path ends. */
static bulla_bytes folder_name(const bu_npm_lock *l, const bu_npm_package *p)
{
    bulla_bytes scope = bu_layout_part(&l->layout, bu_layout_up(&l->layout, p->folder));
    size_t len = bu_layout_part(&l->layout, p->folder).len;
    if (bu_bytes_starts(scope, "@"))
        len += scope.len + 1;
    bulla_bytes location = bu_bytes_of(p->location);
    return bu_bytes_from(location, location.len - len);
}

bu_npm_claim bu_npm_claim_of(const bu_npm_lock *l, const bu_npm_package *p, bool nested)
{
    bu_npm_claim c = { .name = p->name,
                       .version = bu_node_text(bu_node_get(p->node, "version")),
                       .from = bu_node_get(p->node, "resolved") };
    c.resolved = bu_node_text(c.from);
    bulla_bytes name = bu_node_text(bu_node_get(p->node, "name"));
    if (!nested && name.len > 0)
        c.name = name;
    if (c.name.len == 0)
        c.name = folder_name(l, p);
    /* Version 1 says in `version` also where it comes from, and which package an alias means. */
    if (nested && !bu_npm_alias(c.version, &c.name, &c.version) &&
        bu_npm_source_of(c.version) != BU_NPM_NOWHERE) {
        c.from = bu_node_get(p->node, "version");
        c.resolved = c.version;
        c.version = (bulla_bytes){ 0 };
    }
    c.source = bu_npm_source_of(c.resolved);
    return c;
}

static bulla_status check_claim(const bu_npm_lock *l, const bu_npm_package *p,
                                const bu_npm_claim *c, bulla_error *err)
{
    size_t at;
    const bu_node *stated = bu_node_get(p->node, l->nested ? "version" : "name");
    if (p->name.len > 0 ? !bu_npm_is_name(c->name) : bu_utf8_hides(c->name, &at))
        return bu_npm_bad_name(l, stated == NULL ? p->node : stated, c->name, err);
    if (c->version.len > 0 && !bu_npm_is_version(c->version))
        return bu_node_fail(l->tree, bu_node_get(p->node, "version"), err, BULLA_E_BAD_SYNTAX,
                            "not one exact version: \"%.*s\"", (int)c->version.len,
                            (const char *)c->version.ptr);
    return BU_OK;
}

/* What a package calls itself says nothing about a commit: the commit is its version. */
static bulla_status take_commit(const bu_npm_lock *l, const bu_npm_package *p, bu_npm_claim *c,
                                bulla_error *err)
{
    if (c->source != BU_NPM_GIT || bundler(l, p) != NULL)
        return BU_OK;
    c->version = bu_npm_commit(c->resolved);
    if (c->version.len > 0)
        return BU_OK;
    return bu_node_fail(l->tree, c->from, err, BULLA_E_UNPINNED,
                        "a git dependency without its full commit: \"%.*s\"", (int)c->resolved.len,
                        (const char *)c->resolved.ptr);
}

/* What lies in a node_modules is no folder of the project, whatever the lockfile calls it. */
static bool is_installed(bulla_bytes spec)
{
    for (bulla_bytes path = bu_npm_path(spec); path.len > 0;) {
        bulla_bytes part = bu_bytes_first(path, bu_bytes_find(path, '/'));
        if (bu_bytes_is(part, "node_modules"))
            return true;
        path = bu_bytes_from(path, part.len + 1);
    }
    return false;
}

static bulla_origin origin_of(const bu_npm_lock *l, const bu_npm_package *p, const bu_npm_claim *c)
{
    static const bulla_origin origins[] = {
        [BU_NPM_NOWHERE] = BULLA_ORIGIN_REGISTRY, [BU_NPM_URL] = BULLA_ORIGIN_REGISTRY,
        [BU_NPM_GIT] = BULLA_ORIGIN_GIT,          [BU_NPM_ARCHIVE] = BULLA_ORIGIN_FILE,
        [BU_NPM_FOLDER] = BULLA_ORIGIN_LOCAL,     [BU_NPM_OTHER] = BULLA_ORIGIN_UNKNOWN,
    };
    if (bundler(l, p) != NULL)
        return BULLA_ORIGIN_BUNDLED;
    bool by_path = c->source == BU_NPM_ARCHIVE || c->source == BU_NPM_FOLDER;
    if (by_path && bu_npm_leaves_project(c->resolved))
        return BULLA_ORIGIN_OUTSIDE;
    bool is_folder =
        c->source == BU_NPM_FOLDER || (c->source == BU_NPM_NOWHERE && p->name.len == 0);
    if (is_folder && is_installed(p->name.len == 0 ? bu_bytes_of(p->location) : c->resolved))
        return BULLA_ORIGIN_UNKNOWN;
    if (c->source == BU_NPM_FOLDER && bu_node_text(bu_node_get(p->node, "integrity")).len > 0)
        return BULLA_ORIGIN_FILE; /* a folder has no digest: what has one must be shown */
    if (c->source != BU_NPM_NOWHERE)
        return origins[c->source];
    if (p->name.len == 0)
        return bu_npm_is_outside(p) ? BULLA_ORIGIN_OUTSIDE : BULLA_ORIGIN_LOCAL;
    return c->version.len > 0 ? BULLA_ORIGIN_REGISTRY : BULLA_ORIGIN_UNKNOWN;
}

static void set_scope(const bu_npm_lock *l, const bu_node *node, bulla_component *out)
{
    /* What is also a development dependency (devOptional) has to be there. */
    out->may_be_absent = bu_node_is_true(bu_node_get(node, "optional"));
    /* npm does not write limits into version 1, nor look for them there. */
    out->excluded_here = out->may_be_absent && !l->nested && bu_npm_is_excluded(node, l->options);
    if (bu_node_is_true(bu_node_get(node, "dev")))
        out->scope = BULLA_SCOPE_DEV;
    else if (out->may_be_absent || bu_node_is_true(bu_node_get(node, "devOptional")))
        out->scope = BULLA_SCOPE_OPTIONAL;
}

static bulla_status set_digests(const bu_npm_lock *l, const bu_node *node, bulla_component *out,
                                bulla_error *err)
{
    const bu_node *integrity = bu_node_get(node, "integrity");
    if (integrity == NULL)
        return BU_OK;
    bulla_error why = { 0 };
    bulla_digest_set digests = { 0 };
    bulla_status status = bu_digest_parse_sri(bu_node_text(integrity), &digests, &why);
    if (bulla_ok(status) || status.code == BULLA_E_UNSUPPORTED_HASH)
        return bu_digests_keep(&digests, l->graph->arena, &out->digests, err);
    return bu_node_fail(l->tree, integrity, err, status.code, "integrity: %s", why.text);
}

bulla_status bu_npm_keep(const bu_npm_lock *l, bulla_bytes text, const char **out, bulla_error *err)
{
    if (text.len == 0)
        return BU_OK;
    *out = bu_arena_text(l->graph->arena, text);
    return *out == NULL ? bu_no_memory(err) : BU_OK;
}

static bulla_status add_component(bu_npm_lock *l, bu_npm_package *p, const bu_npm_claim *c,
                                  bulla_component *out, bulla_error *err)
{
    out->type = "npm";
    out->lockfile = l->file;
    out->location = p->location;
    out->parent = BULLA_NO_COMPONENT;
    bu_tree_place(l->tree, bu_node_offset(p->node), &out->line, &out->column);
    BU_TRY(bu_npm_keep(l, c->name, &out->name, err));
    BU_TRY(bu_npm_keep(l, c->version, &out->version, err));
    BU_TRY(bu_npm_keep(l, bu_node_text(bu_node_get(p->node, "license")), &out->license, err));
    bulla_status status =
        bu_purl_make("npm", NULL, out->name, out->version, NULL, l->graph->arena, &out->purl, err);
    if (!bulla_ok(status) && status.code != BULLA_E_NO_MEMORY)
        return bu_npm_bad_name(l, p->node, c->name, err);
    BU_TRY(status);
    return bu_graph_add(l->graph, out, &p->component, err);
}

static bulla_status add_installed(bu_npm_lock *l, bu_npm_package *p, bulla_error *err)
{
    bu_npm_claim c = bu_npm_claim_of(l, p, l->nested);
    bulla_component out = { 0 };
    BU_TRY(check_outside(l, p, err));
    BU_TRY(check_claim(l, p, &c, err));
    BU_TRY(take_commit(l, p, &c, err));
    out.origin = origin_of(l, p, &c);
    set_scope(l, p->node, &out);
    BU_TRY(set_digests(l, p->node, &out, err));
    if (!bu_bytes_equal(c.name, p->name))
        BU_TRY(bu_npm_keep(l, p->name, &out.alias, err));
    if (c.resolved.len > 0) {
        out.resolved = bu_lock_public_url(c.resolved, l->graph->arena);
        if (out.resolved == NULL)
            return bu_no_memory(err);
    }
    return add_component(l, p, &c, &out, err);
}

static bulla_bytes first_text(const bu_node *node, const bu_node *fallback, const char *field)
{
    bulla_bytes text = bu_node_text(bu_node_get(node, field));
    return text.len > 0 ? text : bu_node_text(bu_node_get(fallback, field));
}

/* A project without a name has no purl, and so no place in the graph. */
static bulla_status add_root(bu_npm_lock *l, const bu_node *document, bulla_error *err)
{
    bu_npm_package *p = &l->packages[0];
    bu_npm_claim c = { .name = first_text(p->node, document, "name"),
                       .version = first_text(p->node, document, "version") };
    bulla_component out = { .origin = BULLA_ORIGIN_LOCAL };
    if (c.name.len == 0)
        return BU_OK;
    p->location = ".";
    BU_TRY(check_claim(l, p, &c, err));
    BU_TRY(add_component(l, p, &c, &out, err));
    l->graph->root = p->component;
    return BU_OK;
}

static const char *folder_of(const bulla_component *local)
{
    if (local->resolved == NULL)
        return local->location;
    return (const char *)bu_npm_path(bu_bytes_of(local->resolved)).ptr;
}

/* In its own folder, or in one below the package that bundles it. */
static bulla_status add_place(bu_npm_lock *l, const bu_npm_package *p, bulla_error *err)
{
    bulla_component *component = &l->graph->components[p->component];
    const bu_npm_package *archive = bundler(l, p);
    bu_place place = { .component = p->component,
                       .parent = BULLA_NO_COMPONENT,
                       .path = p->location,
                       .lockfile = l->file };
    if (archive != NULL) {
        place.parent = component->parent = archive->component;
        place.path += strlen(archive->location) + 1;
    }
    if (component->origin == BULLA_ORIGIN_LOCAL)
        place.folder = folder_of(component);
    return bu_graph_place(l->graph, &place, err);
}

bulla_status bu_npm_add_components(bu_npm_lock *l, const bu_node *document, bulla_error *err)
{
    BU_TRY(add_root(l, document, err));
    for (size_t i = 1; i < l->count; i++)
        if (l->packages[i].target == BU_NPM_NONE)
            BU_TRY(add_installed(l, &l->packages[i], err));
    for (size_t i = 1; i < l->count; i++)
        if (l->packages[i].component != BU_NPM_NONE)
            BU_TRY(add_place(l, &l->packages[i], err));
    return BU_OK;
}
