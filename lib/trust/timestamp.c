/* SPDX-License-Identifier: MIT */
/*
 * Time stamps (RFC 3161, RFC 5816) judged: status, imprint, signature, the certificate that the
 * signature names, and its chain to an authority at the stamp's own time. Refused: SHA-1 and MD5
 * imprints, several signers, critical extensions, bytes behind it, certificates that came along
 * where an anchor is due.
 */
#include "trust/timestamp.h"

#include <openssl/err.h>
#include <openssl/ts.h>

#include "base/bytes.h"
#include "base/time.h"
#include "digest/hasher.h"
#include "signature/der.h"
#include "trust/timestamp_inside.h"

#define OID_TST_INFO "1.2.840.113549.1.9.16.1.4"
#define OID_ESS_V1   "1.2.840.113549.1.9.16.2.12"
#define OID_ESS_V2   "1.2.840.113549.1.9.16.2.47"

void bu_stamp_clear(bu_stamp *stamp)
{
    TS_TST_INFO_free(stamp->info);
    bu_cms_free(stamp->cms);
}

/* --- reading --- */

static bulla_status need_granted(bulla_bytes status, bulla_error *err)
{
    bu_der der = bu_der_of(status);
    bulla_bytes number = bu_der_take(&der, BU_DER_INTEGER);
    if (der.broken || number.len == 0)
        return bu_fail(err, BULLA_E_BAD_ENCODING, "a status that is no number");
    /* RFC 3161, 2.4.2: granted (0), grantedWithMods (1). */
    if (number.len == 1 && number.ptr[0] <= 1)
        return BU_OK;
    return bu_fail(err, BULLA_E_BAD_STATUS, "the authority granted nothing: status %u",
                   (unsigned)number.ptr[number.len - 1]);
}

/* The token in a response; a token itself starts with its type. */
static bulla_status take_token(bulla_bytes der, bulla_bytes *out, bulla_error *err)
{
    bu_der all = bu_der_of(der);
    bu_der response = bu_der_enter(&all, BU_DER_SEQUENCE);
    *out = der;
    if (bu_der_is(&response, BU_DER_OID))
        return BU_OK;
    bulla_bytes status = bu_der_take(&response, BU_DER_SEQUENCE);
    if (response.broken)
        return bu_at_offset(err, bu_fail(err, BULLA_E_BAD_ENCODING, "not a time stamp in DER"),
                            bu_der_offset(all.broken ? &all : &response, der));
    BU_TRY(need_granted(status, err));
    if (!bu_der_done(&all))
        return bu_at_offset(err, bu_fail(err, BULLA_E_TRAILING_DATA, "bytes follow the time stamp"),
                            bu_der_offset(&all, der));
    *out = response.rest;
    return BU_OK;
}

static bulla_status parse_info(bu_stamp *stamp, bulla_error *err)
{
    bulla_bytes content = bu_cms_content(stamp->cms);
    const uint8_t *at = content.ptr;
    (void)ERR_set_mark();
    stamp->info = content.len == 0 ? NULL : d2i_TS_TST_INFO(NULL, &at, (long)content.len);
    (void)ERR_pop_to_mark();
    if (stamp->info == NULL || at != content.ptr + content.len)
        return bu_fail(err, BULLA_E_BAD_ENCODING, "not exactly one TSTInfo");
    if (TS_TST_INFO_get_version(stamp->info) != 1)
        return bu_fail(err, BULLA_E_UNSUPPORTED_VERSION, "TSTInfo of version %ld",
                       TS_TST_INFO_get_version(stamp->info));
    if (TS_TST_INFO_get_ext_by_critical(stamp->info, 1, -1) >= 0)
        return bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE, "TSTInfo with a critical extension");
    return bu_asn1_seconds(TS_TST_INFO_get_time(stamp->info), &stamp->time, err);
}

static bulla_status parse_imprint(bu_stamp *stamp, bulla_error *err)
{
    TS_MSG_IMPRINT *imprint = TS_TST_INFO_get_msg_imprint(stamp->info);
    const ASN1_OBJECT *object = NULL;
    X509_ALGOR_get0(&object, NULL, NULL, TS_MSG_IMPRINT_get_algo(imprint));
    bulla_bytes hash = bu_asn1_bytes(TS_MSG_IMPRINT_get_msg(imprint));
    stamp->imprint = (bulla_digest){ .alg = bu_asn1_digest(OBJ_obj2nid(object)) };
    stamp->imprint.len = bulla_alg_size(stamp->imprint.alg);
    if (stamp->imprint.alg == BULLA_ALG_NONE)
        return bu_fail(err, BULLA_E_WEAK_HASH, "the imprint is not SHA-256 or longer");
    if (hash.len != stamp->imprint.len)
        return bu_fail(err, BULLA_E_BAD_ENCODING, "an imprint of %zu bytes where %s has %u",
                       hash.len, bulla_alg_name(stamp->imprint.alg), stamp->imprint.len);
    memcpy(stamp->imprint.bytes, hash.ptr, hash.len);
    return BU_OK;
}

bulla_status bu_stamp_read(bulla_bytes der, bu_stamp *out, bulla_error *err)
{
    bulla_bytes token;
    BU_TRY(take_token(der, &token, err));
    BU_TRY(bu_cms_read(token, &out->cms, err));
    if (strcmp(bu_cms_content_type(out->cms), OID_TST_INFO) != 0)
        return bu_expected(err, bu_fail(err, BULLA_E_BAD_TYPE, "what is signed is no time stamp"),
                           bu_bytes_of(OID_TST_INFO), bu_bytes_of(bu_cms_content_type(out->cms)));
    /* RFC 3161, 2.4.2: "MUST NOT contain any signatures other than the signature of the TSA". */
    if (bu_cms_count(out->cms) != 1)
        return bu_fail(err, BULLA_E_AMBIGUOUS_BUNDLE, "a time stamp with %zu signatures",
                       bu_cms_count(out->cms));
    BU_TRY(parse_info(out, err));
    return parse_imprint(out, err);
}

/* --- judging --- */

/* Where a certificate of the authority's own that gives out no others is pinned, it alone signs. */
static bool has_leaf(const bu_tsa *authority)
{
    return authority->count > 0 && X509_check_ca(authority->chain[0]->x509) == 0;
}

static const bu_x509 *signer_of(const bu_stamp *stamp, const bu_tsa *authority)
{
    if (has_leaf(authority))
        return bu_cms_is_by(stamp->cms, 0, authority->chain[0]) ? authority->chain[0] : NULL;
    for (size_t i = 0; i < authority->count; i++)
        if (bu_cms_is_by(stamp->cms, 0, authority->chain[i]))
            return authority->chain[i];
    return bu_cms_certificate(stamp->cms, 0);
}

/* What came along helps to find the way, and never ends it. */
static bulla_status check_chain(const bu_stamp *stamp, const bu_x509 *signer,
                                const bu_tsa *authority, bulla_error *err)
{
    size_t count;
    bu_x509 *const *along = bu_cms_certificates(stamp->cms, &count);
    size_t last = authority->count - 1;
    BU_FREE bu_x509 **pool = calloc(count + authority->count, sizeof *pool);
    if (pool == NULL)
        return bu_no_memory(err);
    memcpy(pool, authority->chain, last * sizeof *pool);
    if (count > 0)
        memcpy(pool + last, along, count * sizeof *pool);
    return bu_x509_chain(signer, pool, last + count, &authority->chain[last], 1, stamp->time,
                         BU_X509_TIME_STAMPING, NULL, err);
}

/* RFC 3161, 2.4.2: the certificate's identifier "MUST be included as a signerInfo attribute". */
static bulla_status need_named_certificate(const bu_stamp *stamp, bulla_error *err)
{
    static const char *const oids[] = { OID_ESS_V2, OID_ESS_V1 };
    for (size_t i = 0; i < sizeof oids / sizeof oids[0]; i++) {
        BU_CLEAR(bu_buf) value = { 0 };
        bulla_status status = bu_cms_attribute(stamp->cms, 0, BU_CMS_SIGNED, oids[i], &value, err);
        if (status.code != BULLA_E_MISSING_FIELD)
            return status;
    }
    return bu_fail(err, BULLA_E_MISSING_FIELD, "the time stamp does not name its certificate");
}

static bulla_status need_in_time(const bu_stamp *stamp, const bu_tsa *authority, bulla_error *err)
{
    char at[BU_TIME_TEXT];
    if (stamp->time >= authority->from && stamp->time <= authority->until)
        return BU_OK;
    return bu_fail(err, BULLA_E_BAD_TIME, "stamped at %s, when the authority did not count",
                   bu_time_format(stamp->time, at));
}

static bulla_status judge(const bu_stamp *stamp, const bu_tsa *authority, bulla_error *err)
{
    const bu_x509 *signer = authority->count == 0 ? NULL : signer_of(stamp, authority);
    if (signer == NULL)
        return bu_fail(err, BULLA_E_UNTRUSTED_CHAIN, "stamped by another than a pinned authority");
    BU_TRY(check_chain(stamp, signer, authority, err));
    BU_TRY(need_in_time(stamp, authority, err));
    BU_TRY(need_named_certificate(stamp, err));
    return bu_cms_verify(stamp->cms, 0, signer, bu_cms_content(stamp->cms), err);
}

bulla_status bu_stamp_judge(const bu_stamp *stamp, const bu_tsa *authorities, size_t count,
                            bulla_error *err)
{
    bulla_error why;
    bulla_status worst =
        bu_fail(&why, BULLA_E_UNTRUSTED_CHAIN, "no time-stamping authority is pinned");
    for (size_t i = 0; i < count; i++) {
        bulla_error one;
        bulla_status status = judge(stamp, &authorities[i], &one);
        if (bulla_ok(status) || status.code == BULLA_E_NO_MEMORY)
            return bulla_ok(status) ? BU_OK : bu_no_memory(err);
        if (worst.code == BULLA_E_UNTRUSTED_CHAIN) { /* what is nearer to good tells more */
            worst = status;
            why = one;
        }
    }
    if (err != NULL)
        *err = why;
    return worst;
}

bulla_status bu_timestamp_check_digest(bulla_bytes der,
                                       bulla_status (*digest)(void *context, bulla_alg alg,
                                                              bulla_digest *out, bulla_error *err),
                                       void *context, const bu_tsa *authorities, size_t count,
                                       int64_t *time, bulla_error *err)
{
    BU_CLEAR(bu_stamp) stamp = { 0 };
    bulla_digest message;
    BU_TRY(bu_stamp_read(der, &stamp, err));
    BU_TRY(bu_stamp_judge(&stamp, authorities, count, err));
    BU_TRY(digest(context, stamp.imprint.alg, &message, err));
    if (!bulla_digest_equal(&message, &stamp.imprint))
        return bu_fail(err, BULLA_E_HASH_MISMATCH, "the time stamp is of something else");
    *time = stamp.time;
    return BU_OK;
}

static bulla_status digest_of(void *context, bulla_alg alg, bulla_digest *out, bulla_error *err)
{
    return bu_digest_of(alg, *(const bulla_bytes *)context, out, err);
}

bulla_status bu_timestamp_check(bulla_bytes der, bulla_bytes message, const bu_tsa *authorities,
                                size_t count, int64_t *time, bulla_error *err)
{
    return bu_timestamp_check_digest(der, digest_of, &message, authorities, count, time, err);
}
