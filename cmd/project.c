/* SPDX-License-Identifier: MIT */
/*
 * The project around what is verified: the nearest bulla.toml, and where in
 * its folder the work begins.
 */
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/bytes.h"
#include "command.h"

/* The folder of a file, or the folder itself, without links. */
static bool real_folder(const char *path, char out[PATH_MAX])
{
    struct stat st;
    if (realpath(path, out) == NULL || stat(out, &st) != 0)
        return false;
    char *slash = strrchr(out, '/');
    if (!S_ISDIR(st.st_mode) && slash != NULL)
        *slash = '\0';
    return true;
}

/* "a/b" for a start in /x/a/b and a bulla.toml in /x. */
static const char *base_of(bu_cli *cli, const char *start, const char *config)
{
    char inner[PATH_MAX], outer[PATH_MAX];
    if (!real_folder(start, inner) || !real_folder(config, outer))
        return "";
    size_t len = strcmp(outer, "/") == 0 ? 0 : strlen(outer);
    if (strncmp(inner, outer, len) != 0 || inner[len] != '/')
        return "";
    return bu_arena_text(cli->arena, bu_bytes_of(inner + len + 1));
}

static bulla_status append(bu_cli *cli, const bu_words *words, const char *const *more,
                           const char *const **out, bulla_error *err)
{
    bu_words all = { 0 };
    for (size_t i = 0; i < words->count; i++)
        BU_TRY(bu_words_add(cli, &all, words->items[i], err));
    for (; more != NULL && *more != NULL; more++)
        BU_TRY(bu_words_add(cli, &all, *more, err));
    *out = all.count == 0 ? NULL : all.items;
    return BU_OK;
}

bulla_status bu_project_find(bu_cli *cli, const char *start, const bu_words *exclude,
                             const bu_words *archives, bu_project *out, bulla_error *err)
{
    const char *path;
    *out = (bu_project){ .base = "" };
    BU_TRY(bu_nearest(cli, start, "bulla.toml", &path, err));
    if (path != NULL) {
        BU_TRY(bulla_config_load(path, &out->config, err));
        out->base = base_of(cli, start, path);
        out->policy = bulla_config_policy(out->config);
    }
    if (out->base == NULL)
        return bu_no_memory(err);
    BU_TRY(append(cli, exclude, path == NULL ? NULL : bulla_config_exclude(out->config),
                  &out->exclude, err));
    return append(cli, archives, path == NULL ? NULL : bulla_config_archives(out->config),
                  &out->archives, err);
}

bulla_status bu_policy_find(bu_cli *cli, const char *named, const bu_project *project,
                            const char *start, const char **out, bulla_error *err)
{
    return bu_default(cli, named != NULL ? named : project->policy, start, "bulla.policy.toml", out,
                      err);
}

void bu_project_clear(bu_project *project)
{
    bulla_config_free(project->config);
}
