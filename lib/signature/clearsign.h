/* SPDX-License-Identifier: MIT */
/*
 * The frame around clear-signed text, without judging any signature.
 */
#ifndef BU_SIGNATURE_CLEARSIGN_H
#define BU_SIGNATURE_CLEARSIGN_H

#include "signature/armor.h"

/** What a clear-signed text holds. */
typedef struct bu_clearsigned {
    bu_buf text;    /* as it is hashed, but with LF at the end of each line: no blanks before it */
    bu_buf packets; /* of its armored signatures */
} bu_clearsigned;

void bu_clearsigned_clear(bu_clearsigned *message);
BU_DEFINE_CLEAR(bu_clearsigned)

/**
 * Read a clear-signed text; the frame must be the whole input.
 * Fails as bu_armor_read() and with trailing-data, weak-hash (a Hash header that names MD5, SHA-1
 * or RIPEMD-160).
 */
BULLA_MUST_USE bulla_status bu_clearsigned_read(bulla_bytes message, bu_clearsigned *out,
                                                bulla_error *err);

#endif
