/* SPDX-License-Identifier: MIT */
/*
 * minisign's signature files, prehashed and legacy. The trusted comment counts only with its own
 * signature; the untrusted one is nobody's word.
 */
#include "signature/minisign.h"
#include "trust/detached.h"

/* signify's files have no third line. */
static bool is_minisign(bulla_bytes content)
{
    return bu_bytes_starts(content, BU_SIGNIFY_UNTRUSTED) &&
           bu_bytes_has(content, "\ntrusted comment: ");
}

static bulla_bytes number_of(const bu_minisign_signature *signature)
{
    return (bulla_bytes){ signature->first.number, sizeof signature->first.number };
}

static bu_named names(const bu_detached *detached, const bu_anchor *anchor)
{
    return bu_named_by_number(anchor, number_of(detached->signature));
}

static bulla_status verify_one(const bu_detached *detached, const bu_key *key, bulla_error *err)
{
    return bu_minisign_check(detached->signature, key, detached->message, err);
}

static bulla_status verify_minisign(const bu_check *check, bu_vouched *out, bulla_error *err)
{
    bu_minisign_signature signature;
    bulla_digest digest;
    BU_CLEAR(bu_buf) message = { 0 };
    bu_detached detached = { .signature = &signature, .names = names, .verify = verify_one };
    if (check->message == NULL)
        return bu_fail(err, BULLA_E_FORMAT_MISMATCH, "carries nothing that is signed");
    BU_TRY(bu_in_file(err, bu_minisign_parse(check->content, &signature, err), check->file));
    BU_TRY(bu_number_text(number_of(&signature), check->arena, &detached.hint, err));
    if (signature.prehashed) {
        BU_TRY(bu_message_digest(check->message, BULLA_ALG_BLAKE2B, &digest, err));
        detached.message = (bulla_bytes){ digest.bytes, digest.len };
    } else {
        BU_TRY(bu_message_read(check->message, &message, err));
        detached.message = bu_buf_bytes(&message);
    }
    return bu_in_file(err, bu_detached_vouch(check, &detached, out, err), check->file);
}

static bulla_status describe_minisign(bulla_bytes content, const char *file, bu_description *out,
                                      bulla_error *err)
{
    bu_minisign_signature signature;
    bulla_bytes number;
    BU_TRY(bu_in_file(err, bu_minisign_parse(content, &signature, err), file));
    BU_TRY(bu_number_text(number_of(&signature), out->arena, &number, err));
    BU_TRY(bu_describe(out, "key number", number, err));
    BU_TRY(bu_describe(out, "signed",
                       bu_bytes_of(signature.prehashed ? "BLAKE2b-512 of the file" : "the file"),
                       err));
    BU_TRY(bu_describe(out, "trusted comment", signature.trusted, err));
    return bu_describe(out, "untrusted comment", signature.first.comment, err);
}

const bu_format bu_format_minisign = {
    .id = "minisign",
    .title = "minisign signature",
    .endings = (const char *const[]){ ".minisig", NULL },
    .is = is_minisign,
    .verify = verify_minisign,
    .describe = describe_minisign,
};
