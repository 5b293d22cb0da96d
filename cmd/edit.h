/* SPDX-License-Identifier: MIT */
/*
 * What the commands share that change a trust store.
 */
#ifndef BU_CMD_EDIT_H
#define BU_CMD_EDIT_H

#include "command.h"

typedef struct bu_edit_args {
    bu_words keys;
    const char *trust;
    bu_moment expires;
    bu_count passphrase_fd;
} bu_edit_args;

/** The rows for a member `edit` of the arguments. */
#define BU_EDIT_OPTIONS(args)                                                                      \
    { "key", 'k', "FILE", "a private key of the store's owners to sign the change with",           \
      BU_FIELD(args, edit.keys) },                                                                 \
        { "expires", 0, "TIME", "when the new metadata expires (default: in a year)",              \
          BU_FIELD(args, edit.expires) },                                                          \
    {                                                                                              \
        "passphrase-fd", 0, "N", "read the passphrases, one a line, from this descriptor",         \
            BU_FIELD(args, edit.passphrase_fd)                                                     \
    }

/** An edit with its keys open. */
typedef struct bu_edit {
    bulla_trust_edit edit;
    bulla_secret_key **keys; /* in the arena; each to be freed */
} bu_edit;
void bu_edit_clear(bu_edit *edit);
BU_DEFINE_CLEAR(bu_edit)

/** Open the keys and settle times. Fails with usage, and as keys do. */
BULLA_MUST_USE bulla_status bu_edit_begin(bu_cli *cli, const bu_edit_args *args, const char *folder,
                                          bu_edit *out, bulla_error *err);
/** The same for a change of the store that is named, or else of the nearest; wants a key. */
BULLA_MUST_USE bulla_status bu_edit_change(bu_cli *cli, const bu_edit_args *args, bu_edit *out,
                                           bulla_error *err);

#endif
