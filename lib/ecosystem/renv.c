/* SPDX-License-Identifier: MIT */
/*
 * R's renv.lock: packages with version and source. Its `Hash` is renv's own,
 * over fields of the DESCRIPTION, not of any file: it pins nothing here.
 * Spec: renv, "renv.lock"; renv's R/lockfile-read.R.
 */
#include "ecosystem/lock.h"

/* Where each `Source` takes a package from; what is not here says nothing of its bytes. */
static bulla_origin origin_of(bulla_bytes source)
{
    static const struct {
        const char *source;
        bulla_origin origin;
    } rows[] = {
        { "Repository", BULLA_ORIGIN_REGISTRY },
        { "CRAN", BULLA_ORIGIN_REGISTRY },
        { "Bioconductor", BULLA_ORIGIN_REGISTRY },
        { "GitHub", BULLA_ORIGIN_GIT },
        { "GitLab", BULLA_ORIGIN_GIT },
        { "Bitbucket", BULLA_ORIGIN_GIT },
        { "Git", BULLA_ORIGIN_GIT },
        { "git2r", BULLA_ORIGIN_GIT },
        { "Local", BULLA_ORIGIN_OUTSIDE },
        { "Cellar", BULLA_ORIGIN_FILE },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (bu_bytes_is(source, rows[i].source))
            return rows[i].origin;
    return BULLA_ORIGIN_UNKNOWN;
}

static bulla_status take_package(bu_lock *l, const bu_node *node, bulla_error *err)
{
    const bu_node *name, *version, *source, *remote;
    BU_TRY(bu_node_need(l->tree, node, BU_NODE_TABLE, err));
    BU_TRY(bu_node_field(l->tree, node, "Package", BU_NODE_STRING, &name, err));
    BU_TRY(bu_node_field(l->tree, node, "Version", BU_NODE_STRING, &version, err));
    BU_TRY(bu_node_optional(l->tree, node, "Source", BU_NODE_STRING, &source, err));
    BU_TRY(bu_node_optional(l->tree, node, "RemoteSha", BU_NODE_STRING, &remote, err));
    if (!bu_bytes_equal(bu_node_text(name), bu_node_key(node)))
        return bu_node_fail(l->tree, name, err, BULLA_E_AMBIGUOUS_LOCK,
                            "the entry is called otherwise");
    bu_lock_entry entry = {
        .name = bu_node_text(name),
        .version = bu_node_text(version),
        .origin = origin_of(bu_node_text(source)),
        .node = node,
    };
    if (entry.origin == BULLA_ORIGIN_GIT)
        entry.resolved = bu_node_text(remote);
    size_t index;
    BU_TRY(bu_lock_add(l, &entry, &index, err));
    return bu_lock_name(l, 0, entry.name, index, err);
}

/* What R itself brings is not in the lockfile, and not told apart from what is missing. */
static bulla_status take_needs(bu_lock *l, const bu_node *node, bulla_error *err)
{
    const bu_node *needs;
    size_t from = bu_lock_find(l, 0, bu_node_key(node));
    BU_TRY(bu_node_optional(l->tree, node, "Requirements", BU_NODE_ARRAY, &needs, err));
    BU_EACH_CHILD(need, needs) {
        const bu_lock_entry at = { .node = need };
        BU_TRY(bu_node_need(l->tree, need, BU_NODE_STRING, err));
        BU_TRY(bu_lock_need(l, from, 0, bu_node_text(need), BU_ABSENCE_FINE, &at, err));
    }
    return BU_OK;
}

static bulla_status read_document(bu_lock *l, const bu_node *root, bulla_error *err)
{
    const bu_node *packages;
    BU_TRY(bu_node_need(l->tree, root, BU_NODE_TABLE, err));
    BU_TRY(bu_node_optional(l->tree, root, "Packages", BU_NODE_TABLE, &packages, err));
    BU_EACH_CHILD(package, packages)
        BU_TRY(take_package(l, package, err));
    BU_EACH_CHILD(package, packages)
        BU_TRY(take_needs(l, package, err));
    return bu_lock_connect(l, err);
}

static bulla_status parse(bulla_bytes text, const char *name, const bu_ecosystem_options *options,
                          bu_graph *graph, bulla_error *err)
{
    static const bu_lock_format format = { "cran", bu_json_load, read_document };
    return bu_lock_read(&format, text, name, options, graph, err);
}

static const char *const filenames[] = { "renv.lock", NULL };

const bu_ecosystem bu_eco_renv = {
    .id = "renv",
    .filenames = filenames,
    .places = filenames,
    .title = "R lockfile (renv.lock)",
    .parse = parse,
};
