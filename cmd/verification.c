/* SPDX-License-Identifier: MIT */
/*
 * From the options of a command to a request to verify.
 */
#include "verification.h"

static bulla_verify_options request_of(const bu_cli *cli, const bu_verify_args *a,
                                       const bu_project *project)
{
    return (bulla_verify_options){
        .paths = bu_paths(&a->paths, &a->inputs),
        .inputs = a->inputs.items,
        .input_count = a->inputs.count,
        .archives = project->archives,
        .exclude = project->exclude,
        .exclude_base = project->base,
        .caches = cli->environment.caches,
        .cache_count = cli->environment.cache_count,
        .gate = a->gate,
        .environment = a->environment,
        .vouchers = { a->keys.items, a->identity, a->issuer, a->trusted_root },
        .signatures = a->signatures.items,
        .algorithm = a->algorithm,
        .tiles = a->tiles,
        .build = { a->source, a->builder, a->branch, a->tag, a->versioned_tag,
                   a->workflow_inputs.items },
        .package_name = a->package_name,
        .package_version = a->package_version,
        .sboms = a->sboms.items,
        .trees = a->trees.items,
        .now = bu_now(cli, &a->at),
        .allow_empty = a->allow_empty,
    };
}

bulla_status bu_verification_look(bu_cli *cli, const bu_verify_args *a, bu_verification *out,
                                  bulla_error *err)
{
    const char *start = out->start = bu_start(&a->paths);
    BU_TRY(bu_project_find(cli, start, &a->exclude, &a->archives, &out->project, err));
    out->request = request_of(cli, a, &out->project);
    bulla_verify_options *request = &out->request;
    BU_TRY(bu_jobs(&a->jobs, &request->jobs, err));
    BU_TRY(bu_evidence_find(cli, &a->evidence, start, &request->evidence, err));
    if (a->keys.count == 0 && a->identity == NULL && a->trusted_root == NULL)
        BU_TRY(bu_trust_find(cli, a->trust, start, &a->at, &out->trust, err));
    request->trust = out->trust;
    return BU_OK;
}

bulla_status bu_verification_judge(bu_cli *cli, const bu_verify_args *a, bu_verification *out,
                                   bulla_error *err)
{
    BU_TRY(bu_verification_look(cli, a, out, err));
    return bu_policy_find(cli, a->policy, &out->project, out->start, &out->request.policy, err);
}

bulla_status bu_verification_begin(bu_cli *cli, const bu_verify_args *a, bu_verification *out,
                                   bulla_error *err)
{
    BU_TRY(bu_verification_judge(cli, a, out, err));
    BU_TRY(bu_default(cli, a->lock, out->start, BU_LOCK_FILE, &out->request.lock, err));
    return bu_waivers_find(cli, &a->waivers, out->start, &out->request.waivers, err);
}

void bu_verification_clear(bu_verification *verification)
{
    bulla_trust_free(verification->trust);
    bu_project_clear(&verification->project);
}
