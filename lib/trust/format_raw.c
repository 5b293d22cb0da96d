/* SPDX-License-Identifier: MIT */
/*
 * Bare signatures over a file: Ed25519, ECDSA, RSA, as bytes or as base64 (as cosign writes them).
 * The algorithm is the key's own unless it was given by hand.
 */
#include "base/bytes.h"
#include "base/encode.h"
#include "trust/vouch.h"

#define MOST_BYTES 2048 /* RSA of 8192 bits is 1024; base64 and a line end are below twice that */

static bool is_any(bulla_bytes content)
{
    return content.len > 0 && content.len <= MOST_BYTES;
}

static bulla_status algorithm_of(const bu_check *check, const bu_key *key, const bu_algorithm **out,
                                 bulla_error *err)
{
    *out = check->algorithm == NULL ? bu_algorithm_of_key(key)
                                    : bu_algorithm_by_name(bu_bytes_of(check->algorithm));
    if (*out != NULL)
        return BU_OK;
    bulla_status status = bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE, "no algorithm %s",
                                  check->algorithm == NULL ? "for this key" : check->algorithm);
    return bu_as(err, status, BULLA_EXIT_CONFIG);
}

/* Base64 where the whole file is that; a signature that only looks like it is not that short. */
static bulla_bytes signature_of(const bu_check *check, bu_buf *decoded)
{
    bulla_error why;
    bulla_bytes text = bu_bytes_strip(check->content);
    bool is_text = bulla_ok(bu_base64_decode(text, BU_BASE64_STANDARD, decoded, &why));
    return is_text && decoded->len > 0 ? bu_buf_bytes(decoded) : check->content;
}

/* ECDSA and RSA sign a digest, which is known; Ed25519 signs the bytes themselves. */
static bulla_status check_one(const bu_check *check, const bu_key *key, bulla_bytes signature,
                              bulla_error *err)
{
    const bu_algorithm *algorithm;
    BU_TRY(algorithm_of(check, key, &algorithm, err));
    BU_CLEAR(bu_buf) message = { 0 };
    BU_TRY(bu_message_read(check->message, &message, err));
    return bu_verify(key, algorithm, bu_buf_bytes(&message), signature, err);
}

/* A certificate, say, checks none of these. */
static bulla_status no_key(const bu_check *check, bulla_error *err)
{
    if (check->anchors->count > 0)
        return bu_fail(err, BULLA_E_UNTRUSTED_KEY, "a bare signature, and no bare key is trusted");
    return bu_as(err, bu_fail(err, BULLA_E_USAGE, "a detached signature needs its key: --key FILE"),
                 BULLA_EXIT_CONFIG);
}

static bulla_status verify_raw(const bu_check *check, bu_vouched *out, bulla_error *err)
{
    bulla_error why = { 0 };
    bulla_status worst = no_key(check, &why);
    BU_CLEAR(bu_buf) decoded = { 0 };
    if (check->message == NULL)
        return bu_fail(err, BULLA_E_FORMAT_MISMATCH, "carries nothing that is signed");
    bulla_bytes signature = signature_of(check, &decoded);
    BU_TRY(bu_vouched_start(check, out, err));
    for (size_t i = 0; i < check->anchors->count; i++) {
        const bu_anchor *anchor = &check->anchors->items[i];
        if (anchor->key == NULL || check->now < anchor->from || check->now > anchor->until)
            continue;
        bulla_status status = check_one(check, anchor->key, signature, &why);
        out->by[i] = bulla_ok(status);
        if (!bulla_ok(status))
            worst = status;
    }
    if (bu_vouched_any(out, check->anchors))
        return BU_OK;
    if (err != NULL)
        *err = why;
    return worst;
}

static bulla_status describe_raw(bulla_bytes content, const char *file, bu_description *out,
                                 bulla_error *err)
{
    (void)file;
    BU_CLEAR(bu_buf) text = { 0 };
    bu_buf_add_format(&text, "%zu bytes that say nothing of themselves", content.len);
    return text.broken ? bu_no_memory(err)
                       : bu_describe(out, "signature", bu_buf_bytes(&text), err);
}

const bu_format bu_format_raw = {
    .id = "raw",
    .title = "bare signature",
    .endings = (const char *const[]){ ".sig", NULL },
    .is = is_any,
    .verify = verify_raw,
    .describe = describe_raw,
};
