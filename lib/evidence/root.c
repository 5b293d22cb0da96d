/* SPDX-License-Identifier: MIT */
/*
 * Roots of systems (hier(7), os-release(5)).
 */
#include "evidence/root.h"

#include "ecosystem/os_release.h"
#include "io/file.h"

const char *const bu_root_unread[] = {
    "usr/lib/sysimage/rpm/Packages",
    "usr/lib/sysimage/rpm/Packages.db",
    "usr/lib/sysimage/rpm/rpmdb.sqlite",
    "var/lib/rpm/Packages",
    "var/lib/rpm/Packages.db",
    "var/lib/rpm/rpmdb.sqlite",
    NULL,
};

bulla_status bu_root_refuse(const char *path, bulla_error *err)
{
    bulla_status status = bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE,
                                  "a database of rpm: the packages that it lists are not read");
    return bu_next(err, bu_in_file(err, status, path),
                   "list the packages with rpm itself, and verify their .rpm files");
}

static size_t count_of(const char *const *list)
{
    size_t count = 0;
    while (list[count] != NULL)
        count++;
    return count;
}

bulla_status bu_root_places(bu_arena *arena, const char *const **out, bulla_error *err)
{
    size_t count = count_of(bu_root_unread);
    for (const bu_ecosystem *const *e = bu_ecosystems; *e != NULL; e++)
        count += (*e)->system ? count_of((*e)->places) : 0;
    const char **places = bu_arena_get_array(arena, count + 1, sizeof *places);
    if (places == NULL)
        return bu_no_memory(err);
    *out = places;
    for (const char *const *place = bu_root_unread; *place != NULL; place++)
        *places++ = *place;
    for (const bu_ecosystem *const *e = bu_ecosystems; *e != NULL; e++)
        for (const char *const *place = (*e)->places; (*e)->system && *place != NULL; place++)
            *places++ = *place;
    return BU_OK;
}

static bulla_status look(const char *folder, const char *name, bu_arena *arena, bu_presence *out,
                         bulla_error *err)
{
    bool bare = folder[0] == '\0' || bu_bytes_ends(bu_bytes_of(folder), "/");
    const char *path = bu_arena_format(arena, "%s%s%s", folder, bare ? "" : "/", name);
    if (path == NULL)
        return bu_no_memory(err);
    *out = bu_folder_look(NULL, path, NULL);
    return BU_OK;
}

bulla_status bu_root_is(const char *folder, bu_arena *arena, bool *out, bulla_error *err)
{
    bu_presence presence;
    *out = false;
    BU_TRY(look(folder, "usr", arena, &presence, err));
    if (presence != BU_PRESENCE_FOLDER)
        return BU_OK;
    for (const char *const *place = bu_os_release_places; *place != NULL && !*out; place++) {
        BU_TRY(look(folder, *place, arena, &presence, err));
        *out = presence != BU_PRESENCE_NONE;
    }
    return BU_OK;
}

bool bu_root_owns(const char *path)
{
    static const char *const folders[] = {
        "bin",       "boot",        "dev",     "etc",       "lib",         "lib32",
        "lib64",     "libx32",      "media",   "mnt",       "proc",        "run",
        "sbin",      "snap",        "sys",     "tmp",       "lost+found",  "usr/bin",
        "usr/games", "usr/include", "usr/lib", "usr/lib32", "usr/lib64",   "usr/libexec",
        "usr/sbin",  "usr/share",   "var/lib", "var/cache", "var/backups", "var/log",
        "var/mail",  "var/spool",   "var/tmp",
    };
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++)
        if (strcmp(path, folders[i]) == 0)
            return true;
    return false;
}
