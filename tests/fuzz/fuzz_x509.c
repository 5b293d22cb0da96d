/* SPDX-License-Identifier: MIT */
/*
 * X.509 certificates: what is refused says why; what is read is the same when it is read again,
 * ends a chain where it is pinned itself or has a reason why not. Targets: bu_x509_read,
 * bu_x509_claims, bu_x509_chain, bu_x509_check_sct.
 */
#include "fuzz.h"

#include "trust/x509.h"

static void check_same(const bu_x509 *certificate)
{
    BU_AUTO(bu_x509) again = NULL;
    bulla_error err = { 0 };
    FUZZ_CHECK(bulla_ok(bu_x509_read(bu_x509_der(certificate), &again, &err)));
    FUZZ_CHECK(bu_x509_equal(certificate, again));
    FUZZ_CHECK(bu_x509_not_before(certificate) == bu_x509_not_before(again));
}

static void check_claims(const bu_x509 *certificate)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bu_claims claims;
    bulla_error err = { 0 };
    bulla_status status = bu_x509_claims(certificate, arena, &claims, &err);
    if (!bulla_ok(status))
        fuzz_check_refusal(status, &err, 0);
    else
        FUZZ_CHECK(claims.identity == NULL || claims.identity[0] != '\0');
}

/* Nobody is pinned: nothing is good. It is pinned itself: it is judged alone. */
static void check_chain(bu_x509 *certificate)
{
    const bu_x509 *issuer = certificate;
    int64_t time = bu_x509_not_before(certificate);
    bulla_error err = { 0 };
    bulla_status status =
        bu_x509_chain(certificate, &certificate, 1, NULL, 0, time, BU_X509_ANY, NULL, &err);
    FUZZ_CHECK(!bulla_ok(status));
    fuzz_check_refusal(status, &err, 0);
    status = bu_x509_chain(certificate, NULL, 0, &certificate, 1, time, BU_X509_CODE_SIGNING,
                           &issuer, &err);
    if (!bulla_ok(status))
        fuzz_check_refusal(status, &err, 0);
    else
        FUZZ_CHECK(issuer == NULL);
}

static void check_sct(const bu_x509 *certificate)
{
    bulla_error err = { 0 };
    bulla_status status = bu_x509_check_sct(certificate, certificate, NULL, 0, &err);
    FUZZ_CHECK(!bulla_ok(status)); /* no log is known */
    fuzz_check_refusal(status, &err, 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    BU_AUTO(bu_x509) certificate = NULL;
    bulla_error err = { 0 };
    bulla_bytes text = fuzz_copy(data, size);
    bulla_status status = bu_x509_read(text, &certificate, &err);
    fuzz_free(text);
    if (!bulla_ok(status)) {
        fuzz_check_refusal(status, &err, size);
        return 0;
    }
    check_same(certificate);
    check_claims(certificate);
    check_chain(certificate);
    check_sct(certificate);
    return 0;
}
