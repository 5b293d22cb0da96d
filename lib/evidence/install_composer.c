/* SPDX-License-Identifier: MIT */
/*
 * Composer's vendor folder: VENDOR/NAME for each package, and what Composer
 * makes itself: the autoloader, its list of what is installed, programs.
 */
#include "evidence/install.h"

static bool is(const bu_install *tree, const bu_names *names)
{
    (void)tree;
    bool has_loader = false, has_list = false;
    for (size_t i = 0; i < names->count; i++) {
        has_loader = has_loader || strcmp(names->items[i], "autoload.php") == 0;
        has_list = has_list || strcmp(names->items[i], "composer") == 0;
    }
    return has_loader && has_list;
}

static bulla_status find(bu_install *tree, bulla_error *err)
{
    const bu_graph *graph = tree->graph;
    for (size_t i = 0; i < graph->count; i++) {
        const bulla_component *c = &graph->components[i];
        if (strcmp(c->type, "composer") != 0 || i == graph->root)
            continue;
        const char *path = bu_install_path(tree, c->name);
        bu_installed installed = { .component = i, .place = c->name };
        if (path == NULL)
            return bu_no_memory(err);
        if (bu_folder_look(NULL, path, NULL) == BU_PRESENCE_FOLDER)
            BU_TRY(bu_install_add(tree, &installed, err));
    }
    return BU_OK;
}

/* Folders, and the files right in them. */
static bool is_own(const bu_install *tree, const bu_found *found)
{
    (void)tree;
    const char *slash = strchr(found->path, '/');
    bulla_bytes top = bu_bytes_first(bu_bytes_of(found->path),
                                     slash == NULL ? SIZE_MAX : (size_t)(slash - found->path));
    bool is_folder = bu_bytes_is(top, "composer") || bu_bytes_is(top, "bin");
    if (slash == NULL)
        return found->presence == BU_PRESENCE_FOLDER
                   ? is_folder
                   : found->presence == BU_PRESENCE_FILE && bu_bytes_is(top, "autoload.php");
    return is_folder && strchr(slash + 1, '/') == NULL && found->presence == BU_PRESENCE_FILE;
}

const bu_install_kind bu_install_composer = {
    .title = "Composer's vendor folder",
    .type = "composer",
    .is = is,
    .find = find,
    .is_own = is_own,
};
