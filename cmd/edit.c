/* SPDX-License-Identifier: MIT */
/*
 * Opening an edit of a trust store: which store, whose keys, until when.
 */
#include "edit.h"

#define YEAR (365 * 24 * 60 * 60) /* seconds */

void bu_edit_clear(bu_edit *edit)
{
    for (size_t i = 0; i < edit->edit.key_count; i++)
        bulla_secret_key_free(edit->keys[i]);
    *edit = (bu_edit){ 0 };
}

static bulla_status open_keys(bu_cli *cli, const bu_edit_args *args, bu_edit *out, bulla_error *err)
{
    out->keys = bu_arena_get_array(cli->arena, args->keys.count + 1, sizeof(bulla_secret_key *));
    if (out->keys == NULL)
        return bu_no_memory(err);
    for (size_t i = 0; i < args->keys.count; i++) {
        BU_TRY(bu_key_open(args->keys.items[i], &args->passphrase_fd, &out->keys[i], err));
        out->edit.key_count++;
    }
    out->edit.keys = out->keys;
    return BU_OK;
}

bulla_status bu_edit_begin(bu_cli *cli, const bu_edit_args *args, const char *folder, bu_edit *out,
                           bulla_error *err)
{
    int64_t now = bu_clock();
    out->edit.now = now;
    out->edit.expires = args->expires.given ? args->expires.value : now + YEAR;
    out->edit.folder = folder;
    return open_keys(cli, args, out, err);
}

bulla_status bu_edit_change(bu_cli *cli, const bu_edit_args *args, bu_edit *out, bulla_error *err)
{
    const char *folder = NULL;
    BU_TRY(bu_default(cli, args->trust, ".", BU_TRUST_STORE, &folder, err));
    if (folder == NULL)
        return bu_next(err, bu_fail(err, BULLA_E_USAGE, "there is no .bulla/trust here or above"),
                       "name the store with --trust DIR, or make one: bulla trust init");
    if (args->keys.count == 0)
        return bu_fail(err, BULLA_E_USAGE, "name the owners' keys with --key");
    return bu_edit_begin(cli, args, folder, out, err);
}
