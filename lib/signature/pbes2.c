/* SPDX-License-Identifier: MIT */
/*
 * Encrypted PKCS#8 (RFC 5958) under PBES2 (RFC 8018, section 6.2): PBKDF2 with
 * HMAC-SHA-2 and AES-CBC, as other tools write it. Read only; what is older, and
 * work beyond the limit, is refused. Such a file is not authenticated, so a
 * wrong passphrase and a changed file look alike.
 */
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include "base/limits.h"
#include "signature/secret_key.h"

#define SALT_MAX 128 /* bytes */
#define KEY_MAX  32
#define IV_BYTES 16

/* A thing with an identifier in DER and a name in OpenSSL. */
typedef struct named {
    const char *oid;
    size_t oid_len;
    char name[16];
    size_t key; /* bytes; ciphers only */
} named;

#define OID(s) (s), sizeof(s) - 1
static const named pseudorandoms[] = {
    { OID("\x2a\x86\x48\x86\xf7\x0d\x02\x09"), "SHA2-256", 0 },
    { OID("\x2a\x86\x48\x86\xf7\x0d\x02\x0a"), "SHA2-384", 0 },
    { OID("\x2a\x86\x48\x86\xf7\x0d\x02\x0b"), "SHA2-512", 0 },
};
static const named ciphers[] = {
    { OID("\x60\x86\x48\x01\x65\x03\x04\x01\x02"), "AES-128-CBC", 16 },
    { OID("\x60\x86\x48\x01\x65\x03\x04\x01\x16"), "AES-192-CBC", 24 },
    { OID("\x60\x86\x48\x01\x65\x03\x04\x01\x2a"), "AES-256-CBC", 32 },
};
static const named schemes[] = { { OID("\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0d"), "PBES2", 0 } };
static const named functions[] = { { OID("\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0c"), "PBKDF2", 0 } };

/* Take an OID that must be one of the rows; NULL, and the reader is broken, when it is none. */
static const named *take_named(bu_der *der, const named *rows, size_t count)
{
    bulla_bytes oid = bu_der_take(der, BU_DER_OID);
    for (size_t i = 0; i < count; i++)
        if (bu_bytes_equal(oid, (bulla_bytes){ (const uint8_t *)rows[i].oid, rows[i].oid_len }))
            return &rows[i];
    return NULL;
}
#define TAKE_NAMED(der, rows) take_named(der, rows, sizeof(rows) / sizeof *(rows))

typedef struct envelope {
    const named *scheme, *function, *pseudorandom, *cipher;
    bulla_bytes salt, iterations, iv, ciphertext;
} envelope;

/* PBKDF2-params: salt, iterationCount, [keyLength], prf (RFC 8018, A.2). */
static void take_function(bu_der *der, envelope *out)
{
    out->function = TAKE_NAMED(der, functions);
    bu_der params = bu_der_enter(der, BU_DER_SEQUENCE);
    out->salt = bu_der_take(&params, BU_DER_OCTET_STRING);
    out->iterations = bu_der_positive(&params);
    if (bu_der_is(&params, BU_DER_INTEGER)) /* the cipher says how long a key is */
        (void)bu_der_positive(&params);
    bu_der prf = bu_der_enter(&params, BU_DER_SEQUENCE);
    out->pseudorandom = TAKE_NAMED(&prf, pseudorandoms);
    (void)bu_der_take(&prf, BU_DER_NULL);
    der->broken = der->broken || !bu_der_done(&prf) || !bu_der_done(&params);
}

static bulla_status parse(bulla_bytes in, envelope *out, bulla_error *err)
{
    bu_der all = bu_der_of(in);
    bu_der info = bu_der_enter(&all, BU_DER_SEQUENCE);
    bu_der algorithm = bu_der_enter(&info, BU_DER_SEQUENCE);
    out->ciphertext = bu_der_take(&info, BU_DER_OCTET_STRING);
    if (!bu_der_done(&info) || !bu_der_done(&all))
        return bu_fail(err, BULLA_E_BAD_ENCODING, "the EncryptedPrivateKeyInfo is not strict DER");
    out->scheme = TAKE_NAMED(&algorithm, schemes);
    bu_der params = bu_der_enter(&algorithm, BU_DER_SEQUENCE);
    bu_der function = bu_der_enter(&params, BU_DER_SEQUENCE);
    bu_der cipher = bu_der_enter(&params, BU_DER_SEQUENCE);
    take_function(&function, out);
    out->cipher = TAKE_NAMED(&cipher, ciphers);
    out->iv = bu_der_take(&cipher, BU_DER_OCTET_STRING);
    if (out->scheme == NULL || out->function == NULL || out->pseudorandom == NULL ||
        out->cipher == NULL)
        return bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE,
                       "encrypted with something else than PBES2, PBKDF2, HMAC-SHA-2 and AES-CBC");
    if (!bu_der_done(&algorithm) || !bu_der_done(&params) || !bu_der_done(&function) ||
        !bu_der_done(&cipher))
        return bu_fail(err, BULLA_E_BAD_ENCODING, "the PBES2 parameters are not strict DER");
    return BU_OK;
}

/* The number of iterations, or one more than is allowed. */
static uint64_t iterations_of(const envelope *e)
{
    uint64_t count = 0;
    if (e->iterations.len > sizeof(uint32_t))
        return UINT64_C(1) + BU_LIMIT_KDF_ITERATIONS;
    for (size_t i = 0; i < e->iterations.len; i++)
        count = count << 8 | e->iterations.ptr[i];
    return count;
}

static bulla_status judge(const envelope *e, bulla_error *err)
{
    if (e->salt.len == 0 || e->salt.len > SALT_MAX || e->iv.len != IV_BYTES ||
        e->ciphertext.len == 0 || e->ciphertext.len % IV_BYTES != 0)
        return bu_fail(err, BULLA_E_BAD_KEY, "salt, iv or ciphertext of a length they cannot have");
    if (iterations_of(e) > BU_LIMIT_KDF_ITERATIONS)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "more than %u iterations",
                       BU_LIMIT_KDF_ITERATIONS);
    return BU_OK;
}

typedef struct tools {
    EVP_KDF *kdf;
    EVP_KDF_CTX *deriving;
    EVP_CIPHER *cipher;
    EVP_CIPHER_CTX *decrypting;
} tools;

static void clear_tools(tools *t)
{
    EVP_CIPHER_CTX_free(t->decrypting);
    EVP_CIPHER_free(t->cipher);
    EVP_KDF_CTX_free(t->deriving);
    EVP_KDF_free(t->kdf);
}

static bool derive(tools *t, const envelope *e, const bu_secret *passphrase, bu_secret *key)
{
    uint8_t salt[SALT_MAX];
    char digest[sizeof e->pseudorandom->name];
    uint64_t iterations = iterations_of(e);
    memcpy(salt, e->salt.ptr, e->salt.len);
    memcpy(digest, e->pseudorandom->name, sizeof digest);
    const OSSL_PARAM params[] = {
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_PASSWORD, passphrase->ptr,
                                          passphrase->len),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, salt, e->salt.len),
        OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_ITER, &iterations),
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
        OSSL_PARAM_construct_end(),
    };
    t->kdf = EVP_KDF_fetch(bu_ossl(), "PBKDF2", NULL);
    t->deriving = t->kdf == NULL ? NULL : EVP_KDF_CTX_new(t->kdf);
    return t->deriving != NULL && EVP_KDF_derive(t->deriving, key->ptr, key->len, params) == 1;
}

/* False when the padding is wrong, which is how a wrong passphrase shows. */
static bool decrypt(tools *t, const envelope *e, const bu_secret *key, bu_secret *plain)
{
    int first = 0;
    int last = 0;
    (void)ERR_set_mark();
    bool done = EVP_DecryptInit_ex2(t->decrypting, t->cipher, key->ptr, e->iv.ptr, NULL) == 1 &&
                EVP_DecryptUpdate(t->decrypting, plain->ptr, &first, e->ciphertext.ptr,
                                  (int)e->ciphertext.len) == 1 &&
                EVP_DecryptFinal_ex(t->decrypting, plain->ptr + first, &last) == 1;
    (void)ERR_pop_to_mark();
    plain->len = done ? (size_t)(first + last) : 0;
    return done;
}

bulla_status bu_pbes2_open(bulla_bytes der, const bu_secret *passphrase, bu_secret **out,
                           bulla_error *err)
{
    envelope e = { 0 };
    __attribute__((cleanup(clear_tools))) tools t = { 0 };
    BU_TRY(parse(der, &e, err));
    BU_TRY(judge(&e, err));
    BU_AUTO(bu_secret) key = bu_secret_new(e.cipher->key);
    BU_AUTO(bu_secret) plain = bu_secret_new(e.ciphertext.len + IV_BYTES);
    t.cipher = bu_ossl() == NULL ? NULL : EVP_CIPHER_fetch(bu_ossl(), e.cipher->name, NULL);
    t.decrypting = EVP_CIPHER_CTX_new();
    if (key == NULL || plain == NULL || t.cipher == NULL || t.decrypting == NULL ||
        !derive(&t, &e, passphrase, key))
        return bu_no_memory(err);
    bu_der inside = { 0 };
    if (decrypt(&t, &e, key, plain)) {
        inside = bu_der_of(bu_secret_bytes(plain));
        (void)bu_der_take(&inside, BU_DER_SEQUENCE);
    }
    /* One wrong passphrase in 256 has right padding by chance; its plaintext is no DER. */
    if (plain->len == 0 || !bu_der_done(&inside))
        return bu_fail(err, BULLA_E_WRONG_PASSPHRASE, "the passphrase does not open this key");
    *out = BU_STEAL(plain);
    return BU_OK;
}
