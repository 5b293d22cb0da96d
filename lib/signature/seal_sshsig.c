/* SPDX-License-Identifier: MIT */
/*
 * OpenSSH's form, as `ssh-keygen -Y sign -n file` makes it: over the SHA-512 of a file.
 */
#include "signature/seal.h"
#include "signature/sshsig.h"

static bulla_status make(const bu_sealing *what, bu_buf *out, bulla_error *err)
{
    bulla_digest digest;
    BU_TRY(what->digest(what->context, BULLA_ALG_SHA512, &digest, err));
    return bu_sshsig_make(what->key, BU_SSHSIG_FILE, &digest, out, err);
}

const bu_seal bu_seal_sshsig = {
    .id = "sshsig",
    .ending = ".sig",
    .make = make,
};
