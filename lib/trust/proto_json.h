/* SPDX-License-Identifier: MIT */
/*
 * Protocol buffers as JSON (protobuf's JSON mapping, field names in lowerCamelCase) as far as
 * Sigstore's messages need it: an unset field, null and the default are one, 64-bit integers may be
 * texts, bytes are standard base64. Refuses fields that a message does not have.
 */
#ifndef BU_TRUST_PROTO_JSON_H
#define BU_TRUST_PROTO_JSON_H

#include "base/arena.h"
#include "bulla/digest.h"
#include "syntax/json.h"

/** Reading one document; what is read lives in `arena`. */
typedef struct bu_proto {
    bu_arena *arena;
    bulla_error *err;
} bu_proto;

/**
 * Must be an object with no other fields than these (NULL-terminated). Fails with type-mismatch,
 * unsupported-feature.
 */
BULLA_MUST_USE bulla_status bu_proto_only(const bu_proto *p, const bu_json *value,
                                          const char *const *fields);

/** A field that is such an object, or NULL when it is unset. */
BULLA_MUST_USE bulla_status bu_proto_message(const bu_proto *p, const bu_json *object,
                                             const char *key, const char *const *fields,
                                             const bu_json **out);

/** A repeated field: an array of at most `limit`; NULL when it is unset. Fails with type-mismatch, resource-limit. */
BULLA_MUST_USE bulla_status bu_proto_list(const bu_proto *p, const bu_json *object, const char *key,
                                          size_t limit, const bu_json **out);

/** Fails with type-mismatch. */
BULLA_MUST_USE bulla_status bu_proto_text(const bu_proto *p, const bu_json *object, const char *key,
                                          bulla_bytes *out);

/** Fails with type-mismatch, bad-encoding. */
BULLA_MUST_USE bulla_status bu_proto_bytes(const bu_proto *p, const bu_json *object,
                                           const char *key, bulla_bytes *out);

/** The same of item `index` of a list. */
BULLA_MUST_USE bulla_status bu_proto_item(const bu_proto *p, const bu_json *list, size_t index,
                                          bulla_bytes *out);

/** HashOutput (sigstore_common.proto). Fails with type-mismatch, bad-encoding, unsupported-hash. */
BULLA_MUST_USE bulla_status bu_proto_digest(const bu_proto *p, const bu_json *object,
                                            bulla_digest *out);

/** A number that is not negative. Fails with type-mismatch, bad-number. */
BULLA_MUST_USE bulla_status bu_proto_count(const bu_proto *p, const bu_json *object,
                                           const char *key, uint64_t *out);

/**
 * A list of messages of one bytes field: {"rawBytes": …}. `out` and `count` stay as they are when
 * the list is unset.
 */
BULLA_MUST_USE bulla_status bu_proto_bytes_list(const bu_proto *p, const bu_json *object,
                                                const char *key, size_t limit,
                                                const char *const *fields, bulla_bytes **out,
                                                size_t *count);

/** What `key` holds must be there. Fails with missing-field. */
BULLA_MUST_USE bulla_status bu_proto_need(const bu_proto *p, bool is_there, const char *key);

#endif
