/* SPDX-License-Identifier: MIT */
/*
 * Time stamps beside a file (RFC 3161: a response, or the token alone): that a pinned authority saw
 * the file at that time. Imprints of SHA-256, SHA-384 and SHA-512.
 */
#include "base/bytes.h"
#include "base/limits.h"
#include "base/time.h"
#include "signature/der.h"
#include "trust/authorities.h"
#include "trust/timestamp_inside.h"
#include "trust/vouch.h"

#define FRONT 160 /* bytes in which a token says what it is */

static bool is_token(bulla_bytes content)
{
    static const uint8_t oid[] = { 0x06, 0x0b, 0x2a, 0x86, 0x48, 0x86, 0xf7,
                                   0x0d, 0x01, 0x09, 0x10, 0x01, 0x04 };
    size_t len = content.len < FRONT ? content.len : FRONT;
    return memmem(content.ptr, len, oid, sizeof oid) != NULL;
}

/* A response starts with its status: a SEQUENCE with a number below 128. */
static bool is_response(bulla_bytes content)
{
    bu_der all = bu_der_of(content);
    bu_der response = bu_der_enter(&all, BU_DER_SEQUENCE);
    bu_der status = bu_der_enter(&response, BU_DER_SEQUENCE);
    return bu_der_take(&status, BU_DER_INTEGER).len == 1 &&
           (response.rest.len == 0 || bu_der_is(&response, BU_DER_SEQUENCE));
}

static bool is_timestamp(bulla_bytes content)
{
    return content.len > 0 && content.ptr[0] == BU_DER_SEQUENCE &&
           (is_token(content) || is_response(content));
}

static bulla_status need_message(const bu_stamp *stamp, const bu_check *check, bulla_error *err)
{
    bulla_digest digest;
    char at[BU_TIME_TEXT];
    BU_TRY(bu_message_digest(check->message, stamp->imprint.alg, &digest, err));
    if (!bulla_digest_equal(&digest, &stamp->imprint))
        return bu_fail(err, BULLA_E_HASH_MISMATCH, "the time stamp is of another file");
    if (stamp->time > check->now + BU_CLOCK_SKEW_SECONDS)
        return bu_fail(err, BULLA_E_BAD_TIME, "stamped in the future: %s",
                       bu_time_format(stamp->time, at));
    return BU_OK;
}

static bulla_status verify_timestamp(const bu_check *check, bu_vouched *out, bulla_error *err)
{
    BU_CLEAR(bu_stamp) stamp = { 0 };
    BU_CLEAR(bu_authorities) all = { 0 };
    bulla_error why;
    if (check->message == NULL)
        return bu_fail(err, BULLA_E_FORMAT_MISMATCH, "a time stamp carries nothing that is signed");
    BU_TRY(bu_vouched_start(check, out, err));
    BU_TRY(bu_stamp_read(check->content, &stamp, err));
    BU_TRY(bu_authorities_open(check->anchors, &all, err));
    BU_TRY(bu_stamp_judge(&stamp, all.tsas, all.tsa_count, err));
    BU_TRY(need_message(&stamp, check, err));
    for (size_t i = 0; i < all.count; i++)
        out->by[i] = bulla_ok(bu_stamp_judge(&stamp, &all.tsas[i], 1, &why));
    out->has_time = true;
    out->time = stamp.time;
    out->caveat = "a time stamp proves when, not by whom";
    return BU_OK;
}

static bulla_status describe_timestamp(bulla_bytes content, const char *file, bu_description *out,
                                       bulla_error *err)
{
    (void)file;
    BU_CLEAR(bu_stamp) stamp = { 0 };
    BU_CLEAR(bu_buf) text = { 0 };
    char at[BU_TIME_TEXT], hex[BULLA_DIGEST_HEX_MAX];
    BU_TRY(bu_stamp_read(content, &stamp, err));
    const bu_x509 *signer = bu_cms_certificate(stamp.cms, 0);
    bu_buf_add_format(&text, "%s:%s", bulla_alg_name(stamp.imprint.alg),
                      bulla_digest_hex(&stamp.imprint, hex));
    BU_TRY(bu_describe(out, "time", bu_bytes_of(bu_time_format(stamp.time, at)), err));
    BU_TRY(bu_describe(out, "subject", bu_buf_bytes(&text), err));
    bu_buf_clear(&text);
    if (signer != NULL)
        bu_x509_subject(signer, &text);
    if (text.broken)
        return bu_no_memory(err);
    return signer == NULL ? BU_OK : bu_describe(out, "signer", bu_buf_bytes(&text), err);
}

const bu_format bu_format_timestamp = {
    .id = "timestamp",
    .title = "RFC 3161 time stamp",
    .endings = (const char *const[]){ ".tsr", NULL },
    .is = is_timestamp,
    .verify = verify_timestamp,
    .describe = describe_timestamp,
};
