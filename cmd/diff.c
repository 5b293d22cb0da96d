/* SPDX-License-Identifier: MIT */
/*
 * bulla diff: what changed between two lockfiles, checkouts, archives or trees.
 */
#include "base/bytes.h"
#include "command.h"

typedef struct args {
    bu_words sides;
    bu_outputs outputs;
    const char *kind;
    bool files;
} args;

static const bu_option options[] = {
    { "output", 'o', "FORMAT[=FILE]",
      "write text (the default), json or markdown (for a pull request)", BU_FIELD(args, outputs),
      .values = "text json markdown" },
    { "kind", 0, "KIND", "read OLD and NEW as this kind of lockfile, whatever their names",
      BU_FIELD(args, kind) },
    { "files", 0, NULL, "compare the files of two folders, not what their lockfiles say",
      BU_FIELD(args, files), .excludes = "kind" },
    { 0 },
};

BU_DEFINE_AUTO(bulla_differences)

static bulla_status render(const void *differences, const char *format, bulla_buffer *out,
                           bulla_error *err)
{
    return bulla_differences_render(differences, format, out, err);
}

static bulla_status run(bu_cli *cli, const void *values, bulla_error *err)
{
    const args *a = values;
    BU_AUTO(bulla_differences) differences = NULL;
    const bulla_diff_options request = {
        .before = a->sides.items[0], .after = a->sides.items[1], .kind = a->kind, .files = a->files
    };
    BU_TRY(bulla_diff(&request, &differences, err));
    cli->exit = bulla_differences_exit(differences);
    return bu_pages_write(&a->outputs, render, differences, err);
}

const bu_command bu_cmd_diff = {
    .name = "diff",
    .summary = "say what changed between two lockfiles, archives or trees",
    .about =
        "Say what changed between two lockfiles or checkouts, the worst first: the same version "
        "with other bytes, integrity that was dropped, another host; then what was added, "
        "upgraded, downgraded and removed. Of archives and folders without lockfiles, the files.",
    .operands = "OLD NEW",
    .wanted = "what to compare: an old one and a new one",
    .least = 2,
    .most = 2,
    .options = options,
    .args_size = sizeof(args),
    .run = run,
};
