/* SPDX-License-Identifier: MIT */
/*
 * DSSE 1.0.2 (protocol.md, envelope.md). The payload is decoded once. Refuses
 * envelopes without signatures, with one twice, with mixed base64 alphabets, and
 * with fields that only differ by case from those that are read.
 */
#include "signature/dsse.h"

#include "base/bytes.h"
#include "base/encode.h"
#include "base/limits.h"

static bool is_same_but_case(bulla_bytes key, const char *name)
{
    if (key.len != strlen(name))
        return false;
    for (size_t i = 0; i < key.len; i++)
        if ((key.ptr[i] | 0x20) != ((uint8_t)name[i] | 0x20))
            return false;
    return true;
}

/* envelope.md: "Consumers MUST ignore unrecognized fields." But some readers fold case, so they
 * would take "Payload" for the payload, and another one than ours. */
static bulla_status refuse_lookalike(void *names, bulla_bytes key, const bu_json *value,
                                     bulla_error *err)
{
    (void)value;
    for (const char *const *name = names; *name != NULL; name++)
        if (!bu_bytes_is(key, *name) && is_same_but_case(key, *name))
            return bu_expected(
                err, bu_fail(err, BULLA_E_AMBIGUOUS_BUNDLE, "a field that some read as another"),
                bu_bytes_of(*name), key);
    return BU_OK;
}

static const char *envelope_fields[] = { "payload", "payloadType", "signatures", NULL };
static const char *signature_fields[] = { "keyid", "sig", NULL };

static bulla_status need_decoded(const bu_json *object, const char *field, const char *where,
                                 bu_arena *arena, bulla_bytes *out, bulla_error *err)
{
    bulla_bytes text;
    BU_CLEAR(bu_buf) bytes = { 0 };
    BU_TRY(bu_json_need_text(object, field, where, &text, err));
    bulla_status status = bu_base64_decode(text, BU_BASE64_EITHER, &bytes, err);
    if (!bulla_ok(status)) /* the offset is one of the field, not of the document */
        return bu_at_offset(err, bu_within(err, status, "%s", field), BU_OFFSET_NONE);
    *out = bu_arena_copy(arena, bu_buf_bytes(&bytes));
    return bytes.len > 0 && out->ptr == NULL ? bu_no_memory(err) : BU_OK;
}

static bulla_status copy_text(bulla_bytes text, bu_arena *arena, bulla_bytes *out, bulla_error *err)
{
    *out = bu_arena_copy(arena, text);
    return text.len > 0 && out->ptr == NULL ? bu_no_memory(err) : BU_OK;
}

static bulla_status need_object(const bu_json *value, bulla_error *err)
{
    return bu_json_is_object(value) ? BU_OK : bu_fail(err, BULLA_E_TYPE_MISMATCH, "not an object");
}

static bulla_status parse_signature(const bu_json *object, const char *where, bu_arena *arena,
                                    bu_dsse_signature *out, bulla_error *err)
{
    bulla_bytes keyid = { 0 };
    BU_TRY(need_object(object, err));
    BU_TRY(need_decoded(object, "sig", where, arena, &out->sig, err));
    BU_TRY(bu_json_each(object, refuse_lookalike, signature_fields, err));
    /* envelope.md: "An unset field MUST be treated the same as set-but-empty." */
    if (bu_json_get(object, "keyid") != NULL)
        BU_TRY(bu_json_need_text(object, "keyid", where, &keyid, err));
    return copy_text(keyid, arena, &out->keyid, err);
}

static bulla_status refuse_repeated(const bu_dsse *envelope, bulla_error *err)
{
    for (size_t i = 1; i < envelope->count; i++)
        for (size_t j = 0; j < i; j++)
            if (bu_bytes_equal(envelope->signatures[i].sig, envelope->signatures[j].sig))
                return bu_fail(err, BULLA_E_DUPLICATE_ENTRY, "signatures %zu and %zu are the same",
                               j + 1, i + 1);
    return BU_OK;
}

static bulla_status parse_signatures(const bu_json *list, const char *name, bu_arena *arena,
                                     bu_dsse *out, bulla_error *err)
{
    out->count = bu_json_count(list);
    if (out->count == 0)
        return bu_fail(err, BULLA_E_EMPTY, "an envelope without signatures");
    if (out->count > BU_LIMIT_SIGNATURES)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "%zu signatures are over the limit of %u",
                       out->count, BU_LIMIT_SIGNATURES);
    out->signatures = bu_arena_get_array(arena, out->count, sizeof *out->signatures);
    if (out->signatures == NULL)
        return bu_no_memory(err);
    for (size_t i = 0; i < out->count; i++)
        BU_TRY(bu_within(
            err, parse_signature(bu_json_at(list, i), name, arena, &out->signatures[i], err),
            "signature %zu", i + 1));
    return refuse_repeated(out, err);
}

static bulla_status add_pae(bu_dsse *envelope, bu_arena *arena, bulla_error *err)
{
    BU_CLEAR(bu_buf) pae = { 0 };
    bu_dsse_pae(envelope->payload_type, envelope->payload, &pae);
    if (pae.broken)
        return bu_no_memory(err);
    return copy_text(bu_buf_bytes(&pae), arena, &envelope->pae, err);
}

static bulla_status read_envelope(const bu_json *json, const char *name, bu_arena *arena,
                                  bu_dsse *out, bulla_error *err)
{
    bulla_bytes type;
    const bu_json *list;
    BU_TRY(need_object(json, err));
    BU_TRY(bu_json_need_text(json, "payloadType", name, &type, err));
    BU_TRY(bu_json_each(json, refuse_lookalike, envelope_fields, err));
    BU_TRY(copy_text(type, arena, &out->payload_type, err));
    BU_TRY(need_decoded(json, "payload", name, arena, &out->payload, err));
    BU_TRY(bu_json_need_array(json, "signatures", name, &list, err));
    BU_TRY(parse_signatures(list, name, arena, out, err));
    return add_pae(out, arena, err);
}

bulla_status bu_dsse_read(const bu_json *json, const char *name, bu_arena *arena, bu_dsse *out,
                          bulla_error *err)
{
    bu_dsse envelope = { 0 };
    BU_TRY(bu_in_file(err, read_envelope(json, name, arena, &envelope, err), name));
    *out = envelope;
    return BU_OK;
}

bulla_status bu_dsse_parse(bulla_bytes text, const char *name, bu_arena *arena, bu_dsse *out,
                           bulla_error *err)
{
    BU_AUTO(bu_json) json = NULL;
    BU_TRY(bu_json_parse(text, name, &json, err));
    return bu_dsse_read(json, name, arena, out, err);
}

void bu_dsse_pae(bulla_bytes payload_type, bulla_bytes payload, bu_buf *out)
{
    bu_buf_add_format(out, "DSSEv1 %zu ", payload_type.len);
    bu_buf_add(out, payload_type);
    bu_buf_add_format(out, " %zu ", payload.len);
    bu_buf_add(out, payload);
}

static bulla_status set_bytes(bu_json *object, const char *field, bulla_bytes bytes,
                              bulla_error *err)
{
    BU_CLEAR(bu_buf) text = { 0 };
    bu_base64_encode(bytes, &text);
    if (text.broken)
        return bu_no_memory(err);
    return bu_json_set(object, field, bu_json_string(bu_buf_bytes(&text)), err);
}

static bulla_status append_signature(bu_json *list, bulla_bytes keyid, bulla_bytes sig,
                                     bulla_error *err)
{
    BU_AUTO(bu_json) object = bu_json_object();
    if (keyid.len > 0)
        BU_TRY(bu_json_set(object, "keyid", bu_json_string(keyid), err));
    BU_TRY(set_bytes(object, "sig", sig, err));
    return bu_json_append(list, BU_STEAL(object), err);
}

bulla_status bu_dsse_to_json(const bu_dsse *envelope, bu_json **out, bulla_error *err)
{
    BU_AUTO(bu_json) json = bu_json_object();
    BU_AUTO(bu_json) list = bu_json_array();
    BU_TRY(set_bytes(json, "payload", envelope->payload, err));
    BU_TRY(bu_json_set(json, "payloadType", bu_json_string(envelope->payload_type), err));
    for (size_t i = 0; i < envelope->count; i++)
        BU_TRY(append_signature(list, envelope->signatures[i].keyid, envelope->signatures[i].sig,
                                err));
    BU_TRY(bu_json_set(json, "signatures", BU_STEAL(list), err));
    *out = BU_STEAL(json);
    return BU_OK;
}

static bulla_status write(const bu_dsse *envelope, bu_buf *out, bulla_error *err)
{
    BU_AUTO(bu_json) json = NULL;
    BU_TRY(bu_dsse_to_json(envelope, &json, err));
    return bu_json_write(json, BU_JSON_COMPACT, out, err);
}

static bulla_status sign(const bu_secret_key *key, bulla_bytes pae, bu_buf *out, bulla_error *err)
{
    return bu_sign(key, bu_algorithm_of_key(bu_secret_key_public(key)), pae, out, err);
}

bulla_status bu_dsse_seal(const bu_secret_key *key, bulla_bytes payload_type, bulla_bytes payload,
                          bu_buf *out, bulla_error *err)
{
    BU_CLEAR(bu_buf) pae = { 0 };
    BU_CLEAR(bu_buf) sig = { 0 };
    bu_dsse_pae(payload_type, payload, &pae);
    if (pae.broken)
        return bu_no_memory(err);
    BU_TRY(sign(key, bu_buf_bytes(&pae), &sig, err));
    bu_dsse_signature signature = { bu_bytes_of(bu_key_id(bu_secret_key_public(key))),
                                    bu_buf_bytes(&sig) };
    const bu_dsse envelope = {
        .payload = payload, .payload_type = payload_type, .signatures = &signature, .count = 1
    };
    return write(&envelope, out, err);
}

bulla_status bu_dsse_cosign(const bu_dsse *envelope, const bu_secret_key *key, bu_buf *out,
                            bulla_error *err)
{
    bool has_signed = false;
    const bu_key *public = bu_secret_key_public(key);
    BU_CLEAR(bu_buf) sig = { 0 };
    if (envelope->count >= BU_LIMIT_SIGNATURES)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "no more than %u signatures fit",
                       BU_LIMIT_SIGNATURES);
    BU_TRY(bu_dsse_check(envelope, &public, 1, &has_signed, err));
    if (has_signed)
        return bu_next(err, bu_fail(err, BULLA_E_DUPLICATE_KEY, "this key has signed already"),
                       "sign with the key of another person");
    BU_TRY(sign(key, envelope->pae, &sig, err));
    bu_dsse_signature all[BU_LIMIT_SIGNATURES];
    bu_dsse more = *envelope;
    memcpy(all, envelope->signatures, envelope->count * sizeof *all);
    all[more.count++] = (bu_dsse_signature){ bu_bytes_of(bu_key_id(public)), bu_buf_bytes(&sig) };
    more.signatures = all;
    return write(&more, out, err);
}

/* True when the signature is the key's; no-memory is a failure, a bad signature is not. */
static bulla_status try_key(const bu_dsse *envelope, const bu_dsse_signature *signature,
                            const bu_key *key, bool *is_good, bulla_error *err)
{
    bulla_error why;
    bulla_status status =
        bu_verify(key, bu_algorithm_of_key(key), envelope->pae, signature->sig, &why);
    *is_good = bulla_ok(status);
    if (bulla_ok(status) || status.code == BULLA_E_BAD_SIGNATURE)
        return BU_OK;
    if (err != NULL)
        *err = why;
    return status;
}

/* The index of the key that made a signature, or `count`. The key that the hint names comes first;
 * a signature counts for one key only, also when another was made up to fit it. */
static bulla_status find_signer(const bu_dsse *envelope, const bu_dsse_signature *signature,
                                const bu_key *const *keys, size_t count, size_t *signer,
                                bool *is_named, bulla_error *err)
{
    *is_named = false;
    for (size_t pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < count; i++) {
            bool is_good = false;
            bool hinted = bu_bytes_is(signature->keyid, bu_key_id(keys[i]));
            if (hinted != (pass == 0))
                continue;
            *is_named = *is_named || hinted;
            BU_TRY(try_key(envelope, signature, keys[i], &is_good, err));
            *signer = i;
            if (is_good)
                return BU_OK;
        }
    *signer = count;
    return BU_OK;
}

bulla_status bu_dsse_check(const bu_dsse *envelope, const bu_key *const *keys, size_t count,
                           bool *signed_by, bulla_error *err)
{
    bool any_good = false;
    bool any_broken = false;
    for (size_t i = 0; i < count; i++)
        signed_by[i] = false;
    for (size_t i = 0; i < envelope->count; i++) {
        size_t signer;
        bool is_named;
        BU_TRY(
            find_signer(envelope, &envelope->signatures[i], keys, count, &signer, &is_named, err));
        any_broken = any_broken || (is_named && signer == count);
        any_good = any_good || signer < count;
        if (signer < count)
            signed_by[signer] = true;
    }
    /* protocol.md: "Skip over if the verification fails." */
    if (any_broken && !any_good)
        return bu_fail(err, BULLA_E_BAD_SIGNATURE,
                       "a signature names a given key, but does not verify");
    return BU_OK;
}
