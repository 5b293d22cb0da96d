/* SPDX-License-Identifier: MIT */
/*
 * bulla waive list: all waivers, and what became of them.
 */
#include "waive.h"

typedef struct args {
    bu_words operands; /* none */
    bu_outputs outputs;
    bu_waive_args waive;
} args;

static const bu_option options[] = {
    { "output", 'o', "FORMAT[=FILE]", "write it as text (default) or json", BU_FIELD(args, outputs),
      .values = "text json" },
    BU_WAIVE_OPTIONS(args),
    { 0 },
};

static bulla_status write(const bulla_waivers *waivers, const bu_output *output, bulla_error *err)
{
    BU_CLEAR(bulla_buffer) page = { 0 };
    BU_TRY(bulla_waivers_render(waivers, output->format, &page, err));
    return bu_cli_write(output->file, bu_buffer_bytes(&page), err);
}

static bulla_status run(bu_cli *cli, const void *values, bulla_error *err)
{
    static const bu_output standard = { "text", NULL };
    const args *a = values;
    BU_CLEAR(bu_waiving) waiving = { 0 };
    BU_TRY(bu_waiving_begin(cli, &a->waive, NULL, &waiving, err));
    if (a->outputs.count == 0)
        return write(waiving.waivers, &standard, err);
    for (size_t i = 0; i < a->outputs.count; i++)
        BU_TRY(write(waiving.waivers, &a->outputs.items[i], err));
    return BU_OK;
}

const bu_command bu_cmd_waive_list = {
    .name = "waive list",
    .summary = "show all waivers: active, expiring, proposed …",
    .about = "Verify all waivers and show them with their states. Whether one is used, only bulla "
             "verify can tell.",
    .options = options,
    .args_size = sizeof(args),
    .run = run,
};
