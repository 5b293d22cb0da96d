/* SPDX-License-Identifier: MIT */
/*
 * What a built .NET program loads: APP.deps.json, whose `libraries` name the
 * NuGet packages with the SHA-512 of their content, and whose `targets` say
 * who needs whom. Spec: dotnet/sdk, "runtime-configuration-file". Projects and
 * reference assemblies of the build are no packages.
 */
#include "ecosystem/lock.h"

static bulla_status take_hash(const bu_lock *l, const bu_node *node, bulla_digest_set *out,
                              bulla_error *err)
{
    const bu_node *hash;
    bulla_error why = { 0 };
    BU_TRY(bu_node_optional(l->tree, node, "sha512", BU_NODE_STRING, &hash, err));
    if (bu_node_text(hash).len == 0)
        return BU_OK;
    bulla_status status = bu_digest_parse_sri(bu_node_text(hash), out, &why);
    return bulla_ok(status) ? BU_OK
                            : bu_node_fail(l->tree, hash, err, status.code, "sha512: %s", why.text);
}

/* "Name/1.0.0" */
static bulla_status split(const bu_lock *l, const bu_node *node, bu_lock_entry *out,
                          bulla_error *err)
{
    bulla_bytes key = bu_node_key(node);
    size_t slash = bu_bytes_find(key, '/');
    out->node = node;
    out->name = bu_bytes_first(key, slash);
    out->version = bu_bytes_from(key, slash + 1);
    if (out->name.len > 0 && out->version.len > 0)
        return BU_OK;
    return bu_node_fail(l->tree, node, err, BULLA_E_BAD_NAME, "a library is called NAME/VERSION");
}

/* What each type of library is; what is not here is not known. */
static bulla_status take_type(const bu_lock *l, const bu_node *node, bulla_origin *out,
                              bool *listed, bulla_error *err)
{
    static const struct {
        const char *type;
        bulla_origin origin;
        bool listed;
    } types[] = {
        { "package", BULLA_ORIGIN_REGISTRY, true },
        { "runtimepack", BULLA_ORIGIN_REGISTRY, true },
        { "project", BULLA_ORIGIN_LOCAL, true },
        { "reference", BULLA_ORIGIN_UNKNOWN, false },
        { "referenceassembly", BULLA_ORIGIN_UNKNOWN, false },
        { "msbuildproject", BULLA_ORIGIN_LOCAL, true },
    };
    const bu_node *type;
    BU_TRY(bu_node_field(l->tree, node, "type", BU_NODE_STRING, &type, err));
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (bu_bytes_is(bu_node_text(type), types[i].type)) {
            *out = types[i].origin;
            *listed = types[i].listed;
            return BU_OK;
        }
    return bu_node_fail(l->tree, type, err, BULLA_E_UNSUPPORTED_FEATURE, "not a type of library");
}

static bulla_status take_library(bu_lock *l, const bu_node *node, bulla_error *err)
{
    bu_lock_entry entry = { 0 };
    bool listed = false;
    size_t index;
    BU_TRY(bu_node_need(l->tree, node, BU_NODE_TABLE, err));
    BU_TRY(take_type(l, node, &entry.origin, &listed, err));
    if (!listed)
        return BU_OK;
    BU_TRY(split(l, node, &entry, err));
    BU_TRY(take_hash(l, node, &entry.digests, err));
    BU_TRY(bu_lock_add(l, &entry, &index, err));
    return bu_lock_name(l, 0, bu_node_key(node), index, err);
}

/* "A": "1.0" in the dependencies of a library means the library "A/1.0". */
static bulla_status take_needs(bu_lock *l, const bu_node *library, bulla_error *err)
{
    const bu_node *needs;
    size_t from = bu_lock_find(l, 0, bu_node_key(library));
    BU_TRY(bu_node_optional(l->tree, library, "dependencies", BU_NODE_TABLE, &needs, err));
    if (from == BULLA_NO_COMPONENT)
        return BU_OK;
    BU_EACH_CHILD(need, needs) {
        const bu_lock_entry at = { .node = need };
        bulla_bytes name = bu_node_key(need), version = bu_node_text(need);
        const char *key =
            bu_arena_format(l->graph->arena, "%.*s/%.*s", (int)name.len, (const char *)name.ptr,
                            (int)version.len, (const char *)version.ptr);
        if (key == NULL)
            return bu_no_memory(err);
        BU_TRY(bu_lock_need(l, from, 0, bu_bytes_of(key), BU_ABSENCE_TOLERATED, &at, err));
    }
    return BU_OK;
}

static bulla_status read_document(bu_lock *l, const bu_node *root, bulla_error *err)
{
    const bu_node *libraries, *targets;
    BU_TRY(bu_node_need(l->tree, root, BU_NODE_TABLE, err));
    BU_TRY(bu_node_field(l->tree, root, "libraries", BU_NODE_TABLE, &libraries, err));
    BU_TRY(bu_node_optional(l->tree, root, "targets", BU_NODE_TABLE, &targets, err));
    BU_EACH_CHILD(library, libraries)
        BU_TRY(take_library(l, library, err));
    BU_EACH_CHILD(target, targets) {
        BU_TRY(bu_node_need(l->tree, target, BU_NODE_TABLE, err));
        BU_EACH_CHILD(library, target)
            BU_TRY(take_needs(l, library, err));
    }
    return bu_lock_connect(l, err);
}

static bulla_status parse(bulla_bytes text, const char *name, const bu_ecosystem_options *options,
                          bu_graph *graph, bulla_error *err)
{
    static const bu_lock_format format = { "nuget", bu_json_load, read_document };
    return bu_lock_read(&format, text, name, options, graph, err);
}

static const char *const filenames[] = { "*.deps.json", NULL };

const bu_ecosystem bu_eco_dotnet = {
    .id = "dotnet",
    .filenames = filenames,
    .places = filenames,
    .each_place = true,
    .title = "libraries of a built .NET program (APP.deps.json)",
    .parse = parse,
};
