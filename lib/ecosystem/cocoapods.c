/* SPDX-License-Identifier: MIT */
/*
 * CocoaPods' lockfile: Podfile.lock. Spec: what CocoaPods itself reads
 * (Pod::Lockfile). Subspecs are parts of one pod, and listed as that. `SPEC
 * CHECKSUMS` are over the podspec, not over what it fetches: their form is
 * checked, and they pin no digest here. Refuses git without a commit, and one
 * pod in two versions.
 */
#include "ecosystem/origin.h"

typedef struct pods {
    bu_lock lock;
    const bu_node *external, *checkout; /* by pod: where it comes from, what was checked out */
} pods;

static void pods_clear(pods *p)
{
    bu_lock_clear(&p->lock);
}
BU_DEFINE_CLEAR(pods)

/* "Name/Subspec (1.0)" */
typedef struct spec {
    bulla_bytes pod, version;
} spec;

static bool take_spec(bulla_bytes text, spec *out)
{
    bulla_bytes name = bu_bytes_first(text, bu_bytes_find(text, ' '));
    bulla_bytes rest = bu_bytes_from(text, name.len + 1);
    out->pod = bu_bytes_first(name, bu_bytes_find(name, '/'));
    out->version = (bulla_bytes){ 0 };
    if (rest.len == 0)
        return out->pod.len > 0;
    if (rest.len < 3 || rest.ptr[0] != '(' || rest.ptr[rest.len - 1] != ')')
        return false;
    out->version = (bulla_bytes){ rest.ptr + 1, rest.len - 2 };
    return out->pod.len > 0;
}

static bulla_status read_spec(const pods *p, const bu_node *node, bulla_bytes text, spec *out,
                              bulla_error *err)
{
    if (take_spec(text, out))
        return BU_OK;
    return bu_node_fail(p->lock.tree, node, err, BULLA_E_BAD_SYNTAX,
                        "not a pod and its version: \"%.*s\"", (int)text.len,
                        (const char *)text.ptr);
}

/* ---- Pods ---- */

static bulla_status add_git(pods *p, const bu_node *source, bu_lock_entry *entry, size_t *out,
                            bulla_error *err)
{
    bu_qualifier vcs = { .key = BULLA_LIT("vcs_url") };
    bulla_bytes url, commit;
    BU_TRY(bu_node_must_text(p->lock.tree, source, ":git", &url, err));
    BU_TRY(bu_node_maybe_text(p->lock.tree, source, ":commit", &commit, err));
    if (!bu_is_commit(commit))
        return bu_node_fail(p->lock.tree, source, err, BULLA_E_UNPINNED,
                            "a git dependency without its full commit");
    BU_TRY(bu_lock_vcs_url(&p->lock, url, commit, &vcs.value, err));
    entry->origin = BULLA_ORIGIN_GIT;
    entry->resolved = url;
    entry->qualifiers = &vcs;
    entry->qualifier_count = 1;
    return bu_lock_add(&p->lock, entry, out, err);
}

static bulla_status add_component(pods *p, bu_lock_entry *entry, size_t *out, bulla_error *err)
{
    const bu_node *external = bu_node_get_bytes(p->external, entry->name);
    const bu_node *checkout = bu_node_get_bytes(p->checkout, entry->name);
    const bu_node *source = checkout == NULL ? external : checkout;
    bulla_bytes path;
    if (source == NULL) {
        entry->origin = BULLA_ORIGIN_REGISTRY;
        return bu_lock_add(&p->lock, entry, out, err);
    }
    BU_TRY(bu_node_need(p->lock.tree, source, BU_NODE_TABLE, err));
    if (bu_node_get(source, ":git") != NULL)
        return add_git(p, source, entry, out, err);
    BU_TRY(bu_node_maybe_text(p->lock.tree, source, ":path", &path, err));
    if (path.len > 0)
        return bu_lock_add_folder(&p->lock, entry, path, out, err);
    return bu_lock_add(&p->lock, entry, out, err); /* a podspec or an archive by URL */
}

static bulla_status add_pod(pods *p, const bu_node *node, bulla_bytes text, bulla_error *err)
{
    spec s;
    size_t component;
    BU_TRY(read_spec(p, node, text, &s, err));
    bu_lock_entry entry = { .name = s.pod, .version = s.version, .node = node };
    if (!bu_is_word(s.version, ".-+_"))
        return bu_lock_fail(&p->lock, &entry, err, BULLA_E_BAD_SYNTAX, "not one exact version");
    size_t first = bu_lock_find(&p->lock, 0, s.pod);
    if (first == BULLA_NO_COMPONENT) {
        BU_TRY(add_component(p, &entry, &component, err));
        return bu_lock_name(&p->lock, 0, s.pod, component, err);
    }
    if (bu_bytes_is(s.version, p->lock.graph->components[first].version))
        return BU_OK;
    return bu_lock_fail(&p->lock, &entry, err, BULLA_E_AMBIGUOUS_LOCK, "one pod in two versions");
}

static bulla_status need_pods(pods *p, bulla_bytes name, const bu_node *list, bulla_error *err)
{
    spec whose, s;
    BU_TRY(read_spec(p, list, name, &whose, err));
    size_t from = bu_lock_find(&p->lock, 0, whose.pod);
    BU_EACH_CHILD(node, list) {
        const bu_lock_entry at = { .node = node };
        BU_TRY(bu_node_need(p->lock.tree, node, BU_NODE_STRING, err));
        BU_TRY(read_spec(p, node, bu_node_text(node), &s, err));
        if (!bu_bytes_equal(s.pod, whose.pod))
            BU_TRY(bu_lock_need(&p->lock, from, 0, s.pod, BU_ABSENCE_FLAW, &at, err));
    }
    return BU_OK;
}

/* "Name (1.0)", or a table of it with what it needs. */
static bulla_status read_pod(pods *p, const bu_node *node, bulla_error *err)
{
    if (bu_node_kind_of(node) != BU_NODE_TABLE) {
        BU_TRY(bu_node_need(p->lock.tree, node, BU_NODE_STRING, err));
        return add_pod(p, node, bu_node_text(node), err);
    }
    BU_EACH_CHILD(field, node) {
        BU_TRY(bu_node_need(p->lock.tree, field, BU_NODE_ARRAY, err));
        BU_TRY(add_pod(p, field, bu_node_key(field), err));
        BU_TRY(need_pods(p, bu_node_key(field), field, err));
    }
    return BU_OK;
}

static bulla_status check_checksums(const pods *p, const bu_node *document, bulla_error *err)
{
    const bu_node *checksums;
    bulla_digest digest;
    BU_TRY(
        bu_node_optional(p->lock.tree, document, "SPEC CHECKSUMS", BU_NODE_TABLE, &checksums, err));
    BU_EACH_CHILD(node, checksums) {
        bulla_status status = bu_digest_from_hex(BULLA_ALG_SHA1, bu_node_text(node), &digest, err);
        if (!bulla_ok(status))
            return bu_node_fail(p->lock.tree, node, err, status.code, "not a SHA-1 in hex");
    }
    return BU_OK;
}

static bulla_status fill(pods *p, const bu_node *document, bulla_error *err)
{
    static const char *const sections[] = { "PODS",
                                            "DEPENDENCIES",
                                            "SPEC REPOS",
                                            "SPEC CHECKSUMS",
                                            "EXTERNAL SOURCES",
                                            "CHECKOUT OPTIONS",
                                            "PODFILE CHECKSUM",
                                            "COCOAPODS",
                                            NULL };
    const bu_tree *tree = p->lock.tree;
    const bu_node *list;
    BU_TRY(bu_node_need(tree, document, BU_NODE_TABLE, err));
    BU_TRY(bu_node_only(tree, document, sections, err));
    BU_TRY(bu_node_optional(tree, document, "PODS", BU_NODE_ARRAY, &list, err));
    BU_TRY(bu_node_optional(tree, document, "EXTERNAL SOURCES", BU_NODE_TABLE, &p->external, err));
    BU_TRY(bu_node_optional(tree, document, "CHECKOUT OPTIONS", BU_NODE_TABLE, &p->checkout, err));
    BU_TRY(check_checksums(p, document, err));
    BU_EACH_CHILD(node, list) {
        BU_TRY(read_pod(p, node, err));
    }
    return bu_lock_connect(&p->lock, err);
}

static bulla_status parse(bulla_bytes text, const char *name, const bu_ecosystem_options *options,
                          bu_graph *graph, bulla_error *err)
{
    BU_AUTO(bu_tree) tree = NULL;
    BU_CLEAR(pods) p = { 0 };
    BU_TRY(bu_yaml_load(text, name, &tree, err));
    BU_TRY(bu_lock_open(&p.lock, "cocoapods", name, options, graph, err));
    p.lock.tree = tree;
    return fill(&p, bu_tree_root(tree), err);
}

static const char *const filenames[] = { "Podfile.lock", NULL };

const bu_ecosystem bu_eco_cocoapods = {
    .id = "cocoapods",
    .filenames = filenames,
    .places = filenames,
    .title = "CocoaPods lockfile (Podfile.lock)",
    .parse = parse,
};
