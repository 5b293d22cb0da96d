/* SPDX-License-Identifier: MIT */
/*
 * CMS signatures (RFC 5652; PKCS #7), beside a file or around it, in DER or PEM. A signer vouches
 * when its certificate leads to a pinned one at the time it signed: by a time stamp over the
 * signature that a pinned authority made, else now. Digests: SHA-256 and longer.
 */
#include "base/bytes.h"
#include "base/limits.h"
#include "signature/der.h"
#include "signature/pem.h"
#include "trust/authorities.h"
#include "trust/cms.h"
#include "trust/vouch.h"

#define FRONT 24 /* bytes in which a ContentInfo says what it is */

static bool is_der(bulla_bytes content)
{
    static const uint8_t oid[] = {
        0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02
    };
    size_t len = content.len < FRONT ? content.len : FRONT;
    return len > 0 && content.ptr[0] == BU_DER_SEQUENCE &&
           memmem(content.ptr, len, oid, sizeof oid) != NULL;
}

static bool is_pem(bulla_bytes content)
{
    return bu_bytes_is(bu_pem_label(content), "PKCS7") || bu_bytes_is(bu_pem_label(content), "CMS");
}

/* A time stamp is CMS, too, but it signs another thing. */
static bool is_cms(bulla_bytes content)
{
    return (is_der(content) && !bu_format_timestamp.is(content)) || is_pem(content);
}

static bulla_status read_cms(bulla_bytes content, bu_cms **out, bulla_error *err)
{
    BU_CLEAR(bu_buf) der = { 0 };
    if (is_der(content))
        return bu_cms_read(content, out, err);
    const char *label = bu_bytes_is(bu_pem_label(content), "CMS") ? "CMS" : "PKCS7";
    BU_TRY(bu_pem_decode(content, label, &der, err));
    return bu_at_offset(err, bu_cms_read(bu_buf_bytes(&der), out, err), BU_OFFSET_NONE);
}

static bool carries_content(bulla_bytes content)
{
    BU_AUTO(bu_cms) cms = NULL;
    bulla_error why;
    return bulla_ok(read_cms(content, &cms, &why)) && bu_cms_content(cms).ptr != NULL;
}

/* --- one signer --- */

typedef struct document {
    const bu_check *check;
    const bu_cms *cms;
    bu_authorities all;
    bu_vouched *out;
} document;

static void clear_document(document *d)
{
    bu_authorities_clear(&d->all);
}

/* Where it did not come along it may be pinned itself. */
static const bu_x509 *certificate_of(const document *d, size_t signer)
{
    const bu_x509 *found = bu_cms_certificate(d->cms, signer);
    for (size_t i = 0; found == NULL && i < d->all.count; i++)
        if (d->all.certificates[i] != NULL && bu_cms_is_by(d->cms, signer, d->all.certificates[i]))
            found = d->all.certificates[i];
    return found;
}

/* A stamp of an authority that is not pinned says nothing; one that is broken is refused. */
static bool says_nothing(bulla_code code)
{
    return code == BULLA_E_MISSING_FIELD || code == BULLA_E_UNTRUSTED_CHAIN ||
           code == BULLA_E_EXPIRED || code == BULLA_E_WEAK_HASH;
}

static bulla_status time_of(const document *d, size_t signer, bool *is_known, int64_t *time,
                            bulla_error *err)
{
    bulla_status status = bu_cms_time(d->cms, signer, d->all.tsas, d->all.tsa_count, time, err);
    *is_known = bulla_ok(status);
    if (!*is_known) {
        *time = d->check->now;
        return says_nothing(status.code) ? BU_OK : status;
    }
    if (*time > d->check->now + BU_CLOCK_SKEW_SECONDS)
        return bu_fail(err, BULLA_E_BAD_TIME, "signed in the future");
    return BU_OK;
}

/*
 * Which anchor a signer's certificate leads to: it vouches, or, where the signature is wrong, not.
 * Where a certificate and the authority above it are two people's, it is the first one's only.
 */
static bulla_status lead(const document *d, const bu_x509 *certificate, int64_t time, bool *marks,
                         bulla_error *err)
{
    bulla_status worst = bu_fail(err, BULLA_E_UNTRUSTED_CHAIN, "no certificate is pinned");
    size_t count, nearest = d->all.count, least = SIZE_MAX;
    bu_x509 *const *pool = bu_cms_certificates(d->cms, &count);
    for (size_t i = 0; i < d->all.count; i++) {
        const bu_anchor *anchor = &d->check->anchors->items[i];
        size_t distance = SIZE_MAX;
        if (d->all.certificates[i] == NULL || time < anchor->from || time > anchor->until)
            continue;
        bulla_status status = bu_x509_distance(certificate, pool, count, d->all.certificates[i],
                                               time, BU_X509_ANY, &distance, err);
        if (distance < least) {
            nearest = i;
            least = distance;
        }
        worst = bulla_ok(status) ? worst : status;
    }
    if (nearest == d->all.count)
        return worst;
    marks[nearest] = true;
    return BU_OK;
}

static bulla_status verify_signer(const document *d, size_t signer, bulla_error *err)
{
    bool is_known = false;
    int64_t time = 0;
    const bu_x509 *certificate = certificate_of(d, signer);
    if (certificate == NULL)
        return bu_fail(err, BULLA_E_UNTRUSTED_KEY, "the signer's certificate is not known");
    bulla_error why;
    bulla_status status =
        d->check->message == NULL
            ? bu_cms_verify(d->cms, signer, certificate, bu_cms_content(d->cms), &why)
            : bu_cms_verify_message(d->cms, signer, certificate, d->check->message, &why);
    BU_TRY(time_of(d, signer, &is_known, &time, err));
    BU_TRY(lead(d, certificate, time, bulla_ok(status) ? d->out->by : d->out->wrong, err));
    if (bulla_ok(status)) {
        bu_vouched_add_time(d->out, is_known, time);
    } else if (err != NULL) {
        *err = why;
    }
    return status;
}

/* --- all of them --- */

static bulla_status open_content(const document *d, bulla_error *err)
{
    bulla_bytes content = bu_cms_content(d->cms);
    if (content.ptr == NULL)
        return bu_fail(err, BULLA_E_FORMAT_MISMATCH, "is detached: it carries nothing");
    d->out->payload = bu_arena_copy(d->check->arena, content);
    d->out->payload_type = BULLA_LIT("application/octet-stream");
    return d->out->payload.ptr == NULL && content.len > 0 ? bu_no_memory(err) : BU_OK;
}

/* Like all formats: signers that are not known are passed over when one is. */
static bulla_status verify_cms(const bu_check *check, bu_vouched *out, bulla_error *err)
{
    BU_AUTO(bu_cms) cms = NULL;
    bulla_status worst = BU_OK;
    BU_TRY(bu_vouched_start(check, out, err));
    BU_TRY(read_cms(check->content, &cms, err));
    __attribute__((cleanup(clear_document)))
    document d = { .check = check, .cms = cms, .out = out };
    BU_TRY(bu_authorities_open(check->anchors, &d.all, err));
    if (check->message == NULL)
        BU_TRY(open_content(&d, err));
    for (size_t i = 0; i < bu_cms_count(cms); i++) {
        bulla_status status = verify_signer(&d, i, err);
        if (status.code == BULLA_E_NO_MEMORY)
            return status;
        worst = bulla_ok(status) ? worst : status;
    }
    return bu_vouched_any(out, check->anchors) ? BU_OK : worst;
}

static bulla_status describe_signer(const bu_cms *cms, size_t signer, bu_description *out,
                                    bulla_error *err)
{
    BU_CLEAR(bu_buf) subject = { 0 };
    const bu_x509 *certificate = bu_cms_certificate(cms, signer);
    if (certificate != NULL)
        bu_x509_subject(certificate, &subject);
    if (subject.broken)
        return bu_no_memory(err);
    BU_TRY(bu_describe(out, "signer",
                       certificate == NULL ? BULLA_LIT("its certificate is not inside")
                                           : bu_buf_bytes(&subject),
                       err));
    return bu_describe(out, "digest", bu_bytes_of(bulla_alg_name(bu_cms_digest(cms, signer))), err);
}

static bulla_status describe_cms(bulla_bytes content, const char *file, bu_description *out,
                                 bulla_error *err)
{
    (void)file;
    BU_AUTO(bu_cms) cms = NULL;
    BU_TRY(read_cms(content, &cms, err));
    BU_TRY(bu_describe(out, "content type", bu_bytes_of(bu_cms_content_type(cms)), err));
    for (size_t i = 0; i < bu_cms_count(cms); i++)
        BU_TRY(describe_signer(cms, i, out, err));
    return BU_OK;
}

const bu_format bu_format_cms = {
    .id = "cms",
    .title = "CMS (PKCS #7) signature",
    .endings = (const char *const[]){ ".p7s", ".p7m", NULL },
    .is = is_cms,
    .carries = carries_content,
    .verify = verify_cms,
    .describe = describe_cms,
};
