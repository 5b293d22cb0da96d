/* SPDX-License-Identifier: MIT */
/*
 * JSON Web Signatures (RFC 7515): compact, flattened and general serialization, with the payload
 * inside or detached (appendix F), also not encoded (RFC 7797).
 */
#ifndef BU_SIGNATURE_JWS_H
#define BU_SIGNATURE_JWS_H

#include "signature/jose.h"

typedef struct bu_jws_signature {
    bu_jose_signature jose;
    bulla_bytes protected; /* header, as it is signed: base64url */
    bulla_bytes type;      /* "cty" or else "typ"; empty: not stated */
    bool is_plain;         /* "b64": false */
    bu_tree *header;       /* owned by the JWS */
} bu_jws_signature;

typedef struct bu_jws {
    bulla_bytes payload; /* decoded; ptr NULL: detached */
    bulla_bytes encoded; /* the payload as it stands */
    bu_jws_signature *signatures;
    size_t count; /* at least one */
    bu_tree *document;
} bu_jws;

void bu_jws_clear(bu_jws *jws);
BU_DEFINE_CLEAR(bu_jws)

/** Cheap: does it look like one; like one with its payload? */
bool bu_jws_is(bulla_bytes text);
bool bu_jws_carries(bulla_bytes text);

/**
 * Read one; bytes live in `arena`. The algorithm and what is critical must be in the protected header.
 * Fails as bu_json_load() and with bad-syntax, bad-encoding, missing-field, type-mismatch,
 * duplicate-key (a name in both headers), unsupported-feature (an algorithm, a critical extension),
 * ambiguous-bundle (flattened and general at once, or payloads that are and are not encoded), empty,
 * resource-limit.
 */
BULLA_MUST_USE bulla_status bu_jws_parse(bulla_bytes text, const char *file, bu_arena *arena,
                                         bu_jws *out, bulla_error *err);

/**
 * Which keys have signed; `message` is what a detached payload stands for, and not looked at otherwise.
 * Fails with bad-signature, untrusted-key, no-memory.
 */
BULLA_MUST_USE bulla_status bu_jws_check(const bu_jws *jws, bulla_bytes message,
                                         bu_jose_tally *tally, bulla_error *err);

#endif
