/* SPDX-License-Identifier: MIT */
/*
 * bulla tuf download: bring targets of a repository.
 */
#include "tuf.h"

typedef struct args {
    bu_words targets;
    bu_tuf_args tuf;
    const char *targets_url, *into;
} args;

static const bu_option options[] = {
    BU_TUF_OPTIONS(args),
    { "targets-url", 0, "URL", "where the targets are (default: targets below --url)",
      BU_FIELD(args, targets_url) },
    { "into", 0, "DIR", "folder to write them to (default: .)", BU_FIELD(args, into) },
    { 0 },
};

static bulla_status run(bu_cli *cli, const void *values, bulla_error *err)
{
    const args *a = values;
    bu_network network;
    bulla_tuf_options request;
    BU_TRY(bu_tuf_begin(cli, &a->tuf, &network, &request, err));
    request.target_url = a->targets_url;
    return bulla_tuf_download(&request, a->targets.items, a->into == NULL ? "." : a->into, err);
}

const bu_command bu_cmd_tuf_download = {
    .name = "tuf download",
    .summary = "bring targets of a TUF repository",
    .about = "Refresh a TUF repository's metadata, find each TARGET among the roles that it is "
             "delegated to, and bring it. It is written when its length and hashes are the signed "
             "ones: as one file, whose name is the target's, percent-encoded where it is no plain "
             "file name. A file that is there and good is not fetched again.",
    .operands = "TARGET...",
    .wanted = "the name of a target",
    .least = 1,
    .most = SIZE_MAX,
    .options = options,
    .args_size = sizeof(args),
    .run = run,
};
