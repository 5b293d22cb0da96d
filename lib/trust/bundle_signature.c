/* SPDX-License-Identifier: MIT */
/*
 * Sigstore's registry of algorithms (algorithm-registry.md): a key says which digest it signs, or
 * which two, where older clients took SHA-256 for every curve. The bundle has no say in it.
 */
#include "trust/bundle_signature.h"

#include "base/bytes.h"

static const struct algorithm {
    bulla_key_kind kind;
    const char *name;
} algorithms[] = {
    { BULLA_KEY_ECDSA_P256, "ecdsa-p256-sha256" },
    { BULLA_KEY_ECDSA_P384, "ecdsa-p384-sha384" },
    { BULLA_KEY_ECDSA_P384, "ecdsa-p384-sha256" },
    { BULLA_KEY_ECDSA_P521, "ecdsa-p521-sha512" },
    { BULLA_KEY_ECDSA_P521, "ecdsa-p521-sha256" },
    { BULLA_KEY_RSA, "rsa-pkcs1-sha256" },
    { BULLA_KEY_RSA, "rsa-pss-sha256-mgf1sha256-salt32" },
    { BULLA_KEY_ED25519, "ed25519" },
    { BULLA_KEY_ED25519, "ed25519ph" },
};

void bu_signed_clear(bu_signed *thing)
{
    bu_buf_clear(&thing->bytes);
}

static bulla_status check_bytes(bu_signed *thing, const bu_key *key, const bu_algorithm *algorithm,
                                bulla_error *err)
{
    if (!thing->is_read)
        BU_TRY(bu_message_read(thing->message, &thing->bytes, err));
    thing->is_read = true;
    return bu_verify(key, algorithm, bu_buf_bytes(&thing->bytes), thing->bundle->signature, err);
}

static bulla_status check_with(bu_signed *thing, const bu_key *key, const bu_algorithm *algorithm,
                               bulla_error *err)
{
    const bu_bundle *bundle = thing->bundle;
    bulla_digest digest;
    if (bundle->is_dsse)
        return bu_verify(key, algorithm, bundle->dsse.pae, bundle->signature, err);
    if (bu_algorithm_digest(algorithm) == BULLA_ALG_NONE)
        return check_bytes(thing, key, algorithm, err);
    BU_TRY(bu_message_digest(thing->message, bu_algorithm_digest(algorithm), &digest, err));
    return bu_verify_digest(key, algorithm, &digest, bundle->signature, err);
}

bulla_status bu_bundle_check_signature(bu_signed *thing, const bu_key *key, bulla_error *err)
{
    bulla_error why = { 0 };
    bulla_status worst = bu_fail(&why, BULLA_E_BAD_SIGNATURE, "the signature does not verify");
    for (size_t i = 0; i < sizeof algorithms / sizeof algorithms[0]; i++) {
        bulla_error now = { 0 };
        if (algorithms[i].kind != bu_key_kind(key))
            continue;
        bulla_status status =
            check_with(thing, key, bu_algorithm_by_name(bu_bytes_of(algorithms[i].name)), &now);
        if (bulla_ok(status))
            return status;
        if (worst.code == BULLA_E_BAD_SIGNATURE) { /* what could not be tried says more */
            worst = status;
            why = now;
        }
    }
    if (err != NULL)
        *err = why;
    return worst;
}
