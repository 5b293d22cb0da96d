/* SPDX-License-Identifier: MIT */
/*
 * Private keys of minisign: the key and its number under a stream that scrypt
 * makes of the passphrase, or in the clear. Refuses other functions, work
 * beyond the limits, and public halves that are not theirs.
 */
#include <sodium.h>

#include "base/limits.h"
#include "signature/secret_key.h"
#include "signature/signify.h"

#define ALGORITHM "Ed"
#define CHECKSUM  "B2"
#define SCRYPT    "Sc"

/* As it is in the file; numbers have their least significant byte first. */
typedef struct secret {
    uint8_t algorithm[2], kdf[2], checksum_algorithm[2];
    uint8_t salt[crypto_pwhash_scryptsalsa208sha256_SALTBYTES];
    uint8_t work[8], memory[8];
    struct hidden {
        uint8_t number[BU_KEY_NUMBER_BYTES];
        uint8_t key[crypto_sign_SECRETKEYBYTES];
        uint8_t checksum[crypto_generichash_BYTES];
    } hidden;
} secret;

_Static_assert(sizeof(secret) == 158, "nothing is between the fields");

static bool is_minisign(bulla_bytes text)
{
    bulla_error why;
    BU_CLEAR(bu_signify_lines) lines = { 0 };
    return bulla_ok(bu_signify_take_key(text, sizeof(secret), &lines, &why));
}

static bool is(const uint8_t field[2], const char *word)
{
    return memcmp(field, word, 2) == 0;
}

/* The file; `out` lies in `lines`. */
static bulla_status read_file(bulla_bytes text, bu_signify_lines *lines, secret **out,
                              bulla_error *err)
{
    BU_TRY(bu_signify_take_key(text, sizeof **out, lines, err));
    secret *s = (void *)lines->content.ptr;
    if (!is(s->algorithm, ALGORITHM) || !is(s->checksum_algorithm, CHECKSUM) ||
        (!is(s->kdf, SCRYPT) && !is(s->kdf, "\0")))
        return bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE,
                       "not an Ed25519 key with BLAKE2b, in the clear or under scrypt");
    *out = s;
    return BU_OK;
}

static uint64_t number_of(const uint8_t bytes[8])
{
    uint64_t number = 0;
    for (size_t i = 8; i > 0; i--)
        number = number << 8 | bytes[i - 1];
    return number;
}

static bulla_status decrypt(secret *s, const bu_secret *passphrase, bulla_error *err)
{
    uint64_t work = number_of(s->work);
    uint64_t memory = number_of(s->memory);
    if (work > BU_LIMIT_KDF_SCRYPT || memory > BU_LIMIT_KDF_BYTES)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "scrypt beyond %u steps or %u bytes",
                       BU_LIMIT_KDF_SCRYPT, BU_LIMIT_KDF_BYTES);
    BU_AUTO(bu_secret) stream = bu_secret_new(sizeof s->hidden);
    if (stream == NULL ||
        crypto_pwhash_scryptsalsa208sha256(stream->ptr, stream->len, (const char *)passphrase->ptr,
                                           passphrase->len, s->salt, work, (size_t)memory) != 0)
        return bu_no_memory(err);
    uint8_t *hidden = (uint8_t *)&s->hidden;
    for (size_t i = 0; i < stream->len; i++)
        hidden[i] ^= stream->ptr[i];
    return BU_OK;
}

/* Over the algorithm, the number and the key. minisign fills it with zeros in an unencrypted file. */
static bool checksum_fits(const secret *s)
{
    static const uint8_t none[crypto_generichash_BYTES] = { 0 };
    uint8_t sum[crypto_generichash_BYTES];
    crypto_generichash_state state;
    (void)crypto_generichash_init(&state, NULL, 0, sizeof sum);
    (void)crypto_generichash_update(&state, s->algorithm, sizeof s->algorithm);
    (void)crypto_generichash_update(&state, s->hidden.number, sizeof s->hidden.number);
    (void)crypto_generichash_update(&state, s->hidden.key, sizeof s->hidden.key);
    (void)crypto_generichash_final(&state, sum, sizeof sum);
    bool is_none = !is(s->kdf, SCRYPT) && memcmp(s->hidden.checksum, none, sizeof none) == 0;
    return is_none || bu_secret_equal(sum, s->hidden.checksum, sizeof sum);
}

static bulla_status describe(bulla_bytes text, bool *is_encrypted, bu_key **public,
                             bulla_error *err)
{
    BU_CLEAR(bu_signify_lines) lines = { 0 };
    secret *s;
    (void)public;
    BU_TRY(read_file(text, &lines, &s, err));
    *is_encrypted = is(s->kdf, SCRYPT);
    return BU_OK;
}

static bulla_status open_key(bulla_bytes text, const bu_secret *passphrase, bu_secret_key **out,
                             bulla_error *err)
{
    BU_CLEAR(bu_signify_lines) lines = { 0 };
    secret *s;
    BU_TRY(bu_sodium_ready(err));
    BU_TRY(read_file(text, &lines, &s, err));
    if (is(s->kdf, SCRYPT))
        BU_TRY(decrypt(s, passphrase, err));
    if (!checksum_fits(s))
        return bu_secret_key_unopened(is(s->kdf, SCRYPT), err);
    BU_TRY(bu_secret_key_of_pair((bulla_bytes){ s->hidden.key, sizeof s->hidden.key }, out, err));
    bu_secret_key_set_number(*out, s->hidden.number);
    return BU_OK;
}

const bu_secret_form bu_secret_form_minisign = {
    .id = "minisign",
    .is = is_minisign,
    .describe = describe,
    .open = open_key,
};
