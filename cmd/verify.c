/* SPDX-License-Identifier: MIT */
/*
 * bulla verify: is everything what was pinned, and vouched for?
 */
#include "command.h"

typedef struct args {
    bu_words paths;
    bu_outputs outputs;
    bu_inputs inputs;
    bu_words archives, trees, exclude, sboms;
    const char *policy, *trust, *key, *signature, *algorithm;
    bu_moment at;
    bu_count jobs;
    bool allow_empty, quiet, verbose, no_color;
} args;

static const bu_option options[] = {
    { "output", 'o', "FORMAT[=FILE]", "write text, json, or the payload that --key opens",
      BU_FIELD(args, outputs), .values = "text json payload" },
    { "policy", 0, "FILE", "judge by this policy (default: nearest bulla.policy.toml)",
      BU_FIELD(args, policy) },
    { "trust", 0, "DIR", "who may vouch (default: the nearest .bulla/trust)",
      BU_FIELD(args, trust) },
    { "archives", 0, "DIR", "look for archives here", BU_FIELD(args, archives) },
    { "tree", 0, "DIR", "hold what is installed there against the archives",
      BU_FIELD(args, trees) },
    { "exclude", 0, "GLOB",
      "leave out what matches, as in .gitignore (also: exclude in bulla.toml)",
      BU_FIELD(args, exclude) },
    { "input", 'L', "KIND:PATH", "read this document as KIND, whatever its name",
      BU_FIELD(args, inputs) },
    { "sbom", 0, "FILE", "an SBOM that an attestation of the artifact must be about too",
      BU_FIELD(args, sboms) },
    { "key", 0, "FILE", "trust this public key or OpenPGP keyring, instead of a trust store",
      BU_FIELD(args, key), .excludes = "trust" },
    { "signature", 0, "FILE", "the detached signature or envelope of the one PATH",
      BU_FIELD(args, signature) },
    { "algorithm", 0, "NAME", "algorithm of a raw signature (default: by the key)",
      BU_FIELD(args, algorithm) },
    { "at", 0, "TIME", "judge expiry at this time instead of now", BU_FIELD(args, at) },
    { "jobs", 'j', "N", "worker threads (default: one for each processor)", BU_FIELD(args, jobs) },
    { "allow-empty", 0, NULL, "nothing to verify is fine", BU_FIELD(args, allow_empty) },
    { "quiet", 'q', NULL, "print no result unless --output asks; the exit status tells",
      BU_FIELD(args, quiet) },
    { "verbose", 'v', NULL, "list what is allowed, too", BU_FIELD(args, verbose) },
    { "no-color", 0, NULL, "no colours (as with NO_COLOR)", BU_FIELD(args, no_color) },
    { 0 },
};

static bulla_status run(bu_cli *cli, const void *values, bulla_error *err)
{
    const args *a = values;
    const char *start = a->paths.count > 0 ? a->paths.items[0] : ".";
    BU_AUTO(bulla_trust) trust = NULL;
    BU_CLEAR(bu_project) project = { 0 };
    if (bu_outputs_find(&a->outputs, "payload") != NULL)
        return bu_payload_write(&a->paths, a->key, &a->outputs, err);
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
        .key = a->key,
        .signature = a->signature,
        .algorithm = a->algorithm,
        .sboms = a->sboms.items,
        .trees = a->trees.items,
        .now = a->at.given ? a->at.value : bu_clock(),
        .allow_empty = a->allow_empty,
    };
    BU_TRY(bu_jobs(&a->jobs, &request.jobs, err));
    BU_TRY(bu_default(cli, a->policy != NULL ? a->policy : project.policy, start,
                      "bulla.policy.toml", &request.policy, err));
    if (a->key == NULL)
        BU_TRY(bu_trust_find(cli, a->trust, start, request.now, &trust, err));
    request.trust = trust;
    const bulla_render_options look = { .verbose = a->verbose, .color = !a->no_color };
    return bu_verify_write(cli, &request, &a->outputs, a->quiet, &look, err);
}

const bu_command bu_cmd_verify = {
    .name = "verify",
    .summary = "check dependencies, Debian packages, signed artifacts",
    .about = "Check that everything that goes into a product is exactly what was pinned, and who "
             "vouched for it: the dependencies of a checkout, Debian packages, or artifacts with "
             "the sidecars beside them. Never uses the network.",
    .operands = "[PATH]...",
    .most = SIZE_MAX,
    .options = options,
    .args_size = sizeof(args),
    .run = run,
};
