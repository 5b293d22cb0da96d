/* SPDX-License-Identifier: MIT */
/*
 * bulla tuf refresh: bring the metadata of a repository up to date.
 */
#include <inttypes.h>

#include "tuf.h"

typedef struct args {
    bu_words operands; /* none */
    bu_tuf_args tuf;
} args;

static const bu_option options[] = {
    BU_TUF_OPTIONS(args),
    { 0 },
};

static bulla_status run(bu_cli *cli, const void *values, bulla_error *err)
{
    const args *a = values;
    bu_network network;
    bulla_tuf_options request;
    bulla_tuf_versions versions;
    BU_CLEAR(bu_buf) line = { 0 };
    BU_TRY(bu_tuf_begin(cli, &a->tuf, &network, &request, err));
    BU_TRY(bulla_tuf_refresh(&request, &versions, err));
    bu_buf_add_format(&line,
                      "root %" PRId64 ", timestamp %" PRId64 ", snapshot %" PRId64
                      ", targets %" PRId64 "\n",
                      versions.root, versions.timestamp, versions.snapshot, versions.targets);
    return bu_cli_print(&line, err);
}

const bu_command bu_cmd_tuf_refresh = {
    .name = "tuf refresh",
    .summary = "bring the metadata of a TUF repository up to date",
    .about = "Follow a TUF repository from the root that is trusted: every new root, then "
             "timestamp, snapshot and targets. What is older than what was seen, expired, or not "
             "signed by enough keys is refused, and what was trusted before stays.",
    .options = options,
    .args_size = sizeof(args),
    .run = run,
};
