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

static bulla_status write(const bulla_trust *trust, const bu_output *output, bulla_error *err)
{
    BU_CLEAR(bulla_buffer) page = { 0 };
    BU_TRY(bulla_trust_list(trust, output->format, &page, err));
    return bu_cli_write(output->file, bu_buffer_bytes(&page), err);
}

static bulla_status run(bu_cli *cli, const void *values, bulla_error *err)
{
    const args *a = values;
    static const bu_output standard = { "text", NULL };
    const char *named = a->folders.count > 0 ? a->folders.items[0] : NULL;
    BU_AUTO(bulla_trust) trust = NULL;
    BU_TRY(bu_trust_find(cli, named, ".", a->at.given ? a->at.value : bu_clock(), &trust, err));
    if (trust == NULL)
        return bu_next(err,
                       bu_fail(err, BULLA_E_USAGE, "there is no " BU_TRUST_STORE " here or above"),
                       "name the store, or make one: bulla trust init");
    if (a->outputs.count == 0)
        return write(trust, &standard, err);
    for (size_t i = 0; i < a->outputs.count; i++)
        BU_TRY(write(trust, &a->outputs.items[i], err));
    return BU_OK;
}

const bu_command bu_cmd_trust_list = {
    .name = "trust list",
    .summary = "show who may vouch for what",
    .about = "Verify a trust store and show who may vouch for what. DIR is the nearest "
             ".bulla/trust when "
             "it is not given.",
    .operands = "[DIR]",
    .most = 1,
    .options = options,
    .args_size = sizeof(args),
    .run = run,
};
