/* SPDX-License-Identifier: MIT */
/*
 * Fetching through bulla-fetch. What it brings is not trusted for that: the
 * library checks it like any other file.
 */
#include "network.h"

#include <limits.h>
#include <unistd.h>

#include "base/bytes.h"

#define FETCH "bulla-fetch"

bulla_status bu_fetch_find(bu_cli *cli, const char **out, bulla_error *err)
{
    char here[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", here, sizeof here);
    if (len <= 0 || len == sizeof here)
        return bu_fail(err, BULLA_E_UNREADABLE, "where this program lies cannot be found out");
    size_t folder = bu_path_folder((bulla_bytes){ (const uint8_t *)here, (size_t)len });
    *out = bu_arena_format(cli->arena, "%.*s" FETCH, (int)folder, here);
    return *out == NULL ? bu_no_memory(err) : BU_OK;
}
