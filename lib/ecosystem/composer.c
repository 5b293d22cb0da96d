/* SPDX-License-Identifier: MIT */
/*
 * Composer's lockfile: composer.lock. Spec: the Composer documentation,
 * "The lock file" and its schema, and where they are silent, what Composer 2
 * reads. An empty shasum, which is what most repositories give, pins nothing.
 * Refuses git without a commit, and names that no package has.
 */

#include "ecosystem/origin.h"

typedef struct composer {
    bu_lock lock;
    bu_arena *scratch; /* owned: names in lower case */
} composer;

static void composer_clear(composer *c)
{
    bu_lock_clear(&c->lock);
    bu_arena_free(c->scratch);
}
BU_DEFINE_CLEAR(composer)

/* "Package names are case-insensitive" */
static bulla_status lower(const composer *c, bulla_bytes name, bulla_bytes *out, bulla_error *err)
{
    uint8_t *copy = bu_arena_get(c->scratch, name.len);
    if (copy == NULL)
        return bu_no_memory(err);
    for (size_t i = 0; i < name.len; i++)
        copy[i] = name.ptr[i] >= 'A' && name.ptr[i] <= 'Z' ? name.ptr[i] | 0x20 : name.ptr[i];
    *out = (bulla_bytes){ copy, name.len };
    return BU_OK;
}

/* php, extensions and libraries of the machine, and Composer's own interfaces: no slash, no package. */
static bool is_of_platform(bulla_bytes name)
{
    return bu_bytes_find(name, '/') == name.len;
}

static bulla_status check_name(const composer *c, const bu_node *node, bulla_bytes name,
                               bulla_error *err)
{
    bulla_bytes vendor = bu_bytes_first(name, bu_bytes_find(name, '/'));
    if (bu_is_word(vendor, "._-") && bu_is_word(bu_bytes_from(name, vendor.len + 1), "._-"))
        return BU_OK;
    return bu_node_fail(c->lock.tree, node, err, BULLA_E_BAD_NAME,
                        "not the name of a package: \"%.*s\"", (int)name.len,
                        (const char *)name.ptr);
}

/* ---- Where it comes from ---- */

/* `dist` or `source`: a table, or null. */
static bulla_status table_of(const composer *c, const bu_node *node, const char *key,
                             const bu_node **out, bulla_error *err)
{
    *out = bu_node_get(node, key);
    if (bu_node_kind_of(*out) == BU_NODE_NULL)
        *out = NULL;
    return *out == NULL ? BU_OK : bu_node_need(c->lock.tree, *out, BU_NODE_TABLE, err);
}

/* A string, or null. */
static bulla_status text_of(const composer *c, const bu_node *node, const char *key,
                            bulla_bytes *out, bulla_error *err)
{
    *out = (bulla_bytes){ 0 };
    if (bu_node_kind_of(bu_node_get(node, key)) == BU_NODE_NULL)
        return BU_OK;
    return bu_node_maybe_text(c->lock.tree, node, key, out, err);
}

static bulla_status take_shasum(const composer *c, const bu_node *dist, bu_lock_entry *entry,
                                bulla_error *err)
{
    bulla_bytes shasum;
    bulla_digest digest;
    BU_TRY(text_of(c, dist, "shasum", &shasum, err));
    if (shasum.len == 0)
        return BU_OK;
    bulla_status status = bu_digest_from_hex(BULLA_ALG_SHA1, shasum, &digest, err);
    if (!bulla_ok(status))
        return bu_node_fail(c->lock.tree, bu_node_get(dist, "shasum"), err, status.code,
                            "not a SHA-1 in hex");
    return bu_digest_set_add(&entry->digests, &digest, err);
}

static bulla_status add_dist(composer *c, const bu_node *dist, bu_lock_entry *entry, size_t *out,
                             bulla_error *err)
{
    bulla_bytes type, url;
    BU_TRY(text_of(c, dist, "type", &type, err));
    BU_TRY(text_of(c, dist, "url", &url, err));
    if (bu_bytes_is(type, "path"))
        return bu_lock_add_folder(&c->lock, entry, url, out, err);
    entry->origin = BULLA_ORIGIN_REGISTRY;
    entry->resolved = url;
    BU_TRY(take_shasum(c, dist, entry, err));
    return bu_lock_add(&c->lock, entry, out, err);
}

static bulla_status add_source(composer *c, const bu_node *source, bu_lock_entry *entry,
                               size_t *out, bulla_error *err)
{
    bulla_bytes type, url, reference;
    bu_qualifier vcs = { .key = BULLA_LIT("vcs_url") };
    BU_TRY(text_of(c, source, "type", &type, err));
    BU_TRY(text_of(c, source, "url", &url, err));
    BU_TRY(text_of(c, source, "reference", &reference, err));
    if (bu_bytes_is(type, "path"))
        return bu_lock_add_folder(&c->lock, entry, url, out, err);
    entry->resolved = url;
    if (!bu_bytes_is(type, "git") && !bu_bytes_is(type, "github") && !bu_bytes_is(type, "gitlab"))
        return bu_lock_add(&c->lock, entry, out, err); /* Subversion and others: nothing is known */
    if (!bu_is_commit(reference))
        return bu_node_fail(c->lock.tree, source, err, BULLA_E_UNPINNED,
                            "a git dependency without its full commit");
    entry->origin = BULLA_ORIGIN_GIT;
    entry->qualifiers = &vcs;
    entry->qualifier_count = 1;
    BU_TRY(bu_lock_vcs_url(&c->lock, url, reference, &vcs.value, err));
    return bu_lock_add(&c->lock, entry, out, err);
}

/* Composer takes the archive where there is one. */
static bulla_status add_component(composer *c, bu_lock_entry *entry, size_t *out, bulla_error *err)
{
    const bu_node *dist, *source;
    BU_TRY(table_of(c, entry->node, "dist", &dist, err));
    BU_TRY(table_of(c, entry->node, "source", &source, err));
    if (dist != NULL)
        return add_dist(c, dist, entry, out, err);
    if (source != NULL)
        return add_source(c, source, entry, out, err);
    return bu_lock_add(&c->lock, entry, out, err);
}

/* ---- Packages ---- */

/* What a package provides or replaces is there with it. PHP writes an empty table as []. */
static bulla_status name_others(composer *c, const bu_node *node, const char *field,
                                size_t component, bulla_error *err)
{
    BU_EACH_CHILD(other, bu_node_get(node, field)) {
        bulla_bytes name;
        BU_TRY(lower(c, bu_node_key(other), &name, err));
        BU_TRY(bu_lock_name(&c->lock, 1, name, component, err));
    }
    return BU_OK;
}

static bulla_status need_others(composer *c, const bu_node *node, size_t component,
                                bulla_error *err)
{
    BU_EACH_CHILD(required, bu_node_get(node, "require")) {
        const bu_lock_entry at = { .node = required };
        bulla_bytes name;
        if (is_of_platform(bu_node_key(required)))
            continue;
        BU_TRY(lower(c, bu_node_key(required), &name, err));
        bool is_there = bu_lock_find(&c->lock, 0, name) != BULLA_NO_COMPONENT;
        BU_TRY(
            bu_lock_need(&c->lock, component, is_there ? 0 : 1, name, BU_ABSENCE_FLAW, &at, err));
    }
    return BU_OK;
}

static bulla_status check_lists(const composer *c, const bu_node *node, bulla_error *err)
{
    static const char *const fields[] = { "require", "provide", "replace" };
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        const bu_node *field = bu_node_get(node, fields[i]);
        bool is_empty = bu_node_kind_of(field) == BU_NODE_ARRAY && bu_node_count(field) == 0;
        if (field != NULL && !is_empty)
            BU_TRY(bu_node_need(c->lock.tree, field, BU_NODE_TABLE, err));
    }
    return BU_OK;
}

static bulla_status add_package(composer *c, const bu_node *node, bulla_scope scope,
                                bulla_error *err)
{
    bu_lock_entry entry = { .node = node, .scope = scope };
    bulla_bytes type, key;
    size_t component;
    BU_TRY(bu_node_need(c->lock.tree, node, BU_NODE_TABLE, err));
    BU_TRY(bu_node_must_text(c->lock.tree, node, "name", &entry.name, err));
    BU_TRY(bu_node_must_text(c->lock.tree, node, "version", &entry.version, err));
    BU_TRY(bu_node_maybe_text(c->lock.tree, node, "type", &type, err));
    BU_TRY(check_name(c, bu_node_get(node, "name"), entry.name, err));
    BU_TRY(check_lists(c, node, err));
    const bu_node *license = bu_node_get(node, "license");
    if (bu_node_count(license) == 1) /* of several, Composer does not say how they go together */
        entry.license = bu_node_text(bu_node_first(license));
    entry.may_be_absent = bu_bytes_is(type, "metapackage"); /* only requires others */
    BU_TRY(add_component(c, &entry, &component, err));
    BU_TRY(lower(c, entry.name, &key, err));
    BU_TRY(bu_lock_name(&c->lock, 0, key, component, err));
    BU_TRY(name_others(c, node, "provide", component, err));
    return name_others(c, node, "replace", component, err);
}

static bulla_status fill(composer *c, const bu_node *document, bulla_error *err)
{
    const bu_node *lists[2];
    size_t component = 0;
    BU_TRY(bu_node_need(c->lock.tree, document, BU_NODE_TABLE, err));
    BU_TRY(bu_node_field(c->lock.tree, document, "packages", BU_NODE_ARRAY, &lists[0], err));
    lists[1] = bu_node_get(document, "packages-dev");
    if (bu_node_kind_of(lists[1]) == BU_NODE_NULL) /* locked with --no-dev */
        lists[1] = NULL;
    if (lists[1] != NULL)
        BU_TRY(bu_node_need(c->lock.tree, lists[1], BU_NODE_ARRAY, err));
    for (size_t i = 0; i < 2; i++)
        BU_EACH_CHILD(node, lists[i]) {
            BU_TRY(add_package(c, node, i == 0 ? BULLA_SCOPE_RUNTIME : BULLA_SCOPE_DEV, err));
        }
    for (size_t i = 0; i < 2; i++)
        BU_EACH_CHILD(node, lists[i]) {
            BU_TRY(need_others(c, node, component++, err));
        }
    return bu_lock_connect(&c->lock, err);
}

static bulla_status parse(bulla_bytes text, const char *name, const bu_ecosystem_options *options,
                          bu_graph *graph, bulla_error *err)
{
    BU_AUTO(bu_tree) tree = NULL;
    BU_CLEAR(composer) c = { .scratch = bu_arena_new() };
    if (c.scratch == NULL)
        return bu_no_memory(err);
    BU_TRY(bu_json_load(text, name, &tree, err));
    BU_TRY(bu_lock_open(&c.lock, "composer", name, options, graph, err));
    c.lock.tree = tree;
    return fill(&c, bu_tree_root(tree), err);
}

static const char *const filenames[] = { "composer.lock", NULL };

const bu_ecosystem bu_eco_composer = {
    .id = "composer",
    .filenames = filenames,
    .places = filenames,
    .title = "Composer lockfile (composer.lock)",
    .parse = parse,
};
