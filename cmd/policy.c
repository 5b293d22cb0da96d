/* SPDX-License-Identifier: MIT */
/*
 * Which policy the commands about policies are about.
 */
#include "policy_args.h"

/* The one by which bulla verify would judge here. */
static bulla_status find(bu_cli *cli, const char **out, bulla_error *err)
{
    const bu_words none = { 0 };
    BU_CLEAR(bu_project) project = { 0 };
    BU_TRY(bu_project_find(cli, ".", &none, &none, &project, err));
    BU_TRY(bu_policy_find(cli, NULL, &project, ".", out, err));
    if (*out == NULL)
        return BU_OK;
    *out = bu_arena_text(cli->arena, bu_bytes_of(*out)); /* the project goes */
    return *out == NULL ? bu_no_memory(err) : BU_OK;
}

bulla_status bu_policy_request(bu_cli *cli, const bu_policy_args *args, bulla_trust **trust,
                               bulla_policy_options *out, bulla_error *err)
{
    const char *named = args->files.count > 0 ? args->files.items[0] : NULL;
    const char *start = named != NULL ? named : ".";
    *out = (bulla_policy_options){ .gate = args->gate,
                                   .is_draft = named != NULL,
                                   .now = bu_now(cli, &args->at) };
    if (!args->no_trust && !args->built_in)
        BU_TRY(bu_trust_find(cli, args->trust, start, &args->at, trust, err));
    out->trust = *trust;
    out->policy = named;
    return named != NULL || args->built_in ? BU_OK : find(cli, &out->policy, err);
}
