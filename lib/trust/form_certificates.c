/* SPDX-License-Identifier: MIT */
/*
 * X.509 certificates that a chain may end at: PEM, one or several in a file, or one in DER.
 */
#include "base/bytes.h"
#include "base/encode.h"
#include "digest/hasher.h"
#include "signature/der.h"
#include "signature/pem.h"
#include "trust/anchor.h"
#include "trust/x509.h"

#define LABEL "CERTIFICATE"

/* A certificate starts with its version ([0]), a key with its algorithm. */
static bool is_der(bulla_bytes text)
{
    bu_der all = bu_der_of(text);
    bu_der certificate = bu_der_enter(&all, BU_DER_SEQUENCE);
    bu_der tbs = bu_der_enter(&certificate, BU_DER_SEQUENCE);
    return bu_der_is(&tbs, BU_DER_CONTEXT_0);
}

static bool is_certificates(bulla_bytes text)
{
    return bu_bytes_is(bu_pem_label(text), LABEL) || is_der(text);
}

/* Known by the SHA-256 of the certificate, as other tools show it. */
static bulla_status add(bulla_bytes der, bu_anchors *anchors, bulla_error *err)
{
    BU_AUTO(bu_x509) certificate = NULL;
    char hex[BULLA_DIGEST_HEX_MAX];
    bulla_digest digest;
    BU_TRY(bu_x509_read(der, &certificate, err));
    BU_TRY(bu_digest_of(BULLA_ALG_SHA256, der, &digest, err));
    bu_anchor *anchor = bu_anchors_add(anchors);
    if (anchor == NULL)
        return bu_no_memory(err);
    anchor->form = bu_form_certificates.id;
    anchor->certificate = bu_arena_copy(anchors->arena, der);
    anchor->who = bu_arena_text(anchors->arena, bu_bytes_of(bulla_digest_hex(&digest, hex)));
    return anchor->certificate.ptr == NULL || anchor->who == NULL ? bu_no_memory(err) : BU_OK;
}

static bulla_status read_certificates(bulla_bytes text, const char *file, bu_anchors *anchors,
                                      bulla_error *err)
{
    (void)file;
    bulla_bytes block;
    if (bu_pem_label(text).len == 0)
        return add(text, anchors, err);
    while (bu_pem_next(&text, &block)) {
        BU_CLEAR(bu_buf) der = { 0 };
        BU_TRY(bu_pem_decode(block, LABEL, &der, err));
        BU_TRY(bu_at_offset(err, add(bu_buf_bytes(&der), anchors, err), BU_OFFSET_NONE));
    }
    return BU_OK;
}

const bu_anchor_form bu_form_certificates = {
    .id = "certificates",
    .title = "X.509 certificates (PEM or DER)",
    .is = is_certificates,
    .read = read_certificates,
};
