/* SPDX-License-Identifier: MIT */
/*
 * A registry for tests: its key, and the document of its keys.
 */
#ifndef UNIT_TRUST_REGISTRY_H
#define UNIT_TRUST_REGISTRY_H

#include "base/encode.h"
#include "formats.h"

/** Base64 in memory that lives as long as the process. */
static inline char *npm_base64(bulla_bytes bytes)
{
    BU_CLEAR(bu_buf) text = { 0 };
    bu_base64_encode(bytes, &text);
    return test_text("%s", text.len == 0 ? "" : (const char *)text.ptr);
}

/** One row of a registry's document of keys; `expires` is JSON. */
static inline char *npm_key_row(const bulla_secret_key *key, const char *keyid, const char *expires)
{
    return test_text("{\"keyid\":\"%s\",\"keytype\":\"ecdsa-sha2-nistp256\","
                     "\"scheme\":\"ecdsa-sha2-nistp256\",\"expires\":%s,\"key\":\"%s\"}",
                     keyid, expires, npm_base64(bu_key_spki(bu_secret_key_public(key))));
}

static inline char *npm_keys(const char *rows)
{
    return test_text("{\"keys\":[%s]}", rows);
}

/** An ECDSA signature over a text, as base64. */
static inline char *npm_sign(const bulla_secret_key *key, const char *text)
{
    bulla_error err = { 0 };
    BU_CLEAR(bu_buf) signature = { 0 };
    const bu_algorithm *algorithm = bu_algorithm_of_key(bu_secret_key_public(key));
    bulla_status status = bu_sign(key, algorithm, bu_bytes_of(text), &signature, &err);
    unit_ok(status, err);
    return npm_base64(bu_buf_bytes(&signature));
}

#endif
