/* SPDX-License-Identifier: MIT */
/*
 * Proofs of possession. Refused is one that another key signed, and one that
 * was made for another person or store: it would be a replay.
 */
#include "trust/proof.h"

#include "base/bytes.h"
#include "signature/dsse.h"

#define SCHEMA       "bulla.key-proof/1"
#define PAYLOAD_TYPE "application/vnd.bulla.key-proof+json"

static bulla_status set_text(bu_json *object, const char *key, const char *text, bulla_error *err)
{
    return bu_json_set(object, key, bu_json_string(bu_bytes_of(text)), err);
}

bulla_status bu_proof_write(const bu_secret_key *key, const char *person, const bulla_digest *store,
                            bu_buf *out, bulla_error *err)
{
    BU_AUTO(bu_json) json = bu_json_object();
    BU_CLEAR(bu_buf) payload = { 0 };
    char hex[BULLA_DIGEST_HEX_MAX];
    BU_TRY(set_text(json, "schema", SCHEMA, err));
    BU_TRY(set_text(json, "keyid", bu_key_id(bu_secret_key_public(key)), err));
    BU_TRY(set_text(json, "person", person, err));
    if (store != NULL)
        BU_TRY(set_text(json, "store", bulla_digest_hex(store, hex), err));
    BU_TRY(bu_json_write(json, BU_JSON_COMPACT, &payload, err));
    BU_TRY(bu_dsse_seal(key, BULLA_LIT(PAYLOAD_TYPE), bu_buf_bytes(&payload), out, err));
    bu_buf_add_byte(out, '\n');
    return out->broken ? bu_no_memory(err) : BU_OK;
}

static bulla_status need(const bu_json *json, const char *field, const char *want, const char *what,
                         bulla_error *err)
{
    bulla_bytes got;
    BU_TRY(bu_json_need_text(json, field, "the proof", &got, err));
    if (bu_bytes_is(got, want))
        return BU_OK;
    bulla_status status = bu_fail(err, BULLA_E_IDENTITY_MISMATCH, "a proof %s", what);
    (void)bu_next(err, status,
                  "let the key's owner make one: bulla key prove --key KEY --person ID");
    return bu_expected(err, status, bu_bytes_of(want), got);
}

static bulla_status need_store(const bu_json *json, const bulla_digest *store, bulla_error *err)
{
    char hex[BULLA_DIGEST_HEX_MAX] = "none yet";
    if (bu_json_get(json, "store") == NULL)
        return BU_OK;
    if (store != NULL)
        bulla_digest_hex(store, hex);
    return need(json, "store", hex, "for another store", err);
}

/* Whose it says it is comes first: a proof of another key is explained better than by its math. */
static bulla_status check(const bu_dsse *envelope, const bu_key *key, const char *person,
                          const bulla_digest *store, bulla_error *err)
{
    static const char *const fields[] = { "schema", "keyid", "person", "store", NULL };
    BU_AUTO(bu_json) json = NULL;
    bool signed_by = false;
    if (!bu_bytes_is(envelope->payload_type, PAYLOAD_TYPE))
        return bu_expected(err, bu_fail(err, BULLA_E_BAD_TYPE, "no proof of possession"),
                           BULLA_LIT(PAYLOAD_TYPE), envelope->payload_type);
    BU_TRY(bu_json_parse(envelope->payload, "the proof", &json, err));
    BU_TRY(bu_json_only(json, fields, err));
    BU_TRY(need(json, "schema", SCHEMA, "of another version", err));
    BU_TRY(need(json, "keyid", bu_key_id(key), "of another key", err));
    BU_TRY(need(json, "person", person, "for another person", err));
    BU_TRY(need_store(json, store, err));
    BU_TRY(bu_dsse_check(envelope, &key, 1, &signed_by, err));
    return signed_by ? BU_OK
                     : bu_fail(err, BULLA_E_BAD_SIGNATURE, "the key did not sign its own proof");
}

bulla_status bu_proof_check(bulla_bytes text, const char *name, const bu_key *key,
                            const char *person, const bulla_digest *store, bulla_error *err)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bu_dsse envelope;
    if (arena == NULL)
        return bu_no_memory(err);
    BU_TRY(bu_in_file(err, bu_dsse_parse(text, name, arena, &envelope, err), name));
    return bu_in_file(err, check(&envelope, key, person, store, err), name);
}
