/* SPDX-License-Identifier: MIT */
/*
 * Cargo's vendor folder: a folder NAME or NAME-VERSION for each crate, with
 * .cargo-checksum.json, by which Cargo checks the rest: so it must be true.
 */
#include "base/encode.h"
#include "base/limits.h"
#include "evidence/install.h"
#include "syntax/tree.h"

#define CHECKSUMS ".cargo-checksum.json"

static bool has_checksums(const bu_install *tree, const char *name)
{
    BU_CLEAR(bu_buf) path = { 0 };
    bu_buf_add_format(&path, "%s/%s/" CHECKSUMS, tree->path, name);
    return !path.broken && bu_folder_look(NULL, (const char *)path.ptr, NULL) != BU_PRESENCE_NONE;
}

static bool is(const bu_install *tree, const bu_names *names)
{
    for (size_t i = 0; i < names->count; i++)
        if (has_checksums(tree, names->items[i]))
            return true;
    return false;
}

/* The package of a Cargo.toml. */
static bulla_status read_identity(bu_install *tree, const char *folder, const char **name,
                                  const char **version, bulla_error *err)
{
    BU_CLEAR(bu_buf) text = { 0 };
    BU_AUTO(bu_tree) toml = NULL;
    const bu_node *package, *name_node, *version_node;
    const char *path = bu_arena_format(tree->arena, "%s/%s/Cargo.toml", tree->path, folder);
    if (path == NULL)
        return bu_no_memory(err);
    BU_TRY(bu_file_slurp(NULL, path, BU_LIMIT_METADATA_BYTES, &text, err));
    BU_TRY(bu_toml_load(bu_buf_bytes(&text), path, &toml, err));
    const bu_node *root = bu_tree_root(toml);
    const char *table = bu_node_get(root, "package") == NULL ? "project" : "package";
    BU_TRY(bu_node_field(toml, root, table, BU_NODE_TABLE, &package, err));
    BU_TRY(bu_node_field(toml, package, "name", BU_NODE_STRING, &name_node, err));
    BU_TRY(bu_node_field(toml, package, "version", BU_NODE_STRING, &version_node, err));
    *name = bu_arena_text(tree->arena, bu_node_text(name_node));
    *version = bu_arena_text(tree->arena, bu_node_text(version_node));
    return *name == NULL || *version == NULL ? bu_no_memory(err) : BU_OK;
}

static bulla_status add_crate(bu_install *tree, const char *folder, bulla_error *err)
{
    const char *name = NULL, *version = NULL;
    bulla_error why = { 0 };
    bu_installed installed = { .place = folder, .stated = CHECKSUMS };
    bulla_status status = read_identity(tree, folder, &name, &version, &why);
    if (!bulla_ok(status))
        return bu_install_refuse(tree, folder, status, &why, err);
    BU_TRY(bu_install_component(tree, name, version, &installed.component, err));
    const char *release = bu_arena_format(tree->arena, "%s-%s", name, version);
    if (release == NULL)
        return bu_no_memory(err);
    bool is_named = strcmp(folder, name) == 0 || strcmp(folder, release) == 0;
    return is_named && installed.component != BULLA_NO_COMPONENT
               ? bu_install_add(tree, &installed, err)
               : bu_install_unknown(tree, folder, release, err);
}

static bulla_status visit(void *context, const bu_found *found, bool *enter, bulla_error *err)
{
    (void)enter;
    return found->presence == BU_PRESENCE_FOLDER ? add_crate(context, found->path, err) : BU_OK;
}

static bulla_status find(bu_install *tree, bulla_error *err)
{
    return bu_folder_walk(tree->path, visit, tree, err);
}

static bool is_own(const bu_install *tree, const bu_found *found)
{
    (void)tree;
    (void)found;
    return false;
}

/* `cargo vendor` copies no files of git, and leaves out some that it makes itself. */
static bool is_copied(const char *path)
{
    return path[0] != '.' && strstr(path, "/.") == NULL && strcmp(path, "Cargo.lock") != 0 &&
           strcmp(path, "Cargo.toml.orig") != 0;
}

static bu_fate judge(const bu_installed *installed, const bu_file_pair *pair, bu_fate fate)
{
    (void)installed;
    if (fate == BU_FATE_MISSING && !is_copied(pair->a->path))
        return BU_FATE_LEFT_OUT;
    bool is_list = fate == BU_FATE_ADDED && strcmp(pair->b->path, CHECKSUMS) == 0;
    return is_list ? BU_FATE_GENERATED : fate; /* what it says is judged by check() */
}

static bool is_digest(const bu_node *node, const uint8_t sha256[32])
{
    bulla_digest digest;
    return bulla_ok(bu_digest_from_hex(BULLA_ALG_SHA256, bu_node_text(node), &digest, NULL)) &&
           memcmp(digest.bytes, sha256, 32) == 0;
}

/* Every file that it lists is one of the archive. */
static bool files_agree(const bu_node *listed, const bu_files *files, bu_arena *arena)
{
    if (bu_node_kind_of(listed) != BU_NODE_TABLE)
        return false;
    BU_EACH_CHILD(row, listed) {
        const char *path = bu_arena_text(arena, bu_node_key(row));
        const bu_file_entry *file = path == NULL ? NULL : bu_files_find(files, path);
        if (file == NULL || !is_digest(row, file->sha256))
            return false;
    }
    return true;
}

static bulla_status check(const bu_installed *installed, const bulla_digest *archive,
                          const bu_files *files, bool *same, bulla_error *err)
{
    BU_CLEAR(bu_buf) text = { 0 };
    BU_CLEAR(bu_buf) path = { 0 };
    BU_AUTO(bu_tree) json = NULL;
    bu_buf_add_format(&path, "%s/%s/" CHECKSUMS, installed->tree->path, installed->place);
    if (path.broken)
        return bu_no_memory(err);
    BU_TRY(bu_file_slurp(NULL, (const char *)path.ptr, BU_LIMIT_METADATA_BYTES, &text, err));
    BU_TRY(bu_json_load(bu_buf_bytes(&text), (const char *)path.ptr, &json, err));
    const bu_node *package = bu_node_get(bu_tree_root(json), "package");
    bool is_of_git = package == NULL || bu_node_kind_of(package) == BU_NODE_NULL;
    bool is_archive = is_of_git || (archive != NULL && is_digest(package, archive->bytes));
    *same =
        is_archive && files_agree(bu_node_get(bu_tree_root(json), "files"), files, files->arena);
    return BU_OK;
}

const bu_install_kind bu_install_cargo = {
    .title = "Cargo's vendor folder",
    .type = "cargo",
    .is = is,
    .find = find,
    .is_own = is_own,
    .judge = judge,
    .check = check,
};
