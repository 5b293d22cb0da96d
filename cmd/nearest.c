/* SPDX-License-Identifier: MIT */
/*
 * Defaults are looked for in the folder of what is verified and in those above
 * it. What a stranger could have put there is refused: a policy in /tmp must
 * not decide about a checkout in /tmp/build.
 */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"
#include "command.h"

#define STEPS_MAX 256 /* folders above each other */

/** The folder to begin at, ready to have a name put behind it: "" or "x/". */
static const char *folder_of(bu_arena *arena, const char *start, const struct stat *st)
{
    if (strcmp(start, ".") == 0)
        return "";
    if (S_ISDIR(st->st_mode))
        return bu_arena_format(arena, "%s/", start);
    const char *slash = strrchr(start, '/');
    size_t len = slash == NULL ? 0 : (size_t)(slash - start) + 1;
    return bu_arena_text(arena, bu_bytes_first(bu_bytes_of(start), len));
}

static bool is_top(const struct stat *folder, const struct stat *above)
{
    return folder->st_dev == above->st_dev && folder->st_ino == above->st_ino;
}

static bulla_status judge(const char *path, uid_t owner, uid_t trusted, bulla_error *err)
{
    if (owner == 0 || owner == geteuid() || owner == trusted)
        return BU_OK;
    bulla_status status = bu_fail(err, BULLA_E_UNSAFE_MODE,
                                  "belongs to another user; name it by an option to use it");
    return bu_in_file(err, status, path);
}

const char *bu_beside(bu_cli *cli, const char *start, const char *name)
{
    struct stat st;
    const char *folder = stat(start, &st) == 0 ? folder_of(cli->arena, start, &st) : "";
    return folder == NULL ? NULL : bu_arena_format(cli->arena, "%s%s", folder, name);
}

bulla_status bu_nearest(bu_cli *cli, const char *start, const char *name, const char **out,
                        bulla_error *err)
{
    struct stat first, here, found, above;
    *out = NULL;
    if (stat(start, &first) != 0)
        return BU_OK; /* who opens it will say what is wrong with it */
    const char *folder = folder_of(cli->arena, start, &first);
    for (size_t i = 0; i < STEPS_MAX && folder != NULL; i++) {
        const char *path = bu_arena_format(cli->arena, "%s%s", folder, name);
        const char *next = bu_arena_format(cli->arena, "%s../", folder);
        if (path == NULL || next == NULL)
            return bu_no_memory(err);
        if (lstat(path, &found) == 0) {
            *out = path;
            return judge(path, found.st_uid, first.st_uid, err);
        }
        if (stat(folder[0] == '\0' ? "." : folder, &here) != 0 || stat(next, &above) != 0 ||
            is_top(&here, &above))
            return BU_OK;
        folder = next;
    }
    return folder == NULL ? bu_no_memory(err) : BU_OK;
}
