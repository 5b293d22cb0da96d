/* SPDX-License-Identifier: MIT */
/*
 * Sigstore bundles (protobuf-specs sigstore_bundle.proto as JSON; media types 0.1, 0.2, 0.3 in both
 * spellings): reading, and the client's verification workflow. Other packagings of the same
 * evidence (PyPI's attestations) are read into the same structure.
 */
#ifndef BU_TRUST_BUNDLE_H
#define BU_TRUST_BUNDLE_H

#include "digest/merkle.h"
#include "signature/dsse.h"
#include "syntax/json.h"
#include "trust/sigstore_root.h"
#include "trust/vouch.h"

/** One entry of a transparency log. */
typedef struct bu_log_entry {
    uint64_t log_index; /* in the whole log */
    bulla_bytes log_id; /* logId.keyId */
    bulla_bytes kind, version;
    int64_t integrated_time; /* 0: none */
    bulla_bytes set;         /* signed entry timestamp; empty: none */
    bool has_proof;
    uint64_t proof_index, tree_size;
    bulla_bytes root; /* hash that the proof states; empty: none */
    bu_merkle_hash *hashes;
    size_t hash_count;
    bulla_bytes checkpoint; /* signed note; empty: none */
    bulla_bytes body;       /* canonicalized */
} bu_log_entry;

typedef struct bu_bundle {
    unsigned minor;            /* of media type 0.minor */
    bulla_bytes *certificates; /* DER, leaf first; none: a managed key */
    size_t certificate_count;
    bulla_bytes key_hint;
    bu_log_entry *entries;
    size_t entry_count;
    bulla_bytes *timestamps; /* RFC 3161, DER */
    size_t timestamp_count;
    bool is_dsse;
    bu_dsse dsse;          /* is_dsse */
    bulla_digest digest;   /* else: messageDigest, a hint; alg NONE: none */
    bulla_bytes signature; /* over the message, or the envelope's one */
} bu_bundle;

/**
 * Read a bundle; bytes live in `arena`.
 * Fails as bu_json_parse(), bu_dsse_parse() and with bad-type (media type), missing-field, type-mismatch, bad-number,
 * bad-encoding, ambiguous-bundle (two contents, two kinds of key material), resource-limit.
 */
BULLA_MUST_USE bulla_status bu_bundle_parse(bulla_bytes json, const char *file, bu_arena *arena,
                                            bu_bundle *out, bulla_error *err);

/** The same of a bundle that stands in another document, called `file`. */
BULLA_MUST_USE bulla_status bu_bundle_read(const bu_json *json, const char *file, bu_arena *arena,
                                           bu_bundle *out, bulla_error *err);

/**
 * Read one entry of a log (TransparencyLogEntry), which may stand in other packagings. What must be there is what every
 * entry has: body, log and kind.
 * Fails with type-mismatch, unsupported-feature, bad-number, bad-encoding, missing-field, resource-limit.
 */
BULLA_MUST_USE bulla_status bu_log_entry_read(const bu_json *json, bu_arena *arena,
                                              bu_log_entry *out, bulla_error *err);

/** Verify one as `check` asks (check->content is not looked at). As bu_format.verify(). */
BULLA_MUST_USE bulla_status bu_bundle_verify(const bu_bundle *bundle, const bu_check *check,
                                             bu_vouched *out, bulla_error *err);

/** What it claims. */
BULLA_MUST_USE bulla_status bu_bundle_describe(const bu_bundle *bundle, bu_description *out,
                                               bulla_error *err);

#endif
