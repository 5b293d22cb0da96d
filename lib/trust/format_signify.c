/* SPDX-License-Identifier: MIT */
/*
 * signify's detached signature files. A key of minisign signs none: its owner's files have a trusted
 * comment, and one without it was cut.
 */
#include "signature/signify.h"
#include "trust/detached.h"

#define GZIP_WITH_COMMENT "\x1f\x8b\x08\x10" /* as signify -z writes it, to be refused by name */

static bool is_signify(bulla_bytes content)
{
    return bu_bytes_starts(content, BU_SIGNIFY_UNTRUSTED) ||
           bu_bytes_starts(content, GZIP_WITH_COMMENT);
}

static bulla_bytes number_of(const bu_signify_signature *signature)
{
    return (bulla_bytes){ signature->number, sizeof signature->number };
}

static bu_named names(const bu_detached *detached, const bu_anchor *anchor)
{
    if (strcmp(anchor->form, "minisign") == 0)
        return BU_NAMED_OTHER;
    return bu_named_by_number(anchor, number_of(detached->signature));
}

static bulla_status verify_one(const bu_detached *detached, const bu_key *key, bulla_error *err)
{
    return bu_signify_check(detached->signature, key, detached->message, err);
}

static bulla_status verify_signify(const bu_check *check, bu_vouched *out, bulla_error *err)
{
    bu_signify_signature signature;
    BU_CLEAR(bu_buf) message = { 0 };
    bu_detached detached = { .signature = &signature, .names = names, .verify = verify_one };
    if (check->message == NULL)
        return bu_fail(err, BULLA_E_FORMAT_MISMATCH, "carries nothing that is signed");
    BU_TRY(bu_in_file(err, bu_signify_parse(check->content, &signature, err), check->file));
    BU_TRY(bu_message_read(check->message, &message, err));
    detached.message = bu_buf_bytes(&message);
    BU_TRY(bu_number_text(number_of(&signature), check->arena, &detached.hint, err));
    return bu_in_file(err, bu_detached_vouch(check, &detached, out, err), check->file);
}

static bulla_status describe_signify(bulla_bytes content, const char *file, bu_description *out,
                                     bulla_error *err)
{
    bu_signify_signature signature;
    bulla_bytes number;
    BU_TRY(bu_in_file(err, bu_signify_parse(content, &signature, err), file));
    BU_TRY(bu_number_text(number_of(&signature), out->arena, &number, err));
    BU_TRY(bu_describe(out, "key number", number, err));
    return bu_describe(out, "untrusted comment", signature.comment, err);
}

const bu_format bu_format_signify = {
    .id = "signify",
    .title = "signify signature",
    .endings = (const char *const[]){ ".sig", NULL },
    .is = is_signify,
    .verify = verify_signify,
    .describe = describe_signify,
};
