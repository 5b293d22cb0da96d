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

/* Bases that have a default below $HOME themselves; of a list of Go paths, the first is written to. */
static bulla_status find_base(bu_arena *arena, const char *name, const char **out, bulla_error *err)
{
    static const struct {
        const char *name, *otherwise;
    } defaults[] = { { "GOPATH", "go" }, { "XDG_CACHE_HOME", ".cache" } };
    *out = variable(name);
    for (size_t i = 0; i < sizeof defaults / sizeof defaults[0] && *out == NULL; i++)
        if (strcmp(name, defaults[i].name) == 0)
            BU_TRY(below(arena, variable("HOME"), defaults[i].otherwise, out, err));
    if (*out == NULL || strcmp(name, "GOPATH") != 0)
        return BU_OK;
    *out = bu_arena_format(arena, "%.*s", (int)strcspn(*out, ":"), *out);
    return *out == NULL ? bu_no_memory(err) : BU_OK;
}

/* Where a tool keeps what it fetched: where its variable says, else below a base. */
static const struct {
    const char *kind, *variable, *base, *otherwise;
} tools[] = {
    { "cabal", "CABAL_DIR", "HOME", ".cabal" },
    { "cargo", "CARGO_HOME", "HOME", ".cargo" },
    { "composer", "COMPOSER_CACHE_DIR", "XDG_CACHE_HOME", "composer" },
    { "gem", "GEM_HOME", "HOME", ".local/share/gem" },
    { "go", "GOMODCACHE", "GOPATH", "pkg/mod" },
    { "gradle", "GRADLE_USER_HOME", "HOME", ".gradle" },
    { "hex", "HEX_HOME", "HOME", ".hex" },
    { "maven", NULL, "HOME", ".m2/repository" },
    { "npm", "npm_config_cache", "HOME", ".npm" },
    { "nuget", "NUGET_PACKAGES", "HOME", ".nuget/packages" },
    { "pip", "PIP_CACHE_DIR", "XDG_CACHE_HOME", "pip" },
    { "yarn", "YARN_CACHE_FOLDER", "XDG_CACHE_HOME", "yarn" },
    { "yarn", NULL, "HOME", ".yarn/berry" },
};

static bulla_status find_caches(bu_arena *arena, bu_environment *out, bulla_error *err)
{
    for (size_t i = 0; i < sizeof tools / sizeof tools[0]; i++) {
        const char *base, *path = tools[i].variable == NULL ? NULL : variable(tools[i].variable);
        BU_TRY(find_base(arena, tools[i].base, &base, err));
        if (path == NULL)
            BU_TRY(below(arena, base, tools[i].otherwise, &path, err));
        if (path != NULL)
            out->caches[out->cache_count++] = (bulla_cache){ tools[i].kind, path };
    }
    return BU_OK;
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
        .trust = variable("BULLA_TRUST_IDENTITY"),
        .epoch = variable("SOURCE_DATE_EPOCH"),
        .proxy = variable("https_proxy"),
        .no_color = variable("NO_COLOR") != NULL,
        .dumb_terminal = term == NULL || strcmp(term, "dumb") == 0,
        .columns = columns(),
        .now = bu_clock(),
    };
    if (out->proxy == NULL)
        out->proxy = variable("HTTPS_PROXY");
    BU_TRY(find_caches(arena, out, err));
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

char *const *bu_environment_all(void)
{
    return environ;
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
