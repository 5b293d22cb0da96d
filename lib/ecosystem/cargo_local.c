/* SPDX-License-Identifier: MIT */
/*
 * Going from one Cargo.toml to the next, each once. Spec: Cargo Book, "The
 * Manifest Format", "Workspaces", "Specifying path dependencies".
 */
#include "ecosystem/cargo_local.h"

#include "base/vec.h"

#define MANIFESTS_MAX 4096u

typedef struct search {
    const bu_lock *lock;
    const bulla_bytes *wanted;
    size_t wanted_count;
    bu_intern *out;
    bu_intern folders; /* of manifests, in the order found: those that come are read, too */
} search;

static void search_clear(search *s)
{
    bu_intern_clear(&s->folders);
}
BU_DEFINE_CLEAR(search)

/* A folder below another one, as a path with a slash behind it. */
static bulla_status push(search *s, bulla_bytes folder, bulla_bytes below, bulla_error *err)
{
    size_t number;
    const char *path =
        bu_arena_format(s->lock->graph->arena, "%.*s%.*s%s", (int)folder.len,
                        (const char *)folder.ptr, (int)below.len, (const char *)below.ptr,
                        below.len == 0 || bu_bytes_ends(below, "/") ? "" : "/");
    if (path == NULL)
        return bu_no_memory(err);
    if (s->folders.count >= MANIFESTS_MAX)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "more than %u manifests", MANIFESTS_MAX);
    return bu_intern_add(&s->folders, 0, bu_bytes_of(path), &number, err);
}

/* "crates" and a star: a member of each name that the lockfile has no source for. */
static bulla_status push_member(search *s, bulla_bytes folder, bulla_bytes member, bulla_error *err)
{
    size_t star = bu_bytes_find(member, '*');
    if (star == member.len)
        return push(s, folder, member, err);
    for (size_t i = 0; i < s->wanted_count; i++) {
        const char *path =
            bu_arena_format(s->lock->graph->arena, "%.*s%.*s", (int)star, (const char *)member.ptr,
                            (int)s->wanted[i].len, (const char *)s->wanted[i].ptr);
        if (path == NULL)
            return bu_no_memory(err);
        BU_TRY(push(s, folder, bu_bytes_of(path), err));
    }
    return BU_OK;
}

static bulla_status push_paths(search *s, bulla_bytes folder, const bu_node *dependencies,
                               bulla_error *err)
{
    BU_EACH_CHILD(dependency, dependencies) {
        bulla_bytes path = bu_node_text(bu_node_get(dependency, "path"));
        if (path.len > 0)
            BU_TRY(push(s, folder, path, err));
    }
    return BU_OK;
}

static bulla_status push_tables(search *s, bulla_bytes folder, const bu_node *table,
                                bulla_error *err)
{
    static const char *const tables[] = { "dependencies", "dev-dependencies",
                                          "build-dependencies" };
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
        BU_TRY(push_paths(s, folder, bu_node_get(table, tables[i]), err));
    return BU_OK;
}

static bulla_status read_manifest(search *s, bulla_bytes folder, const bu_node *manifest,
                                  bulla_error *err)
{
    const bu_node *workspace = bu_node_get(manifest, "workspace");
    bulla_bytes name = bu_node_text(bu_node_get(bu_node_get(manifest, "package"), "name"));
    size_t number;
    if (name.len > 0) {
        bulla_bytes own = bu_arena_copy(s->lock->graph->arena, name);
        if (own.ptr == NULL)
            return bu_no_memory(err);
        BU_TRY(bu_intern_add(s->out, 0, own, &number, err));
    }
    BU_TRY(push_tables(s, folder, manifest, err));
    BU_TRY(push_tables(s, folder, workspace, err));
    BU_EACH_CHILD(target, bu_node_get(manifest, "target"))
        BU_TRY(push_tables(s, folder, target, err));
    BU_EACH_CHILD(patch, bu_node_get(manifest, "patch"))
        BU_TRY(push_paths(s, folder, patch, err));
    BU_TRY(push_paths(s, folder, bu_node_get(manifest, "replace"), err));
    BU_EACH_CHILD(member, bu_node_get(workspace, "members"))
        BU_TRY(push_member(s, folder, bu_node_text(member), err));
    return BU_OK;
}

/* What is not there, or not in the project, is no folder of it. */
static bulla_status visit(search *s, bulla_bytes folder, bulla_error *err)
{
    const bu_ecosystem_options *options = s->lock->options;
    BU_CLEAR(bu_buf) text = { 0 };
    BU_AUTO(bu_tree) tree = NULL;
    bulla_error why = { 0 };
    const char *path = bu_arena_format(s->lock->graph->arena, "%.*sCargo.toml", (int)folder.len,
                                       (const char *)folder.ptr);
    if (path == NULL)
        return bu_no_memory(err);
    bulla_status status = options->read(options->read_context, path, &text, &why);
    if (status.code == BULLA_E_NO_MEMORY)
        return bu_no_memory(err);
    if (!bulla_ok(status))
        return BU_OK;
    BU_TRY(bu_in_file(err, bu_toml_load(bu_buf_bytes(&text), path, &tree, err), path));
    return read_manifest(s, folder, bu_tree_root(tree), err);
}

bulla_status bu_cargo_locals(const bu_lock *lock, const bulla_bytes *wanted, size_t count,
                             bu_intern *out, bulla_error *err)
{
    BU_CLEAR(search) s = { .lock = lock, .wanted = wanted, .wanted_count = count, .out = out };
    if (lock->options->read == NULL)
        return BU_OK;
    BU_TRY(push(&s, (bulla_bytes){ 0 }, (bulla_bytes){ 0 }, err));
    for (size_t i = 0; i < s.folders.count; i++)
        BU_TRY(visit(&s, s.folders.items[i].key, err));
    return BU_OK;
}
