/* SPDX-License-Identifier: MIT */
/*
 * bulla version compare: the order of two versions.
 */
#include "base/bytes.h"
#include "command.h"

typedef struct args {
    bu_words words;
} args;

static const bu_option options[] = { { 0 } };

static bulla_status run(bu_cli *cli, const void *values, bulla_error *err)
{
    static const char *const signs[] = { "<\n", "=\n", ">\n" };
    (void)cli;
    const args *a = values;
    for (size_t i = 2; i < a->words.count; i++) {
        int order = 0;
        BU_TRY(bulla_version_compare(bu_bytes_of(a->words.items[0]),
                                     bu_bytes_of(a->words.items[i - 1]),
                                     bu_bytes_of(a->words.items[i]), &order, err));
        BU_TRY(bu_cli_write(NULL, bu_bytes_of(signs[order + 1]), err));
    }
    return BU_OK;
}

const bu_command bu_cmd_version_compare = {
    .name = "version compare",
    .summary = "print <, = or >: the order of versions",
    .about = "Print <, = or > as a version comes before, with or after the next, one line for each "
             "two neighbours, by the rules of a versioning scheme (a vers type like npm, or an OSV "
             "ecosystem like PyPI).",
    .operands = "SCHEME VERSION VERSION...",
    .wanted = "a versioning scheme and two versions",
    .least = 3,
    .most = SIZE_MAX,
    .options = options,
    .args_size = sizeof(args),
    .run = run,
};
