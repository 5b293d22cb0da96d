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

static bulla_status render(const void *waivers, const char *format, bulla_buffer *out,
                           bulla_error *err)
{
    return bulla_waivers_render(waivers, format, out, err);
}

static bulla_status run(bu_cli *cli, const void *values, bulla_error *err)
{
    const args *a = values;
    BU_CLEAR(bu_waiving) waiving = { 0 };
    BU_TRY(bu_waiving_begin(cli, &a->waive, NULL, &waiving, err));
    return bu_pages_write(&a->outputs, render, waiving.waivers, err);
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
