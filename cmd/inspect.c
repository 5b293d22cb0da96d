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

static bulla_status inspect(const char *file, const bu_outputs *outputs, bulla_error *err)
{
    static const bu_output standard = { "text", NULL };
    for (size_t i = 0; i < outputs->count || i == 0; i++) {
        BU_CLEAR(bulla_buffer) page = { 0 };
        const bu_output *output = outputs->count > 0 ? &outputs->items[i] : &standard;
        BU_TRY(bulla_inspect(file, output->format, &page, err));
        BU_TRY(bu_cli_write(output->file, bu_buffer_bytes(&page), err));
    }
    return BU_OK;
}

static bulla_status run(bu_cli *cli, const void *values, bulla_error *err)
{
    (void)cli;
    const args *a = values;
    for (size_t i = 0; i < a->files.count; i++)
        BU_TRY(inspect(a->files.items[i], &a->outputs, err));
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
