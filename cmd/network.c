/* SPDX-License-Identifier: MIT */
/*
 * Fetching through bulla-fetch. What it brings is not trusted for that: the
 * library checks it like any other file.
 */
#include "network.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "base/bytes.h"
#include "program.h"

#define FETCH         "bulla-fetch"
#define SECONDS       300 /* of one file */
#define GRACE_SECONDS 5

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

static bulla_status get(void *context, const char *url, uint64_t max, bulla_buffer *out,
                        bulla_error *err)
{
    const bu_network *self = context;
    BU_CLEAR(bu_buf) answer = { 0 };
    char most[24], seconds[24];
    uint64_t bytes = max == 0 ? 1 : max; /* the library sees that an empty file is empty */
    (void)snprintf(most, sizeof most, "%" PRIu64, bytes);
    (void)snprintf(seconds, sizeof seconds, "%d", SECONDS);
    const char *words[12] = { self->tool, "--max", most, "--seconds", seconds, "--quiet-missing" };
    size_t count = 6;
    if (self->allow_loopback_http)
        words[count++] = "--allow-loopback-http";
    if (self->cli->environment.proxy != NULL)
        words[count++] = "--proxy-from-environment";
    words[count++] = "--";
    words[count++] = url;
    words[count++] = "-";
    const bu_program program = { words, { 0 }, bytes, SECONDS + GRACE_SECONDS };
    int ended;
    BU_TRY(bu_program_ask(&program, &answer, &ended, err));
    if (ended == BULLA_EXIT_UNPROVEN)
        return bu_fail(err, BULLA_E_MISSING_FILE, "the server has no such file");
    if (ended == BULLA_EXIT_MALFORMED)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "the file has more than %" PRIu64 " bytes",
                       bytes);
    if (ended != 0)
        return bu_as(err, bu_fail(err, BULLA_E_UNREADABLE, FETCH " ended with status %d", ended),
                     BULLA_EXIT_IO);
    return bu_buf_take(&answer, out, err);
}

bulla_status bu_network_begin(bu_cli *cli, bool allow_loopback_http, bu_network *out,
                              bulla_error *err)
{
    *out = (bu_network){ .cli = cli, .allow_loopback_http = allow_loopback_http };
    out->fetcher = (bulla_fetcher){ get, out };
    return bu_fetch_find(cli, &out->tool, err);
}
