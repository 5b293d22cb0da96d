/* SPDX-License-Identifier: MIT */
/*
 * bulla version vers: a range in the notation of its ecosystem as a vers.
 */
#include "base/bytes.h"
#include "command.h"

typedef struct args {
    bu_words words;
} args;

static const bu_option options[] = { { 0 } };

static bulla_status run(bu_cli *cli, const void *values, bulla_error *err)
{
    (void)cli;
    const args *a = values;
    BU_CLEAR(bulla_buffer) vers = { 0 };
    BU_TRY(bulla_vers_from_native(bu_bytes_of(a->words.items[0]), bu_bytes_of(a->words.items[1]),
                                  &vers, err));
    BU_TRY(bu_cli_write(NULL, bu_buffer_bytes(&vers), err));
    return bu_cli_write(NULL, BULLA_LIT("\n"), err);
}

const bu_command bu_cmd_version_vers = {
    .name = "version vers",
    .summary = "write a range of an ecosystem as a vers",
    .about = "Read a range of versions in the notation of its ecosystem (^1.2 || 2.x of npm, "
             "[1.0,2.0) of Maven) and print it as a vers.",
    .operands = "SCHEME RANGE",
    .wanted = "a versioning scheme and a range",
    .least = 2,
    .most = 2,
    .options = options,
    .args_size = sizeof(args),
    .run = run,
};
