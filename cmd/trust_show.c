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

typedef struct entry {
    const bulla_trust *trust;
    const char *name; /* NULL: all */
} entry;

static bulla_status show(const void *subject, const char *format, bulla_buffer *out,
                         bulla_error *err)
{
    const entry *one = subject;
    return bulla_trust_show(one->trust, one->name, format, out, err);
}

static bulla_status run(bu_cli *cli, const void *values, bulla_error *err)
{
    const args *a = values;
    BU_AUTO(bulla_trust) trust = NULL;
    BU_TRY(bu_trust_need(cli, a->trust, &a->at, &trust, err));
    const entry one = { trust, a->names.count > 0 ? a->names.items[0] : NULL };
    return bu_pages_write(&a->outputs, show, &one, err);
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
