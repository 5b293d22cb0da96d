/* SPDX-License-Identifier: MIT */
/*
 * bulla version contains: is a version in a range?
 */
#include "base/bytes.h"
#include "command.h"

typedef struct args {
    bu_words words;
} args;

static const bu_option options[] = { { 0 } };

static bulla_status run(bu_cli *cli, const void *values, bulla_error *err)
{
    const args *a = values;
    bool is_in = false;
    BU_TRY(bulla_vers_contains(bu_bytes_of(a->words.items[0]), bu_bytes_of(a->words.items[1]),
                               &is_in, err));
    cli->exit = is_in ? BULLA_EXIT_ALLOWED : BULLA_EXIT_DENIED;
    return bu_cli_write(NULL, is_in ? BULLA_LIT("in\n") : BULLA_LIT("out\n"), err);
}

const bu_command bu_cmd_version_contains = {
    .name = "version contains",
    .summary = "say whether a version is in a range",
    .about = "Print in (exit status 0) or out (1) as a version is in the range that a vers like "
             "vers:npm/>=1.0.0|<2.0.0 describes, or not.",
    .operands = "VERS VERSION",
    .wanted = "a vers and a version",
    .least = 2,
    .most = 2,
    .options = options,
    .args_size = sizeof(args),
    .run = run,
};
