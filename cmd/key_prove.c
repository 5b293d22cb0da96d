/* SPDX-License-Identifier: MIT */
/*
 * bulla key prove: a key says whose it is.
 */
#include <string.h>

#include "command.h"

typedef struct args {
    bu_words none;
    const char *key, *person, *trust, *output;
    bu_count passphrase_fd;
} args;

static const bu_option options[] = {
    { "key", 'k', "KEY", "the private key: a file, or a pkcs11: URI", BU_FIELD(args, key),
      .required = true },
    { "person", 0, "ID", "whose it is, as the trust store is to name them", BU_FIELD(args, person),
      .required = true },
    { "trust", 0, "DIR", "prove it to this store only", BU_FIELD(args, trust) },
    { "output", 'o', "FILE", "write it here (default: KEY.proof)", BU_FIELD(args, output) },
    { "passphrase-fd", 0, "N", "read the passphrase or PIN from this descriptor",
      BU_FIELD(args, passphrase_fd) },
    { 0 },
};

bulla_status bu_proof_write_file(bu_cli *cli, const bulla_secret_key *key, const char *person,
                                 const bulla_trust *trust, const char *file, const char *path,
                                 bulla_error *err)
{
    BU_CLEAR(bulla_buffer) proof = { 0 };
    if (file == NULL)
        file = bu_arena_format(cli->arena, "%s.proof", path);
    if (file == NULL)
        return bu_no_memory(err);
    BU_TRY(bulla_key_prove(key, person, trust, &proof, err));
    return bu_cli_write(file, bu_buffer_bytes(&proof), err);
}

static bulla_status run(bu_cli *cli, const void *values, bulla_error *err)
{
    const args *a = values;
    BU_AUTO(bulla_secret_key) key = NULL;
    BU_AUTO(bulla_trust) trust = NULL;
    if (a->output == NULL && strncmp(a->key, "pkcs11:", strlen("pkcs11:")) == 0)
        return bu_fail(err, BULLA_E_USAGE, "name the file to write with --output");
    if (a->trust != NULL)
        BU_TRY(bu_trust_find(cli, a->trust, ".", &(bu_moment){ 0 }, &trust, err));
    BU_TRY(bu_key_open(a->key, &a->passphrase_fd, &key, err));
    return bu_proof_write_file(cli, key, a->person, trust, a->output, a->key, err);
}

const bu_command bu_cmd_key_prove = {
    .name = "key prove",
    .summary = "prove whose key it is, to be enrolled",
    .about =
        "Sign, with a key, that it is a person's: the proof of possession that bulla trust add "
        "wants beside the public key. Nobody can hand in a key that is not theirs.",
    .options = options,
    .args_size = sizeof(args),
    .run = run,
};
