/* SPDX-License-Identifier: MIT */
/*
 * bulla attest: bind a predicate to files, and sign that.
 */
#include "sidecar.h"

typedef struct args {
    bu_words files;
    const char *type, *predicate, *key, *output;
    bu_count passphrase_fd;
} args;

static const bu_option options[] = {
    { "type", 't', "TYPE", "what the predicate is: sbom, slsa, or the URI of its type",
      BU_FIELD(args, type), .required = true },
    { "predicate", 'p', "FILE", "the predicate, JSON", BU_FIELD(args, predicate),
      .required = true },
    { "key", 'k', "FILE", "the private key to sign with", BU_FIELD(args, key), .required = true },
    { "output", 'o', "FILE", "add the line to this file instead; - is standard output",
      BU_FIELD(args, output) },
    { "passphrase-fd", 0, "N", "read the passphrase from this descriptor instead of the terminal",
      BU_FIELD(args, passphrase_fd) },
    { 0 },
};

static bulla_status run(bu_cli *cli, const void *values, bulla_error *err)
{
    const args *a = values;
    bu_words names = { 0 };
    BU_CLEAR(bulla_buffer) line = { 0 };
    BU_AUTO(bulla_secret_key) key = NULL;
    BU_TRY(bu_sidecar_names(cli, &a->files, BU_SIDECAR_ATTESTATION, a->output, &names, err));
    BU_TRY(bu_key_open(a->key, &a->passphrase_fd, &key, err));
    BU_TRY(bulla_attest(key, NULL, a->type, a->predicate, a->files.items, &line, err));
    return bu_sidecar_append(&names, bu_buffer_bytes(&line), err);
}

const bu_command bu_cmd_attest = {
    .name = "attest",
    .summary = "bind a predicate (SBOM, provenance) to files and sign it",
    .about =
        "Bind a predicate to files and sign that: one DSSE envelope with one in-toto statement. It "
        "is added as a line to FILE.intoto.jsonl beside each file, where bulla verify FILE looks "
        "for it.",
    .operands = "FILE...",
    .wanted = "the files that the predicate is about",
    .least = 1,
    .most = SIZE_MAX,
    .options = options,
    .args_size = sizeof(args),
    .run = run,
};
