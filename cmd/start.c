/* SPDX-License-Identifier: MIT */
/*
 * What a program does before anything else. The locale is left as it is at
 * the start of every C program, "C", so that no parsing depends on it.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include "command.h"

/*
 * A closed descriptor 0, 1 or 2 would be given to the next file that is opened,
 * and output would land in it. The stand-in is open the wrong way round, so that
 * a result that nobody can see is a write error and not a success.
 */
static bool occupy(int fd)
{
    if (fcntl(fd, F_GETFD) != -1 || errno != EBADF)
        return true;
    return open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) == fd;
}

bulla_status bu_cli_start(bu_cli *cli, const char *program, bulla_error *err)
{
    *cli = (bu_cli){ .program = program };
    if (!occupy(STDIN_FILENO) || !occupy(STDOUT_FILENO) || !occupy(STDERR_FILENO))
        return bu_fail(err, BULLA_E_UNREADABLE, "/dev/null cannot be opened");
    (void)setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
    (void)signal(SIGPIPE, SIG_IGN); /* a reader that left is a write error, not a signal */
    cli->arena = bu_arena_new();
    if (cli->arena == NULL)
        return bu_no_memory(err);
    return bu_environment_read(cli->arena, &cli->environment, err);
}
