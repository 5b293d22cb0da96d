/* SPDX-License-Identifier: MIT */
/*
 * bulla purl: package URLs in their one canonical form, or in parts.
 */
#include <string.h>

#include "base/bytes.h"
#include "command.h"

typedef struct args {
    bu_words purls;
    const char *format, *build;
} args;

static const bu_option options[] = {
    { "output", 'o', "FORMAT", "print text (default): the canonical purl; or json: its parts",
      BU_FIELD(args, format), .values = "text json" },
    { "build", 0, "JSON", "make a purl of these parts: an object as --output json prints it",
      BU_FIELD(args, build) },
    { 0 },
};

static bulla_status print_line(const bulla_buffer *line, bulla_error *err)
{
    BU_TRY(bu_cli_write(NULL, bu_buffer_bytes(line), err));
    return bu_cli_write(NULL, BULLA_LIT("\n"), err);
}

static bulla_status print_one(const char *text, bool in_parts, bulla_error *err)
{
    BU_CLEAR(bulla_buffer) line = { 0 };
    bulla_bytes purl = bu_bytes_of(text);
    BU_TRY(in_parts ? bulla_purl_parts_json(purl, &line, err)
                    : bulla_purl_canonical(purl, &line, err));
    return print_line(&line, err);
}

static bulla_status run(bu_cli *cli, const void *values, bulla_error *err)
{
    (void)cli;
    const args *a = values;
    bool in_parts = a->format != NULL && strcmp(a->format, "json") == 0;
    if ((a->build == NULL) == (a->purls.count == 0))
        return bu_fail(err, BULLA_E_USAGE, "name one or more purls, or the parts with --build");
    if (a->build != NULL) {
        BU_CLEAR(bulla_buffer) line = { 0 };
        BU_TRY(bulla_purl_build(bu_bytes_of(a->build), &line, err));
        return print_line(&line, err);
    }
    for (size_t i = 0; i < a->purls.count; i++)
        BU_TRY(print_one(a->purls.items[i], in_parts, err));
    return BU_OK;
}

const bu_command bu_cmd_purl = {
    .name = "purl",
    .summary = "print package URLs in their canonical form",
    .about = "Print package URLs in their one canonical form, one a line, or their parts as JSON.",
    .operands = "[PURL]...",
    .most = SIZE_MAX,
    .options = options,
    .args_size = sizeof(args),
    .run = run,
};
