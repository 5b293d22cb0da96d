/* SPDX-License-Identifier: MIT */
/*
 * minisign's form: over the BLAKE2b-512 of a file; the trusted comment says when and which file.
 */
#include "signature/minisign.h"
#include "signature/seal.h"

static bulla_status make(const bu_sealing *what, bu_buf *out, bulla_error *err)
{
    bulla_digest digest;
    BU_TRY(what->digest(what->context, BULLA_ALG_BLAKE2B, &digest, err));
    return bu_minisign_make(what->key, &digest, what->name, what->time, out, err);
}

const bu_seal bu_seal_minisign = {
    .id = "minisign",
    .ending = ".minisig",
    .make = make,
};
