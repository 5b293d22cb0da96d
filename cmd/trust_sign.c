/* SPDX-License-Identifier: MIT */
/*
 * bulla trust sign: one more signature on a proposal.
 */
#include "edit.h"

typedef struct args {
    bu_words proposals;
    bu_edit_args edit;
} args;

static const bu_option options[] = {
    BU_EDIT_TRUST(args),
    BU_EDIT_KEYS(args),
    { 0 },
};

/* Without a key, it only shows what it would change. */
static bulla_status run(bu_cli *cli, const void *values, bulla_error *err)
{
    const args *a = values;
    BU_CLEAR(bu_edit) edit = { 0 };
    BU_TRY(bu_edit_open(cli, &a->edit, &edit, err));
    bool signs = a->edit.keys.count > 0;
    BU_TRY(bulla_trust_sign(&edit.edit, a->proposals.items, signs, &edit.outcome, err));
    return bu_edit_signed(&edit, signs ? a->proposals.items[0] : NULL, err);
}

const bu_command bu_cmd_trust_sign = {
    .name = "trust sign",
    .summary = "sign a proposed change of a trust store",
    .about =
        "Show what a proposal changes and who signed it, sign it with --key, and write it back. "
        "With enough signatures the store becomes the new one. Copies that were signed in several "
        "places are united into the first. Without --key, it is only shown.",
    .operands = "PROPOSAL...",
    .wanted = "a proposal",
    .least = 1,
    .most = SIZE_MAX,
    .options = options,
    .args_size = sizeof(args),
    .run = run,
};
