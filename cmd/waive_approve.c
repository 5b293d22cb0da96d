/* SPDX-License-Identifier: MIT */
/*
 * bulla waive approve: agree to what somebody else proposed.
 */
#include <string.h>

#include "waive.h"

/* It is shown before the passphrase is asked for: nobody signs unseen. */
static bulla_status run(bu_cli *cli, const void *values, bulla_error *err)
{
    const bu_waive_sign_args *a = values;
    const char *what = a->operands.items[0], *path;
    bool is_id = strncmp(what, "W-", 2) == 0 && strchr(what, '.') == NULL;
    const bulla_waiver *waiver;
    BU_CLEAR(bu_waiving) waiving = { 0 };
    BU_CLEAR(bulla_buffer) shown = { 0 }, file = { 0 };
    BU_AUTO(bulla_secret_key) key = NULL;
    BU_TRY(bu_waiving_begin(cli, &a->waive, is_id ? NULL : what, &waiving, err));
    BU_TRY(bulla_waivers_find(waiving.waivers, is_id ? what : NULL, &waiver, err));
    BU_TRY(bulla_waiver_describe(waiver, &shown, err));
    BU_TRY(bu_cli_write(NULL, bu_buffer_bytes(&shown), err));
    BU_TRY(bu_key_open(a->key, &a->passphrase_fd, &key, err));
    BU_TRY(bulla_waiver_approve(key, waiving.waivers, waiver, &path, &file, err));
    return bu_cli_write(path, bu_buffer_bytes(&file), err);
}

const bu_command bu_cmd_waive_approve = {
    .name = "waive approve",
    .summary = "agree to a waiver that somebody else proposed",
    .about = "Show a proposed waiver and sign it. Whoever agrees must hold its role and be another "
             "person than the one who proposed it; keys and services of one person are one.",
    .operands = "ID|FILE",
    .wanted = "the waiver, by its id or the file that holds it",
    .least = 1,
    .most = 1,
    .options = bu_waive_sign_options,
    .args_size = sizeof(bu_waive_sign_args),
    .run = run,
};
