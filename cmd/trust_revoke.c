/* SPDX-License-Identifier: MIT */
/*
 * bulla trust revoke: a key counts for nothing any more.
 */
#include "edit.h"

typedef struct args {
    bu_words people;
    bu_edit_args edit;
    const char *keyid, *reason;
    bu_moment at, since;
} args;

static const bu_option options[] = {
    BU_EDIT_TRUST(args),
    BU_EDIT_OPTIONS(args),
    { "keyid", 0, "HEX", "only this key", BU_FIELD(args, keyid) },
    { "reason", 0, "CODE", "lost, stolen, left, superseded or unspecified", BU_FIELD(args, reason),
      .values = "lost stolen left superseded unspecified", .required = true },
    { "at", 0, "TIME", "when it was withdrawn (default: now)", BU_FIELD(args, at) },
    { "since", 0, "TIME", "in wrong hands since: only what is proved to be older counts",
      BU_FIELD(args, since) },
    { 0 },
};

static bulla_status run(bu_cli *cli, const void *values, bulla_error *err)
{
    const args *a = values;
    const bulla_trust_revocation revocation = {
        .person = a->people.count > 0 ? a->people.items[0] : NULL,
        .keyid = a->keyid,
        .reason = a->reason,
        .at = a->at.value,
        .since = a->since.value,
    };
    BU_CLEAR(bu_edit) edit = { 0 };
    BU_TRY(bu_edit_change(cli, &a->edit, &edit, err));
    BU_TRY(bulla_trust_revoke(&edit.edit, &revocation, &edit.outcome, err));
    return bu_edit_end(cli, &a->edit, &edit, err);
}

const bu_command bu_cmd_trust_revoke = {
    .name = "trust revoke",
    .summary = "withdraw a key, or all keys of a person",
    .about =
        "Withdraw a key, or all keys of a person. What they signed counts only where a trusted "
        "time proves that it is older. The entry stays in the store, with its reason.",
    .operands = "[PERSON]",
    .most = 1,
    .options = options,
    .args_size = sizeof(args),
    .run = run,
};
