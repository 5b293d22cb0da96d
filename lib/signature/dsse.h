/* SPDX-License-Identifier: MIT */
/*
 * DSSE 1.0.2 envelopes as data: parse, encode, PAE. Opening one against keys
 * that count is trust/open.h; nothing here says that a payload may be believed.
 */
#ifndef BU_SIGNATURE_DSSE_H
#define BU_SIGNATURE_DSSE_H

#include "signature/key.h"
#include "syntax/json.h"

#define BU_PAYLOAD_TYPE_INTOTO "application/vnd.in-toto+json"

typedef struct bu_dsse_signature {
    bulla_bytes keyid; /* a hint; may be empty */
    bulla_bytes sig;
} bu_dsse_signature;

typedef struct bu_dsse {
    bulla_bytes payload; /* decoded once: these bytes are verified and these are handed on */
    bulla_bytes payload_type;
    bulla_bytes pae; /* what is really signed */
    bu_dsse_signature *signatures;
    size_t count; /* at least one */
} bu_dsse;

/**
 * Parse an envelope; all bytes live in `arena`. Unknown fields are ignored, as the specification demands.
 * Fails as bu_json_parse() and with missing-field, type-mismatch, bad-encoding, empty (no signatures),
 * duplicate-entry (one signature twice), ambiguous-bundle (a field that only differs by case from one that is read),
 * resource-limit (over BU_LIMIT_SIGNATURES).
 */
BULLA_MUST_USE bulla_status bu_dsse_parse(bulla_bytes json, const char *name, bu_arena *arena,
                                          bu_dsse *out, bulla_error *err);

/** The same of an envelope that stands in another document, called `name`. */
BULLA_MUST_USE bulla_status bu_dsse_read(const bu_json *json, const char *name, bu_arena *arena,
                                         bu_dsse *out, bulla_error *err);

/** DSSE "PAE(type, body)", appended. */
void bu_dsse_pae(bulla_bytes payload_type, bulla_bytes payload, bu_buf *out);

/** An envelope as JSON, as the functions below write it. */
BULLA_MUST_USE bulla_status bu_dsse_to_json(const bu_dsse *envelope, bu_json **out,
                                            bulla_error *err);

/** Sign a payload with one key: a whole envelope, compact JSON without newline, appended. */
BULLA_MUST_USE bulla_status bu_dsse_seal(const bu_secret_key *key, bulla_bytes payload_type,
                                         bulla_bytes payload, bu_buf *out, bulla_error *err);

/**
 * Add a signature over the same payload: the envelope with one more, appended to `out`.
 * Fails with duplicate-key when this key has signed, and as bu_dsse_check() for this key.
 */
BULLA_MUST_USE bulla_status bu_dsse_cosign(const bu_dsse *envelope, const bu_secret_key *key,
                                           bu_buf *out, bulla_error *err);

/**
 * Which of `keys` has signed: sets `signed_by[i]` for each key with a valid signature; a signature counts for one key.
 * The keyid only narrows which keys are tried first; a wrong hint costs time, never trust. Signatures that are not
 * valid are passed over when any is.
 * Fails with bad-signature when none is valid and one names one of `keys` by keyid; no-memory.
 */
BULLA_MUST_USE bulla_status bu_dsse_check(const bu_dsse *envelope, const bu_key *const *keys,
                                          size_t count, bool *signed_by, bulla_error *err);

#endif
