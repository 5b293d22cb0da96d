/* SPDX-License-Identifier: MIT */
/*
 * The frame of TUF metadata (TUF 1.0.34 section 4.2): "signed", "signatures"
 * and thresholds of distinct keys. Signatures are over
 * the OLPC canonical JSON of "signed"; root.h and targets.h know what that is.
 */
#ifndef BU_TRUST_METADATA_H
#define BU_TRUST_METADATA_H

#include "trust/tuf_role.h"

#define BU_TUF_VERSION "1.0.34" /* what is written as spec_version; any 1.x is read */

/** One metadata file, taken apart. Nothing in it may be believed before bu_metadata_check(). */
typedef struct bu_metadata {
    const char *name;          /* of the file, for errors; borrowed */
    bu_json *json;             /* owned */
    const bu_json *body;       /* "signed" */
    const bu_json *signatures; /* each keyid once */
    bu_buf canonical;          /* what is really signed */
    int64_t version, expires;
} bu_metadata;

void bu_metadata_clear(bu_metadata *metadata);
BU_DEFINE_CLEAR(bu_metadata)

/**
 * Take one file apart. `type` is its _type, `name` its name for errors.
 * Fails as bu_json_parse() and with bad-type, unsupported-version, bad-number, bad-time,
 * duplicate-entry (one keyid signs twice), missing-field, type-mismatch, resource-limit.
 */
BULLA_MUST_USE bulla_status bu_metadata_parse(bulla_bytes text, const char *name, const char *type,
                                              bu_metadata *out, bulla_error *err);

/**
 * Enough distinct keys of the role have signed, and in our own no signature that names one of them
 * is wrong. Fails with threshold, and of ours with bad-signature, bad-encoding.
 */
BULLA_MUST_USE bulla_status bu_metadata_check(const bu_metadata *metadata, const bu_tuf_role *role,
                                              bulla_error *err);

/**
 * TUF 5.3.10 and 5.6.6: the expiry must lie after `now`. `name` is the file's. Fails with expired.
 */
BULLA_MUST_USE bulla_status bu_metadata_fresh(const char *name, int64_t expires, int64_t now,
                                              bulla_error *err);

/** The fields that every kind has, to be filled up. */
BULLA_MUST_USE bulla_status bu_metadata_begin(const char *type, int64_t version, int64_t expires,
                                              bu_json **out, bulla_error *err);

/** Sign the canonical form of what is to be "signed": one row more in "signatures". */
BULLA_MUST_USE bulla_status bu_metadata_sign(const bu_secret_key *key, bulla_bytes message,
                                             bu_json *signatures, bulla_error *err);

/** Sign what is to be "signed" with each key: a whole file, appended. */
BULLA_MUST_USE bulla_status bu_metadata_seal(const bu_json *body, bu_secret_key *const *keys,
                                             size_t count, bu_buf *out, bulla_error *err);

#endif
