/* SPDX-License-Identifier: MIT */
/*
 * Running another program: bytes in, bytes out, an end in sight. The library never does.
 */
#ifndef BU_CMD_PROGRAM_H
#define BU_CMD_PROGRAM_H

#include "base/buf.h"

/** One run. */
typedef struct bu_program {
    const char *const *words; /* name or path, arguments, NULL; no shell sees them */
    bulla_bytes input;        /* for its standard input */
    size_t max;               /* bytes of its answer */
    int64_t seconds;          /* for all of it */
} bu_program;

/**
 * Start a program, give it the input and append what it answers on standard output. It gets the
 * environment and standard error, and no other descriptor.
 * Fails with unreadable (it cannot be started), bad-status (it ended otherwise than with 0),
 * resource-limit (a longer answer, or none in time: it is then killed), no-memory; all but the last
 * with exit class 7.
 */
BULLA_MUST_USE bulla_status bu_program_run(const bu_program *program, bu_buf *out,
                                           bulla_error *err);
/** The same, but its exit status is an answer, too: any is fine. */
BULLA_MUST_USE bulla_status bu_program_ask(const bu_program *program, bu_buf *out, int *ended,
                                           bulla_error *err);

#endif
