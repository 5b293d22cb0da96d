/* SPDX-License-Identifier: MIT */
/*
 * Swift Package Manager's lockfile: Package.resolved versions 1 to 3. Spec:
 * what SwiftPM itself reads (PinsStore). A pin is a commit, with the version
 * that was asked for if there was one; a registry's pin is a version alone.
 * Refuses other versions and pins without a full commit.
 */
#include "ecosystem/origin.h"

/* One pin, whatever the version of the file calls its fields. */
typedef struct pin {
    const bu_node *node;
    bulla_bytes identity, kind, location, version, revision;
} pin;

/* A string, or null. */
static bulla_status text_of(const bu_lock *lock, const bu_node *table, const char *key,
                            bulla_bytes *out, bulla_error *err)
{
    *out = (bulla_bytes){ 0 };
    if (bu_node_kind_of(bu_node_get(table, key)) == BU_NODE_NULL)
        return BU_OK;
    return bu_node_maybe_text(lock->tree, table, key, out, err);
}

static bulla_bytes without_end(bulla_bytes text, const char *end)
{
    return bu_bytes_ends(text, end) ? bu_bytes_first(text, text.len - strlen(end)) : text;
}

/* "https://host/owner/repo.git" and "git@host:owner/repo" → "host/owner/repo"; NULL: no memory. */
static const char *repository_of(const bu_lock *lock, bulla_bytes location)
{
    size_t colon = bu_bytes_find(location, ':');
    bool has_scheme = bu_bytes_starts(bu_bytes_from(location, colon), "://");
    bulla_bytes rest = has_scheme ? bu_bytes_from(location, colon + 3) : location;
    bulla_bytes host = bu_bytes_first(rest, bu_bytes_find(rest, '/'));
    size_t at = bu_bytes_find(host, '@');
    if (at < host.len)
        rest = bu_bytes_from(rest, at + 1);
    rest = without_end(without_end(rest, "/"), ".git");
    size_t end = bu_bytes_find(rest, has_scheme ? '/' : ':');
    bulla_bytes path = bu_bytes_from(rest, end + 1);
    return bu_arena_format(lock->graph->arena, "%.*s/%.*s", (int)end, (const char *)rest.ptr,
                           (int)path.len, (const char *)path.ptr);
}

/* A repository on this machine is named by its path. */
static bool is_path(bulla_bytes location)
{
    return bu_bytes_starts(location, "/") || bu_bytes_starts(location, ".") ||
           bu_bytes_starts(location, "~") || bu_bytes_starts(location, "file:") ||
           bu_bytes_find(location, ':') == location.len;
}

static bulla_status add_source(bu_lock *lock, const pin *p, bu_lock_entry *entry, size_t *out,
                               bulla_error *err)
{
    if (!bu_is_commit(p->revision))
        return bu_node_fail(lock->tree, p->node, err, BULLA_E_UNPINNED,
                            "a pin without its full commit");
    entry->origin = BULLA_ORIGIN_GIT;
    entry->resolved = p->location;
    entry->version = p->version.len > 0 ? p->version : p->revision;
    if (bu_bytes_is(p->kind, "localSourceControl") || is_path(p->location)) {
        entry->type = "generic";
        entry->origin = BULLA_ORIGIN_OUTSIDE;
        return bu_lock_add(lock, entry, out, err);
    }
    bu_qualifier vcs = { .key = BULLA_LIT("vcs_url") };
    const char *name = repository_of(lock, p->location);
    if (name == NULL)
        return bu_no_memory(err);
    entry->name = bu_bytes_of(name);
    entry->qualifiers = &vcs;
    entry->qualifier_count = 1;
    BU_TRY(bu_lock_vcs_url(lock, p->location, p->revision, &vcs.value, err));
    return bu_lock_add(lock, entry, out, err);
}

/* "scope.name" → "scope/name" */
static bulla_status add_registry(bu_lock *lock, const pin *p, bu_lock_entry *entry, size_t *out,
                                 bulla_error *err)
{
    size_t dot = bu_bytes_find(p->identity, '.');
    bulla_bytes name = bu_bytes_from(p->identity, dot + 1);
    const char *full =
        bu_arena_format(lock->graph->arena, "%.*s/%.*s", (int)dot, (const char *)p->identity.ptr,
                        (int)name.len, (const char *)name.ptr);
    if (full == NULL)
        return bu_no_memory(err);
    if (p->version.len == 0)
        return bu_node_fail(lock->tree, p->node, err, BULLA_E_UNPINNED,
                            "a registry's pin without its version");
    entry->name = bu_bytes_of(full);
    entry->version = p->version;
    entry->origin = BULLA_ORIGIN_REGISTRY;
    return bu_lock_add(lock, entry, out, err);
}

static bulla_status add_entry(bu_lock *lock, const pin *p, size_t *out, bulla_error *err)
{
    bu_lock_entry entry = { .name = p->identity, .node = p->node };
    if (bu_bytes_is(p->kind, "registry"))
        return add_registry(lock, p, &entry, out, err);
    if (bu_bytes_is(p->kind, "remoteSourceControl") || bu_bytes_is(p->kind, "localSourceControl"))
        return add_source(lock, p, &entry, out, err);
    return bu_node_fail(lock->tree, p->node, err, BULLA_E_UNSUPPORTED_FEATURE,
                        "no kind of pin that is known");
}

static bulla_status add_pin(bu_lock *lock, const pin *p, bulla_error *err)
{
    size_t component;
    if (p->version.len > 0 && !bu_is_semver(p->version))
        return bu_node_fail(lock->tree, p->node, err, BULLA_E_BAD_SYNTAX,
                            "not one exact version: \"%.*s\"", (int)p->version.len,
                            (const char *)p->version.ptr);
    if (bu_lock_find(lock, 0, p->identity) != BULLA_NO_COMPONENT)
        return bu_node_fail(lock->tree, p->node, err, BULLA_E_DUPLICATE_ENTRY,
                            "a package that is pinned twice");
    BU_TRY(add_entry(lock, p, &component, err));
    return bu_lock_name(lock, 0, p->identity, component, err);
}

static bulla_status read_pin(bu_lock *lock, const bu_node *node, bool first_version,
                             bulla_error *err)
{
    pin p = { .node = node, .kind = BULLA_LIT("remoteSourceControl") };
    const bu_node *state;
    BU_TRY(bu_node_need(lock->tree, node, BU_NODE_TABLE, err));
    BU_TRY(bu_node_must_text(lock->tree, node, first_version ? "package" : "identity", &p.identity,
                             err));
    BU_TRY(text_of(lock, node, first_version ? "repositoryURL" : "location", &p.location, err));
    if (!first_version)
        BU_TRY(bu_node_must_text(lock->tree, node, "kind", &p.kind, err));
    BU_TRY(bu_node_field(lock->tree, node, "state", BU_NODE_TABLE, &state, err));
    BU_TRY(text_of(lock, state, "version", &p.version, err));
    BU_TRY(text_of(lock, state, "revision", &p.revision, err));
    return add_pin(lock, &p, err);
}

static bulla_status fill(bu_lock *lock, const bu_node *document, bulla_error *err)
{
    const bu_node *version, *pins, *holder = document;
    BU_TRY(bu_node_need(lock->tree, document, BU_NODE_TABLE, err));
    BU_TRY(bu_node_field(lock->tree, document, "version", BU_NODE_INTEGER, &version, err));
    int64_t number = bu_node_integer(version);
    if (number < 1 || number > 3) {
        bulla_status status = bu_node_fail(lock->tree, version, err, BULLA_E_UNSUPPORTED_VERSION,
                                           "no such version of Package.resolved is known");
        return bu_expected(err, status, BULLA_LIT("1, 2 or 3"), bu_node_text(version));
    }
    if (number == 1)
        BU_TRY(bu_node_field(lock->tree, document, "object", BU_NODE_TABLE, &holder, err));
    BU_TRY(bu_node_field(lock->tree, holder, "pins", BU_NODE_ARRAY, &pins, err));
    BU_EACH_CHILD(node, pins) {
        BU_TRY(read_pin(lock, node, number == 1, err));
    }
    return BU_OK;
}

static bulla_status parse(bulla_bytes text, const char *name, const bu_ecosystem_options *options,
                          bu_graph *graph, bulla_error *err)
{
    static const bu_lock_format format = { "swift", bu_json_load, fill };
    return bu_lock_read(&format, text, name, options, graph, err);
}

static const char *const filenames[] = { "Package.resolved", NULL };

const bu_ecosystem bu_eco_swift = {
    .id = "swift",
    .filenames = filenames,
    .places = filenames,
    .title = "Swift package lockfile (Package.resolved 1-3)",
    .parse = parse,
};
