/* SPDX-License-Identifier: MIT */
/*
 * Fetching through bulla-fetch, the one program that may use the network.
 */
#ifndef BU_CMD_NETWORK_H
#define BU_CMD_NETWORK_H

#include "command.h"

/** The program of the same installation: beside this one. Fails with unreadable, no-memory. */
BULLA_MUST_USE bulla_status bu_fetch_find(bu_cli *cli, const char **out, bulla_error *err);

#endif
