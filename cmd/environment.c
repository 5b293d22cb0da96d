/* SPDX-License-Identifier: MIT */
/*
 * The environment variables that bulla knows, and the clock. Read once; a
 * variable that is set but empty counts as not set.
 */
#include "environment.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/limits.h"
#include "base/reader.h"

static const char *variable(const char *name)
{
    const char *value = getenv(name);
    return value == NULL || value[0] == '\0' ? NULL : value;
}

/** "BASE/REST" when there is a base, else NULL; fails with no-memory. */
static bulla_status below(bu_arena *arena, const char *base, const char *rest, const char **out,
                          bulla_error *err)
{
    if (base == NULL)
        return BU_OK;
    *out = bu_arena_format(arena, "%s/%s", base, rest);
    return *out == NULL ? bu_no_memory(err) : BU_OK;
}

static size_t columns(void)
{
    bu_reader r = bu_reader_of(bu_bytes_of(variable("COLUMNS")));
    uint64_t count = bu_number(&r, 1000, "columns");
    bool usable = bulla_ok(bu_done(&r, NULL)) && count >= 40;
    return usable ? (size_t)count : 80;
}

bulla_status bu_environment_read(bu_arena *arena, bu_environment *out, bulla_error *err)
{
    const char *home = variable("HOME"), *state = variable("XDG_STATE_HOME");
    const char *term = variable("TERM");
    *out = (bu_environment){
        .caches = { variable("npm_config_cache") },
        .epoch = variable("SOURCE_DATE_EPOCH"),
        .proxy = variable("https_proxy"),
        .no_color = variable("NO_COLOR") != NULL,
        .dumb_terminal = term == NULL || strcmp(term, "dumb") == 0,
        .columns = columns(),
    };
    if (out->proxy == NULL)
        out->proxy = variable("HTTPS_PROXY");
    if (out->caches[0] == NULL)
        BU_TRY(below(arena, home, ".npm", &out->caches[0], err));
    /* XDG Base Directory: "All paths … must be absolute"; a relative one is ignored. */
    if (state != NULL && state[0] == '/')
        return below(arena, state, "bulla/trust", &out->state, err);
    return below(arena, home, ".local/state/bulla/trust", &out->state, err);
}

bulla_status bu_environment_epoch(const bu_environment *environment, int64_t otherwise,
                                  int64_t *out, bulla_error *err)
{
    *out = otherwise;
    if (environment->epoch == NULL)
        return BU_OK;
    bu_reader r = bu_reader_of(bu_bytes_of(environment->epoch));
    *out = (int64_t)bu_number(&r, INT64_MAX, "seconds since 1970");
    if (bulla_ok(bu_done(&r, NULL)))
        return BU_OK;
    return bu_fail(err, BULLA_E_USAGE, "SOURCE_DATE_EPOCH wants seconds since 1970, not %s",
                   environment->epoch);
}

int64_t bu_clock(void)
{
    return (int64_t)time(NULL);
}

size_t bu_processors(void)
{
    long count = sysconf(_SC_NPROCESSORS_ONLN);
    if (count < 1)
        return 1;
    return (size_t)count < BU_LIMIT_JOBS ? (size_t)count : BU_LIMIT_JOBS;
}
