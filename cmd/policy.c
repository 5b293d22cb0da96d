/* SPDX-License-Identifier: MIT */
/*
 * Which policy the commands about policies are about.
 */
#include "policy_args.h"

bulla_status bu_policy_request(bu_cli *cli, const bu_policy_args *args, bulla_trust **trust,
                               bulla_policy_options *out, bulla_error *err)
{
    const char *named = args->files.count > 0 ? args->files.items[0] : NULL;
    const char *start = named != NULL ? named : ".";
    *out = (bulla_policy_options){ .gate = args->gate,
                                   .is_draft = named != NULL,
                                   .now = args->at.given ? args->at.value : bu_clock() };
    if (!args->no_trust && !args->built_in)
        BU_TRY(bu_trust_find(cli, args->trust, start, &args->at, trust, err));
    out->trust = *trust;
    if (args->built_in)
        return BU_OK;
    return bu_default(cli, named, start, "bulla.policy.toml", &out->policy, err);
}
