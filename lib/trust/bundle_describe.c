/* SPDX-License-Identifier: MIT */
/*
 * What a Sigstore bundle says of itself; nothing of it is verified here.
 */
#include "base/bytes.h"
#include "base/time.h"
#include "trust/bundle.h"

static bulla_status describe_time(const char *label, int64_t time, bu_description *out,
                                  bulla_error *err)
{
    char text[BU_TIME_TEXT];
    return bu_describe(out, label, bu_bytes_of(bu_time_format(time, text)), err);
}

static bulla_status describe_text(const char *label, const char *text, bu_description *out,
                                  bulla_error *err)
{
    return text == NULL ? BU_OK : bu_describe(out, label, bu_bytes_of(text), err);
}

static bulla_status describe_certificate(bulla_bytes der, bu_description *out, bulla_error *err)
{
    BU_AUTO(bu_x509) certificate = NULL;
    bu_claims claims = { 0 };
    BU_TRY(bu_x509_read(der, &certificate, err));
    BU_TRY(bu_x509_claims(certificate, out->arena, &claims, err));
    BU_TRY(describe_text("signer", claims.identity, out, err));
    BU_TRY(describe_text("issuer", claims.issuer, out, err));
    BU_TRY(describe_text("source", claims.source_uri, out, err));
    BU_TRY(describe_text("source ref", claims.source_ref, out, err));
    BU_TRY(describe_text("source digest", claims.source_digest, out, err));
    BU_TRY(describe_time("valid from", bu_x509_not_before(certificate), out, err));
    return describe_time("valid until", bu_x509_not_after(certificate), out, err);
}

static bulla_status describe_entry(const bu_log_entry *entry, bu_description *out, bulla_error *err)
{
    BU_CLEAR(bu_buf) text = { 0 };
    bu_buf_add_format(&text, "index %llu, ", (unsigned long long)entry->log_index);
    bu_buf_add(&text, entry->kind);
    bu_buf_add_text(&text, " ");
    bu_buf_add(&text, entry->version);
    if (text.broken)
        return bu_no_memory(err);
    BU_TRY(bu_describe(out, "log entry", bu_buf_bytes(&text), err));
    return entry->integrated_time == 0 ? BU_OK
                                       : describe_time("time", entry->integrated_time, out, err);
}

static bulla_status describe_content(const bu_bundle *bundle, bu_description *out, bulla_error *err)
{
    BU_CLEAR(bu_buf) text = { 0 };
    char hex[BULLA_DIGEST_HEX_MAX];
    if (bundle->is_dsse)
        return bu_describe_payload(bundle->dsse.payload_type, bundle->dsse.payload, out, err);
    if (bundle->digest.alg == BULLA_ALG_NONE)
        return BU_OK;
    bu_buf_add_format(&text, "%s:%s", bulla_alg_name(bundle->digest.alg),
                      bulla_digest_hex(&bundle->digest, hex));
    return text.broken ? bu_no_memory(err) : bu_describe(out, "digest", bu_buf_bytes(&text), err);
}

bulla_status bu_bundle_describe(const bu_bundle *bundle, bu_description *out, bulla_error *err)
{
    if (bundle->certificate_count > 0)
        BU_TRY(describe_certificate(bundle->certificates[0], out, err));
    else
        BU_TRY(bu_describe(out, "key", bundle->key_hint, err));
    for (size_t i = 0; i < bundle->entry_count; i++)
        BU_TRY(describe_entry(&bundle->entries[i], out, err));
    return describe_content(bundle, out, err);
}
