/* SPDX-License-Identifier: MIT */
/*
 * bulla key import: a key of another tool, kept in bulla's own form.
 */
#include "command.h"

typedef struct args {
    bu_words files; /* FROM, FILE */
    bool allow_unencrypted;
    bu_count passphrase_fd;
} args;

static const bu_option options[] = {
    { "allow-unencrypted", 0, NULL, "keep the private key without a passphrase",
      BU_FIELD(args, allow_unencrypted) },
    { "passphrase-fd", 0, "N",
      "read the passphrases, the old one and the new one, a line each, from this descriptor",
      BU_FIELD(args, passphrase_fd) },
    { 0 },
};

static bulla_status run(bu_cli *cli, const void *values, bulla_error *err)
{
    (void)cli;
    const args *a = values;
    bu_passphrase_from from;
    bulla_passphrase passphrase;
    char keyid[65];
    BU_CLEAR(bu_buf) text = { 0 };
    BU_TRY(bu_passphrase_open(&a->passphrase_fd, &from, &passphrase, err));
    BU_TRY(bulla_key_import(a->files.items[0], a->files.items[1], &passphrase,
                            !a->allow_unencrypted, keyid, err));
    bu_buf_add_format(&text, "%s\n", keyid);
    return bu_cli_print(&text, err);
}

const bu_command bu_cmd_key_import = {
    .name = "key import",
    .summary = "keep a key of another tool in bulla's own form",
    .about =
        "Read a private key of any form that --key takes (PKCS#8, SEC 1, PKCS#1, OpenSSH, "
        "minisign, "
        "signify, cosign) and write it encrypted with a new passphrase: FILE gets the private key, "
        "FILE.pub the public key. Prints the keyid.",
    .operands = "FROM FILE",
    .wanted = "the key to read and the file for the private key",
    .least = 2,
    .most = 2,
    .options = options,
    .args_size = sizeof(args),
    .run = run,
};
