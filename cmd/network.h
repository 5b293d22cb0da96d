/* SPDX-License-Identifier: MIT */
/*
 * Fetching through bulla-fetch, the one program that may use the network.
 */
#ifndef BU_CMD_NETWORK_H
#define BU_CMD_NETWORK_H

#include "command.h"

/** The program of the same installation: beside this one. Fails with unreadable, no-memory. */
BULLA_MUST_USE bulla_status bu_fetch_find(bu_cli *cli, const char **out, bulla_error *err);

/** How files are fetched; the fetcher borrows from here. */
typedef struct bu_network {
    const bu_cli *cli;
    const char *tool;
    bool allow_loopback_http;
    bulla_fetcher fetcher;
} bu_network;

/** Make ready. `out` must stay where it is. Fails as bu_fetch_find(). */
BULLA_MUST_USE bulla_status bu_network_begin(bu_cli *cli, bool allow_loopback_http, bu_network *out,
                                             bulla_error *err);

#endif
