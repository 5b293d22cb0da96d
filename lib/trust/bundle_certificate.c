/* SPDX-License-Identifier: MIT */
/*
 * Bundles signed with a certificate that Sigstore's authority gave out for an identity: its chain at
 * every time that is known, its SCT, the signature by its key, and who it is. Refuses a certificate
 * without a trusted time. Roots that the signer brings along are certificates like any other.
 */
#include "base/bytes.h"
#include "base/glob.h"
#include "trust/bundle_run.h"

static bulla_status need_evidence(const bu_bundle_run *r)
{
    if (r->root->runs_tlogs && r->bundle->entry_count == 0)
        return bu_fail(r->err, BULLA_E_LOG_MISMATCH, "no log has an entry of this signature");
    if (r->time_count == 0)
        return bu_fail(r->err, BULLA_E_BAD_TIME,
                       "nothing that is trusted says when this was signed");
    return BU_OK;
}

static bulla_status read_certificates(bu_bundle_run *r)
{
    for (size_t *i = &r->certificate_count; *i < r->bundle->certificate_count; ++*i)
        BU_TRY(bu_within(r->err,
                         bu_x509_read(r->bundle->certificates[*i], &r->certificates[*i], r->err),
                         "certificate %zu", *i + 1));
    return BU_OK;
}

static bool covers(const bu_bundle_run *r, const bu_fulcio *authority)
{
    for (size_t i = 0; i < r->time_count; i++)
        if (r->times[i] < authority->from || r->times[i] > authority->until)
            return false;
    return true;
}

/* The chain at every time: the authority's own certificates, and those that the bundle brings. */
static bulla_status check_chain(const bu_bundle_run *r, const bu_fulcio *authority,
                                const bu_x509 **issuer)
{
    bu_x509 *pool[2 * BU_LIMIT_CERTIFICATES];
    size_t count = 0;
    for (size_t i = 0; i + 1 < authority->count; i++)
        pool[count++] = authority->chain[i];
    for (size_t i = 1; i < r->certificate_count; i++)
        pool[count++] = r->certificates[i];
    for (size_t i = 0; i < r->time_count; i++)
        BU_TRY(bu_x509_chain(r->certificates[0], pool, count,
                             &authority->chain[authority->count - 1], 1, r->times[i],
                             BU_X509_CODE_SIGNING, issuer, r->err));
    return BU_OK;
}

/* Names of authorities prove nothing: each that counted then is tried. */
static bulla_status find_authority(const bu_bundle_run *r, const bu_x509 **issuer)
{
    bulla_error why = { 0 };
    bulla_status worst =
        bu_fail(&why, BULLA_E_UNTRUSTED_CHAIN, "no certificate authority counted then");
    for (size_t i = 0; i < r->root->authority_count; i++) {
        if (!covers(r, &r->root->authorities[i]))
            continue;
        bulla_status status = check_chain(r, &r->root->authorities[i], issuer);
        if (bulla_ok(status))
            return status;
        if (worst.code == BULLA_E_UNTRUSTED_CHAIN && r->err != NULL) {
            worst = status;
            why = *r->err;
        }
    }
    if (r->err != NULL)
        *r->err = why;
    return worst;
}

static bulla_status check_certificate(bu_bundle_run *r)
{
    const bu_x509 *issuer = NULL;
    BU_TRY(bu_bundle_check_evidence(r));
    BU_TRY(need_evidence(r));
    BU_TRY(find_authority(r, &issuer));
    if (r->root->runs_ct_logs)
        BU_TRY(bu_x509_check_sct(r->certificates[0], issuer, r->root->ct_logs,
                                 r->root->ct_log_count, r->err));
    if (bu_x509_key(r->certificates[0]) == NULL)
        return bu_fail(r->err, BULLA_E_UNSUPPORTED_FEATURE,
                       "the certificate has a key of an unknown kind");
    return bu_bundle_check_signature(r->content, bu_x509_key(r->certificates[0]), r->err);
}

/* An identity is compared whole, or as a pattern where the anchor has one; its issuer always. */
static bool is_by(const bu_claims *claims, const bu_anchor *anchor)
{
    bulla_bytes wanted = bu_bytes_of(anchor->identity), got = bu_bytes_of(claims->identity);
    if (anchor->identity == NULL || anchor->issuer == NULL || claims->identity == NULL ||
        claims->issuer == NULL || strcmp(anchor->issuer, claims->issuer) != 0)
        return false;
    return strchr(anchor->identity, '*') == NULL ? bu_bytes_equal(wanted, got)
                                                 : bu_glob_match(wanted, got);
}

static bulla_status no_identity(const bu_bundle_run *r, const bu_claims *claims, bool any_is)
{
    const bu_anchors *anchors = r->check->anchors;
    if (any_is)
        return bu_fail(r->err, BULLA_E_EXPIRED, "signed when the identity was not trusted");
    bool one = anchors->count == 1 && anchors->items[0].identity != NULL;
    bool by_issuer = one && bu_bytes_equal(bu_bytes_of(anchors->items[0].identity),
                                           bu_bytes_of(claims->identity));
    return bu_expected(r->err, bu_fail(r->err, BULLA_E_IDENTITY_MISMATCH, "signed by someone else"),
                       bu_bytes_of(!one        ? ""
                                   : by_issuer ? anchors->items[0].issuer
                                               : anchors->items[0].identity),
                       bu_bytes_of(by_issuer ? claims->issuer : claims->identity));
}

static bulla_status check_identity(const bu_bundle_run *r, const bu_claims *claims, bu_vouched *out)
{
    const bu_anchors *anchors = r->check->anchors;
    bool any_is = false;
    for (size_t i = 0; i < anchors->count; i++) {
        bool is = is_by(claims, &anchors->items[i]);
        any_is = any_is || is;
        out->by[i] = is && bu_bundle_in_time(r, &anchors->items[i]);
    }
    return bu_vouched_any(out, anchors) ? BU_OK : no_identity(r, claims, any_is);
}

bulla_status bu_bundle_verify_certificate(bu_bundle_run *r, bu_vouched *out)
{
    bu_claims *claims = bu_arena_get(r->check->arena, sizeof *claims);
    if (claims == NULL)
        return bu_no_memory(r->err);
    BU_TRY(read_certificates(r));
    BU_TRY(bu_bundle_try_roots(r, check_certificate));
    BU_TRY(bu_x509_claims(r->certificates[0], r->check->arena, claims, r->err));
    BU_TRY(check_identity(r, claims, out));
    out->claims = claims;
    return BU_OK;
}
