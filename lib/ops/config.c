/* SPDX-License-Identifier: MIT */
/*
 * bulla.toml as a struct.
 */
#include "bulla/config.h"

#include "base/arena.h"
#include "base/limits.h"
#include "io/file.h"
#include "syntax/tree.h"

struct bulla_config {
    bu_arena *arena;
    const char *folder; /* of the file, ready to have a name put behind it */
    const char *const *exclude, *const *archives;
    const char *policy;
};

void bulla_config_free(bulla_config *config)
{
    if (config == NULL)
        return;
    bu_arena_free(config->arena);
    free(config);
}
BU_DEFINE_AUTO(bulla_config)

const char *const *bulla_config_exclude(const bulla_config *config)
{
    return config->exclude;
}

const char *const *bulla_config_archives(const bulla_config *config)
{
    return config->archives;
}

const char *bulla_config_policy(const bulla_config *config)
{
    return config->policy;
}

/* A path of the project, as it is opened. */
static bulla_status keep_path(bulla_config *config, const bu_tree *tree, const bu_node *node,
                              const char **out, bulla_error *err)
{
    bulla_bytes path = bu_node_text(node), rest = path;
    for (;;) {
        size_t end = bu_bytes_find(rest, '/');
        if (bu_bytes_is(bu_bytes_first(rest, end), "..") || path.len == 0 || path.ptr[0] == '/')
            return bu_node_fail(tree, node, err, BULLA_E_PATH_TRAVERSAL,
                                "is not a path below the folder of bulla.toml");
        if (end >= rest.len)
            break;
        rest = bu_bytes_from(rest, end + 1);
    }
    *out = bu_arena_format(config->arena, "%s%.*s", config->folder, (int)path.len,
                           (const char *)path.ptr);
    return *out == NULL ? bu_no_memory(err) : BU_OK;
}

static bulla_status keep_pattern(bulla_config *config, const bu_tree *tree, const bu_node *node,
                                 const char **out, bulla_error *err)
{
    if (bu_node_text(node).len == 0)
        return bu_node_fail(tree, node, err, BULLA_E_EMPTY, "a pattern of nothing");
    *out = bu_arena_text(config->arena, bu_node_text(node));
    return *out == NULL ? bu_no_memory(err) : BU_OK;
}

static bulla_status keep_list(bulla_config *config, const bu_tree *tree, const char *key,
                              bulla_status (*keep)(bulla_config *, const bu_tree *, const bu_node *,
                                                   const char **, bulla_error *),
                              const char *const **out, bulla_error *err)
{
    const bu_node *list;
    BU_TRY(bu_node_optional(tree, bu_tree_root(tree), key, BU_NODE_ARRAY, &list, err));
    const char **items = bu_arena_get_array(config->arena, bu_node_count(list) + 1, sizeof *items);
    size_t count = 0;
    if (items == NULL)
        return bu_no_memory(err);
    BU_EACH_CHILD(item, list) {
        BU_TRY(bu_node_need(tree, item, BU_NODE_STRING, err));
        BU_TRY(keep(config, tree, item, &items[count++], err));
    }
    *out = items;
    return BU_OK;
}

static bulla_status fill(bulla_config *config, const bu_tree *tree, bulla_error *err)
{
    static const char *const keys[] = { "exclude", "archives", "policy", NULL };
    const bu_node *policy;
    BU_TRY(bu_node_only(tree, bu_tree_root(tree), keys, err));
    BU_TRY(keep_list(config, tree, "exclude", keep_pattern, &config->exclude, err));
    BU_TRY(keep_list(config, tree, "archives", keep_path, &config->archives, err));
    BU_TRY(bu_node_optional(tree, bu_tree_root(tree), "policy", BU_NODE_STRING, &policy, err));
    return policy == NULL ? BU_OK : keep_path(config, tree, policy, &config->policy, err);
}

static bulla_status load(bulla_config *config, const char *path, bulla_error *err)
{
    BU_CLEAR(bu_buf) text = { 0 };
    BU_AUTO(bu_tree) tree = NULL;
    config->folder = bu_arena_text(
        config->arena, bu_bytes_first(bu_bytes_of(path), bu_path_folder(bu_bytes_of(path))));
    if (config->folder == NULL)
        return bu_no_memory(err);
    BU_TRY(bu_file_slurp(NULL, path, BU_LIMIT_METADATA_BYTES, &text, err));
    BU_TRY(bu_toml_load(bu_buf_bytes(&text), path, &tree, err));
    return fill(config, tree, err);
}

bulla_status bulla_config_load(const char *path, bulla_config **out, bulla_error *err)
{
    BU_AUTO(bulla_config) config = calloc(1, sizeof *config);
    if (config == NULL || (config->arena = bu_arena_new()) == NULL)
        return bu_no_memory(err);
    BU_TRY(bu_as(err, bu_in_file(err, load(config, path, err), path), BULLA_EXIT_CONFIG));
    *out = BU_STEAL(config);
    return BU_OK;
}
