/* SPDX-License-Identifier: MIT */
/*
 * Signing in other forms than bulla's own envelope, for the public calls that sign.
 */
#ifndef BU_OPS_SEAL_H
#define BU_OPS_SEAL_H

#include "bulla/sign.h"
#include "signature/key.h"

/** True for options that ask for a DSSE envelope. */
bool bu_is_envelope(const bulla_sign_options *options);

/** Fails with usage when options do not fit each other. */
BULLA_MUST_USE bulla_status bu_seal_options_check(const bulla_sign_options *options,
                                                  bulla_error *err);

/** The last part of a path, as it is signed. Fails with control-character when it hides something. */
BULLA_MUST_USE bulla_status bu_signed_name(const char *path, bulla_bytes *out, bulla_error *err);

/** Sign the one file. */
BULLA_MUST_USE bulla_status bu_seal_file(const bulla_secret_key *key,
                                         const bulla_sign_options *options,
                                         const char *const *files, bulla_buffer *out,
                                         bulla_error *err);

/** Sign a payload where the form can hold one. Fails with usage where it cannot. */
BULLA_MUST_USE bulla_status bu_seal_payload(const bulla_secret_key *key,
                                            const bulla_sign_options *options,
                                            bulla_bytes payload_type, bulla_bytes payload,
                                            bulla_buffer *out, bulla_error *err);

#endif
