/* SPDX-License-Identifier: MIT */
/*
 * bulla trust grant: a role for a person, or less than the whole of it.
 */
#include "edit.h"

typedef struct args {
    bu_words people;
    bu_edit_args edit;
    const char *role;
    bu_words match, predicates, environments;
    bu_moment from, until, review_by;
} args;

static const bu_option options[] = {
    BU_EDIT_TRUST(args),
    BU_EDIT_OPTIONS(args),
    { "role", 0, "ROLE", "the role", BU_FIELD(args, role), .required = true },
    { "match", 0, "GLOB", "what the person may vouch for in it", BU_FIELD(args, match) },
    { "predicate", 0, "TYPE", "predicate type that the person may sign in it",
      BU_FIELD(args, predicates) },
    { "environment", 0, "NAME", "in this environment only", BU_FIELD(args, environments) },
    { "from", 0, "TIME", "from this time on", BU_FIELD(args, from) },
    { "until", 0, "TIME", "until this time", BU_FIELD(args, until) },
    { "review-by", 0, "TIME", "it sleeps after this time, until it is renewed",
      BU_FIELD(args, review_by) },
    { 0 },
};

static bulla_status run(bu_cli *cli, const void *values, bulla_error *err)
{
    const args *a = values;
    const bulla_trust_right right = {
        .person = a->people.items[0],
        .role = a->role,
        .match = a->match.items,
        .predicates = a->predicates.items,
        .environments = a->environments.items,
        .from = a->from.value,
        .until = a->until.value,
        .review_by = a->review_by.value,
    };
    BU_CLEAR(bu_edit) edit = { 0 };
    BU_TRY(bu_edit_change(cli, &a->edit, &edit, err));
    BU_TRY(bulla_trust_grant(&edit.edit, &right, &edit.outcome, err));
    return bu_edit_end(cli, &a->edit, &edit, err);
}

const bu_command bu_cmd_trust_grant = {
    .name = "trust grant",
    .summary = "give a person a role",
    .about =
        "Give a person of the store a role. In a role that is there, what is named narrows what "
        "this person may do in it; a role that is new gets it as its own.",
    .operands = "PERSON",
    .wanted = "the person",
    .least = 1,
    .most = 1,
    .options = options,
    .args_size = sizeof(args),
    .run = run,
};
