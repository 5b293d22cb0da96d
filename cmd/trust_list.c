/* SPDX-License-Identifier: MIT */
/*
 * bulla trust list: who may vouch for what.
 */
#include "command.h"

typedef struct args {
    bu_words folders;
    bu_outputs outputs;
    bu_moment at;
} args;

static const bu_option options[] = {
    { "output", 'o', "FORMAT[=FILE]", "write it as text (default) or json", BU_FIELD(args, outputs),
      .values = "text json" },
    { "at", 0, "TIME", "judge expiry at this time instead of now", BU_FIELD(args, at) },
    { 0 },
};

static bulla_status list(const void *trust, const char *format, bulla_buffer *out, bulla_error *err)
{
    return bulla_trust_list(trust, format, out, err);
}

static bulla_status run(bu_cli *cli, const void *values, bulla_error *err)
{
    const args *a = values;
    const char *named = a->folders.count > 0 ? a->folders.items[0] : NULL;
    BU_AUTO(bulla_trust) trust = NULL;
    BU_TRY(bu_trust_need(cli, named, &a->at, &trust, err));
    return bu_pages_write(&a->outputs, list, trust, err);
}

const bu_command bu_cmd_trust_list = {
    .name = "trust list",
    .summary = "show who may vouch for what",
    .about = "Verify a trust store and show who may vouch for what. DIR is the nearest "
             ".bulla/trust when it is not given.",
    .operands = "[DIR]",
    .most = 1,
    .options = options,
    .args_size = sizeof(args),
    .run = run,
};
