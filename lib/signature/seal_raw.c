/* SPDX-License-Identifier: MIT */
/*
 * A bare signature over a file: bytes, as `openssl dgst -verify` and `openssl pkeyutl -verify` read
 * them (ECDSA as DER, RSA as long as the modulus, Ed25519 as 64 bytes).
 */
#include "signature/seal.h"

static bulla_status make(const bu_sealing *what, bu_buf *out, bulla_error *err)
{
    const bu_algorithm *own = bu_algorithm_of_key(bu_secret_key_public(what->key));
    return bu_seal_sign(what, what->algorithm == NULL ? own : what->algorithm, out, err);
}

const bu_seal bu_seal_raw = {
    .id = "raw",
    .ending = ".sig",
    .takes_algorithm = true,
    .make = make,
};
