/* SPDX-License-Identifier: MIT */
/*
 * bulla policy test: does a policy judge as it is meant to?
 */
#include "policy_args.h"

static const bu_option options[] = {
    { "gate", 0, "NAME", "judge artifacts by this gate, where the cases name none",
      BU_FIELD(bu_policy_args, gate) },
    { "trust", 0, "DIR", "store whose exclusions hold (default: the nearest .bulla/trust)",
      BU_FIELD(bu_policy_args, trust) },
    { "no-trust", 0, NULL, "only the exclusions that every store has",
      BU_FIELD(bu_policy_args, no_trust), .excludes = "trust" },
    { "at", 0, "TIME", "time to judge by, where the cases say none", BU_FIELD(bu_policy_args, at) },
    { 0 },
};

static bulla_status run(bu_cli *cli, const void *values, bulla_error *err)
{
    const bu_policy_args *a = values;
    BU_AUTO(bulla_trust) trust = NULL;
    BU_CLEAR(bulla_buffer) text = { 0 };
    bulla_policy_options request;
    BU_TRY(bu_policy_request(cli, a, &trust, &request, err));
    BU_TRY(bulla_policy_test(&request, a->files.items + 1, &text, &cli->exit, err));
    return bu_cli_write(NULL, bu_buffer_bytes(&text), err);
}

const bu_command bu_cmd_policy_test = {
    .name = "policy test",
    .summary = "try a policy with cases",
    .about = "Judge the components of cases by a policy, and hold verdict, rule and reasons "
             "against those that stand in the cases: what differs is printed, and the exit status "
             "is 1. Cases are what bulla verify --emit-input writes, or are written by hand, see "
             "doc/policy.md.",
    .operands = "FILE CASES...",
    .wanted = "a policy, and a file of cases",
    .least = 2,
    .most = SIZE_MAX,
    .options = options,
    .args_size = sizeof(bu_policy_args),
    .run = run,
};
