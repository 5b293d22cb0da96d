/* SPDX-License-Identifier: MIT */
/*
 * bulla trust show: one person, key or role of a store.
 */
#include "command.h"

typedef struct args {
    bu_words names;
    const char *trust;
    bu_outputs outputs;
    bu_moment at;
} args;

static const bu_option options[] = {
    { "trust", 0, "DIR", "the store (default: the nearest .bulla/trust)", BU_FIELD(args, trust) },
    { "output", 'o', "FORMAT[=FILE]", "write it as text (default) or json", BU_FIELD(args, outputs),
      .values = "text json" },
    { "at", 0, "TIME", "judge expiry at this time instead of now", BU_FIELD(args, at) },
    { 0 },
};

static bulla_status run(bu_cli *cli, const void *values, bulla_error *err)
{
    const args *a = values;
    static const bu_output standard = { "text", NULL };
    const char *name = a->names.count > 0 ? a->names.items[0] : NULL;
    BU_AUTO(bulla_trust) trust = NULL;
    BU_TRY(bu_trust_need(cli, a->trust, &a->at, &trust, err));
    for (size_t i = 0; i < a->outputs.count || i == 0; i++) {
        const bu_output *output = a->outputs.count > 0 ? &a->outputs.items[i] : &standard;
        BU_CLEAR(bulla_buffer) page = { 0 };
        BU_TRY(bulla_trust_show(trust, name, output->format, &page, err));
        BU_TRY(bu_cli_write(output->file, bu_buffer_bytes(&page), err));
    }
    return BU_OK;
}

const bu_command bu_cmd_trust_show = {
    .name = "trust show",
    .summary = "show a person, a key or a role of a trust store",
    .about = "Verify a trust store and show what belongs to a person, service or role of it, or "
             "to the key whose keyid begins like NAME (8 digits or more); all of it when nothing "
             "is named.",
    .operands = "[NAME]",
    .most = 1,
    .options = options,
    .args_size = sizeof(args),
    .run = run,
};
