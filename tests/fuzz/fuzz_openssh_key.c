/* SPDX-License-Identifier: MIT */
/*
 * OpenSSH's private keys: the input is what follows the mark at the beginning of
 * the decoded file. What is refused says why; what is read signs, and its public
 * half as OpenSSH sends it is the same key. Targets: bu_key_describe,
 * bu_secret_key_read, bu_ssh_public_read.
 */
#include "fuzz.h"

#include "signature/pem.h"
#include "signature/ssh.h"

static void check_key(const bu_secret_key *key)
{
    const bu_key *public = bu_secret_key_public(key);
    BU_CLEAR(bu_buf) blob = { 0 };
    BU_CLEAR(bu_ssh_public) again = { 0 };
    bulla_error err = { 0 };
    FUZZ_CHECK(bulla_ok(bu_ssh_public_write(public, &blob, &err)));
    FUZZ_CHECK(bulla_ok(bu_ssh_public_read(bu_buf_bytes(&blob), &again, &err)));
    FUZZ_CHECK(bu_key_equal(public, again.key));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bool is_private = false;
    bool is_encrypted = false;
    BU_CLEAR(bu_buf) content = { 0 };
    BU_CLEAR(bu_buf) text = { 0 };
    BU_AUTO(bu_key) public = NULL;
    BU_AUTO(bu_secret_key) key = NULL;
    bulla_error err = { 0 };
    bu_buf_add_text(&content, "openssh-key-v1");
    bu_buf_add_byte(&content, 0);
    bu_buf_add(&content, (bulla_bytes){ data, size });
    bu_pem_encode(bu_buf_bytes(&content), "OPENSSH PRIVATE KEY", &text);
    bulla_status status =
        bu_key_describe(bu_buf_bytes(&text), &public, &is_private, &is_encrypted, &err);
    if (bulla_ok(status))
        FUZZ_CHECK(is_private && public != NULL);
    else
        fuzz_check_refusal(status, &err, text.len);
    status = bu_secret_key_read(bu_buf_bytes(&text), NULL, &key, &err);
    if (bulla_ok(status))
        check_key(key);
    else
        fuzz_check_refusal(status, &err, text.len);
    return 0;
}
