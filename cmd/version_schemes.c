/* SPDX-License-Identifier: MIT */
/*
 * bulla version schemes: the versioning schemes that are known.
 */
#include "command.h"

typedef struct args {
    bu_words words;
} args;

static const bu_option options[] = { { 0 } };

static bulla_status run(bu_cli *cli, const void *values, bulla_error *err)
{
    (void)cli;
    (void)values;
    BU_CLEAR(bu_buf) text = { 0 };
    bulla_version_scheme scheme;
    for (size_t i = 0; bulla_version_scheme_at(i, &scheme); i++)
        bu_buf_add_format(&text, "%s\t%s\t%s\n", scheme.type, scheme.ecosystems, scheme.title);
    return bu_cli_print(&text, err);
}

const bu_command bu_cmd_version_schemes = {
    .name = "version schemes",
    .summary = "list the versioning schemes",
    .about = "List the versioning schemes that are known, one a line, parted by tabs: vers type, "
             "OSV ecosystems (parted by |), and what is versioned so.",
    .options = options,
    .args_size = sizeof(args),
    .run = run,
};
