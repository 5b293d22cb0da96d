/* SPDX-License-Identifier: MIT */
/*
 * Passphrases come from the terminal, without echo, or from a descriptor that
 * was named; never from the command line, where everybody can read them.
 */
#include <fcntl.h>
#include <limits.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "command.h"
#include "terminal.h"

static bulla_status ask(void *context, const char *purpose, bool twice, uint8_t *out, size_t cap,
                        size_t *len, bulla_error *err)
{
    const bu_passphrase_from *from = context;
    if (from->is_descriptor)
        return bu_line_read(from->descriptor, out, cap, len, err);
    int tty = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (tty < 0)
        return bu_fail(err, BULLA_E_USAGE,
                       "there is no terminal to ask for the passphrase of %s; use --passphrase-fd",
                       purpose);
    bulla_status status = bu_terminal_ask(tty, purpose, twice, out, cap, len, err);
    (void)close(tty);
    return status;
}

bulla_status bu_passphrase_open(const bu_count *option, bu_passphrase_from *from,
                                bulla_passphrase *out, bulla_error *err)
{
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); /* from here on there is a secret to be kept */
    if (option->given && (option->value > INT_MAX || fcntl((int)option->value, F_GETFD) == -1))
        return bu_fail(err, BULLA_E_USAGE, "--passphrase-fd names no open descriptor");
    *from = (bu_passphrase_from){ option->given, option->given ? (int)option->value : -1 };
    *out = (bulla_passphrase){ ask, from };
    return BU_OK;
}

bulla_status bu_key_open(const char *path, const bu_count *passphrase_fd, bulla_secret_key **out,
                         bulla_error *err)
{
    bu_passphrase_from from;
    bulla_passphrase passphrase;
    BU_TRY(bu_passphrase_open(passphrase_fd, &from, &passphrase, err));
    return bulla_secret_key_open(path, &passphrase, out, err);
}
