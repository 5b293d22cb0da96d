/* SPDX-License-Identifier: MIT */
/*
 * minisign's signatures: what is refused says why and where; comments that are
 * read can be shown on one line; no key has signed what is not signed. Targets:
 * bu_minisign_parse, bu_minisign_check.
 */
#include "fuzz.h"

#include "signature/minisign.h"

static const bu_key *nobody(void)
{
    static bu_secret_key *key;
    bulla_error err = { 0 };
    if (key == NULL)
        FUZZ_CHECK(bulla_ok(bu_secret_key_new(BULLA_KEY_ED25519, &key, &err)));
    return bu_secret_key_public(key);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bulla_bytes text = fuzz_copy(data, size);
    bu_minisign_signature signature;
    bulla_error err = { 0 };
    bulla_status status = bu_minisign_parse(text, &signature, &err);
    if (bulla_ok(status)) {
        const uint8_t *end = text.ptr + text.len;
        FUZZ_CHECK(signature.trusted.len == 0 ||
                   signature.trusted.ptr + signature.trusted.len < end);
        FUZZ_CHECK(bu_bytes_find(signature.trusted, '\n') == signature.trusted.len);
        FUZZ_CHECK(bu_bytes_find(signature.first.comment, '\n') == signature.first.comment.len);
        status = bu_minisign_check(&signature, nobody(), text, &err);
        FUZZ_CHECK(status.code == BULLA_E_BAD_SIGNATURE);
    } else {
        fuzz_check_refusal(status, &err, size);
    }
    fuzz_free(text);
    return 0;
}
