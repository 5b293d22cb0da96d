/* SPDX-License-Identifier: MIT */
/*
 * CMS signatures: what is refused says why; whatever is read can be asked, and a signature never
 * holds for two contents. Targets: bu_cms_read, bu_cms_verify, bu_cms_attribute, bu_cms_counter,
 * bu_cms_time.
 */
#include "fuzz.h"

#include "trust/cms.h"

#define OID_MESSAGE_DIGEST "1.2.840.113549.1.9.4"

static bool holds(const bu_cms *cms, size_t signer, bulla_bytes content)
{
    bulla_error err = { 0 };
    const bu_x509 *certificate = bu_cms_certificate(cms, signer);
    if (certificate == NULL)
        return false;
    FUZZ_CHECK(bu_cms_is_by(cms, signer, certificate));
    bulla_status status = bu_cms_verify(cms, signer, certificate, content, &err);
    if (!bulla_ok(status))
        fuzz_check_refusal(status, &err, 0);
    return bulla_ok(status);
}

static void check_signer(const bu_cms *cms, size_t signer)
{
    BU_CLEAR(bu_buf) value = { 0 };
    BU_AUTO(bu_cms) counter = NULL;
    bulla_error err = { 0 };
    int64_t time;
    bool first = holds(cms, signer, BULLA_LIT("what is signed"));
    FUZZ_CHECK(!first || !holds(cms, signer, BULLA_LIT("what is not")));
    FUZZ_CHECK(!bulla_ok(bu_cms_time(cms, signer, NULL, 0, &time, &err))); /* nobody is trusted */
    if (bulla_ok(bu_cms_attribute(cms, signer, BU_CMS_SIGNED, OID_MESSAGE_DIGEST, &value, &err)))
        FUZZ_CHECK(value.len > 1);
    if (bulla_ok(bu_cms_counter(cms, signer, &counter, &err)))
        FUZZ_CHECK(bu_cms_count(counter) > 0 && bu_cms_content(counter).ptr == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    BU_AUTO(bu_cms) cms = NULL;
    bulla_error err = { 0 };
    bulla_bytes text = fuzz_copy(data, size);
    bulla_status status = bu_cms_read(text, &cms, &err);
    fuzz_free(text);
    if (!bulla_ok(status)) {
        fuzz_check_refusal(status, &err, size);
        return 0;
    }
    FUZZ_CHECK(bu_cms_count(cms) > 0);
    for (size_t i = 0; i < bu_cms_count(cms); i++)
        check_signer(cms, i);
    return 0;
}
