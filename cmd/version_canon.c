/* SPDX-License-Identifier: MIT */
/*
 * bulla version canon: vers in their one canonical form.
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
    for (size_t i = 0; i < a->words.count; i++) {
        BU_CLEAR(bulla_buffer) vers = { 0 };
        BU_TRY(bulla_vers_canonical(bu_bytes_of(a->words.items[i]), &vers, err));
        BU_TRY(bu_cli_write(NULL, bu_buffer_bytes(&vers), err));
        BU_TRY(bu_cli_write(NULL, BULLA_LIT("\n"), err));
    }
    return BU_OK;
}

const bu_command bu_cmd_version_canon = {
    .name = "version canon",
    .summary = "print vers in their canonical form",
    .about = "Print vers in their canonical form, one a line: constraints sorted by version.",
    .operands = "VERS...",
    .wanted = "a vers",
    .least = 1,
    .most = SIZE_MAX,
    .options = options,
    .args_size = sizeof(args),
    .run = run,
};
