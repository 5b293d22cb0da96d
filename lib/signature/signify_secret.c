/* SPDX-License-Identifier: MIT */
/*
 * Private keys of signify: the key under a stream that bcrypt makes of the
 * passphrase, or in the clear. Refuses other functions, work beyond the
 * limit, and public halves that are not theirs.
 */
#include <sodium.h>

#include "signature/bcrypt_pbkdf.h"
#include "signature/secret_key.h"
#include "signature/signify.h"

#define ALGORITHM "Ed"
#define BCRYPT    "BK"

/* As it is in the file. */
typedef struct secret {
    uint8_t algorithm[2], kdf[2];
    uint8_t rounds[4]; /* the most significant byte first; 0: in the clear */
    uint8_t salt[16];
    uint8_t checksum[8]; /* the beginning of SHA-512 over the key */
    uint8_t number[BU_KEY_NUMBER_BYTES];
    uint8_t key[crypto_sign_SECRETKEYBYTES];
} secret;

_Static_assert(sizeof(secret) == 104, "nothing is between the fields");

static bool is_signify(bulla_bytes text)
{
    bulla_error why;
    BU_CLEAR(bu_signify_lines) lines = { 0 };
    return bulla_ok(bu_signify_take_key(text, sizeof(secret), &lines, &why));
}

static uint32_t rounds_of(const secret *s)
{
    uint32_t rounds = 0;
    for (size_t i = 0; i < sizeof s->rounds; i++)
        rounds = rounds << 8 | s->rounds[i];
    return rounds;
}

/* The file; `out` lies in `lines`. */
static bulla_status read_file(bulla_bytes text, bu_signify_lines *lines, secret **out,
                              bulla_error *err)
{
    BU_TRY(bu_signify_take_key(text, sizeof **out, lines, err));
    secret *s = (void *)lines->content.ptr;
    if (memcmp(s->algorithm, ALGORITHM, 2) != 0 || memcmp(s->kdf, BCRYPT, 2) != 0)
        return bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE, "not an Ed25519 key under bcrypt");
    *out = s;
    return BU_OK;
}

static bulla_status decrypt(secret *s, const bu_secret *passphrase, bulla_error *err)
{
    BU_AUTO(bu_secret) stream = bu_secret_new(sizeof s->key);
    if (stream == NULL)
        return bu_no_memory(err);
    BU_TRY(bu_bcrypt_pbkdf(passphrase, (bulla_bytes){ s->salt, sizeof s->salt }, rounds_of(s),
                           stream, err));
    for (size_t i = 0; i < stream->len; i++)
        s->key[i] ^= stream->ptr[i];
    return BU_OK;
}

static bulla_status describe(bulla_bytes text, bool *is_encrypted, bu_key **public,
                             bulla_error *err)
{
    BU_CLEAR(bu_signify_lines) lines = { 0 };
    secret *s;
    (void)public;
    BU_TRY(read_file(text, &lines, &s, err));
    *is_encrypted = rounds_of(s) != 0;
    return BU_OK;
}

static bulla_status open_key(bulla_bytes text, const bu_secret *passphrase, bu_secret_key **out,
                             bulla_error *err)
{
    BU_CLEAR(bu_signify_lines) lines = { 0 };
    uint8_t sum[crypto_hash_sha512_BYTES];
    secret *s;
    BU_TRY(bu_sodium_ready(err));
    BU_TRY(read_file(text, &lines, &s, err));
    bool is_encrypted = rounds_of(s) != 0;
    if (is_encrypted)
        BU_TRY(decrypt(s, passphrase, err));
    (void)crypto_hash_sha512(sum, s->key, sizeof s->key);
    if (!bu_secret_equal(sum, s->checksum, sizeof s->checksum))
        return bu_secret_key_unopened(is_encrypted, err);
    BU_TRY(bu_secret_key_of_pair((bulla_bytes){ s->key, sizeof s->key }, out, err));
    bu_secret_key_set_number(*out, s->number);
    return BU_OK;
}

const bu_secret_form bu_secret_form_signify = {
    .id = "signify",
    .is = is_signify,
    .describe = describe,
    .open = open_key,
};
