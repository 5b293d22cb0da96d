/* SPDX-License-Identifier: MIT */
/*
 * Nix's lockfile: flake.lock versions 5 to 7. Spec: "Lock files" of nix
 * flake(1). `narHash` is over Nix's own archive of an unpacked tree, not over
 * any file that is fetched: its form is checked, and it pins no digest here.
 * Refuses other versions, what has no revision, follows that lead nowhere, and
 * kinds of sources that are not locked.
 */
#include "base/limits.h"
#include "ecosystem/origin.h"

typedef struct nix {
    bu_lock lock;
    const bu_node *nodes, *root;
} nix;

static void nix_clear(nix *n)
{
    bu_lock_clear(&n->lock);
}
BU_DEFINE_CLEAR(nix)

/* ---- Sources ---- */

/* What `locked` says, as far as its kind has it. */
typedef struct locked {
    const bu_node *node;
    bulla_bytes type, owner, repo, rev, url, path, host;
} locked;

static bulla_status need_rev(const nix *n, const locked *l, bulla_error *err)
{
    if (bu_is_commit(l->rev))
        return BU_OK;
    return bu_node_fail(n->lock.tree, l->node, err, BULLA_E_UNPINNED,
                        "a repository without its full revision");
}

static bulla_status add_with(nix *n, bu_lock_entry *entry, const char *key, bulla_bytes value,
                             size_t *out, bulla_error *err)
{
    bu_qualifier qualifier = { bu_bytes_of(key), value };
    entry->qualifiers = &qualifier;
    entry->qualifier_count = 1;
    return bu_lock_add(&n->lock, entry, out, err);
}

static bulla_status add_hosted(nix *n, const locked *l, bu_lock_entry *entry, size_t *out,
                               bulla_error *err)
{
    const char *name =
        bu_arena_format(n->lock.graph->arena, "%.*s/%.*s", (int)l->owner.len,
                        (const char *)l->owner.ptr, (int)l->repo.len, (const char *)l->repo.ptr);
    if (name == NULL)
        return bu_no_memory(err);
    if (l->owner.len == 0 || l->repo.len == 0)
        return bu_node_fail(n->lock.tree, l->node, err, BULLA_E_MISSING_FIELD,
                            "a repository without owner and repo");
    BU_TRY(need_rev(n, l, err));
    entry->type = bu_bytes_is(l->type, "github")   ? "github"
                  : bu_bytes_is(l->type, "gitlab") ? "gitlab"
                                                   : "sourcehut";
    entry->name = bu_bytes_of(name);
    entry->version = l->rev;
    entry->origin = BULLA_ORIGIN_GIT;
    return add_with(n, entry, "repository_url", l->host, out, err);
}

static bulla_status add_git(nix *n, const locked *l, bu_lock_entry *entry, size_t *out,
                            bulla_error *err)
{
    bulla_bytes url;
    BU_TRY(need_rev(n, l, err));
    BU_TRY(bu_lock_vcs_url(&n->lock, l->url, l->rev, &url, err));
    entry->version = l->rev;
    entry->resolved = l->url;
    entry->origin = BULLA_ORIGIN_GIT;
    return add_with(n, entry, "vcs_url", url, out, err);
}

static bulla_status add_archive(nix *n, const locked *l, bu_lock_entry *entry, size_t *out,
                                bulla_error *err)
{
    const char *url = bu_lock_public_url(l->url, n->lock.graph->arena);
    if (url == NULL)
        return bu_no_memory(err);
    if (l->url.len == 0)
        return bu_node_fail(n->lock.tree, l->node, err, BULLA_E_MISSING_FIELD,
                            "an archive without its url");
    entry->version = l->rev;
    entry->resolved = l->url;
    entry->origin = BULLA_ORIGIN_REGISTRY;
    return add_with(n, entry, "download_url", bu_bytes_of(url), out, err);
}

/* Mercurial: by its revision, of which nothing more is known here. */
static bulla_status add_other(nix *n, const locked *l, bu_lock_entry *entry, size_t *out,
                              bulla_error *err)
{
    BU_TRY(need_rev(n, l, err));
    entry->version = l->rev;
    entry->resolved = l->url;
    return bu_lock_add(&n->lock, entry, out, err);
}

static bulla_status add_path(nix *n, const locked *l, bu_lock_entry *entry, size_t *out,
                             bulla_error *err)
{
    return bu_lock_add_folder(&n->lock, entry, l->path, out, err);
}

static const struct {
    const char *type;
    bulla_status (*add)(nix *, const locked *, bu_lock_entry *, size_t *, bulla_error *);
} kinds[] = {
    { "github", add_hosted },   { "gitlab", add_hosted }, { "sourcehut", add_hosted },
    { "git", add_git },         { "hg", add_other },      { "mercurial", add_other },
    { "tarball", add_archive }, { "file", add_archive },  { "path", add_path },
};

static bulla_status add_locked(nix *n, const locked *l, bu_lock_entry *entry, size_t *out,
                               bulla_error *err)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (bu_bytes_is(l->type, kinds[i].type))
            return kinds[i].add(n, l, entry, out, err);
    return bu_node_fail(n->lock.tree, l->node, err, BULLA_E_UNSUPPORTED_FEATURE,
                        "not a kind of source that Nix locks");
}

static bulla_status check_nar_hash(const nix *n, const bu_node *node, bulla_error *err)
{
    bulla_digest_set set = { 0 };
    bulla_bytes text;
    BU_TRY(bu_node_maybe_text(n->lock.tree, node, "narHash", &text, err));
    if (text.len == 0)
        return BU_OK;
    bulla_status status = bu_digest_parse_sri(text, &set, err);
    return bulla_ok(status) ? BU_OK
                            : bu_node_fail(n->lock.tree, bu_node_get(node, "narHash"), err,
                                           status.code, "not a hash that Nix writes");
}

static bulla_status read_locked(const nix *n, const bu_node *node, locked *out, bulla_error *err)
{
    const bu_tree *tree = n->lock.tree;
    const struct {
        const char *key;
        bulla_bytes *text;
    } fields[] = {
        { "owner", &out->owner }, { "repo", &out->repo }, { "rev", &out->rev },
        { "url", &out->url },     { "path", &out->path }, { "host", &out->host },
    };
    BU_TRY(bu_node_field(tree, node, "locked", BU_NODE_TABLE, &out->node, err));
    BU_TRY(bu_node_must_text(tree, out->node, "type", &out->type, err));
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        BU_TRY(bu_node_maybe_text(tree, out->node, fields[i].key, fields[i].text, err));
    return check_nar_hash(n, out->node, err);
}

static bulla_status add_node(nix *n, const bu_node *node, bulla_error *err)
{
    bu_lock_entry entry = { .name = bu_node_key(node), .node = node };
    locked l = { 0 };
    size_t component;
    BU_TRY(bu_node_need(n->lock.tree, node, BU_NODE_TABLE, err));
    if (node == n->root)
        return BU_OK;
    BU_TRY(read_locked(n, node, &l, err));
    BU_TRY(bu_node_maybe_text(n->lock.tree, l.node, "dir", &entry.subpath, err));
    BU_TRY(add_locked(n, &l, &entry, &component, err));
    return bu_lock_name(&n->lock, 0, bu_node_key(node), component, err);
}

/* ---- Inputs ---- */

static bulla_status lost(const nix *n, const bu_node *at, bulla_error *err)
{
    return bu_node_fail(n->lock.tree, at, err, BULLA_E_BAD_REFERENCE,
                        "an input that is nowhere in this file");
}

/*
 * Where an input leads: a node by its name, or, as a list, a path through the inputs of nodes from
 * the root on, in which each step may itself be such a path. NULL: to nothing, as [] says.
 */
static bulla_status follow(const nix *n, const bu_node *input, const bu_node **out,
                           bulla_error *err)
{
    const bu_node *paths[BU_LIMIT_TREE_DEPTH] = { 0 }, *at = NULL;
    size_t depth = 0;
    for (size_t hops = 0; hops < BU_LIMIT_TREE_DEPTH; hops++) {
        if (bu_node_kind_of(input) == BU_NODE_ARRAY) {
            paths[depth++] = bu_node_first(input);
            at = bu_node_count(input) == 0 ? NULL : n->root;
        } else {
            BU_TRY(bu_node_need(n->lock.tree, input, BU_NODE_STRING, err));
            at = bu_node_get_bytes(n->nodes, bu_node_text(input));
            if (at == NULL)
                return lost(n, input, err);
        }
        while (depth > 0 && paths[depth - 1] == NULL)
            depth--;
        *out = at;
        if (depth == 0)
            return BU_OK;
        const bu_node *step = paths[depth - 1];
        paths[depth - 1] = bu_node_next(step);
        BU_TRY(bu_node_need(n->lock.tree, step, BU_NODE_STRING, err));
        input = bu_node_get_bytes(bu_node_get(at, "inputs"), bu_node_text(step));
        if (input == NULL)
            return lost(n, step, err);
    }
    return bu_node_fail(n->lock.tree, input, err, BULLA_E_CYCLE,
                        "inputs that follow each other without end");
}

static bulla_status connect_node(nix *n, const bu_node *node, bulla_error *err)
{
    const bu_node *inputs, *to = NULL;
    size_t from = bu_lock_find(&n->lock, 0, bu_node_key(node));
    BU_TRY(bu_node_optional(n->lock.tree, node, "inputs", BU_NODE_TABLE, &inputs, err));
    BU_EACH_CHILD(input, inputs) {
        BU_TRY(follow(n, input, &to, err));
        size_t index = to == NULL ? BULLA_NO_COMPONENT : bu_lock_find(&n->lock, 0, bu_node_key(to));
        if (from != BULLA_NO_COMPONENT && index != BULLA_NO_COMPONENT)
            BU_TRY(bu_graph_link(n->lock.graph, from, index, err));
    }
    return BU_OK;
}

/* ---- The document ---- */

static bulla_status find_root(nix *n, const bu_node *document, bulla_error *err)
{
    const bu_tree *tree = n->lock.tree;
    const bu_node *version, *root;
    BU_TRY(bu_node_need(tree, document, BU_NODE_TABLE, err));
    BU_TRY(bu_node_field(tree, document, "version", BU_NODE_INTEGER, &version, err));
    if (bu_node_integer(version) < 5 || bu_node_integer(version) > 7) {
        bulla_status status = bu_node_fail(tree, version, err, BULLA_E_UNSUPPORTED_VERSION,
                                           "no such version of Nix's lockfile is known");
        return bu_expected(err, status, BULLA_LIT("5, 6 or 7"), bu_node_text(version));
    }
    BU_TRY(bu_node_field(tree, document, "nodes", BU_NODE_TABLE, &n->nodes, err));
    BU_TRY(bu_node_field(tree, document, "root", BU_NODE_STRING, &root, err));
    n->root = bu_node_get_bytes(n->nodes, bu_node_text(root));
    return n->root == NULL ? lost(n, root, err) : BU_OK;
}

static bulla_status fill(nix *n, const bu_node *document, bulla_error *err)
{
    BU_TRY(find_root(n, document, err));
    BU_EACH_CHILD(node, n->nodes) {
        BU_TRY(add_node(n, node, err));
    }
    BU_EACH_CHILD(node, n->nodes) {
        BU_TRY(connect_node(n, node, err));
    }
    return BU_OK;
}

static bulla_status parse(bulla_bytes text, const char *name, const bu_ecosystem_options *options,
                          bu_graph *graph, bulla_error *err)
{
    BU_AUTO(bu_tree) tree = NULL;
    BU_CLEAR(nix) n = { 0 };
    BU_TRY(bu_json_load(text, name, &tree, err));
    BU_TRY(bu_lock_open(&n.lock, "generic", name, options, graph, err));
    n.lock.tree = tree;
    return fill(&n, bu_tree_root(tree), err);
}

static const char *const filenames[] = { "flake.lock", NULL };

const bu_ecosystem bu_eco_nix = {
    .id = "nix",
    .filenames = filenames,
    .places = filenames,
    .title = "Nix lockfile (flake.lock 5-7)",
    .parse = parse,
};
