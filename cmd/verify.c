/* SPDX-License-Identifier: MIT */
/*
 * bulla verify: is everything what was pinned, and vouched for?
 */
#include "verify_args.h"

static bulla_status run(bu_cli *cli, const void *values, bulla_error *err)
{
    const bu_verify_args *a = values;
    const char *start = bu_start(&a->paths);
    BU_AUTO(bulla_trust) trust = NULL;
    BU_CLEAR(bu_project) project = { 0 };
    const bulla_vouchers vouchers = { a->keys.items, a->identity, a->issuer, a->trusted_root };
    const int64_t now = a->at.given ? a->at.value : bu_clock();
    if (bu_outputs_find(&a->outputs, "payload") != NULL)
        return bu_payload_write(&a->paths, &vouchers, a->tiles, now, &a->outputs, err);
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
        .gate = a->gate,
        .environment = a->environment,
        .vouchers = vouchers,
        .signatures = a->signatures.items,
        .algorithm = a->algorithm,
        .tiles = a->tiles,
        .build = { a->source, a->builder, a->branch, a->tag, a->versioned_tag,
                   a->workflow_inputs.items },
        .package_name = a->package_name,
        .package_version = a->package_version,
        .sboms = a->sboms.items,
        .trees = a->trees.items,
        .now = now,
        .allow_empty = a->allow_empty,
    };
    BU_TRY(bu_jobs(&a->jobs, &request.jobs, err));
    BU_TRY(bu_default(cli, a->policy != NULL ? a->policy : project.policy, start,
                      "bulla.policy.toml", &request.policy, err));
    BU_TRY(bu_evidence_find(cli, &a->evidence, start, &request.evidence, err));
    BU_TRY(bu_default(cli, a->lock, start, BU_LOCK_FILE, &request.lock, err));
    if (a->keys.count == 0 && a->identity == NULL && a->trusted_root == NULL)
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
    .options = bu_verify_options,
    .args_size = sizeof(bu_verify_args),
    .run = run,
};
