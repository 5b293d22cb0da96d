/* SPDX-License-Identifier: MIT */
/*
 * bulla tuf init: begin to follow a repository from a root that is trusted.
 */
#include "command.h"

typedef struct args {
    bu_words operands; /* FILE */
    const char *folder;
} args;

static const bu_option options[] = {
    { "metadata", 0, "DIR", "folder of trusted metadata (default: .)", BU_FIELD(args, folder) },
    { 0 },
};

static bulla_status run(bu_cli *cli, const void *values, bulla_error *err)
{
    const args *a = values;
    BU_CLEAR(bulla_buffer) root = { 0 };
    (void)cli;
    BU_TRY(bulla_file_read(a->operands.items[0], &root, err));
    return bulla_tuf_init(a->folder == NULL ? "." : a->folder, bu_buffer_bytes(&root), err);
}

const bu_command bu_cmd_tuf_init = {
    .name = "tuf init",
    .summary = "begin to follow a TUF repository",
    .about =
        "Begin to follow a TUF repository, such as Sigstore's: keep FILE, its root metadata, as "
        "what is trusted. Bring FILE by a way that you trust: whoever gives it to you says "
        "who may sign for the repository.",
    .operands = "FILE",
    .wanted = "the repository's root metadata",
    .least = 1,
    .most = 1,
    .options = options,
    .args_size = sizeof(args),
    .run = run,
};
