/* SPDX-License-Identifier: MIT */
/*
 * bulla sign: one envelope over all files, or one more signature in it; or each by itself.
 */
#include <string.h>

#include "sidecar.h"
#include "signing.h"

typedef struct args {
    bu_words files;
    bu_signing_args signing;
    const char *output, *format, *algorithm;
    bu_maybe append;
    bool replace;
} args;

static const bu_option options[] = {
    BU_SIGNING_OPTIONS(args),
    { "format", 'f', "FORMAT",
      "form of the signature: dsse (default), sigstore, minisign, signify, sshsig or raw",
      BU_FIELD(args, format), .values = "dsse sigstore minisign signify sshsig raw" },
    { "algorithm", 0, "NAME", "of --format raw: such as ecdsa-p256-sha256 (default: the key's own)",
      BU_FIELD(args, algorithm) },
    { "output", 'o', "FILE", "write the signature here, not beside each file; - is standard output",
      BU_FIELD(args, output) },
    { "append", 0, "[=ENVELOPE]",
      "add a signature to the envelope beside the first file, or to this one",
      BU_FIELD(args, append) },
    { "replace", 0, NULL, "drop the signature that is there", BU_FIELD(args, replace) },
    { 0 },
};

/* One envelope over all files, beside each of them; of `before` when that is to be added to. */
static bulla_status sign_together(bu_cli *cli, const args *a, const bu_signing *signing,
                                  const bu_words *names, bulla_error *err)
{
    bu_words beside = { 0 };
    BU_CLEAR(bulla_buffer) before = { 0 }, envelope = { 0 };
    if (a->append.given) {
        const char *where = a->append.value;
        BU_TRY(bu_sidecar_names(cli, &a->files, BU_SIDECAR_SIGNATURE, where, &beside, err));
        BU_TRY(bulla_file_read(beside.items[0], &before, err));
        BU_TRY(
            bulla_cosign(signing->key, bu_buffer_bytes(&before), a->files.items, &envelope, err));
    } else {
        BU_TRY(bulla_sign(signing->key, &signing->options, a->files.items, &envelope, err));
    }
    return bu_sidecar_write(names, bu_buffer_bytes(&envelope), err);
}

static bulla_status sign_each(const args *a, const bu_signing *signing, const bu_words *names,
                              bulla_error *err)
{
    for (size_t i = 0; i < a->files.count; i++) {
        const char *const file[] = { a->files.items[i], NULL };
        BU_CLEAR(bulla_buffer) signature = { 0 };
        BU_TRY(bulla_sign(signing->key, &signing->options, file, &signature, err));
        BU_TRY(bu_cli_write(names->items[i], bu_buffer_bytes(&signature), err));
    }
    return BU_OK;
}

static bulla_status run(bu_cli *cli, const void *values, bulla_error *err)
{
    const args *a = values;
    bu_words names = { 0 };
    BU_CLEAR(bu_signing) signing = { 0 };
    const char *ending = a->format == NULL ? BU_SIDECAR_SIGNATURE : bulla_sign_ending(a->format);
    bool is_envelope = strcmp(ending, BU_SIDECAR_SIGNATURE) == 0;
    /* --append=ENVELOPE is also where the result goes, unless --output says otherwise. */
    const char *output = a->output != NULL ? a->output : a->append.value;
    if (!is_envelope && a->append.given)
        return bu_fail(err, BULLA_E_USAGE, "--append is not for --format %s", a->format);
    if (!is_envelope && output != NULL && a->files.count > 1)
        return bu_fail(err, BULLA_E_USAGE, "--format %s signs one file into --output", a->format);
    BU_TRY(bu_sidecar_names(cli, &a->files, ending, output, &names, err));
    if (output == NULL && !a->append.given && !a->replace)
        BU_TRY(bu_sidecar_refuse(&names, err));
    BU_TRY(bu_signing_begin(cli, &a->signing, a->format, &signing, err));
    signing.options.algorithm = a->algorithm;
    return is_envelope ? sign_together(cli, a, &signing, &names, err)
                       : sign_each(a, &signing, &names, err);
}

const bu_command bu_cmd_sign = {
    .name = "sign",
    .summary = "sign files: one envelope over all of them, or as other tools do",
    .about = "Sign files: one DSSE envelope with one in-toto statement over all of them, written "
             "beside each as FILE.dsse.json, where bulla verify FILE looks for it. Other forms "
             "sign each file by itself.",
    .operands = "FILE...",
    .wanted = "the files to sign",
    .least = 1,
    .most = SIZE_MAX,
    .options = options,
    .args_size = sizeof(args),
    .run = run,
};
