/* SPDX-License-Identifier: MIT */
/*
 * The signature of a Sigstore bundle itself, by Sigstore's registry of algorithms.
 */
#ifndef BU_TRUST_BUNDLE_SIGNATURE_H
#define BU_TRUST_BUNDLE_SIGNATURE_H

#include "trust/bundle.h"

/** What is signed; its bytes are read once, and only for keys that need them. */
typedef struct bu_signed {
    const bu_bundle *bundle;
    const bu_message *message; /* NULL: the bundle carries it */
    bu_buf bytes;              /* of the message, when they were read */
    bool is_read;
} bu_signed;

void bu_signed_clear(bu_signed *thing);
BU_DEFINE_CLEAR(bu_signed)

/** Did this key sign? Fails with bad-signature, weak-key, and as bu_message_digest() and bu_message_read(). */
BULLA_MUST_USE bulla_status bu_bundle_check_signature(bu_signed *thing, const bu_key *key,
                                                      bulla_error *err);

#endif
