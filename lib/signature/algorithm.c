/* SPDX-License-Identifier: MIT */
/*
 * The table of algorithms, and the two doors to it: check, and make. The
 * algorithm comes from the caller, never from what is checked.
 */
#include "digest/hasher.h"
#include "signature/crypto.h"

static const bu_algorithm algorithms[] = {
#define BU_ALGORITHM(name, kind, scheme, digest, salt)                                             \
    { name, BULLA_KEY_##kind, &bu_scheme_##scheme, BULLA_ALG_##digest, salt },
#include "signature/algorithms.def"
#undef BU_ALGORITHM
};

#define ALGORITHM_COUNT (sizeof algorithms / sizeof algorithms[0])

const bu_algorithm *bu_algorithm_by_name(bulla_bytes name)
{
    for (size_t i = 0; i < ALGORITHM_COUNT; i++)
        if (bu_bytes_is(name, algorithms[i].name))
            return &algorithms[i];
    return NULL;
}

const bu_algorithm *bu_algorithm_of_key(const bu_key *key)
{
    for (size_t i = 0; i < ALGORITHM_COUNT; i++)
        if (algorithms[i].kind == key->kind)
            return &algorithms[i];
    return NULL;
}

const char *bu_algorithm_name(const bu_algorithm *algorithm)
{
    return algorithm->name;
}

static bulla_status fits(const bu_key *key, const bu_algorithm *algorithm, bulla_error *err)
{
    if (key->kind == algorithm->kind)
        return BU_OK;
    bulla_status status =
        bu_fail(err, BULLA_E_WRONG_USAGE, "the key is of another kind than the algorithm");
    return bu_expected(err, status, bu_bytes_of(bulla_key_kind_name(algorithm->kind)),
                       bu_bytes_of(bulla_key_kind_name(key->kind)));
}

bulla_status bu_verify(const bu_key *key, const bu_algorithm *algorithm, bulla_bytes message,
                       bulla_bytes signature, bulla_error *err)
{
    bulla_digest digest;
    BU_TRY(fits(key, algorithm, err));
    if (algorithm->scheme->check_digest == NULL)
        return algorithm->scheme->check(key, algorithm, message, signature, err);
    BU_TRY(bu_digest_of(algorithm->digest, message, &digest, err));
    return algorithm->scheme->check_digest(key, algorithm, &digest, signature, err);
}

bulla_alg bu_algorithm_digest(const bu_algorithm *algorithm)
{
    return algorithm->scheme->check_digest == NULL ? BULLA_ALG_NONE : algorithm->digest;
}

static bulla_status is_over(const bu_algorithm *algorithm, const bulla_digest *digest,
                            bulla_error *err)
{
    if (digest->alg != BULLA_ALG_NONE && digest->alg == bu_algorithm_digest(algorithm))
        return BU_OK;
    return bu_fail(err, BULLA_E_WRONG_USAGE, "%s does not sign a %s digest", algorithm->name,
                   bulla_alg_name(digest->alg));
}

bulla_status bu_verify_digest(const bu_key *key, const bu_algorithm *algorithm,
                              const bulla_digest *digest, bulla_bytes signature, bulla_error *err)
{
    BU_TRY(fits(key, algorithm, err));
    BU_TRY(is_over(algorithm, digest, err));
    return algorithm->scheme->check_digest(key, algorithm, digest, signature, err);
}

/* What was made is handed out when it verifies: a fault in the machine must not leave a signature
 * that gives the key away, and a key that lives elsewhere may answer anything. */
static bulla_status hand_out(const bu_secret_key *key, bulla_status verified, const bu_buf *made,
                             bu_buf *out, bulla_error *err)
{
    if (verified.code == BULLA_E_BAD_SIGNATURE && key->secret == NULL)
        return bu_next(err, bu_within(err, verified, "what the signer answered"),
                       "see that the public key is the signer's, and that it answers with the bare "
                       "signature over what it is given");
    if (verified.code == BULLA_E_BAD_SIGNATURE)
        return bu_fail(err, BULLA_E_BAD_KEY,
                       "the signature just made does not verify: the key's parts do not fit");
    BU_TRY(verified);
    bu_buf_add(out, bu_buf_bytes(made));
    return out->broken ? bu_no_memory(err) : BU_OK;
}

bulla_status bu_sign_digest(const bu_secret_key *key, const bu_algorithm *algorithm,
                            const bulla_digest *digest, bu_buf *out, bulla_error *err)
{
    BU_CLEAR(bu_buf) made = { 0 };
    BU_TRY(fits(key->public, algorithm, err));
    BU_TRY(is_over(algorithm, digest, err));
    BU_TRY(algorithm->scheme->make_digest(key, algorithm, digest, &made, err));
    if (made.broken)
        return bu_no_memory(err);
    bulla_status verified =
        bu_verify_digest(key->public, algorithm, digest, bu_buf_bytes(&made), err);
    return hand_out(key, verified, &made, out, err);
}

bulla_status bu_sign(const bu_secret_key *key, const bu_algorithm *algorithm, bulla_bytes message,
                     bu_buf *out, bulla_error *err)
{
    bulla_digest digest;
    BU_CLEAR(bu_buf) made = { 0 };
    BU_TRY(fits(key->public, algorithm, err));
    if (algorithm->scheme->make_digest != NULL) {
        BU_TRY(bu_digest_of(algorithm->digest, message, &digest, err));
        return bu_sign_digest(key, algorithm, &digest, out, err);
    }
    BU_TRY(algorithm->scheme->make(key, algorithm, message, &made, err));
    if (made.broken)
        return bu_no_memory(err);
    bulla_status verified = bu_verify(key->public, algorithm, message, bu_buf_bytes(&made), err);
    return hand_out(key, verified, &made, out, err);
}
