/* SPDX-License-Identifier: MIT */
/*
 * bulla key show: what a key file is, and its public half.
 */
#include "base/bytes.h"
#include "base/utf8.h"
#include "command.h"

typedef struct args {
    bu_words files;
} args;

static const bu_option options[] = { { 0 } };

void bu_key_print(const char *path, const bulla_key_info *info, bu_buf *out)
{
    bu_buf_add_format(out, "%s %s ", info->keyid, bulla_key_kind_name(info->kind));
    if (info->is_private)
        bu_buf_add_text(out,
                        info->is_encrypted ? "private, encrypted " : "private, not encrypted ");
    else
        bu_buf_add_text(out, "public ");
    bu_escape(bu_bytes_of(path), out);
    bu_buf_add_byte(out, '\n');
}

static bulla_status run(bu_cli *cli, const void *values, bulla_error *err)
{
    (void)cli;
    const char *path = ((const args *)values)->files.items[0];
    BU_CLEAR(bulla_key_info) info = { 0 };
    BU_CLEAR(bu_buf) text = { 0 };
    BU_TRY(bulla_key_show(path, &info, err));
    bu_key_print(path, &info, &text);
    bu_buf_add(&text, (bulla_bytes){ info.pem.ptr, info.pem.len });
    return bu_cli_print(&text, err);
}

const bu_command bu_cmd_key_show = {
    .name = "key show",
    .summary = "say what a key file is",
    .about =
        "Say what a key file is: keyid, kind, private or public, and the public key as PEM. Needs "
        "no passphrase.",
    .operands = "FILE",
    .wanted = "the key file",
    .least = 1,
    .most = 1,
    .options = options,
    .args_size = sizeof(args),
    .run = run,
};
