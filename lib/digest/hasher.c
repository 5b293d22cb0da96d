/* SPDX-License-Identifier: MIT */
/*
 * Hashing through OpenSSL's EVP, which uses what the processor has: one
 * library context of this room, made at first use and without a configuration
 * file, so that nothing outside can put another implementation under an
 * algorithm's name. Each algorithm is fetched once.
 */
#include "digest/hasher.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <pthread.h>

struct bu_hasher {
    EVP_MD_CTX *lanes[BULLA_ALG_COUNT];
    bu_algs started;
};

static const char *const ossl_names[] = {
    NULL,
#define BULLA_ALG(id, name, ossl, size, strong) ossl,
#include "bulla/algs.def"
#undef BULLA_ALG
};

/* Written once, under `fetched_once`, and only read from then on. */
static EVP_MD *methods[BULLA_ALG_COUNT];
static pthread_once_t fetched_once = PTHREAD_ONCE_INIT;

static void fetch_methods(void)
{
    if (OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL) != 1)
        return;
    OSSL_LIB_CTX *library = OSSL_LIB_CTX_new(); /* the methods keep hold of it */
    for (size_t i = 0; i < BULLA_ALG_COUNT && library != NULL; i++)
        if (ossl_names[i] != NULL)
            methods[i] = EVP_MD_fetch(library, ossl_names[i], NULL);
}

static bulla_status method_of(bulla_alg alg, const EVP_MD **out, bulla_error *err)
{
    (void)pthread_once(&fetched_once, fetch_methods);
    *out = methods[alg];
    return *out == NULL ? bu_fail(err, BULLA_E_NO_MEMORY, "no %s", bulla_alg_name(alg)) : BU_OK;
}

void bu_hasher_free(bu_hasher *hasher)
{
    if (hasher == NULL)
        return;
    for (size_t i = 0; i < BULLA_ALG_COUNT; i++)
        EVP_MD_CTX_free(hasher->lanes[i]);
    free(hasher);
}

bulla_status bu_hasher_new(bu_hasher **out, bulla_error *err)
{
    *out = calloc(1, sizeof **out);
    return *out == NULL ? bu_no_memory(err) : BU_OK;
}

/* Lanes are made when they are first wanted: most runs want one. */
static bulla_status start_lane(bu_hasher *hasher, bulla_alg alg, bulla_error *err)
{
    const EVP_MD *method;
    BU_TRY(method_of(alg, &method, err));
    if (hasher->lanes[alg] == NULL)
        hasher->lanes[alg] = EVP_MD_CTX_new();
    if (hasher->lanes[alg] == NULL || EVP_DigestInit_ex2(hasher->lanes[alg], method, NULL) != 1)
        return bu_fail(err, BULLA_E_NO_MEMORY, "%s could not be started", bulla_alg_name(alg));
    hasher->started |= BU_ALGS(alg);
    return BU_OK;
}

bulla_status bu_hasher_start(bu_hasher *hasher, bu_algs algs, bulla_error *err)
{
    hasher->started = 0;
    for (bulla_alg alg = BULLA_ALG_NONE + 1; alg < BULLA_ALG_COUNT; alg++)
        if ((algs & BU_ALGS(alg)) != 0 && bulla_alg_is_of_bytes(alg))
            BU_TRY(start_lane(hasher, alg, err));
    return BU_OK;
}

bulla_status bu_hasher_add(bu_hasher *hasher, bulla_bytes bytes, bulla_error *err)
{
    for (bulla_alg alg = BULLA_ALG_NONE + 1; alg < BULLA_ALG_COUNT; alg++)
        if ((hasher->started & BU_ALGS(alg)) != 0 &&
            EVP_DigestUpdate(hasher->lanes[alg], bytes.ptr, bytes.len) != 1)
            return bu_fail(err, BULLA_E_INTERNAL, "%s failed", bulla_alg_name(alg));
    return BU_OK;
}

bulla_status bu_hasher_finish(bu_hasher *hasher, bulla_digest_set *out, bulla_error *err)
{
    bulla_digest_set set = { 0 };
    for (bulla_alg alg = BULLA_ALG_NONE + 1; alg < BULLA_ALG_COUNT; alg++) {
        if ((hasher->started & BU_ALGS(alg)) == 0)
            continue;
        bulla_digest digest = { .alg = alg };
        if (EVP_DigestFinal_ex(hasher->lanes[alg], digest.bytes, &digest.len) != 1)
            return bu_fail(err, BULLA_E_INTERNAL, "%s failed", bulla_alg_name(alg));
        BU_TRY(bu_digest_set_add(&set, &digest, err));
    }
    hasher->started = 0;
    *out = set;
    return BU_OK;
}

bulla_status bu_digest_of(bulla_alg alg, bulla_bytes bytes, bulla_digest *out, bulla_error *err)
{
    const EVP_MD *method;
    bulla_digest digest = { .alg = alg };
    BU_TRY(method_of(alg, &method, err));
    if (EVP_Digest(bytes.ptr, bytes.len, digest.bytes, &digest.len, method, NULL) != 1)
        return bu_no_memory(err);
    *out = digest;
    return BU_OK;
}

bulla_status bu_sha224_hex(bulla_bytes bytes, char out[BU_SHA224_HEX_MAX], bulla_error *err)
{
    static const char digits[] = "0123456789abcdef";
    uint8_t digest[EVP_MAX_MD_SIZE];
    size_t len = 0;
    if (OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL) != 1 ||
        EVP_Q_digest(NULL, "SHA2-224", NULL, bytes.ptr, bytes.len, digest, &len) != 1 ||
        len * 2 >= BU_SHA224_HEX_MAX)
        return bu_fail(err, BULLA_E_INTERNAL, "SHA-224 could not be made");
    for (size_t i = 0; i < len; i++) {
        out[2 * i] = digits[digest[i] >> 4];
        out[2 * i + 1] = digits[digest[i] & 15];
    }
    out[2 * len] = '\0';
    return BU_OK;
}
