/* SPDX-License-Identifier: MIT */
/*
 * Signed certificate timestamps (RFC 6962): that a log has seen the precertificate of a
 * certificate. What the log signed is made anew: the certificate without the list of timestamps.
 */
#include <openssl/ct.h>
#include <openssl/err.h>
#include <stdio.h>

#include "base/bytes.h"
#include "digest/hasher.h"
#include "trust/x509_inside.h"

static void add_number(bu_buf *out, uint64_t number, unsigned bytes)
{
    while (bytes-- > 0)
        bu_buf_add_byte(out, (uint8_t)(number >> (8 * bytes)));
}

static void free_certificate(X509 **x509)
{
    X509_free(*x509);
}

static void free_openssl(uint8_t **bytes)
{
    OPENSSL_free(*bytes);
}

/* RFC 6962, 3.2: "the DER-encoded TBSCertificate … without the signature and the poison
 * extension"; in the final certificate the list stands instead of the poison. */
static bulla_status rebuild(const bu_x509 *leaf, bu_buf *out, bulla_error *err)
{
    __attribute__((cleanup(free_openssl))) uint8_t *tbs = NULL;
    __attribute__((cleanup(free_certificate))) X509 *copy = X509_dup(leaf->x509);
    if (copy == NULL)
        return bu_no_memory(err);
    int at = X509_get_ext_by_NID(copy, NID_ct_precert_scts, -1);
    X509_EXTENSION_free(X509_delete_ext(copy, at));
    int len = i2d_re_X509_tbs(copy, &tbs);
    if (len <= 0)
        return bu_no_memory(err);
    bu_buf_add(out, (bulla_bytes){ tbs, (size_t)len });
    return BU_OK;
}

/* The end of what is signed that all logs share: issuer_key_hash and tbs_certificate. */
static bulla_status precertificate(const bu_x509 *leaf, const bu_x509 *issuer, bu_buf *out,
                                   bulla_error *err)
{
    BU_CLEAR(bu_buf) tbs = { 0 };
    bulla_digest key_hash;
    BU_TRY(bu_digest_of(BULLA_ALG_SHA256, bu_key_spki(issuer->key), &key_hash, err));
    BU_TRY(rebuild(leaf, &tbs, err));
    bu_buf_add(out, (bulla_bytes){ key_hash.bytes, key_hash.len });
    add_number(out, tbs.len, 3);
    bu_buf_add(out, bu_buf_bytes(&tbs));
    return tbs.broken ? bu_no_memory(err) : BU_OK;
}

static bulla_bytes extensions_of(const SCT *sct)
{
    uint8_t *bytes = NULL;
    size_t len = SCT_get0_extensions(sct, &bytes);
    return (bulla_bytes){ bytes, len };
}

/* RFC 6962, 3.2: digitally-signed struct. */
static void signed_text(const SCT *sct, bulla_bytes entry, bu_buf *out)
{
    bulla_bytes extensions = extensions_of(sct);
    add_number(out, 0, 1); /* v1 */
    add_number(out, 0, 1); /* certificate_timestamp */
    add_number(out, SCT_get_timestamp(sct), 8);
    add_number(out, 1, 2); /* precert_entry */
    bu_buf_add(out, entry);
    add_number(out, extensions.len, 2);
    bu_buf_add(out, extensions);
}

/* RFC 6962, 2.1.4: ECDSA or RSA PKCS #1 with SHA-256. */
static const bu_algorithm *algorithm_of(const SCT *sct, const bu_key *key)
{
    char name[64];
    int nid = SCT_get_signature_nid(sct);
    bool is_rsa = bu_key_kind(key) == BULLA_KEY_RSA;
    if (nid != (is_rsa ? NID_sha256WithRSAEncryption : NID_ecdsa_with_SHA256))
        return NULL;
    (void)snprintf(name, sizeof name, "%s-sha256",
                   is_rsa ? "rsa-pkcs1" : bulla_key_kind_name(bu_key_kind(key)));
    return bu_algorithm_by_name(bu_bytes_of(name));
}

static bool is_of(const SCT *sct, const bu_ct_log *log)
{
    uint8_t *id = NULL;
    size_t len = SCT_get0_log_id(sct, &id);
    return bu_bytes_equal((bulla_bytes){ id, len }, (bulla_bytes){ log->id, sizeof log->id });
}

static bulla_status check_one(const SCT *sct, bulla_bytes entry, const bu_ct_log *log,
                              bulla_error *err)
{
    BU_CLEAR(bu_buf) text = { 0 };
    uint8_t *bytes = NULL;
    size_t len = SCT_get0_signature(sct, &bytes);
    uint64_t seconds = SCT_get_timestamp(sct) / 1000;
    const bu_algorithm *algorithm = algorithm_of(sct, log->key);
    if (algorithm == NULL)
        return bu_fail(err, BULLA_E_BAD_SIGNATURE, "the SCT is not signed as its log's key signs");
    if (seconds > INT64_MAX || (int64_t)seconds < log->from || (int64_t)seconds > log->until)
        return bu_fail(err, BULLA_E_BAD_TIME, "the SCT is of a time when its log did not count");
    signed_text(sct, entry, &text);
    if (text.broken)
        return bu_no_memory(err);
    return bu_within(
        err, bu_verify(log->key, algorithm, bu_buf_bytes(&text), (bulla_bytes){ bytes, len }, err),
        "SCT");
}

/* Good when any is; else the last one that a known log is to have signed tells why not. */
static bulla_status check_all(const STACK_OF(SCT) * list, bulla_bytes entry, const bu_ct_log *logs,
                              size_t count, bulla_error *err)
{
    bulla_status worst = bu_fail(err, BULLA_E_UNTRUSTED_KEY, "SCTs of unknown logs only");
    for (int i = 0; i < sk_SCT_num(list); i++) {
        const SCT *sct = sk_SCT_value(list, i);
        for (size_t j = 0; j < count; j++) {
            if (SCT_get_version(sct) != SCT_VERSION_V1 || !is_of(sct, &logs[j]))
                continue;
            worst = check_one(sct, entry, &logs[j], err);
            if (bulla_ok(worst))
                return BU_OK;
        }
    }
    return worst;
}

static void free_scts(STACK_OF(SCT) * *list)
{
    SCT_LIST_free(*list);
}

bulla_status bu_x509_check_sct(const bu_x509 *leaf, const bu_x509 *issuer, const bu_ct_log *logs,
                               size_t count, bulla_error *err)
{
    int critical = -1;
    BU_CLEAR(bu_buf) entry = { 0 };
    (void)ERR_set_mark();
    __attribute__((cleanup(free_scts))) STACK_OF(SCT) *list =
        X509_get_ext_d2i(leaf->x509, NID_ct_precert_scts, &critical, NULL);
    (void)ERR_pop_to_mark();
    if (list == NULL && critical == -1)
        return bu_fail(err, BULLA_E_MISSING_FIELD, "no SCT is embedded in the certificate");
    if (list == NULL)
        return bu_fail(err, BULLA_E_BAD_ENCODING, "the list of SCTs is malformed");
    if (issuer->key == NULL)
        return bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE, "a CA's key is of a kind that has no row");
    BU_TRY(precertificate(leaf, issuer, &entry, err));
    if (entry.broken)
        return bu_no_memory(err);
    return check_all(list, bu_buf_bytes(&entry), logs, count, err);
}
