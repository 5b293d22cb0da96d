/* SPDX-License-Identifier: MIT */
/*
 * cosign's private keys: PEM around JSON around NaCl's secretbox over PKCS#8,
 * under scrypt. Refuses other functions and work beyond the limits.
 */
#include <sodium.h>

#include "base/encode.h"
#include "base/limits.h"
#include "signature/pem.h"
#include "signature/sealed.h"
#include "signature/secret_key.h"
#include "syntax/json.h"

#define WHERE      "cosign key"
#define KDF        "scrypt"
#define CIPHER     "nacl/secretbox"
#define SALT_BYTES 32

/* Labels of cosign 2, and of what came before. */
static const char *const labels[] = { "ENCRYPTED SIGSTORE PRIVATE KEY",
                                      "ENCRYPTED COSIGN PRIVATE KEY" };

typedef struct sealed {
    int64_t n, r, p; /* of scrypt */
    uint8_t salt[SALT_BYTES];
    uint8_t nonce[crypto_secretbox_NONCEBYTES];
    bu_buf ciphertext;
} sealed;

static void clear_sealed(sealed *s)
{
    bu_buf_clear(&s->ciphertext);
}
#define AUTO_SEALED __attribute__((cleanup(clear_sealed))) sealed

static const char *label_of(bulla_bytes text)
{
    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++)
        if (bu_bytes_is(bu_pem_label(text), labels[i]))
            return labels[i];
    return NULL;
}

static bool is_cosign(bulla_bytes text)
{
    return label_of(text) != NULL;
}

static bulla_status need_name(const bu_json *object, const char *name, bulla_error *err)
{
    bulla_bytes text;
    BU_TRY(bu_json_need_text(object, "name", WHERE, &text, err));
    if (bu_bytes_is(text, name))
        return BU_OK;
    bulla_status status = bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE, "another function");
    return bu_expected(err, status, bu_bytes_of(name), text);
}

/* Each factor is below 2^31, so that no product of two overflows. */
static bulla_status judge_costs(const sealed *s, bulla_error *err)
{
    if (s->n < 2 || (s->n & (s->n - 1)) != 0 || s->r < 1 || s->p < 1)
        return bu_fail(err, BULLA_E_BAD_NUMBER, "parameters that scrypt does not have");
    if (s->n > INT32_MAX || s->r > INT32_MAX || s->p > INT32_MAX ||
        s->n * s->r > BU_LIMIT_KDF_BYTES / 128 || s->n * s->r > BU_LIMIT_KDF_SCRYPT / 4 / s->p)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "scrypt beyond %u steps or %u bytes",
                       BU_LIMIT_KDF_SCRYPT, BU_LIMIT_KDF_BYTES);
    return BU_OK;
}

static bulla_status read_kdf(const bu_json *kdf, sealed *out, bulla_error *err)
{
    const bu_json *params;
    BU_TRY(need_name(kdf, KDF, err));
    BU_TRY(bu_json_need_object(kdf, "params", WHERE, &params, err));
    BU_TRY(bu_json_need_integer(params, "N", WHERE, &out->n, err));
    BU_TRY(bu_json_need_integer(params, "r", WHERE, &out->r, err));
    BU_TRY(bu_json_need_integer(params, "p", WHERE, &out->p, err));
    BU_TRY(bu_sealed_array(kdf, "salt", WHERE, out->salt, sizeof out->salt, err));
    return judge_costs(out, err);
}

static bulla_status read_file(bulla_bytes text, sealed *out, bulla_error *err)
{
    const bu_json *kdf;
    const bu_json *cipher;
    BU_AUTO(bu_json) file = NULL;
    BU_CLEAR(bu_buf) json = { 0 };
    BU_TRY(bu_pem_decode(text, label_of(text), &json, err));
    BU_TRY(bu_json_parse(bu_buf_bytes(&json), WHERE, &file, err));
    BU_TRY(bu_json_need_object(file, "kdf", WHERE, &kdf, err));
    BU_TRY(read_kdf(kdf, out, err));
    BU_TRY(bu_json_need_object(file, "cipher", WHERE, &cipher, err));
    BU_TRY(need_name(cipher, CIPHER, err));
    BU_TRY(bu_sealed_array(cipher, "nonce", WHERE, out->nonce, sizeof out->nonce, err));
    BU_TRY(bu_sealed_bytes(file, "ciphertext", WHERE, &out->ciphertext, err));
    if (out->ciphertext.len <= crypto_secretbox_MACBYTES)
        return bu_fail(err, BULLA_E_BAD_KEY, "ciphertext: %zu bytes are too few",
                       out->ciphertext.len);
    return BU_OK;
}

/* The places of errors are those of the JSON, which nobody sees. */
static bulla_status read_placeless(bulla_bytes text, sealed *out, bulla_error *err)
{
    bulla_status status = read_file(text, out, err);
    return bulla_ok(status) ? BU_OK : bu_at(err, bu_at_offset(err, status, BU_OFFSET_NONE), 0, 0);
}

static bulla_status describe(bulla_bytes text, bool *is_encrypted, bu_key **public,
                             bulla_error *err)
{
    AUTO_SEALED file = { 0 };
    (void)public; /* it does not say */
    *is_encrypted = true;
    return read_placeless(text, &file, err);
}

static bulla_status open_key(bulla_bytes text, const bu_secret *passphrase, bu_secret_key **out,
                             bulla_error *err)
{
    AUTO_SEALED file = { 0 };
    BU_TRY(bu_sodium_ready(err));
    BU_TRY(read_placeless(text, &file, err));
    BU_AUTO(bu_secret) key = bu_secret_new(crypto_secretbox_KEYBYTES);
    BU_AUTO(bu_secret) plain = bu_secret_new(file.ciphertext.len - crypto_secretbox_MACBYTES);
    if (key == NULL || plain == NULL ||
        crypto_pwhash_scryptsalsa208sha256_ll(passphrase->ptr, passphrase->len, file.salt,
                                              sizeof file.salt, (uint64_t)file.n, (uint32_t)file.r,
                                              (uint32_t)file.p, key->ptr, key->len) != 0)
        return bu_no_memory(err);
    if (crypto_secretbox_open_easy(plain->ptr, file.ciphertext.ptr, file.ciphertext.len, file.nonce,
                                   key->ptr) != 0)
        return bu_fail(err, BULLA_E_WRONG_PASSPHRASE,
                       "the passphrase does not open this key, or the file was changed");
    return bu_secret_key_of_pkcs8(bu_secret_bytes(plain), out, err);
}

const bu_secret_form bu_secret_form_cosign = {
    .id = "cosign",
    .is = is_cosign,
    .describe = describe,
    .open = open_key,
};
