/* SPDX-License-Identifier: MIT */
/*
 * bulla trust update: bring a served store up to date.
 */
#include <inttypes.h>

#include "network.h"

typedef struct args {
    bu_words folders;
    const char *url;
    bu_moment at;
    bool allow_loopback_http;
} args;

static const bu_option options[] = {
    { "url", 0, "URL", "where it is served (default: as it says)", BU_FIELD(args, url) },
    { "at", 0, "TIME", "judge expiry at this time", BU_FIELD(args, at) },
    { "allow-loopback-http", 0, NULL, "for tests: http, but only to this machine itself",
      BU_FIELD(args, allow_loopback_http) },
    { 0 },
};

static bulla_status print(const bulla_tuf_versions *versions, bulla_error *err)
{
    BU_CLEAR(bu_buf) line = { 0 };
    bu_buf_add_format(&line,
                      "root %" PRId64 ", timestamp %" PRId64 ", snapshot %" PRId64
                      ", targets %" PRId64 "\n",
                      versions->root, versions->timestamp, versions->snapshot, versions->targets);
    return bu_cli_print(&line, err);
}

static bulla_status run(bu_cli *cli, const void *values, bulla_error *err)
{
    const args *a = values;
    const char *named = a->folders.count > 0 ? a->folders.items[0] : NULL, *folder;
    bu_network network;
    bulla_tuf_versions versions;
    BU_TRY(bu_trust_folder(cli, named, &folder, err));
    BU_TRY(bu_network_begin(cli, a->allow_loopback_http, &network, err));
    const bulla_tuf_options request = {
        .folder = folder,
        .url = a->url,
        .fetcher = &network.fetcher,
        .now = bu_now(cli, &a->at),
    };
    BU_TRY(bulla_trust_update(&request, cli->environment.state, &versions, err));
    return print(&versions, err);
}

const bu_command bu_cmd_trust_update = {
    .name = "trust update",
    .summary = "bring a served trust store up to date",
    .about = "Follow a trust store from the place that serves it: every new root, then timestamp, "
             "snapshot, targets, and the files that changed. The new store takes the place of the "
             "old one in one step, or the old one stays. DIR is the nearest .bulla/trust when it "
             "is not given.",
    .operands = "[DIR]",
    .most = 1,
    .options = options,
    .args_size = sizeof(args),
    .run = run,
};
