/* SPDX-License-Identifier: MIT */
/*
 * JSON Web Signatures (RFC 7515): EdDSA, ES256 to ES512, RS256 to RS512, PS256 to PS512. One with a
 * payload is opened; a detached one signs the file that it lies beside. Keys and certificates in
 * the header are never trusted for being there.
 */
#include "base/bytes.h"
#include "signature/jws.h"
#include "trust/bare_keys.h"

/* RFC 7515 section 4.1.10: "application/" is left off where no other slash is. */
static bulla_status media_type(bulla_bytes type, bu_arena *arena, bulla_bytes *out,
                               bulla_error *err)
{
    bool is_whole = bu_bytes_find(type, '/') < type.len;
    const char *text = type.len == 0
                           ? "application/octet-stream"
                           : bu_arena_format(arena, "%s%.*s", is_whole ? "" : "application/",
                                             (int)type.len, (const char *)type.ptr);
    *out = bu_bytes_of(text);
    return text == NULL ? bu_no_memory(err) : BU_OK;
}

static bulla_status read_message(const bu_jws *jws, const bu_check *check, bu_buf *out,
                                 bulla_error *err)
{
    if (jws->payload.ptr != NULL)
        return BU_OK;
    if (check->message == NULL)
        return bu_fail(err, BULLA_E_FORMAT_MISMATCH, "carries nothing that is signed");
    return bu_message_read(check->message, out, err);
}

static bulla_status verify_jws(const bu_check *check, bu_vouched *out, bulla_error *err)
{
    BU_CLEAR(bu_jws) jws = { 0 };
    BU_CLEAR(bu_buf) message = { 0 };
    bu_bare_keys keys;
    BU_TRY(bu_jws_parse(check->content, check->file, check->arena, &jws, err));
    BU_TRY(read_message(&jws, check, &message, err));
    BU_TRY(bu_bare_keys_of(check, &keys, err));
    bu_jose_tally tally = { .keys = keys.items,
                            .count = keys.count,
                            .signed_by = keys.signed_by,
                            .broken_by = keys.broken_by };
    BU_TRY(bu_in_file(err, bu_jws_check(&jws, bu_buf_bytes(&message), &tally, err), check->file));
    BU_TRY(bu_bare_keys_vouch(&keys, check, out, err));
    if (jws.payload.ptr == NULL)
        return BU_OK;
    out->payload = bu_arena_copy(check->arena, jws.payload);
    if (out->payload.ptr == NULL)
        return bu_no_memory(err);
    return media_type(jws.signatures[0].type, check->arena, &out->payload_type, err);
}

static bulla_status describe(const bu_jws *jws, bu_description *out, bulla_error *err)
{
    for (size_t i = 0; i < jws->count; i++) {
        const bu_jws_signature *s = &jws->signatures[i];
        BU_TRY(bu_describe(out, "algorithm", s->jose.algorithm, err));
        if (s->jose.keyid.len > 0)
            BU_TRY(bu_describe(out, "keyid", s->jose.keyid, err));
    }
    if (jws->payload.ptr == NULL)
        return bu_describe(out, "payload", BULLA_LIT("detached"), err);
    bulla_bytes type;
    BU_TRY(media_type(jws->signatures[0].type, out->arena, &type, err));
    return bu_describe_payload(type, jws->payload, out, err);
}

static bulla_status describe_jws(bulla_bytes content, const char *file, bu_description *out,
                                 bulla_error *err)
{
    BU_CLEAR(bu_jws) jws = { 0 };
    BU_TRY(bu_jws_parse(content, file, out->arena, &jws, err));
    return describe(&jws, out, err);
}

const bu_format bu_format_jws = {
    .id = "jws",
    .title = "JSON Web Signature",
    .endings = (const char *const[]){ ".jws", NULL },
    .is = bu_jws_is,
    .carries = bu_jws_carries,
    .verify = verify_jws,
    .describe = describe_jws,
};
