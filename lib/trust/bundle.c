/* SPDX-License-Identifier: MIT */
/*
 * Verification of a Sigstore bundle (client specification, section 4).
 */
#include "trust/bundle.h"

#include "base/bytes.h"
#include "trust/bundle_run.h"

/* The bundle's own word for what it signs: no proof, but a contradiction is one. */
static bulla_status check_hint(const bu_bundle *bundle, const bu_message *message, bulla_error *err)
{
    bulla_digest digest;
    char expected[BULLA_DIGEST_HEX_MAX], got[BULLA_DIGEST_HEX_MAX];
    if (bundle->digest.alg == BULLA_ALG_NONE)
        return BU_OK;
    BU_TRY(bu_message_digest(message, bundle->digest.alg, &digest, err));
    if (bulla_digest_equal(&digest, &bundle->digest))
        return BU_OK;
    return bu_expected(err, bu_fail(err, BULLA_E_HASH_MISMATCH, "the bundle signs another file"),
                       bu_bytes_of(bulla_digest_hex(&bundle->digest, expected)),
                       bu_bytes_of(bulla_digest_hex(&digest, got)));
}

static void set_time(const bu_bundle_run *r, bu_vouched *out)
{
    out->has_time = r->time_count > 0;
    out->time = INT64_MAX;
    for (size_t i = 0; i < r->time_count; i++)
        out->time = r->times[i] < out->time ? r->times[i] : out->time;
}

static void run_clear(bu_bundle_run *r)
{
    for (size_t i = 0; i < r->certificate_count; i++)
        bu_x509_free(r->certificates[i]);
}

static bulla_status verify(bu_bundle_run *r, bu_vouched *out)
{
    bool by_certificate = r->bundle->certificate_count > 0;
    r->about = (bu_logged){
        .signature = r->bundle->signature,
        .certificate = by_certificate ? r->bundle->certificates[0] : (bulla_bytes){ 0 },
        .envelope = r->bundle->is_dsse ? &r->bundle->dsse : NULL,
        .message = r->check->message,
    };
    BU_TRY(bu_vouched_start(r->check, out, r->err));
    BU_TRY(by_certificate ? bu_bundle_verify_certificate(r, out) : bu_bundle_verify_key(r, out));
    set_time(r, out);
    out->payload = r->bundle->dsse.payload;
    out->payload_type = r->bundle->dsse.payload_type;
    return BU_OK;
}

bulla_status bu_bundle_verify(const bu_bundle *bundle, const bu_check *check, bu_vouched *out,
                              bulla_error *err)
{
    BU_CLEAR(bu_signed) content = { .bundle = bundle, .message = check->message };
    __attribute__((cleanup(run_clear)))
    bu_bundle_run r = { .bundle = bundle, .check = check, .content = &content, .err = err };
    if (!bundle->is_dsse && check->message == NULL)
        return bu_fail(err, BULLA_E_FORMAT_MISMATCH, "carries nothing that is signed");
    if (!bundle->is_dsse)
        BU_TRY(check_hint(bundle, check->message, err));
    return verify(&r, out);
}
