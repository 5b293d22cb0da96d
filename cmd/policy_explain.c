/* SPDX-License-Identifier: MIT */
/*
 * bulla policy explain: a policy in plain English.
 */
#include "policy_args.h"

static const bu_option options[] = {
    { "built-in", 0, NULL, "the policy that holds when there is no other",
      BU_FIELD(bu_policy_args, built_in) },
    { "trust", 0, "DIR", "store whose policy it is (default: the nearest .bulla/trust)",
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
    BU_TRY(bulla_policy_explain(&request, &text, err));
    return bu_cli_write(NULL, bu_buffer_bytes(&text), err);
}

const bu_command bu_cmd_policy_explain = {
    .name = "policy explain",
    .summary = "print a policy in plain English",
    .about =
        "Print in plain English what a policy asks for, so that whoever signs it can read "
        "it. FILE is what bulla.toml names, else the nearest bulla.policy.toml, when it is not "
        "given.",
    .operands = "[FILE]",
    .most = 1,
    .options = options,
    .args_size = sizeof(bu_policy_args),
    .run = run,
};
