/* SPDX-License-Identifier: MIT */
/*
 * Key files, public and private: what is refused says why; a public key that is
 * read has one form, and comes back from both of its encodings. Targets:
 * bu_key_read, bu_key_describe, bu_secret_key_read (without a passphrase).
 */
#include "fuzz.h"

#include "signature/key.h"

static void check_same(const bu_key *key, bulla_bytes text)
{
    BU_AUTO(bu_key) again = NULL;
    bulla_error err = { 0 };
    FUZZ_CHECK(bulla_ok(bu_key_read(text, &again, &err)));
    FUZZ_CHECK(bu_key_equal(key, again));
    FUZZ_CHECK(strcmp(bu_key_id(key), bu_key_id(again)) == 0);
}

static void check_forms(const bu_key *key)
{
    BU_CLEAR(bu_buf) pem = { 0 };
    bu_key_write_pem(key, &pem);
    check_same(key, bu_buf_bytes(&pem));
    check_same(key, bu_key_spki(key));
    FUZZ_CHECK(bu_key_kind(key) != BULLA_KEY_NONE);
    FUZZ_CHECK(bu_algorithm_of_key(key) != NULL);
}

/* A plain private key: what is written again is the same key. */
static void check_private(const bu_secret_key *key)
{
    BU_AUTO(bu_secret) pem = NULL;
    BU_AUTO(bu_secret_key) again = NULL;
    bulla_error err = { 0 };
    FUZZ_CHECK(bulla_ok(bu_secret_key_write_plain(key, &pem, &err)));
    FUZZ_CHECK(bulla_ok(bu_secret_key_read(bu_secret_bytes(pem), NULL, &again, &err)));
    FUZZ_CHECK(bu_key_equal(bu_secret_key_public(key), bu_secret_key_public(again)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bool is_private = false;
    bool is_encrypted = false;
    bulla_error err = { 0 };
    BU_AUTO(bu_key) public = NULL;
    BU_AUTO(bu_key) described = NULL;
    BU_AUTO(bu_secret_key) private = NULL;
    bulla_bytes text = fuzz_copy(data, size);
    bulla_status read = bu_key_read(text, &public, &err);
    if (bulla_ok(read))
        check_forms(public);
    else
        fuzz_check_refusal(read, &err, size);
    bulla_status told = bu_key_describe(text, &described, &is_private, &is_encrypted, &err);
    if (!bulla_ok(told))
        fuzz_check_refusal(told, &err, size);
    FUZZ_CHECK(!bulla_ok(read) || (bulla_ok(told) && !is_private));
    bulla_status opened = bu_secret_key_read(text, NULL, &private, &err);
    if (bulla_ok(opened))
        check_private(private);
    else
        fuzz_check_refusal(opened, &err, size);
    FUZZ_CHECK(!bulla_ok(opened) || (is_private && !is_encrypted));
    fuzz_free(text);
    return 0;
}
