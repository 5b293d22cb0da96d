/* SPDX-License-Identifier: MIT */
/*
 * bulla trust publish: a trust store as files that any web server can serve.
 */
#include "edit.h"

#define WEEK (7 * 24 * 60 * 60) /* seconds */

typedef struct args {
    bu_words folders;
    bu_edit_args edit;
} args;

static const bu_option options[] = {
    BU_EDIT_TRUST(args),
    { "key", 'k', "FILE", "a private key of the snapshot and timestamp roles",
      BU_FIELD(args, edit.keys) },
    { "expires", 0, "TIME", "when it must have been published again (default: in a week)",
      BU_FIELD(args, edit.expires) },
    { "passphrase-fd", 0, "N", "read the passphrases, one a line, from this descriptor",
      BU_FIELD(args, edit.passphrase_fd) },
    { 0 },
};

static bulla_status run(bu_cli *cli, const void *values, bulla_error *err)
{
    const args *a = values;
    BU_CLEAR(bu_edit) edit = { 0 };
    BU_TRY(bu_edit_change(cli, &a->edit, &edit, err));
    if (!a->edit.expires.given)
        edit.edit.expires = edit.edit.now + WEEK;
    return bulla_trust_publish(&edit.edit, a->folders.items[0], err);
}

const bu_command bu_cmd_trust_publish = {
    .name = "trust publish",
    .summary = "write a trust store as a TUF repository",
    .about =
        "Write the store as a static TUF repository (consistent snapshots) that any web server "
        "or object store can serve. Publishing there again renews it; timestamp.json is "
        "written last.",
    .operands = "DIR",
    .wanted = "the folder to write to",
    .least = 1,
    .most = 1,
    .options = options,
    .args_size = sizeof(args),
    .run = run,
};
