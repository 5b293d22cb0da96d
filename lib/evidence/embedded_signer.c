/* SPDX-License-Identifier: MIT */
/*
 * Each anchor is asked by itself, as each is someone who may vouch; the nearest is who signed.
 */
#include "evidence/embedded_signer.h"

#include "base/bytes.h"
#include "base/limits.h"
#include "base/time.h"
#include "digest/hasher.h"
#include "trust/authorities.h"

bu_signers bu_signers_of(const bu_check *check, bu_vouched *out)
{
    bu_signers signers = { .check = check, .out = out };
    (void)bu_fail(&signers.why, BULLA_E_UNTRUSTED_KEY, "nothing that may vouch is a certificate");
    return signers;
}

static bulla_status lead_to(const bu_signer *signer, bulla_bytes certificate, size_t *distance,
                            bulla_error *err)
{
    BU_AUTO(bu_x509) anchor = NULL;
    BU_TRY(bu_x509_read(certificate, &anchor, err));
    bool is_pinned = bu_x509_equal(signer->leaf, anchor);
    bu_x509_usage usage = signer->is_for_code && !is_pinned ? BU_X509_CODE_SIGNING : BU_X509_ANY;
    return bu_x509_distance(signer->leaf, signer->pool, signer->pool_count, anchor, signer->time,
                            usage, distance, err);
}

static bulla_status hold(const bu_signer *signer, const bu_anchor *anchor, size_t *distance,
                         bulla_error *err)
{
    const bu_key *key = bu_x509_key(signer->leaf);
    *distance = 0;
    if (anchor->key == NULL || key == NULL || !bu_key_equal(anchor->key, key))
        BU_TRY(lead_to(signer, anchor->certificate, distance, err));
    if (signer->time >= anchor->from && signer->time <= anchor->until)
        return BU_OK;
    return bu_fail(err, BULLA_E_EXPIRED, "signed when %s might not", anchor->who);
}

/* What is no certificate and not this key says nothing. */
static bool is_asked(const bu_signer *signer, const bu_anchor *anchor)
{
    const bu_key *key = bu_x509_key(signer->leaf);
    return anchor->certificate.len > 0 ||
           (anchor->key != NULL && key != NULL && bu_key_equal(anchor->key, key));
}

/* That a chain leads elsewhere is less than that the right one is expired. */
static bool says_more(const bulla_error *why, const bulla_error *than)
{
    return than->code == BULLA_E_UNTRUSTED_KEY || why->code != BULLA_E_UNTRUSTED_CHAIN;
}

bulla_status bu_signers_add(bu_signers *signers, const bu_signer *signer, bulla_error *err)
{
    const bu_anchors *anchors = signers->check->anchors;
    size_t nearest = anchors->count, least = SIZE_MAX;
    for (size_t i = 0; i < anchors->count; i++) {
        bulla_error why = { 0 };
        size_t distance;
        if (!is_asked(signer, &anchors->items[i]))
            continue;
        bulla_status status = hold(signer, &anchors->items[i], &distance, &why);
        if (status.code == BULLA_E_NO_MEMORY)
            return bu_no_memory(err);
        if (!bulla_ok(status) && says_more(&why, &signers->why))
            signers->why = why;
        if (!bulla_ok(status) || distance >= least)
            continue;
        nearest = i;
        least = distance;
    }
    if (nearest < anchors->count)
        signers->out->by[nearest] = true;
    return BU_OK;
}

/* ---- time ---- */

/* A stamp of an unknown authority tells no time; one that is wrong is refused. */
static bulla_status time_of(const bu_cms *cms, size_t index, const bu_check *check, bool *has_time,
                            int64_t *time, bulla_error *err)
{
    BU_CLEAR(bu_authorities) all = { 0 };
    bulla_error why = { 0 };
    *time = check->now;
    BU_TRY(bu_authorities_open(check->anchors, &all, err));
    bulla_status status = bu_cms_time(cms, index, all.tsas, all.tsa_count, time, &why);
    *has_time = bulla_ok(status);
    if (*has_time && *time > check->now + BU_CLOCK_SKEW_SECONDS)
        return bu_fail(err, BULLA_E_BAD_TIME, "its time stamp is from the future");
    if (*has_time)
        return BU_OK;
    *time = check->now;
    if (status.code == BULLA_E_MISSING_FIELD || status.code == BULLA_E_UNTRUSTED_CHAIN ||
        status.code == BULLA_E_UNTRUSTED_KEY)
        return BU_OK;
    if (err != NULL)
        *err = why;
    return bu_within(err, status, "its time stamp");
}

/* ---- CMS ---- */

static bulla_status add_one(bu_signers *signers, const bu_cms *cms, size_t index,
                            bulla_bytes content, bulla_error *err)
{
    bool has_time = false;
    bu_signer signer = { .leaf = bu_cms_certificate(cms, index), .is_for_code = true };
    signer.pool = bu_cms_certificates(cms, &signer.pool_count);
    if (signer.leaf == NULL)
        return bu_fail(err, BULLA_E_MISSING_FIELD, "the signer's certificate did not come along");
    BU_TRY(bu_cms_verify(cms, index, signer.leaf, content, err));
    BU_TRY(time_of(cms, index, signers->check, &has_time, &signer.time, err));
    BU_TRY(bu_signers_add(signers, &signer, err));
    bu_vouched_add_time(signers->out, has_time, signer.time);
    return BU_OK;
}

bulla_status bu_signers_add_cms(bu_signers *signers, const bu_cms *cms, bulla_bytes content,
                                bulla_error *err)
{
    for (size_t i = 0; i < bu_cms_count(cms); i++)
        BU_TRY(add_one(signers, cms, i, content, err));
    return BU_OK;
}

bulla_status bu_signers_finish(const bu_signers *signers, bulla_error *err)
{
    if (bu_vouched_any(signers->out, signers->check->anchors))
        return BU_OK;
    if (err != NULL)
        *err = signers->why;
    return (bulla_status){ signers->why.code };
}

/* ---- what is claimed ---- */

bulla_status bu_signer_describe(const bu_x509 *certificate, bu_description *out, bulla_error *err)
{
    bulla_digest digest;
    char hex[BULLA_DIGEST_HEX_MAX], from[BU_TIME_TEXT], until[BU_TIME_TEXT];
    BU_TRY(bu_digest_of(BULLA_ALG_SHA256, bu_x509_der(certificate), &digest, err));
    const char *line =
        bu_arena_format(out->arena, "sha256:%s, valid %s to %s", bulla_digest_hex(&digest, hex),
                        bu_time_format(bu_x509_not_before(certificate), from),
                        bu_time_format(bu_x509_not_after(certificate), until));
    return line == NULL ? bu_no_memory(err)
                        : bu_describe(out, "certificate", bu_bytes_of(line), err);
}

bulla_status bu_signer_describe_cms(const bu_cms *cms, bu_description *out, bulla_error *err)
{
    for (size_t i = 0; i < bu_cms_count(cms); i++)
        if (bu_cms_certificate(cms, i) != NULL)
            BU_TRY(bu_signer_describe(bu_cms_certificate(cms, i), out, err));
    return BU_OK;
}
