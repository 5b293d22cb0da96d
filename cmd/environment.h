/* SPDX-License-Identifier: MIT */
/*
 * All that bulla takes from its surroundings: the named environment variables
 * and the clock. Nothing else in the project reads either.
 */
#ifndef BU_CMD_ENVIRONMENT_H
#define BU_CMD_ENVIRONMENT_H

#include "base/arena.h"
#include "base/error.h"
#include "bulla/verify.h"

/** Values are NULL when a variable is not set or is empty. */
typedef struct bu_environment {
    bulla_cache caches[16]; /* of the tools, by their own variables */
    size_t cache_count;
    const char *state;  /* $XDG_STATE_HOME/bulla/trust, else $HOME/.local/state/bulla/trust */
    const char *trust;  /* BULLA_TRUST_IDENTITY */
    const char *epoch;  /* SOURCE_DATE_EPOCH */
    const char *proxy;  /* https_proxy, else HTTPS_PROXY */
    bool no_color;      /* NO_COLOR is set */
    bool dumb_terminal; /* TERM is not set, or "dumb" */
    size_t columns;     /* COLUMNS, within reason */
    int64_t now;        /* when it was read: the one time by which all of a run is judged */
} bu_environment;

/** Read it, once. Fails with no-memory. */
BULLA_MUST_USE bulla_status bu_environment_read(bu_arena *arena, bu_environment *out,
                                                bulla_error *err);

/** SOURCE_DATE_EPOCH as a time, or `otherwise`. Fails with usage when it is no number. */
BULLA_MUST_USE bulla_status bu_environment_epoch(const bu_environment *environment,
                                                 int64_t otherwise, int64_t *out, bulla_error *err);

/** All of it, for a program that is started. */
char *const *bu_environment_all(void);

/** This moment, in Unix seconds: for what is waited for. */
int64_t bu_clock(void);

/** Worker threads when nobody said how many: the processors that are online. */
size_t bu_processors(void);

#endif
