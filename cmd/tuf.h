/* SPDX-License-Identifier: MIT */
/*
 * What the commands share that follow a TUF repository.
 */
#ifndef BU_CMD_TUF_H
#define BU_CMD_TUF_H

#include "network.h"

typedef struct bu_tuf_args {
    const char *folder, *url;
    bu_moment at;
    bool allow_loopback_http;
} bu_tuf_args;

/** The rows for a member `tuf` of the arguments. */
#define BU_TUF_OPTIONS(args)                                                                       \
    { "metadata", 0, "DIR", "folder of trusted metadata (default: .)",                             \
      BU_FIELD(args, tuf.folder) },                                                                \
        { "url", 0, "URL", "where its metadata is", BU_FIELD(args, tuf.url), .required = true },   \
        { "at", 0, "TIME", "judge expiry at this time", BU_FIELD(args, tuf.at) },                  \
    {                                                                                              \
        "allow-loopback-http", 0, NULL, "for tests: http, but to this machine only",               \
            BU_FIELD(args, tuf.allow_loopback_http)                                                \
    }

/** Settle what is asked for; `out` borrows from `network`. Fails as bu_network_begin(). */
BULLA_MUST_USE bulla_status bu_tuf_begin(bu_cli *cli, const bu_tuf_args *args, bu_network *network,
                                         bulla_tuf_options *out, bulla_error *err);

#endif
