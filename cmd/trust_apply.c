/* SPDX-License-Identifier: MIT */
/*
 * bulla trust apply: a proposal that enough people signed becomes the store.
 */
#include "edit.h"

typedef struct args {
    bu_words proposals;
    bu_edit_args edit;
} args;

static const bu_option options[] = { BU_EDIT_TRUST(args), { 0 } };

static bulla_status run(bu_cli *cli, const void *values, bulla_error *err)
{
    const args *a = values;
    BU_CLEAR(bu_edit) edit = { 0 };
    BU_TRY(bu_edit_open(cli, &a->edit, &edit, err));
    BU_TRY(bulla_trust_sign(&edit.edit, a->proposals.items, true, &edit.outcome, err));
    BU_TRY(bu_edit_signed(&edit, NULL, err));
    return edit.outcome.applied
               ? BU_OK
               : bu_next(err, bu_fail(err, BULLA_E_THRESHOLD, "too few owners signed"),
                         "let more of them sign: bulla trust sign");
}

const bu_command bu_cmd_trust_apply = {
    .name = "trust apply",
    .summary = "make a signed proposal the store",
    .about = "Unite copies of a proposal, and make it the store when enough owners signed.",
    .operands = "PROPOSAL...",
    .wanted = "a proposal",
    .least = 1,
    .most = SIZE_MAX,
    .options = options,
    .args_size = sizeof(args),
    .run = run,
};
