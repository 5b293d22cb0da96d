/* SPDX-License-Identifier: MIT */
/*
 * The way to OpenSSL: one library context of this room, made at first use and
 * without a configuration file, so that nothing outside can put another
 * implementation under an algorithm's name; and the calls that need it.
 */
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/rsa.h>
#include <pthread.h>

#include "signature/crypto.h"

static const char *const digest_names[] = {
    NULL,
#define BULLA_ALG(id, name, ossl, size, strong) (strong) ? (ossl) : NULL,
#include "bulla/algs.def"
#undef BULLA_ALG
};

/* Written once, under `made_once`, and only read from then on. */
static struct {
    OSSL_LIB_CTX *context;
    EVP_MD *digests[BULLA_ALG_COUNT];
} library;
static pthread_once_t made_once = PTHREAD_ONCE_INIT;

static void make_library(void)
{
    if (OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL) != 1)
        return;
    library.context = OSSL_LIB_CTX_new();
    if (library.context == NULL)
        return;
    for (size_t i = 0; i < BULLA_ALG_COUNT; i++)
        if (digest_names[i] != NULL)
            library.digests[i] = EVP_MD_fetch(library.context, digest_names[i], NULL);
}

OSSL_LIB_CTX *bu_ossl(void)
{
    (void)pthread_once(&made_once, make_library);
    return library.context;
}

static void free_context(EVP_PKEY_CTX **context)
{
    EVP_PKEY_CTX_free(*context);
}

#define AUTO_CONTEXT __attribute__((cleanup(free_context))) EVP_PKEY_CTX *

bulla_status bu_ossl_key(const char *type, int selection, OSSL_PARAM *params, EVP_PKEY **out,
                         bulla_error *err)
{
    EVP_PKEY *pkey = NULL;
    AUTO_CONTEXT making =
        bu_ossl() == NULL ? NULL : EVP_PKEY_CTX_new_from_name(library.context, type, NULL);
    if (making == NULL || EVP_PKEY_fromdata_init(making) != 1)
        return bu_no_memory(err);
    (void)ERR_set_mark();
    int made = EVP_PKEY_fromdata(making, &pkey, selection, params);
    (void)ERR_pop_to_mark();
    if (made != 1)
        return bu_fail(err, BULLA_E_BAD_KEY, "no key has such a point or modulus");
    *out = pkey;
    return BU_OK;
}

/* What RSA needs to be told beyond the key. */
static bool set_padding(EVP_PKEY_CTX *context, int padding, size_t salt, bulla_alg alg)
{
    const EVP_MD *md = library.digests[alg];
    if (padding == BU_NO_PADDING)
        return true;
    if (EVP_PKEY_CTX_set_rsa_padding(context, padding) != 1 ||
        EVP_PKEY_CTX_set_signature_md(context, md) != 1)
        return false;
    return padding != RSA_PKCS1_PSS_PADDING ||
           (EVP_PKEY_CTX_set_rsa_mgf1_md(context, md) == 1 &&
            EVP_PKEY_CTX_set_rsa_pss_saltlen(context, salt == BU_ANY_SALT ? RSA_PSS_SALTLEN_AUTO
                                                                          : (int)salt) == 1);
}

bulla_status bu_ossl_sign(EVP_PKEY *pkey, int padding, size_t salt, const bulla_digest *digest,
                          bu_buf *out, bulla_error *err)
{
    size_t size = 0;
    AUTO_CONTEXT signing = EVP_PKEY_CTX_new_from_pkey(bu_ossl(), pkey, NULL);
    if (signing == NULL || EVP_PKEY_sign_init(signing) != 1 ||
        !set_padding(signing, padding, salt, digest->alg) ||
        EVP_PKEY_sign(signing, NULL, &size, digest->bytes, digest->len) != 1)
        return bu_no_memory(err);
    uint8_t *room = bu_buf_room(out, size);
    if (room == NULL)
        return bu_no_memory(err);
    (void)ERR_set_mark();
    int made = EVP_PKEY_sign(signing, room, &size, digest->bytes, digest->len);
    (void)ERR_pop_to_mark();
    if (made != 1)
        return bu_fail(err, BULLA_E_BAD_KEY, "OpenSSL cannot sign with this key");
    bu_buf_added(out, size);
    return BU_OK;
}

bulla_status bu_ossl_verify(const bu_key *key, int padding, size_t salt, const bulla_digest *digest,
                            bulla_bytes signature, bulla_error *err)
{
    AUTO_CONTEXT checking = EVP_PKEY_CTX_new_from_pkey(bu_ossl(), key->pkey, NULL);
    if (checking == NULL || EVP_PKEY_verify_init(checking) != 1 ||
        !set_padding(checking, padding, salt, digest->alg))
        return bu_no_memory(err);
    (void)ERR_set_mark();
    int verdict =
        EVP_PKEY_verify(checking, signature.ptr, signature.len, digest->bytes, digest->len);
    (void)ERR_pop_to_mark();
    if (verdict != 1)
        return bu_fail(err, BULLA_E_BAD_SIGNATURE, "the signature does not verify");
    return BU_OK;
}
