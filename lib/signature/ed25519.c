/* SPDX-License-Identifier: MIT */
/*
 * Ed25519 and Ed25519ph (RFC 8032) through libsodium, which refuses S >= L, small-order R
 * and any R that is not the canonical one. Points of keys are refused when they
 * are not canonical, of small order, or outside the prime-order group, where
 * libraries disagree on what verifies.
 */
#include <sodium.h>

#include "signature/crypto.h"

bulla_status bu_ed25519_open(bu_key *key, bulla_error *err)
{
    BU_TRY(bu_sodium_ready(err));
    if (crypto_core_ed25519_is_valid_point(key->point.ptr) != 1)
        return bu_fail(err, BULLA_E_WEAK_KEY,
                       "the point is not canonical or not of the prime-order group");
    return BU_OK;
}

static bulla_status check(const bu_key *key, const bu_algorithm *algorithm, bulla_bytes message,
                          bulla_bytes signature, bulla_error *err)
{
    (void)algorithm;
    if (signature.len != crypto_sign_BYTES)
        return bu_fail(err, BULLA_E_BAD_SIGNATURE, "%zu bytes where an Ed25519 signature has %u",
                       signature.len, crypto_sign_BYTES);
    if (crypto_sign_verify_detached(signature.ptr, message.ptr, message.len, key->point.ptr) != 0)
        return bu_fail(err, BULLA_E_BAD_SIGNATURE, "the signature does not verify");
    return BU_OK;
}

static bulla_status make(const bu_secret_key *key, const bu_algorithm *algorithm,
                         bulla_bytes message, bu_buf *out, bulla_error *err)
{
    if (key->secret == NULL)
        return bu_signer_ask(key, algorithm, message, out, err);
    uint8_t *room = bu_buf_room(out, crypto_sign_BYTES);
    if (room == NULL)
        return bu_no_memory(err);
    if (crypto_sign_detached(room, NULL, message.ptr, message.len, key->secret->ptr) != 0)
        return bu_fail(err, BULLA_E_INTERNAL, "libsodium could not sign");
    bu_buf_added(out, crypto_sign_BYTES);
    return BU_OK;
}

/* RFC 8032, 5.1: Ed25519ph, over the SHA-512 of the message, with no context. */
static bulla_status check_prehashed(const bu_key *key, const bu_algorithm *algorithm,
                                    bulla_bytes message, bulla_bytes signature, bulla_error *err)
{
    (void)algorithm;
    crypto_sign_state state;
    if (signature.len != crypto_sign_BYTES)
        return bu_fail(err, BULLA_E_BAD_SIGNATURE, "%zu bytes where an Ed25519 signature has %u",
                       signature.len, crypto_sign_BYTES);
    (void)crypto_sign_init(&state);
    (void)crypto_sign_update(&state, message.ptr, message.len);
    if (crypto_sign_final_verify(&state, signature.ptr, key->point.ptr) != 0)
        return bu_fail(err, BULLA_E_BAD_SIGNATURE, "the signature does not verify");
    return BU_OK;
}

const bu_scheme bu_scheme_ed25519ph = { .check = check_prehashed };
const bu_scheme bu_scheme_ed25519 = { .check = check, .make = make };
