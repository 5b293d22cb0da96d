/* SPDX-License-Identifier: MIT */
/*
 * What JWS and JSF share: algorithms by their JWA names (RFC 7518, RFC 8037), keys as JWK (RFC
 * 7517), base64url without padding.
 */
#ifndef BU_SIGNATURE_JOSE_H
#define BU_SIGNATURE_JOSE_H

#include "signature/key.h"
#include "syntax/tree.h"

/** One signature. `algorithm` and `jwk` are what it says of itself: they only narrow the search. */
typedef struct bu_jose_signature {
    bulla_bytes algorithm;
    bulla_bytes keyid;  /* empty: none */
    const bu_node *jwk; /* public key that came along; NULL: none */
    bulla_bytes value;
} bu_jose_signature;

/** Append what base64url without padding decodes to. Fails with bad-encoding. */
BULLA_MUST_USE bulla_status bu_base64url_decode(bulla_bytes text, bu_buf *out, bulla_error *err);
/** Append base64url without padding. */
void bu_base64url_encode(bulla_bytes in, bu_buf *out);

/**
 * Is there such an algorithm? Fails with unsupported-feature: "none", those with a shared secret
 * (HS256 …), and what is unknown.
 */
BULLA_MUST_USE bulla_status bu_jose_algorithm_known(bulla_bytes name, bulla_error *err);

/** True when a JWK is this key. */
bool bu_jwk_is(const bu_node *jwk, const bu_key *key);

/** What became of the signatures of one document. */
typedef struct bu_jose_tally {
    const bu_key *const *keys;
    size_t count;
    bool *signed_by; /* by key; false at first */
    bool *broken_by; /* by key: a signature that names it does not verify; false at first */
    bool any_signed;
    bool any_broken; /* a signature that may be by one of the keys does not verify */
} bu_jose_tally;

/**
 * Hold one signature over `input` against the keys: those of its algorithm's kind, and where a JWK
 * came along, only that very key. Fails with no-memory.
 */
BULLA_MUST_USE bulla_status bu_jose_try(const bu_jose_signature *signature, bulla_bytes input,
                                        bu_jose_tally *tally, bulla_error *err);

/** Fails with bad-signature or untrusted-key when no key has signed. */
BULLA_MUST_USE bulla_status bu_jose_judge(const bu_jose_tally *tally, bulla_error *err);

#endif
