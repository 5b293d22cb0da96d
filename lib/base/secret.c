/* SPDX-License-Identifier: MIT */
/*
 * Secrets: libsodium's guarded heap. With its random source, this is the
 * base floor's door to libsodium.
 */
#include "base/secret.h"

#include <sodium.h>
#include <string.h>

bulla_status bu_sodium_ready(bulla_error *err)
{
    if (sodium_init() < 0)
        return bu_fail(err, BULLA_E_INTERNAL, "libsodium could not be made ready");
    return BU_OK;
}

bu_secret *bu_secret_new(size_t len)
{
    bu_secret *secret = calloc(1, sizeof *secret);
    if (secret == NULL)
        return NULL;
    secret->ptr = sodium_init() < 0 ? NULL : sodium_malloc(len == 0 ? 1 : len);
    if (secret->ptr == NULL) {
        free(secret);
        return NULL;
    }
    memset(secret->ptr, 0, len);
    secret->len = len;
    return secret;
}

void bu_secret_free(bu_secret *secret)
{
    if (secret == NULL)
        return;
    sodium_free(secret->ptr); /* wipes */
    free(secret);
}

bu_secret *bu_secret_copy(bulla_bytes bytes)
{
    bu_secret *secret = bu_secret_new(bytes.len);
    if (secret != NULL && bytes.len > 0)
        memcpy(secret->ptr, bytes.ptr, bytes.len);
    return secret;
}

void bu_wipe(void *memory, size_t len)
{
    sodium_memzero(memory, len);
}

bool bu_secret_equal(const void *a, const void *b, size_t len)
{
    return sodium_memcmp(a, b, len) == 0;
}

void bu_random(void *out, size_t len)
{
    randombytes_buf(out, len);
}
