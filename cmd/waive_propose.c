/* SPDX-License-Identifier: MIT */
/*
 * bulla waive propose: ask for one thing to pass one rule for a while.
 */
#include "signing.h"
#include "verification.h"
#include "waive.h"

typedef struct args {
    bu_words operands;
    bu_verify_args verify;
    const char *key, *rule, *reason, *role;
    bu_moment until;
    bu_count passphrase_fd;
} args;

static const bu_option options[] = {
    { "reason", 0, "WORD", "why: one of the words in bulla-waive(1)", BU_FIELD(args, reason),
      .required = true,
      .values = "awaiting-evidence awaiting-fix compensating-control no-upstream-evidence retiring "
                "urgent-release" },
    { "until", 0, "TIME", "when it ends: at most 90 days ahead", BU_FIELD(args, until),
      .required = true },
    BU_WAIVE_KEY(args),
    { "rule", 0, "NAME", "the rule, where a package fails several", BU_FIELD(args, rule) },
    { "role", 0, "ROLE", "whose people must agree (default: the first that the policy names)",
      BU_FIELD(args, role) },
    { "policy", 0, "FILE", "judge by this policy (default: nearest bulla.policy.toml)",
      BU_FIELD(args, verify.policy) },
    { "trust", 0, "DIR", "who may vouch (default: the nearest .bulla/trust)",
      BU_FIELD(args, verify.trust) },
    { "waivers", 0, "DIR", "where it is put (default: the nearest .bulla/waivers)",
      BU_FIELD(args, verify.waivers) },
    { "archives", 0, "DIR", "look for archives here", BU_FIELD(args, verify.archives) },
    { "tree", 0, "DIR", "hold what is installed there against the archives",
      BU_FIELD(args, verify.trees) },
    { "exclude", 0, "GLOB", "leave out what matches, as in .gitignore",
      BU_FIELD(args, verify.exclude) },
    { "evidence", 0, "DIR", "look here, too, for files that sign (default: .bulla/evidence)",
      BU_FIELD(args, verify.evidence) },
    { "input", 'L', "KIND:PATH", "read this document as KIND, whatever its name",
      BU_FIELD(args, verify.inputs) },
    { "environment", 0, "NAME", "what is said for other environments does not count",
      BU_FIELD(args, verify.environment) },
    { "at", 0, "TIME", "judge by this time instead of now", BU_FIELD(args, verify.at) },
    { 0 },
};

static bulla_status run(bu_cli *cli, const void *values, bulla_error *err)
{
    const args *a = values;
    bu_verify_args wanted = a->verify;
    char id[BULLA_WAIVER_ID];
    BU_CLEAR(bu_verification) verification = { 0 };
    BU_AUTO(bulla_secret_key) key = NULL;
    BU_CLEAR(bulla_buffer) line = { 0 };
    const bulla_waiver_proposal proposal = { .what = a->operands.items[0],
                                             .rule = a->rule,
                                             .reason = a->reason,
                                             .role = a->role,
                                             .until = a->until.value };
    wanted.paths = (bu_words){ a->operands.items + 1, a->operands.count - 1 };
    BU_TRY(bu_verification_begin(cli, &wanted, &verification, err));
    BU_TRY(bu_key_open(a->key, &a->passphrase_fd, &key, err));
    BU_TRY(bulla_waiver_propose(key, &verification.request, &proposal, id, &line, err));
    return bu_waiver_keep(cli, &wanted.waivers, bu_start(&wanted.paths), id, bu_buffer_bytes(&line),
                          err);
}

const bu_command bu_cmd_waive_propose = {
    .name = "waive propose",
    .summary = "ask for one thing to pass one rule for a while",
    .about = "Verify, find what was found missing by its id (W-…) or package URL, and propose a "
             "waiver for it: a signed statement that another person must agree to. It is bound to "
             "the text of the rule and the digest of the bytes, and always ends.",
    .operands = "FINDING [PATH]...",
    .wanted = "what to waive: an id that bulla verify shows, or a package URL",
    .least = 1,
    .most = SIZE_MAX,
    .options = options,
    .args_size = sizeof(args),
    .run = run,
};
