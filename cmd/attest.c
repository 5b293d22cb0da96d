/* SPDX-License-Identifier: MIT */
/*
 * bulla attest: bind a predicate to files, and sign that.
 */
#include "sidecar.h"
#include "signing.h"

typedef struct args {
    bu_words files;
    bu_signing_args signing;
    const char *type, *predicate, *format, *output;
} args;

static const bu_option options[] = {
    { "type", 't', "TYPE", "what the predicate is: sbom, slsa, or the URI of its type",
      BU_FIELD(args, type), .required = true },
    { "predicate", 'p', "FILE", "the predicate, JSON", BU_FIELD(args, predicate),
      .required = true },
    BU_SIGNING_OPTIONS(args),
    { "format", 'f', "FORMAT", "form of the line: dsse (default), or sigstore: a bundle around it",
      BU_FIELD(args, format), .values = "dsse sigstore" },
    { "output", 'o', "FILE", "add the line to this file instead; - is standard output",
      BU_FIELD(args, output) },
    { 0 },
};

static bulla_status run(bu_cli *cli, const void *values, bulla_error *err)
{
    const args *a = values;
    bu_words names = { 0 };
    BU_CLEAR(bulla_buffer) line = { 0 };
    BU_CLEAR(bu_signing) signing = { 0 };
    BU_TRY(bu_sidecar_names(cli, &a->files, BU_SIDECAR_ATTESTATION, a->output, &names, err));
    BU_TRY(bu_signing_begin(cli, &a->signing, a->format, &signing, err));
    BU_TRY(bulla_attest(signing.key, &signing.options, a->type, a->predicate, a->files.items, &line,
                        err));
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
