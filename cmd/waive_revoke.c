/* SPDX-License-Identifier: MIT */
/*
 * bulla waive revoke: take a waiver back, for good.
 */
#include "waive.h"

static bulla_status run(bu_cli *cli, const void *values, bulla_error *err)
{
    const bu_waive_sign_args *a = values;
    const char *id = a->operands.items[0];
    BU_CLEAR(bu_waiving) waiving = { 0 };
    BU_CLEAR(bulla_buffer) lines = { 0 };
    BU_AUTO(bulla_secret_key) key = NULL;
    BU_TRY(bu_waiving_begin(cli, &a->waive, NULL, &waiving, err));
    BU_TRY(bu_key_open(a->key, &a->passphrase_fd, &key, err));
    BU_TRY(bulla_waiver_revoke(key, waiving.waivers, id, &lines, err));
    return bu_waiver_keep(cli, &a->waive.waivers, ".", id, bu_buffer_bytes(&lines), err);
}

const bu_command bu_cmd_waive_revoke = {
    .name = "waive revoke",
    .summary = "take a waiver back, for good",
    .about = "Sign that a waiver counts no more. One person of its role suffices, and a copy of "
             "the waiver stays revoked wherever it comes from.",
    .operands = "ID",
    .wanted = "the waiver, by its id",
    .least = 1,
    .most = 1,
    .options = bu_waive_sign_options,
    .args_size = sizeof(bu_waive_sign_args),
    .run = run,
};
