/* SPDX-License-Identifier: MIT */
/*
 * bulla lock: record who vouches for each dependency.
 */
#include <unistd.h>

#include "command.h"

typedef struct args {
    bu_words paths, update;
    bu_inputs inputs;
    bu_words archives, exclude, evidence;
    const char *file, *trust;
    bu_moment at;
    bu_count jobs;
} args;

static const bu_option options[] = {
    { "update", 0, "PACKAGE", "accept what changed of these packages: pkg:npm/NAME, or a pattern",
      BU_FIELD(args, update) },
    { "lock", 0, "FILE", "the record (default: the nearest bulla.lock, or one beside bulla.toml)",
      BU_FIELD(args, file) },
    { "trust", 0, "DIR", "who may vouch (default: the nearest .bulla/trust)",
      BU_FIELD(args, trust) },
    { "archives", 0, "DIR", "look for archives here", BU_FIELD(args, archives) },
    { "evidence", 0, "DIR", "look here, too, for files that sign (default: .bulla/evidence)",
      BU_FIELD(args, evidence) },
    { "exclude", 0, "GLOB",
      "leave out what matches, as in .gitignore (also: exclude in bulla.toml)",
      BU_FIELD(args, exclude) },
    { "input", 'L', "KIND:PATH", "read this document as KIND, whatever its name",
      BU_FIELD(args, inputs) },
    { "at", 0, "TIME", "judge expiry at this time instead of now", BU_FIELD(args, at) },
    { "jobs", 'j', "N", "worker threads (default: one for each processor)", BU_FIELD(args, jobs) },
    { 0 },
};

static bulla_status make(const char *path, bulla_verify_options *request, const char *const *update,
                         bu_cli *cli, bulla_error *err)
{
    BU_CLEAR(bulla_locked) locked = { 0 };
    const bulla_lock_options lock = { .verify = request, .update = update };
    request->progress = bu_progress_begin(cli, false);
    bulla_status status = bulla_lock(&lock, &locked, err);
    bu_progress_end(request->progress);
    BU_TRY(status);
    if (locked.is_changed)
        BU_TRY(bu_cli_write(path, bu_buffer_bytes(&locked.document), err));
    cli->exit = locked.exit;
    return bu_cli_write(NULL, bu_buffer_bytes(&locked.changes), err);
}

static bulla_status run(bu_cli *cli, const void *values, bulla_error *err)
{
    const args *a = values;
    const char *start = bu_start(&a->paths), *path;
    BU_AUTO(bulla_trust) trust = NULL;
    BU_CLEAR(bu_project) project = { 0 };
    BU_TRY(bu_project_find(cli, start, &a->exclude, &a->archives, &project, err));
    bulla_verify_options request = {
        .paths = bu_paths(&a->paths, &a->inputs),
        .inputs = a->inputs.items,
        .input_count = a->inputs.count,
        .archives = project.archives,
        .exclude = project.exclude,
        .exclude_base = project.base,
        .caches = cli->environment.caches,
        .cache_count = cli->environment.cache_count,
        .now = bu_now(cli, &a->at),
    };
    BU_TRY(bu_jobs(&a->jobs, &request.jobs, err));
    BU_TRY(bu_evidence_find(cli, &a->evidence, start, &request.evidence, err));
    BU_TRY(bu_trust_find(cli, a->trust, start, &a->at, &trust, err));
    request.trust = trust;
    BU_TRY(bu_lock_place(cli, a->file, start, &path, err));
    request.lock = access(path, F_OK) == 0 ? path : NULL;
    return make(path, &request, a->update.items, cli, err);
}

const bu_command bu_cmd_lock = {
    .name = "lock",
    .summary = "record who vouches for each dependency",
    .about = "Record in bulla.lock who vouches for each dependency of a checkout, by which proof, "
             "and from which host it comes. From then on bulla verify denies what comes from "
             "elsewhere, is vouched for by somebody else, or by nobody any more. What is new is "
             "added; what changed is refused until --update names it.",
    .operands = "[PATH]...",
    .most = SIZE_MAX,
    .options = options,
    .args_size = sizeof(args),
    .run = run,
};
