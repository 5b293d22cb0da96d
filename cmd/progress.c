/* SPDX-License-Identifier: MIT */
/*
 * A bar on standard error for people who wait; silence in a pipe.
 */
#include <stdio.h>
#include <unistd.h>

#include "command.h"

#define CELLS 30

static void tell(void *context, size_t done, size_t total)
{
    static const char full[] = "##############################",
                      empty[] = "..............................";
    (void)context;
    size_t cells = total == 0 ? 0 : (done < total ? done : total) * CELLS / total;
    (void)fprintf(stderr, "\r[%.*s%.*s] %zu of %zu ", (int)cells, full, (int)(CELLS - cells), empty,
                  done, total);
    (void)fflush(stderr);
}

const bulla_progress *bu_progress_begin(const bu_cli *cli, bool quiet)
{
    static const bulla_progress bar = { .tell = tell };
    bool shown = !quiet && !cli->environment.dumb_terminal && isatty(STDERR_FILENO) == 1;
    return shown ? &bar : NULL;
}

void bu_progress_end(const bulla_progress *progress)
{
    if (progress != NULL)
        (void)fprintf(stderr, "\r\033[K");
}
