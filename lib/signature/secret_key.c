/* SPDX-License-Identifier: MIT */
/*
 * Private keys: made, made of what a form holds, and living elsewhere. Refuses
 * whatever its public half would be refused for.
 */
#include "signature/secret_key.h"

#include <sodium.h>

#include "base/limits.h"

static const bu_secret_form *const forms[] = {
#define BU_SECRET_FORM(id) &bu_secret_form_##id,
#include "signature/secret_forms.def"
#undef BU_SECRET_FORM
};

void bu_secret_key_free(bu_secret_key *key)
{
    if (key == NULL)
        return;
    if (key->signer.release != NULL)
        key->signer.release(key->signer.context);
    bu_secret_free(key->secret);
    bu_key_free(key->public);
    free(key);
}

const bu_key *bu_secret_key_public(const bu_secret_key *key)
{
    return key->public;
}

const uint8_t *bu_secret_key_number(const bu_secret_key *key)
{
    return key->has_number ? key->number : NULL;
}

void bu_secret_key_set_number(bu_secret_key *key, const uint8_t number[BU_KEY_NUMBER_BYTES])
{
    key->has_number = true;
    memcpy(key->number, number, BU_KEY_NUMBER_BYTES);
}

static bulla_status take_seed(bulla_bytes seed, bu_secret_key *key, bulla_error *err)
{
    uint8_t point[crypto_sign_PUBLICKEYBYTES];
    BU_TRY(bu_sodium_ready(err));
    if (seed.len != BU_ED25519_SEED_BYTES)
        return bu_fail(err, BULLA_E_BAD_KEY, "a seed of %zu bytes", seed.len);
    key->secret = bu_secret_new(crypto_sign_SECRETKEYBYTES);
    if (key->secret == NULL)
        return bu_no_memory(err);
    if (crypto_sign_seed_keypair(point, key->secret->ptr, seed.ptr) != 0)
        return bu_fail(err, BULLA_E_INTERNAL, "libsodium could not make a key of its seed");
    return bu_key_of_point(BULLA_KEY_ED25519, (bulla_bytes){ point, sizeof point }, &key->public,
                           err);
}

bulla_status bu_secret_key_of_seed(bulla_bytes seed, bu_secret_key **out, bulla_error *err)
{
    BU_AUTO(bu_secret_key) key = calloc(1, sizeof *key);
    if (key == NULL)
        return bu_no_memory(err);
    BU_TRY(take_seed(seed, key, err));
    *out = BU_STEAL(key);
    return BU_OK;
}

bulla_status bu_secret_key_of_pair(bulla_bytes pair, bu_secret_key **out, bulla_error *err)
{
    BU_AUTO(bu_secret_key) key = NULL;
    BU_TRY(bu_secret_key_of_seed(bu_bytes_first(pair, BU_ED25519_SEED_BYTES), &key, err));
    if (!bu_bytes_equal(key->public->point, bu_bytes_from(pair, BU_ED25519_SEED_BYTES)))
        return bu_fail(err, BULLA_E_BAD_KEY, "the public half is not that of the private one");
    *out = BU_STEAL(key);
    return BU_OK;
}

static bulla_status take_scalar(bulla_key_kind kind, bulla_bytes scalar, bu_secret_key *key,
                                bulla_error *err)
{
    uint8_t point[BU_POINT_MAX];
    size_t size = bu_ecdsa_size(kind);
    if (scalar.len > size)
        return bu_fail(err, BULLA_E_BAD_KEY, "a scalar of %zu bytes where the curve has %zu",
                       scalar.len, size);
    BU_TRY(bu_sodium_ready(err));
    key->secret = bu_secret_new(size);
    if (key->secret == NULL)
        return bu_no_memory(err);
    if (scalar.len > 0)
        memcpy(key->secret->ptr + size - scalar.len, scalar.ptr, scalar.len);
    BU_TRY(bu_ecdsa_point(kind, bu_secret_bytes(key->secret), point, err));
    return bu_key_of_point(kind, (bulla_bytes){ point, 1 + 2 * size }, &key->public, err);
}

bulla_status bu_secret_key_of_scalar(bulla_key_kind kind, bulla_bytes scalar, bu_secret_key **out,
                                     bulla_error *err)
{
    BU_AUTO(bu_secret_key) key = calloc(1, sizeof *key);
    if (key == NULL)
        return bu_no_memory(err);
    BU_TRY(take_scalar(kind, scalar, key, err));
    *out = BU_STEAL(key);
    return BU_OK;
}

bulla_status bu_secret_key_of_rsa(bulla_bytes private, bu_secret_key **out, bulla_error *err)
{
    BU_AUTO_PKEY pair = NULL; /* for its checks only */
    BU_AUTO(bu_secret_key) key = calloc(1, sizeof *key);
    if (key == NULL)
        return bu_no_memory(err);
    BU_TRY(bu_sodium_ready(err));
    BU_TRY(bu_rsa_public(private, &key->public, err));
    BU_TRY(bu_rsa_pair(private, &pair, err));
    key->secret = bu_secret_copy(private);
    if (key->secret == NULL)
        return bu_no_memory(err);
    *out = BU_STEAL(key);
    return BU_OK;
}

bulla_status bu_secret_key_new(bulla_key_kind kind, bu_secret_key **out, bulla_error *err)
{
    BU_AUTO(bu_secret) fresh = NULL;
    if (kind == BULLA_KEY_NONE || kind == BULLA_KEY_RSA)
        return bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE, "no new keys of the kind %s are made",
                       bulla_key_kind_name(kind));
    BU_TRY(bu_sodium_ready(err));
    fresh = bu_secret_new(kind == BULLA_KEY_ED25519 ? BU_ED25519_SEED_BYTES : bu_ecdsa_size(kind));
    if (fresh == NULL)
        return bu_no_memory(err);
    if (kind == BULLA_KEY_ED25519) {
        bu_random(fresh->ptr, fresh->len);
        return bu_secret_key_of_seed(bu_secret_bytes(fresh), out, err);
    }
    BU_TRY(bu_ecdsa_new_scalar(kind, fresh->ptr, err));
    return bu_secret_key_of_scalar(kind, bu_secret_bytes(fresh), out, err);
}

bulla_status bu_secret_key_elsewhere(bulla_bytes public, const bulla_signer *signer,
                                     bu_secret_key **out, bulla_error *err)
{
    BU_AUTO(bu_secret_key) key = calloc(1, sizeof *key);
    if (key == NULL)
        return bu_no_memory(err);
    BU_TRY(bu_key_read(public, &key->public, err));
    key->signer = *signer;
    *out = BU_STEAL(key);
    return BU_OK;
}

bulla_status bu_signer_ask(const bu_secret_key *key, const bu_algorithm *algorithm,
                           bulla_bytes input, bu_buf *out, bulla_error *err)
{
    size_t len = 0;
    uint8_t *room = bu_buf_room(out, BULLA_SIGNATURE_MAX);
    if (room == NULL)
        return bu_no_memory(err);
    BU_TRY(key->signer.sign(key->signer.context, algorithm->name, input, room, BULLA_SIGNATURE_MAX,
                            &len, err));
    if (len > BULLA_SIGNATURE_MAX)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "a signature of over %d bytes",
                       BULLA_SIGNATURE_MAX);
    bu_buf_added(out, len);
    return BU_OK;
}

static bulla_status form_of(bulla_bytes text, const bu_secret_form **out, bulla_error *err)
{
    *out = NULL;
    if (text.len > BU_LIMIT_METADATA_BYTES)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "a key of %zu bytes", text.len);
    for (size_t i = 0; i < sizeof forms / sizeof forms[0] && *out == NULL; i++)
        if (forms[i]->is(text))
            *out = forms[i];
    return BU_OK;
}

/* A file that is no private key: why. */
static bulla_status refuse(bulla_bytes text, bulla_error *err)
{
    BU_AUTO(bu_key) public = NULL;
    BU_TRY(bu_key_read(text, &public, err));
    return bu_next(err, bu_fail(err, BULLA_E_BAD_KEY, "a public key where a private one is due"),
                   "name the private key: the file without .pub");
}

bulla_status bu_secret_key_read(bulla_bytes text, const bu_secret *passphrase, bu_secret_key **out,
                                bulla_error *err)
{
    bool is_encrypted = false;
    const bu_secret_form *form;
    BU_AUTO(bu_key) public = NULL;
    BU_TRY(form_of(text, &form, err));
    if (form == NULL)
        return refuse(text, err);
    BU_TRY(form->describe(text, &is_encrypted, &public, err));
    if (is_encrypted && passphrase == NULL)
        return bu_fail(err, BULLA_E_WRONG_PASSPHRASE, "the key is encrypted, no passphrase given");
    return form->open(text, passphrase, out, err);
}

bulla_status bu_key_describe(bulla_bytes text, bu_key **out, bool *is_private, bool *is_encrypted,
                             bulla_error *err)
{
    const bu_secret_form *form;
    BU_AUTO(bu_secret_key) key = NULL;
    BU_AUTO(bu_key) public = NULL;
    *out = NULL;
    BU_TRY(form_of(text, &form, err));
    *is_private = form != NULL;
    *is_encrypted = false;
    if (form == NULL)
        return bu_key_read(text, out, err);
    BU_TRY(form->describe(text, is_encrypted, &public, err));
    if (!*is_encrypted && public == NULL) {
        BU_TRY(form->open(text, NULL, &key, err));
        public = BU_STEAL(key->public);
    }
    *out = BU_STEAL(public);
    return BU_OK;
}

bulla_status bu_secret_key_unopened(bool is_encrypted, bulla_error *err)
{
    return is_encrypted
               ? bu_fail(err, BULLA_E_WRONG_PASSPHRASE, "the passphrase does not open this key")
               : bu_fail(err, BULLA_E_CHECKSUM, "the checksum of the key is another");
}
