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
    FILE *messages = context;
    size_t cells = total == 0 ? 0 : (done < total ? done : total) * CELLS / total;
    (void)fprintf(messages, "\r[%.*s%.*s] %zu of %zu ", (int)cells, full, (int)(CELLS - cells),
                  empty, done, total);
    (void)fflush(messages);
}

const bulla_progress *bu_progress_begin(bu_cli *cli, bool quiet)
{
    cli->progress = (bulla_progress){ .tell = tell, .context = cli->messages };
    bool shown = !quiet && !cli->environment.dumb_terminal && isatty(STDERR_FILENO) == 1;
    return shown ? &cli->progress : NULL;
}

void bu_progress_end(const bulla_progress *progress)
{
    if (progress != NULL)
        (void)fprintf(progress->context, "\r\033[K");
}
