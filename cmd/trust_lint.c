/* SPDX-License-Identifier: MIT */
/*
 * bulla trust lint: what is unwise in a store.
 */
#include "weakness.h"

typedef struct args {
    bu_words none;
    bu_weakness_args weakness;
} args;

static const bu_option options[] = {
    BU_WEAKNESS_OPTIONS(args),
    { 0 },
};

static bulla_status lint(const bulla_weighing *weighing, const void *values, const char *format,
                         bulla_buffer *page, bulla_exit *verdict, bulla_error *err)
{
    (void)values;
    return bulla_trust_lint(weighing, format, page, verdict, err);
}

static bulla_status run(bu_cli *cli, const void *values, bulla_error *err)
{
    const args *a = values;
    return bu_weakness_run(cli, &a->weakness, lint, values, err);
}

const bu_command bu_cmd_trust_lint = {
    .name = "trust lint",
    .summary = "find what is unwise in a trust store",
    .about = "Find grants that are too wide, keys that are shared, old or only files, roles that "
             "nobody needs or can fill, and gates of the policy that one person completes. Errors "
             "make the exit status 1, warnings do not.",
    .options = options,
    .args_size = sizeof(args),
    .run = run,
};
