/* SPDX-License-Identifier: MIT */
/*
 * bulla trust remove: take a key, a role or a person out of a store.
 */
#include "edit.h"

typedef struct args {
    bu_words people;
    bu_edit_args edit;
    const char *role, *keyid;
} args;

static const bu_option options[] = {
    BU_EDIT_TRUST(args),
    BU_EDIT_OPTIONS(args),
    { "role", 0, "ROLE", "take this role from the person; whole, when nobody is named",
      BU_FIELD(args, role) },
    { "keyid", 0, "HEX", "take away only this key", BU_FIELD(args, keyid) },
    { 0 },
};

static bulla_status run(bu_cli *cli, const void *values, bulla_error *err)
{
    const args *a = values;
    const char *person = a->people.count > 0 ? a->people.items[0] : NULL;
    BU_CLEAR(bu_edit) edit = { 0 };
    if (person == NULL && a->keyid == NULL && a->role == NULL)
        return bu_fail(err, BULLA_E_USAGE,
                       "name the person, a key with --keyid, or a role with --role");
    BU_TRY(bu_edit_change(cli, &a->edit, &edit, err));
    BU_TRY(bulla_trust_remove(&edit.edit, person, a->role, a->keyid, &edit.outcome, err));
    return bu_edit_end(cli, &a->edit, &edit, err);
}

const bu_command bu_cmd_trust_remove = {
    .name = "trust remove",
    .summary = "take a person, a key or a role out of a trust store",
    .about =
        "Take a role from a person, or a key, a role or a person with all of it out of the store. "
        "The new state of the store is signed with --key; when more owners must sign, it becomes a "
        "proposal.",
    .operands = "[PERSON]",
    .most = 1,
    .options = options,
    .args_size = sizeof(args),
    .run = run,
};
