/* SPDX-License-Identifier: MIT */
/*
 * bulla review: what people still have to look at, and how to say that they did.
 */
#include "verification.h"

typedef struct args {
    bu_verify_args verify; /* operands first */
    const char *role;
} args;

static const bu_option options[] = {
    { "output", 'o', "FORMAT[=FILE]", "write text (default) or json",
      BU_FIELD(args, verify.outputs), .values = "text json" },
    { "role", 0, "ROLE", "only what this role is asked for", BU_FIELD(args, role) },
    { "policy", 0, "FILE", "judge by this policy (default: nearest bulla.policy.toml)",
      BU_FIELD(args, verify.policy) },
    { "trust", 0, "DIR", "who may vouch (default: the nearest .bulla/trust)",
      BU_FIELD(args, verify.trust) },
    { "evidence", 0, "DIR", "look for reviews here (default: the nearest .bulla/evidence)",
      BU_FIELD(args, verify.evidence) },
    { "archives", 0, "DIR", "look for archives here", BU_FIELD(args, verify.archives) },
    BU_LOOK_OPTIONS(args),
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
    BU_CLEAR(bu_verification) verification = { 0 };
    BU_AUTO(bulla_review) review = NULL;
    BU_TRY(bu_verification_judge(cli, &a->verify, &verification, err));
    BU_TRY(bulla_review_make(&verification.request, a->role, &review, err));
    cli->exit = bulla_review_exit(review);
    return bu_pages_write(&a->verify.outputs, render, review, err);
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
