/* SPDX-License-Identifier: MIT */
/*
 * bulla sbom: the bill of materials of a checkout or of an installed system.
 */
#include "command.h"

typedef struct args {
    bu_words paths;
    bu_outputs outputs;
    bu_inputs inputs;
    bu_words archives, exclude;
    const char *distribution;
    bu_moment at;
    bu_count jobs;
    bool allow_empty;
} args;

static const bu_option options[] = {
    { "output", 'o', "FORMAT[=FILE]",
      "write cyclonedx (1.6 JSON, the default), purl (one a line) or hashes (pinned digests)",
      BU_FIELD(args, outputs), .values = "cyclonedx purl hashes" },
    { "archives", 0, "DIR", "measure archives here", BU_FIELD(args, archives) },
    { "exclude", 0, "GLOB",
      "leave out what matches, as in .gitignore (also: exclude in bulla.toml)",
      BU_FIELD(args, exclude) },
    { "input", 'L', "KIND:PATH", "read this document as KIND, whatever its name",
      BU_FIELD(args, inputs) },
    { "distribution", 0, "NAME", "purl namespace of system packages (default: by os-release)",
      BU_FIELD(args, distribution) },
    { "at", 0, "TIME", "write this time into it (default: SOURCE_DATE_EPOCH, else none)",
      BU_FIELD(args, at) },
    { "jobs", 'j', "N", "worker threads (default: one for each processor)", BU_FIELD(args, jobs) },
    { "allow-empty", 0, NULL, "an SBOM of nothing is fine", BU_FIELD(args, allow_empty) },
    { 0 },
};

static bulla_status write(const bulla_sbom_options *request, const bu_outputs *outputs,
                          bulla_error *err)
{
    static const bu_output standard = { "cyclonedx", NULL };
    bulla_sbom_options one = *request;
    for (size_t i = 0; i < outputs->count || i == 0; i++) {
        BU_CLEAR(bulla_buffer) document = { 0 };
        const bu_output *output = outputs->count > 0 ? &outputs->items[i] : &standard;
        one.format = output->format;
        BU_TRY(bulla_sbom(&one, &document, err));
        BU_TRY(bu_cli_write(output->file, bu_buffer_bytes(&document), err));
    }
    return BU_OK;
}

static bulla_status run(bu_cli *cli, const void *values, bulla_error *err)
{
    const args *a = values;
    BU_CLEAR(bu_project) project = { 0 };
    const char *start = a->paths.count > 0 ? a->paths.items[0] : ".";
    BU_TRY(bu_project_find(cli, start, &a->exclude, &a->archives, &project, err));
    bulla_sbom_options request = {
        .paths = bu_paths(&a->paths, &a->inputs),
        .inputs = a->inputs.items,
        .input_count = a->inputs.count,
        .archives = project.archives,
        .exclude = project.exclude,
        .exclude_base = project.base,
        .distribution = a->distribution,
        .timestamp = a->at.value,
        .allow_empty = a->allow_empty,
    };
    BU_TRY(bu_jobs(&a->jobs, &request.jobs, err));
    if (!a->at.given)
        BU_TRY(bu_environment_epoch(&cli->environment, INT64_MIN, &request.timestamp, err));
    return write(&request, &a->outputs, err);
}

const bu_command bu_cmd_sbom = {
    .name = "sbom",
    .summary = "write the bill of materials of a checkout or a system",
    .about = "Write the bill of materials of a checkout or of an installed system. The same input "
             "gives the same bytes.",
    .operands = "[PATH]...",
    .most = SIZE_MAX,
    .options = options,
    .args_size = sizeof(args),
    .run = run,
};
