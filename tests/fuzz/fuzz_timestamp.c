/* SPDX-License-Identifier: MIT */
/*
 * RFC 3161 time stamps: what is refused says why, and none holds where no authority is pinned.
 * Targets: bu_timestamp_check, bu_timestamp_answers.
 */
#include "fuzz.h"

#include "digest/hasher.h"
#include "trust/timestamp.h"

static bulla_bytes question(bu_buf *out)
{
    bulla_digest digest;
    bulla_error err = { 0 };
    FUZZ_CHECK(bulla_ok(bu_digest_of(BULLA_ALG_SHA256, BULLA_LIT("x"), &digest, &err)));
    FUZZ_CHECK(bulla_ok(bu_timestamp_ask(&digest, out, &err)));
    return bu_buf_bytes(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    BU_CLEAR(bu_buf) asked = { 0 };
    bulla_error err = { 0 };
    int64_t time = -1;
    bulla_bytes text = fuzz_copy(data, size);
    bulla_status status =
        bu_timestamp_check(text, BULLA_LIT("what is signed"), NULL, 0, &time, &err);
    FUZZ_CHECK(!bulla_ok(status) && time == -1);
    fuzz_check_refusal(status, &err, size);
    status = bu_timestamp_answers(text, question(&asked), &err);
    FUZZ_CHECK(!bulla_ok(status)); /* the nonce is new */
    fuzz_check_refusal(status, &err, size);
    fuzz_free(text);
    return 0;
}
