/* SPDX-License-Identifier: MIT */
/*
 * The text that a NuGet signature signs: what is accepted can be written again from the digest that
 * was read, byte for byte.
 */
#include "fuzz.h"

#include "base/encode.h"
#include "evidence/nuget.h"

static void check_same(const bulla_digest *digest, bulla_bytes in)
{
    bu_buf text = { 0 };
    FUZZ_CHECK(bulla_alg_is_strong(digest->alg));
    bu_buf_add_format(&text, "Version:1\n\n2.16.840.1.101.3.4.2.%d-Hash:",
                      digest->alg == BULLA_ALG_SHA256   ? 1
                      : digest->alg == BULLA_ALG_SHA384 ? 2
                                                        : 3);
    bu_base64_encode((bulla_bytes){ digest->bytes, digest->len }, &text);
    bu_buf_add_text(&text, "\n\n");
    FUZZ_CHECK(bu_bytes_equal(bu_buf_bytes(&text), in));
    bu_buf_clear(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bulla_bytes in = fuzz_copy(data, size);
    bulla_digest digest;
    bulla_error err = { 0 };
    bulla_status status = bu_nuget_content_read(in, &digest, &err);
    if (bulla_ok(status))
        check_same(&digest, in);
    else
        fuzz_check_refusal(status, &err, in.len);
    fuzz_free(in);
    return 0;
}
