/* SPDX-License-Identifier: MIT */
/*
 * OpenSSH's signatures, without their armor: what is refused says why; what is
 * read is over SHA-2, and nobody has signed it. Targets: bu_sshsig_parse,
 * bu_sshsig_check.
 */
#include "fuzz.h"

#include "digest/hasher.h"
#include "signature/pem.h"
#include "signature/sshsig.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    BU_CLEAR(bu_buf) text = { 0 };
    BU_CLEAR(bu_sshsig) signature = { 0 };
    bulla_error err = { 0 };
    bulla_digest digest;
    bu_pem_encode((bulla_bytes){ data, size }, BU_SSHSIG_LABEL, &text);
    bulla_status status = bu_sshsig_parse(bu_buf_bytes(&text), &signature, &err);
    if (bulla_ok(status)) {
        FUZZ_CHECK(bulla_alg_is_strong(signature.digest) && signature.key.key != NULL);
        FUZZ_CHECK(bulla_ok(bu_digest_of(
            signature.digest, text.ptr == NULL ? (bulla_bytes){ 0 } : bu_buf_bytes(&text), &digest,
            &err)));
        status = bu_sshsig_check(&signature, BU_SSHSIG_FILE, &digest, &err);
        FUZZ_CHECK(!bulla_ok(status));
    }
    fuzz_check_refusal(status, &err, text.len);
    return 0;
}
