/* SPDX-License-Identifier: MIT */
/*
 * bulla trust simulate: what falls to who holds the keys of others.
 */
#include "weakness.h"

typedef struct args {
    bu_words none;
    bu_weakness_args weakness;
    bu_words compromise;
} args;

static const bu_option options[] = {
    { "compromise", 0, "WHO", "a person or service (all of its keys), or a key, by its keyid",
      BU_FIELD(args, compromise) },
    BU_WEAKNESS_OPTIONS(args),
    { 0 },
};

static bulla_status simulate(const bulla_weighing *weighing, const void *values, const char *format,
                             bulla_buffer *page, bulla_exit *verdict, bulla_error *err)
{
    const args *a = values;
    return bulla_trust_simulate(weighing, a->compromise.items, format, page, verdict, err);
}

static bulla_status run(bu_cli *cli, const void *values, bulla_error *err)
{
    const args *a = values;
    return bu_weakness_run(cli, &a->weakness, simulate, values, err);
}

const bu_command bu_cmd_trust_simulate = {
    .name = "trust simulate",
    .summary = "say which gates fall when keys are stolen",
    .about = "Say what somebody could do who holds the keys named by --compromise: which gates "
             "and rules of the policy they complete alone, and whether they change the store. "
             "Without it, each single key and each single person is tried. The exit status is 1 "
             "when the store or a gate of production falls.",
    .options = options,
    .args_size = sizeof(args),
    .run = run,
};
