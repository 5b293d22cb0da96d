/* SPDX-License-Identifier: MIT */
/*
 * bulla review: what people still have to look at, and how to say that they did.
 */
#include "command.h"

typedef struct args {
    bu_words paths;
    bu_outputs outputs;
    bu_inputs inputs;
    bu_words archives, exclude, evidence;
    const char *policy, *trust, *role;
    bu_moment at;
    bu_count jobs;
} args;

static const bu_option options[] = {
    { "output", 'o', "FORMAT[=FILE]", "write text (default) or json", BU_FIELD(args, outputs),
      .values = "text json" },
    { "role", 0, "ROLE", "only what this role is asked for", BU_FIELD(args, role) },
    { "policy", 0, "FILE", "judge by this policy (default: nearest bulla.policy.toml)",
      BU_FIELD(args, policy) },
    { "trust", 0, "DIR", "who may vouch (default: the nearest .bulla/trust)",
      BU_FIELD(args, trust) },
    { "evidence", 0, "DIR", "look for reviews here (default: the nearest .bulla/evidence)",
      BU_FIELD(args, evidence) },
    { "archives", 0, "DIR", "look for archives here", BU_FIELD(args, archives) },
    { "exclude", 0, "GLOB",
      "leave out what matches, as in .gitignore (also: exclude in bulla.toml)",
      BU_FIELD(args, exclude) },
    { "input", 'L', "KIND:PATH", "read this document as KIND, whatever its name",
      BU_FIELD(args, inputs) },
    { "at", 0, "TIME", "judge expiry at this time instead of now", BU_FIELD(args, at) },
    { "jobs", 'j', "N", "worker threads (default: one for each processor)", BU_FIELD(args, jobs) },
    { 0 },
};

static bulla_status render(const void *review, const char *format, bulla_buffer *out,
                           bulla_error *err)
{
    return bulla_review_render(review, format, out, err);
}

static bulla_status run(bu_cli *cli, const void *values, bulla_error *err)
{
    const args *a = values;
    const char *start = bu_start(&a->paths);
    BU_AUTO(bulla_trust) trust = NULL;
    BU_AUTO(bulla_review) review = NULL;
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
    BU_TRY(bu_default(cli, a->policy != NULL ? a->policy : project.policy, start,
                      "bulla.policy.toml", &request.policy, err));
    BU_TRY(bu_evidence_find(cli, &a->evidence, start, &request.evidence, err));
    BU_TRY(bu_trust_find(cli, a->trust, start, &a->at, &trust, err));
    request.trust = trust;
    BU_TRY(bulla_review_make(&request, a->role, &review, err));
    cli->exit = bulla_review_exit(review);
    return bu_pages_write(&a->outputs, render, review, err);
}

const bu_command bu_cmd_review = {
    .name = "review",
    .summary = "list what people still have to review, and how",
    .about = "List which dependencies lack a review under the policy, and print the commands that "
             "say that they were reviewed, the smallest set first: a publisher that several have "
             "in common, then what changed since a version that was reviewed, else the whole. "
             "Exit status 0 when nothing lacks, 3 otherwise. Never uses the network.",
    .operands = "[PATH]...",
    .most = SIZE_MAX,
    .options = options,
    .args_size = sizeof(args),
    .run = run,
};
