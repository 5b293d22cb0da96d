/* SPDX-License-Identifier: MIT */
/*
 * bulla's encrypted key file, "bulla.key/1" (doc/keys.md): Argon2id makes a key
 * of the passphrase, XChaCha20-Poly1305 keeps the PKCS#8 DER under it, and all
 * that the file says besides is bound as additional data. Refuses other
 * versions and fields, and parameters that would eat the machine.
 */
#include <errno.h>
#include <sodium.h>

#include "base/encode.h"
#include "base/limits.h"
#include "signature/sealed.h"
#include "signature/secret_key.h"
#include "syntax/json.h"

#define SCHEMA "bulla.key/1"
#define KDF    "argon2id"
#define CIPHER "xchacha20-poly1305"
#define WHERE  "key file"

#define SALT_BYTES  crypto_pwhash_argon2id_SALTBYTES
#define NONCE_BYTES crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_BYTES   crypto_aead_xchacha20poly1305_ietf_ABYTES
#define KEY_BYTES   crypto_aead_xchacha20poly1305_ietf_KEYBYTES

/* Of new files: what libsodium advises for keys that are opened now and then. */
#define PASSES crypto_pwhash_argon2id_OPSLIMIT_MODERATE
#define MEMORY crypto_pwhash_argon2id_MEMLIMIT_MODERATE

typedef struct sealed {
    bu_key *public;
    bool has_number; /* of a key that came from minisign or signify */
    uint8_t number[BU_KEY_NUMBER_BYTES];
    int64_t passes, memory; /* libsodium's opslimit and memlimit */
    uint8_t salt[SALT_BYTES];
    uint8_t nonce[NONCE_BYTES];
    bu_buf ciphertext;
} sealed;

static void clear_sealed(sealed *s)
{
    bu_key_free(s->public);
    bu_buf_clear(&s->ciphertext);
}

#define AUTO_SEALED __attribute__((cleanup(clear_sealed))) sealed

/* Fields are appended in a straight line; the first failure stays. */
typedef struct writer {
    bu_json *object;
    bulla_status status;
    bulla_error *err;
} writer;

static void put(writer *w, const char *name, bu_json *value)
{
    if (!bulla_ok(w->status))
        bu_json_free(value);
    else
        w->status = bu_json_set(w->object, name, value, w->err);
}

static void put_text(writer *w, const char *name, const char *text)
{
    put(w, name, bu_json_string(bu_bytes_of(text)));
}

static void put_bytes(writer *w, const char *name, bulla_bytes bytes)
{
    BU_CLEAR(bu_buf) text = { 0 };
    bu_base64_encode(bytes, &text);
    put(w, name, text.broken ? NULL : bu_json_string(bu_buf_bytes(&text)));
}

static bu_json *kdf_of(const sealed *s, bulla_error *err)
{
    writer w = { .object = bu_json_object(), .status = BU_OK, .err = err };
    put_text(&w, "name", KDF);
    put(&w, "opslimit", bu_json_integer(s->passes));
    put(&w, "memlimit", bu_json_integer(s->memory));
    put_bytes(&w, "salt", (bulla_bytes){ s->salt, sizeof s->salt });
    if (bulla_ok(w.status))
        return w.object;
    bu_json_free(w.object);
    return NULL;
}

/* The whole file but the ciphertext. */
static bulla_status header_of(const sealed *s, bu_json **out, bulla_error *err)
{
    writer w = { .object = bu_json_object(), .status = BU_OK, .err = err };
    put_text(&w, "schema", SCHEMA);
    put_text(&w, "kind", bulla_key_kind_name(s->public->kind));
    put_text(&w, "keyid", s->public->id);
    put_bytes(&w, "public", bu_key_spki(s->public));
    if (s->has_number)
        put_bytes(&w, "number", (bulla_bytes){ s->number, sizeof s->number });
    put(&w, "kdf", kdf_of(s, err));
    put_text(&w, "cipher", CIPHER);
    put_bytes(&w, "nonce", (bulla_bytes){ s->nonce, sizeof s->nonce });
    *out = w.object;
    return w.status;
}

/* What the ciphertext is bound to. */
static bulla_status additional_data(const sealed *s, bu_buf *out, bulla_error *err)
{
    BU_AUTO(bu_json) header = NULL;
    BU_TRY(header_of(s, &header, err));
    return bu_json_write(header, BU_JSON_CANONICAL, out, err);
}

static bulla_status need_word(const bu_json *object, const char *name, const char *word,
                              bulla_code code, bulla_error *err)
{
    bulla_bytes text;
    BU_TRY(bu_json_need_text(object, name, WHERE, &text, err));
    if (bu_bytes_is(text, word))
        return BU_OK;
    return bu_expected(err, bu_fail(err, code, "%s: not what this version knows", name),
                       bu_bytes_of(word), text);
}

static bulla_status read_kdf(const bu_json *kdf, sealed *out, bulla_error *err)
{
    BU_TRY(need_word(kdf, "name", KDF, BULLA_E_UNSUPPORTED_FEATURE, err));
    BU_TRY(bu_json_need_integer(kdf, "opslimit", WHERE, &out->passes, err));
    BU_TRY(bu_json_need_integer(kdf, "memlimit", WHERE, &out->memory, err));
    if (out->passes > BU_LIMIT_KDF_PASSES || out->memory > BU_LIMIT_KDF_BYTES)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT,
                       "Argon2id with more than %u passes or %u bytes of memory",
                       BU_LIMIT_KDF_PASSES, BU_LIMIT_KDF_BYTES);
    if (out->passes < (int64_t)crypto_pwhash_argon2id_OPSLIMIT_MIN ||
        out->memory < (int64_t)crypto_pwhash_argon2id_MEMLIMIT_MIN)
        return bu_fail(err, BULLA_E_BAD_NUMBER, "Argon2id with less than its least parameters");
    return bu_sealed_array(kdf, "salt", WHERE, out->salt, sizeof out->salt, err);
}

static bulla_status read_public(const bu_json *file, sealed *out, bulla_error *err)
{
    BU_CLEAR(bu_buf) spki = { 0 };
    BU_TRY(bu_sealed_bytes(file, "public", WHERE, &spki, err));
    BU_TRY(bu_within(err, bu_key_read(bu_buf_bytes(&spki), &out->public, err), "public"));
    BU_TRY(need_word(file, "kind", bulla_key_kind_name(out->public->kind), BULLA_E_BAD_KEY, err));
    out->has_number = bu_json_get(file, "number") != NULL;
    if (out->has_number)
        BU_TRY(bu_sealed_array(file, "number", WHERE, out->number, sizeof out->number, err));
    return need_word(file, "keyid", out->public->id, BULLA_E_BAD_KEY, err);
}

/* A file has one form: what was understood, written again, must be the file. So no field that
 * this version does not know is ever passed over. */
static bulla_status refuse_more(const bu_json *file, const sealed *s, bulla_error *err)
{
    BU_AUTO(bu_json) again = NULL;
    BU_CLEAR(bu_buf) ours = { 0 };
    BU_CLEAR(bu_buf) theirs = { 0 };
    BU_TRY(header_of(s, &again, err));
    writer w = { .object = again, .status = BU_OK, .err = err };
    put_bytes(&w, "ciphertext", bu_buf_bytes(&s->ciphertext));
    BU_TRY(w.status);
    BU_TRY(bu_json_write(again, BU_JSON_CANONICAL, &ours, err));
    BU_TRY(bu_json_write(file, BU_JSON_CANONICAL, &theirs, err));
    if (!bu_bytes_equal(bu_buf_bytes(&ours), bu_buf_bytes(&theirs)))
        return bu_fail(err, BULLA_E_BAD_KEY, "the key file has fields that its version has not");
    return BU_OK;
}

static bulla_status read_file(bulla_bytes text, sealed *out, bulla_error *err)
{
    const bu_json *kdf;
    BU_AUTO(bu_json) file = NULL;
    BU_TRY(bu_json_parse(text, WHERE, &file, err));
    BU_TRY(need_word(file, "schema", SCHEMA, BULLA_E_UNSUPPORTED_VERSION, err));
    BU_TRY(read_public(file, out, err));
    BU_TRY(bu_json_need_object(file, "kdf", WHERE, &kdf, err));
    BU_TRY(read_kdf(kdf, out, err));
    BU_TRY(need_word(file, "cipher", CIPHER, BULLA_E_UNSUPPORTED_FEATURE, err));
    BU_TRY(bu_sealed_array(file, "nonce", WHERE, out->nonce, sizeof out->nonce, err));
    BU_TRY(bu_sealed_bytes(file, "ciphertext", WHERE, &out->ciphertext, err));
    if (out->ciphertext.len <= TAG_BYTES)
        return bu_fail(err, BULLA_E_BAD_KEY, "ciphertext: %zu bytes are too few",
                       out->ciphertext.len);
    return refuse_more(file, out, err);
}

static bulla_status derive(const sealed *s, const bu_secret *passphrase, bu_secret **out,
                           bulla_error *err)
{
    BU_AUTO(bu_secret) key = bu_secret_new(KEY_BYTES);
    if (key == NULL || crypto_pwhash(key->ptr, key->len, (const char *)passphrase->ptr,
                                     passphrase->len, s->salt, (unsigned long long)s->passes,
                                     (size_t)s->memory, crypto_pwhash_ALG_ARGON2ID13) != 0)
        return bu_no_memory(err);
    *out = BU_STEAL(key);
    return BU_OK;
}

/* Other JSON is no key of any form. */
static bool is(bulla_bytes text)
{
    return text.len > 0 && text.ptr[0] == '{';
}

/* What it says is not authenticated until the key is opened. */
static bulla_status describe(bulla_bytes text, bool *is_encrypted, bu_key **public,
                             bulla_error *err)
{
    AUTO_SEALED file = { 0 };
    BU_TRY(read_file(text, &file, err));
    *is_encrypted = true;
    *public = BU_STEAL(file.public);
    return BU_OK;
}

static bulla_status decrypt(const sealed *file, const bu_secret *passphrase, bu_secret **out,
                            bulla_error *err)
{
    BU_CLEAR(bu_buf) bound = { 0 };
    BU_AUTO(bu_secret) key = NULL;
    BU_TRY(additional_data(file, &bound, err));
    BU_TRY(derive(file, passphrase, &key, err));
    BU_AUTO(bu_secret) plain = bu_secret_new(file->ciphertext.len - TAG_BYTES);
    if (plain == NULL)
        return bu_no_memory(err);
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(plain->ptr, NULL, NULL, file->ciphertext.ptr,
                                                   file->ciphertext.len, bound.ptr, bound.len,
                                                   file->nonce, key->ptr) != 0)
        return bu_fail(err, BULLA_E_WRONG_PASSPHRASE,
                       "the passphrase does not open this key, or the file was changed");
    *out = BU_STEAL(plain);
    return BU_OK;
}

static bulla_status open(bulla_bytes text, const bu_secret *passphrase, bu_secret_key **out,
                         bulla_error *err)
{
    AUTO_SEALED file = { 0 };
    BU_AUTO(bu_secret) plain = NULL;
    BU_AUTO(bu_secret_key) key = NULL;
    BU_TRY(bu_sodium_ready(err));
    BU_TRY(read_file(text, &file, err));
    BU_TRY(decrypt(&file, passphrase, &plain, err));
    BU_TRY(bu_secret_key_of_pkcs8(bu_secret_bytes(plain), &key, err));
    if (!bu_key_equal(file.public, key->public))
        return bu_fail(err, BULLA_E_BAD_KEY, "the public half is not that of the private one");
    if (file.has_number)
        bu_secret_key_set_number(key, file.number);
    *out = BU_STEAL(key);
    return BU_OK;
}

const bu_secret_form bu_secret_form_bulla = {
    .id = "bulla",
    .is = is,
    .describe = describe,
    .open = open,
};

static bulla_status seal(sealed *s, const bu_secret *plain, const bu_secret *passphrase,
                         bulla_error *err)
{
    BU_CLEAR(bu_buf) bound = { 0 };
    BU_AUTO(bu_secret) key = NULL;
    uint8_t *room = bu_buf_room(&s->ciphertext, plain->len + TAG_BYTES);
    if (room == NULL)
        return bu_no_memory(err);
    BU_TRY(additional_data(s, &bound, err));
    BU_TRY(derive(s, passphrase, &key, err));
    (void)crypto_aead_xchacha20poly1305_ietf_encrypt(room, NULL, plain->ptr, plain->len, bound.ptr,
                                                     bound.len, NULL, s->nonce, key->ptr);
    bu_buf_added(&s->ciphertext, plain->len + TAG_BYTES);
    return BU_OK;
}

bulla_status bu_secret_key_write(const bu_secret_key *key, const bu_secret *passphrase, bu_buf *out,
                                 bulla_error *err)
{
    AUTO_SEALED file = { .passes = PASSES, .memory = MEMORY };
    BU_AUTO(bu_secret) plain = NULL;
    BU_AUTO(bu_json) text = NULL;
    BU_TRY(bu_sodium_ready(err));
    bu_random(file.salt, sizeof file.salt);
    bu_random(file.nonce, sizeof file.nonce);
    BU_TRY(bu_key_read(bu_key_spki(key->public), &file.public, err));
    file.has_number = key->has_number;
    memcpy(file.number, key->number, sizeof file.number);
    BU_TRY(bu_secret_key_der(key, &plain, err));
    BU_TRY(seal(&file, plain, passphrase, err));
    BU_TRY(header_of(&file, &text, err));
    writer w = { .object = text, .status = BU_OK, .err = err };
    put_bytes(&w, "ciphertext", bu_buf_bytes(&file.ciphertext));
    BU_TRY(w.status);
    return bu_json_write(text, BU_JSON_PRETTY, out, err);
}
