/* SPDX-License-Identifier: MIT */
/*
 * NuGet's packages.lock.json, versions 1 and 2: for each target framework the
 * packages that were resolved, with the hash of their content. Spec: NuGet
 * docs, "Lock file"; where they are silent, NuGet.ProjectModel. A project of
 * the same solution stands there without a version.
 */
#include "base/encode.h"
#include "ecosystem/lock.h"

/* Names are the same in any case. In the graph's arena; empty when there is no memory. */
static bulla_bytes lower(const bu_lock *l, bulla_bytes name)
{
    char *text = bu_arena_text(l->graph->arena, name);
    for (char *c = text; c != NULL && *c != '\0'; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c + ('a' - 'A'));
    return bu_bytes_of(text);
}

static bulla_status take_hash(const bu_lock *l, const bu_node *node, bulla_digest_set *out,
                              bulla_error *err)
{
    const bu_node *hash;
    BU_CLEAR(bu_buf) raw = { 0 };
    bulla_digest digest = { .alg = BULLA_ALG_SHA512, .len = bulla_alg_size(BULLA_ALG_SHA512) };
    BU_TRY(bu_node_optional(l->tree, node, "contentHash", BU_NODE_STRING, &hash, err));
    if (hash == NULL)
        return BU_OK;
    bulla_status status = bu_base64_decode(bu_node_text(hash), BU_BASE64_STANDARD, &raw, NULL);
    if (status.code == BULLA_E_NO_MEMORY)
        return bu_no_memory(err);
    if (!bulla_ok(status) || raw.len != digest.len)
        return bu_node_fail(l->tree, hash, err, BULLA_E_BAD_ENCODING,
                            "contentHash is not SHA-512 in base64");
    memcpy(digest.bytes, raw.ptr, raw.len);
    return bu_digest_set_add(out, &digest, err);
}

static bulla_status take_type(const bu_lock *l, const bu_node *node, bool *is_project,
                              bulla_error *err)
{
    static const char *const types[] = { "Direct", "Transitive", "CentralTransitive", "Project" };
    const bu_node *type;
    BU_TRY(bu_node_field(l->tree, node, "type", BU_NODE_STRING, &type, err));
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (bu_bytes_is(bu_node_text(type), types[i])) {
            *is_project = i == 3;
            return BU_OK;
        }
    return bu_node_fail(l->tree, type, err, BULLA_E_UNSUPPORTED_FEATURE,
                        "not a type of dependency");
}

/* A section for one runtime ("net8.0/linux-x64") lists only what differs from its framework's. */
static bu_lock_absence absence_in(const bu_node *framework)
{
    bulla_bytes key = bu_node_key(framework);
    return bu_bytes_find(key, '/') < key.len ? BU_ABSENCE_FINE : BU_ABSENCE_FLAW;
}

static bulla_status take_needs(bu_lock *l, const bu_node *node, size_t framework, size_t from,
                               bu_lock_absence absence, bulla_error *err)
{
    const bu_node *needs;
    BU_TRY(bu_node_optional(l->tree, node, "dependencies", BU_NODE_TABLE, &needs, err));
    BU_EACH_CHILD(need, needs) {
        const bu_lock_entry at = { .node = need };
        bulla_bytes name = lower(l, bu_node_key(need));
        if (name.ptr == NULL)
            return bu_no_memory(err);
        BU_TRY(bu_lock_need(l, from, framework, name, absence, &at, err));
    }
    return BU_OK;
}

static bulla_status take_package(bu_lock *l, const bu_node *node, size_t framework,
                                 bu_lock_absence absence, bulla_error *err)
{
    bool is_project = false;
    const bu_node *resolved = NULL;
    bu_lock_entry entry = { .name = bu_node_key(node), .node = node };
    size_t index;
    BU_TRY(bu_node_need(l->tree, node, BU_NODE_TABLE, err));
    BU_TRY(take_type(l, node, &is_project, err));
    entry.origin = is_project ? BULLA_ORIGIN_LOCAL : BULLA_ORIGIN_REGISTRY;
    if (!is_project) {
        BU_TRY(bu_node_field(l->tree, node, "resolved", BU_NODE_STRING, &resolved, err));
        entry.version = bu_node_text(resolved);
        BU_TRY(take_hash(l, node, &entry.digests, err));
    }
    if (!is_project && entry.version.len == 0)
        return bu_node_fail(l->tree, resolved, err, BULLA_E_UNPINNED, "no version is resolved");
    BU_TRY(bu_lock_add(l, &entry, &index, err));
    bulla_bytes name = lower(l, entry.name);
    if (name.ptr == NULL)
        return bu_no_memory(err);
    BU_TRY(bu_lock_name(l, framework, name, index, err));
    return take_needs(l, node, framework, index, absence, err);
}

static bulla_status read_document(bu_lock *l, const bu_node *root, bulla_error *err)
{
    const bu_node *version, *frameworks;
    size_t number = 0;
    BU_TRY(bu_node_need(l->tree, root, BU_NODE_TABLE, err));
    BU_TRY(bu_node_field(l->tree, root, "version", BU_NODE_INTEGER, &version, err));
    if (bu_node_integer(version) < 1 || bu_node_integer(version) > 2)
        return bu_node_fail(l->tree, version, err, BULLA_E_UNSUPPORTED_VERSION,
                            "only versions 1 and 2 of packages.lock.json are known");
    BU_TRY(bu_node_field(l->tree, root, "dependencies", BU_NODE_TABLE, &frameworks, err));
    BU_EACH_CHILD(framework, frameworks) {
        BU_TRY(bu_node_need(l->tree, framework, BU_NODE_TABLE, err));
        BU_EACH_CHILD(package, framework)
            BU_TRY(take_package(l, package, number, absence_in(framework), err));
        number++;
    }
    return bu_lock_connect(l, err);
}

static bulla_status parse(bulla_bytes text, const char *name, const bu_ecosystem_options *options,
                          bu_graph *graph, bulla_error *err)
{
    static const bu_lock_format format = { "nuget", bu_json_load, read_document };
    return bu_lock_read(&format, text, name, options, graph, err);
}

static const char *const filenames[] = { "packages.lock.json", NULL };

const bu_ecosystem bu_eco_nuget = {
    .id = "nuget",
    .filenames = filenames,
    .places = filenames,
    .title = "NuGet lockfile (packages.lock.json 1, 2)",
    .parse = parse,
};
