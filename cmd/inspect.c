/* SPDX-License-Identifier: MIT */
/*
 * bulla inspect: what a file is and claims, not verified.
 */
#include "command.h"

typedef struct args {
    bu_words files;
    bu_outputs outputs;
} args;

static const bu_option options[] = {
    { "output", 'o', "FORMAT[=FILE]", "write text (the default) or json", BU_FIELD(args, outputs),
      .values = "text json" },
    { 0 },
};

static bulla_status inspect(const void *file, const char *format, bulla_buffer *out,
                            bulla_error *err)
{
    return bulla_inspect(file, format, out, err);
}

static bulla_status run(bu_cli *cli, const void *values, bulla_error *err)
{
    (void)cli;
    const args *a = values;
    for (size_t i = 0; i < a->files.count; i++)
        BU_TRY(bu_pages_write(&a->outputs, inspect, a->files.items[i], err));
    return BU_OK;
}

const bu_command bu_cmd_inspect = {
    .name = "inspect",
    .summary = "say what a signature, attestation or key file is and claims",
    .about = "Say what a file of signatures, attestations, keys or certificates is and what it "
             "claims, or what signs a package from within. Nothing of it is verified: that is "
             "bulla verify.",
    .operands = "FILE...",
    .wanted = "the files to look into",
    .least = 1,
    .most = SIZE_MAX,
    .options = options,
    .args_size = sizeof(args),
    .run = run,
};
