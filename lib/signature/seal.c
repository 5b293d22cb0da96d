/* SPDX-License-Identifier: MIT */
/*
 * The table of forms that a file is signed in, and what they share.
 */
#include "signature/seal.h"

#include <string.h>

static const bu_seal *const seals[] = {
#define BU_SEAL(id) &bu_seal_##id,
#include "signature/seals.def"
#undef BU_SEAL
};

const bu_seal *bu_seal_by_name(const char *id)
{
    for (size_t i = 0; i < sizeof seals / sizeof seals[0]; i++)
        if (strcmp(seals[i]->id, id) == 0)
            return seals[i];
    return NULL;
}

bulla_status bu_seal_sign(const bu_sealing *what, const bu_algorithm *algorithm, bu_buf *out,
                          bulla_error *err)
{
    bulla_digest digest;
    BU_CLEAR(bu_buf) message = { 0 };
    bulla_alg alg = bu_algorithm_digest(algorithm);
    if (alg != BULLA_ALG_NONE) {
        BU_TRY(what->digest(what->context, alg, &digest, err));
        return bu_sign_digest(what->key, algorithm, &digest, out, err);
    }
    BU_TRY(what->read(what->context, &message, err));
    return bu_sign(what->key, algorithm, bu_buf_bytes(&message), out, err);
}
