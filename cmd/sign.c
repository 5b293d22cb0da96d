/* SPDX-License-Identifier: MIT */
/*
 * bulla sign: one envelope over one or many files, or one more signature in it.
 */
#include "sidecar.h"

typedef struct args {
    bu_words files;
    const char *key, *output;
    bu_maybe append;
    bool replace;
    bu_count passphrase_fd;
} args;

static const bu_option options[] = {
    { "key", 'k', "FILE", "the private key to sign with", BU_FIELD(args, key), .required = true },
    { "output", 'o', "FILE",
      "write the envelope here instead of beside each file; - is standard output",
      BU_FIELD(args, output) },
    { "append", 0, "[=ENVELOPE]",
      "add a signature to the envelope beside the first file, or to this one",
      BU_FIELD(args, append) },
    { "replace", 0, NULL, "drop the envelope that is there", BU_FIELD(args, replace) },
    { "passphrase-fd", 0, "N", "read the passphrase from this descriptor instead of the terminal",
      BU_FIELD(args, passphrase_fd) },
    { 0 },
};

/** The envelope to add to: the one that is named, else the one beside the first file. */
static bulla_status read_envelope(const args *a, const bu_words *names, bulla_buffer *out,
                                  bulla_error *err)
{
    return bulla_file_read(a->append.value != NULL ? a->append.value : names->items[0], out, err);
}

static bulla_status run(bu_cli *cli, const void *values, bulla_error *err)
{
    const args *a = values;
    bu_words beside = { 0 }, names = { 0 };
    BU_CLEAR(bulla_buffer) before = { 0 };
    BU_CLEAR(bulla_buffer) envelope = { 0 };
    BU_AUTO(bulla_secret_key) key = NULL;
    /* --append=ENVELOPE is also where the result goes, unless --output says otherwise. */
    const char *output = a->output != NULL ? a->output : a->append.value;
    BU_TRY(bu_sidecar_names(cli, &a->files, BU_SIDECAR_SIGNATURE, NULL, &beside, err));
    BU_TRY(bu_sidecar_names(cli, &a->files, BU_SIDECAR_SIGNATURE, output, &names, err));
    if (a->append.given)
        BU_TRY(read_envelope(a, &beside, &before, err));
    else if (output == NULL && !a->replace)
        BU_TRY(bu_sidecar_refuse(&names, err));
    BU_TRY(bu_key_open(a->key, &a->passphrase_fd, &key, err));
    if (a->append.given)
        BU_TRY(bulla_cosign(key, bu_buffer_bytes(&before), a->files.items, &envelope, err));
    else
        BU_TRY(bulla_sign(key, NULL, a->files.items, &envelope, err));
    return bu_sidecar_write(&names, bu_buffer_bytes(&envelope), err);
}

const bu_command bu_cmd_sign = {
    .name = "sign",
    .summary = "sign files: one envelope over all of them",
    .about =
        "Sign files: one DSSE envelope with one in-toto statement over all of them. It is written "
        "beside each file as FILE.dsse.json, where bulla verify FILE looks for it.",
    .operands = "FILE...",
    .wanted = "the files to sign",
    .least = 1,
    .most = SIZE_MAX,
    .options = options,
    .args_size = sizeof(args),
    .run = run,
};
