/* SPDX-License-Identifier: MIT */
/*
 * bulla attest: bind a predicate to files, and sign that.
 */
#include "deciding.h"
#include "sidecar.h"

typedef struct args {
    bu_words files;
    bu_signing_args signing;
    bu_deciding_args deciding;
    const char *verifier, *resource, *policy_uri;
    const char *type, *predicate, *format, *output;
} args;

static const bu_option options[] = {
    { "type", 't', "TYPE", "what is said: sbom, slsa, approval, review, release … or a URI",
      BU_FIELD(args, type), .required = true },
    { "predicate", 'p', "FILE", "the predicate, JSON; decisions are made of the options below",
      BU_FIELD(args, predicate) },
    { "verifier", 0, "URI", "who verified it", BU_FIELD(args, verifier) },
    { "resource", 0, "URI", "what it is (default: the package URL in the result)",
      BU_FIELD(args, resource) },
    { "policy-uri", 0, "URI", "by which policy (default: one made of its digest)",
      BU_FIELD(args, policy_uri) },
    BU_DECIDING_OPTIONS(args),
    BU_SIGNING_OPTIONS(args),
    { "format", 'f', "FORMAT", "form of the line: dsse (default), or sigstore: a bundle around it",
      BU_FIELD(args, format), .values = "dsse sigstore" },
    { "output", 'o', "FILE", "add the line to this file instead; - is standard output",
      BU_FIELD(args, output) },
    { 0 },
};

/* What people decide needs no predicate; everything else needs one, and files. */
static bulla_status check(const args *a, bool decides, bulla_error *err)
{
    if (decides)
        return BU_OK;
    if (bu_deciding_given(&a->deciding))
        return bu_fail(err, BULLA_E_USAGE, "--role and the like are of decisions, not this type");
    if (a->files.count == 0)
        return bu_fail(err, BULLA_E_USAGE, "name the files that the predicate is about");
    if (a->deciding.from == NULL &&
        (a->verifier != NULL || a->resource != NULL || a->policy_uri != NULL))
        return bu_fail(err, BULLA_E_USAGE,
                       "--verifier, --resource and --policy-uri want --from RESULT");
    if (a->deciding.from != NULL && a->predicate != NULL)
        return bu_fail(err, BULLA_E_USAGE, "--from makes the predicate: --predicate is too much");
    return a->deciding.from == NULL && a->predicate == NULL
               ? bu_fail(err, BULLA_E_USAGE, "--predicate FILE is needed")
               : BU_OK;
}

static bulla_status attest(const args *a, const bu_signing *signing, bulla_buffer *line,
                           bulla_error *err)
{
    const bulla_summary_request request = { a->type, a->deciding.from, a->verifier, a->resource,
                                            a->policy_uri };
    if (a->deciding.from != NULL)
        return bulla_attest_result(signing->key, &signing->options, &request, a->files.items, line,
                                   err);
    return bulla_attest(signing->key, &signing->options, a->type, a->predicate, a->files.items,
                        line, err);
}

static bulla_status run(bu_cli *cli, const void *values, bulla_error *err)
{
    const args *a = values;
    bu_words names = { 0 };
    BU_CLEAR(bulla_buffer) line = { 0 };
    BU_CLEAR(bu_signing) signing = { 0 };
    bool decides = a->predicate == NULL && bulla_is_decision(a->type);
    BU_TRY(check(a, decides, err));
    BU_TRY(bu_signing_begin(cli, &a->signing, a->format, &signing, err));
    if (decides)
        return bu_deciding_run(cli, &a->deciding, a->type, &a->files, &signing, a->output, err);
    BU_TRY(bu_sidecar_names(cli, &a->files, BU_SIDECAR_ATTESTATION, a->output, &names, err));
    BU_TRY(attest(a, &signing, &line, err));
    return bu_sidecar_append(&names, bu_buffer_bytes(&line), err);
}

const bu_command bu_cmd_attest = {
    .name = "attest",
    .summary = "bind a predicate (SBOM, approval, review) to files and sign it",
    .about =
        "Bind a predicate to files and sign that: one DSSE envelope with one in-toto statement, "
        "added as a line to FILE.intoto.jsonl, where bulla verify looks. What people decide "
        "(approval, review, release, authorship, vendor-review, deid, log-review, "
        "training, break-glass) and what tools find (config-scan, phi-scan, evidence) is made of "
        "options: who decides is in the signature. A FILE of these may also be sha512:HEX, or a "
        "package URL with --lockfile; reviews are added to the folder of evidence. vsa and svr sum "
        "up a result of bulla verify: nothing protects that file, so whoever signs vouches for it.",
    .operands = "[FILE]...",
    .most = SIZE_MAX,
    .options = options,
    .args_size = sizeof(args),
    .run = run,
};
