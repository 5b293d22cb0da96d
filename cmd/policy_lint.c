/* SPDX-License-Identifier: MIT */
/*
 * bulla policy lint: what is odd in a policy.
 */
#include "policy_args.h"

static const bu_option options[] = {
    { "trust", 0, "DIR", "hold it against this trust store (default: the nearest .bulla/trust)",
      BU_FIELD(bu_policy_args, trust) },
    { "no-trust", 0, NULL, "look at the policy alone", BU_FIELD(bu_policy_args, no_trust),
      .excludes = "trust" },
    { "at", 0, "TIME", "judge expiry at this time instead of now", BU_FIELD(bu_policy_args, at) },
    { 0 },
};

static bulla_status run(bu_cli *cli, const void *values, bulla_error *err)
{
    BU_AUTO(bulla_trust) trust = NULL;
    BU_CLEAR(bulla_buffer) text = { 0 };
    bulla_policy_options request;
    BU_TRY(bu_policy_request(cli, values, &trust, &request, err));
    BU_TRY(bulla_policy_lint(&request, &text, &cli->exit, err));
    return bu_cli_write(NULL, bu_buffer_bytes(&text), err);
}

const bu_command bu_cmd_policy_lint = {
    .name = "policy lint",
    .summary = "say what is odd in a policy",
    .about = "Read a policy and say what in it can never be as it is meant (an error: exit status "
             "1) or is weaker than it may look (a warning): rules that never apply, exceptions "
             "that except nothing; with a trust store also roles, environments and people that "
             "the store does not have. FILE is what bulla.toml names, else the nearest "
             "bulla.policy.toml, when it is not given.",
    .operands = "[FILE]",
    .most = 1,
    .options = options,
    .args_size = sizeof(bu_policy_args),
    .run = run,
};
