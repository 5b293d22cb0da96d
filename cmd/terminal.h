/* SPDX-License-Identifier: MIT */
/*
 * Secrets that are typed or handed over on a descriptor.
 */
#ifndef BU_CMD_TERMINAL_H
#define BU_CMD_TERMINAL_H

#include "base/buf.h"

/**
 * Ask for a passphrase on a terminal, without echo; `twice` for a new one. Fails with interrupted,
 * wrong-passphrase.
 */
BULLA_MUST_USE bulla_status bu_terminal_ask(int tty, const char *purpose, bool twice, uint8_t *out,
                                            size_t cap, size_t *len, bulla_error *err);

/** One line of a descriptor, without its end. Fails with usage. */
BULLA_MUST_USE bulla_status bu_line_read(int fd, uint8_t *out, size_t cap, size_t *len,
                                         bulla_error *err);

#endif
