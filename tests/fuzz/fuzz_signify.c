/* SPDX-License-Identifier: MIT */
/*
 * signify's files, and minisign's keys, which look the same: what is refused
 * says why; a public key that is read is of its kind; a private key in the
 * clear is never taken for an encrypted one. Targets: bu_signify_parse,
 * bu_signify_public_read, bu_key_describe.
 */
#include "fuzz.h"

#include "signature/signify.h"

static void read_public(bulla_bytes text)
{
    uint8_t number[BU_KEY_NUMBER_BYTES];
    BU_AUTO(bu_key) key = NULL;
    bulla_error err = { 0 };
    bulla_status status = bu_signify_public_read(text, &key, number, &err);
    if (bulla_ok(status))
        FUZZ_CHECK(bu_key_kind(key) == BULLA_KEY_ED25519);
    else
        fuzz_check_refusal(status, &err, text.len);
}

static void read_private(bulla_bytes text)
{
    bool is_private = false;
    bool is_encrypted = false;
    BU_AUTO(bu_key) key = NULL;
    bulla_error err = { 0 };
    bulla_status status = bu_key_describe(text, &key, &is_private, &is_encrypted, &err);
    if (bulla_ok(status))
        FUZZ_CHECK(is_encrypted || key != NULL);
    else
        fuzz_check_refusal(status, &err, text.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bulla_bytes text = fuzz_copy(data, size);
    bu_signify_signature signature;
    bulla_error err = { 0 };
    bulla_status status = bu_signify_parse(text, &signature, &err);
    if (bulla_ok(status))
        FUZZ_CHECK(bu_bytes_find(signature.comment, '\n') == signature.comment.len);
    else
        fuzz_check_refusal(status, &err, size);
    read_public(text);
    read_private(text);
    fuzz_free(text);
    return 0;
}
