/* SPDX-License-Identifier: MIT */
/*
 * What the JSON forms of encrypted keys share: bytes in base64.
 */
#ifndef BU_SIGNATURE_SEALED_H
#define BU_SIGNATURE_SEALED_H

#include "syntax/json.h"

/**
 * Append the bytes of a field; `where` names the document in errors. Fails as bu_json_need_text() and
 * with bad-encoding.
 */
BULLA_MUST_USE bulla_status bu_sealed_bytes(const bu_json *object, const char *name,
                                            const char *where, bu_buf *out, bulla_error *err);

/** Exactly `size` bytes. Fails likewise and with bad-key. */
BULLA_MUST_USE bulla_status bu_sealed_array(const bu_json *object, const char *name,
                                            const char *where, uint8_t *out, size_t size,
                                            bulla_error *err);

#endif
