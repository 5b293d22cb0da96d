/* SPDX-License-Identifier: MIT */
/*
 * Sigstore bundles as a signature format (sigstore_bundle.proto, JSON): SHA-256 to SHA-512, keys as
 * they are read by signature/key.h.
 */
#include "base/bytes.h"
#include "trust/bundle.h"

/* The one field that every bundle has and nothing else; its media type may be what is wrong. */
static bool is_bundle(bulla_bytes content)
{
    return bu_bytes_starts(bu_bytes_trim(content), "{") &&
           bu_bytes_has(content, "\"verificationMaterial\"");
}

static bulla_status verify_bundle(const bu_check *check, bu_vouched *out, bulla_error *err)
{
    bu_bundle bundle = { 0 };
    BU_TRY(bu_bundle_parse(check->content, check->file, check->arena, &bundle, err));
    return bu_in_file(err, bu_bundle_verify(&bundle, check, out, err), check->file);
}

static bulla_status describe_bundle(bulla_bytes content, const char *file, bu_description *out,
                                    bulla_error *err)
{
    bu_bundle bundle = { 0 };
    BU_TRY(bu_bundle_parse(content, file, out->arena, &bundle, err));
    return bu_in_file(err, bu_bundle_describe(&bundle, out, err), file);
}

const bu_format bu_format_sigstore = {
    .id = "sigstore",
    .title = "Sigstore bundle",
    .endings = (const char *const[]){ ".sigstore.json", ".sigstore", ".build.slsa", NULL },
    .is = is_bundle,
    .verify = verify_bundle,
    .describe = describe_bundle,
};
