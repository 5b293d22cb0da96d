/* SPDX-License-Identifier: MIT */
/*
 * bulla key new: make a key pair.
 */
#include "command.h"

typedef struct args {
    bu_words files;
    const char *type, *person;
    bool allow_unencrypted;
    bu_count passphrase_fd;
} args;

static const bu_option options[] = {
    { "type", 't', "TYPE", "kind of key: ed25519 (default), ecdsa-p256, ecdsa-p384 or ecdsa-p521",
      BU_FIELD(args, type), .values = "ed25519 ecdsa-p256 ecdsa-p384 ecdsa-p521" },
    { "person", 0, "ID", "write FILE.proof, too, which proves whose key it is",
      BU_FIELD(args, person) },
    { "allow-unencrypted", 0, NULL, "keep the private key without a passphrase",
      BU_FIELD(args, allow_unencrypted), .excludes = "passphrase-fd" },
    { "passphrase-fd", 0, "N", "read the passphrase from this descriptor instead of the terminal",
      BU_FIELD(args, passphrase_fd) },
    { 0 },
};

static bulla_status run(bu_cli *cli, const void *values, bulla_error *err)
{
    (void)cli;
    const args *a = values;
    bulla_key_kind kind = a->type == NULL ? BULLA_KEY_ED25519 : bulla_key_kind_of(a->type);
    bu_passphrase_from from;
    bulla_passphrase passphrase;
    char keyid[65];
    BU_CLEAR(bu_buf) text = { 0 };
    BU_TRY(bu_passphrase_open(&a->passphrase_fd, &from, &passphrase, err));
    BU_TRY(bulla_key_new(kind, a->files.items[0], a->person,
                         a->allow_unencrypted ? NULL : &passphrase, keyid, err));
    bu_buf_add_format(&text, "%s\n", keyid);
    return bu_cli_print(&text, err);
}

const bu_command bu_cmd_key_new = {
    .name = "key new",
    .summary = "make a key pair",
    .about =
        "Make a key pair: FILE gets the private key, encrypted with a passphrase, FILE.pub the "
        "public key. Prints the keyid.",
    .operands = "FILE",
    .wanted = "the file for the private key",
    .least = 1,
    .most = 1,
    .options = options,
    .args_size = sizeof(args),
    .run = run,
};
