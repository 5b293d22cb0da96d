/* SPDX-License-Identifier: MIT */
/*
 * RFC 7515. What a signature is checked by stands in its protected header; a header that is not
 * signed may only name keys. Refuses "none", shared secrets, unknown critical extensions, keys that
 * stand twice.
 */
#include "signature/jws.h"

#include "base/bytes.h"
#include "base/limits.h"

void bu_jws_clear(bu_jws *jws)
{
    for (size_t i = 0; i < jws->count; i++)
        bu_tree_free(jws->signatures[i].header);
    bu_tree_free(jws->document);
    *jws = (bu_jws){ 0 };
}

static bulla_bytes without_end(bulla_bytes text)
{
    if (bu_bytes_ends(text, "\n"))
        text.len--;
    return text;
}

static bool is_base64url(bulla_bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.ptr[i];
        bool is_letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
        if (!is_letter && (c < '0' || c > '9') && c != '-' && c != '_')
            return false;
    }
    return true;
}

/* Three parts with dots between. */
typedef struct compact {
    bulla_bytes header, payload, signature;
} compact;

static bool split(bulla_bytes text, compact *out)
{
    size_t first = bu_bytes_find(text, '.');
    bulla_bytes rest = bu_bytes_from(text, first + 1);
    size_t second = bu_bytes_find(rest, '.');
    out->header = bu_bytes_first(text, first);
    out->payload = bu_bytes_first(rest, second);
    out->signature = bu_bytes_from(rest, second + 1);
    return second < rest.len;
}

/* A JSON object in base64url begins with "ey", or "ew" where a line ends behind its brace. */
static bool is_compact(bulla_bytes text, compact *out)
{
    return (bu_bytes_starts(text, "ey") || bu_bytes_starts(text, "ew")) && split(text, out) &&
           is_base64url(out->header) && is_base64url(out->signature);
}

static bool is_json(bulla_bytes text)
{
    return bu_bytes_starts(bu_bytes_trim(text), "{") && bu_bytes_has(text, "\"protected\"") &&
           bu_bytes_has(text, "\"signature");
}

bool bu_jws_is(bulla_bytes text)
{
    compact parts;
    return is_compact(without_end(text), &parts) || is_json(text);
}

bool bu_jws_carries(bulla_bytes text)
{
    compact parts;
    if (is_compact(without_end(text), &parts))
        return parts.payload.len > 0;
    return is_json(text) && bu_bytes_has(text, "\"payload\"");
}

/* Decoded into the arena. */
static bulla_status decode(bulla_bytes text, bu_arena *arena, bulla_bytes *out, bulla_error *err)
{
    BU_CLEAR(bu_buf) bytes = { 0 };
    bulla_status status = bu_base64url_decode(text, &bytes, err);
    if (!bulla_ok(status)) /* the offset is one of the part, not of the document */
        return bu_at_offset(err, status, BU_OFFSET_NONE);
    *out = bu_arena_copy(arena, bytes.len == 0 ? BULLA_LIT("") : bu_buf_bytes(&bytes));
    return out->ptr == NULL ? bu_no_memory(err) : BU_OK;
}

/* RFC 7515 section 4.1.11: "If any of the listed extension Header Parameters are not understood and
 * supported by the recipient, then the JWS is invalid." Only "b64" is. */
static bulla_status judge_critical(const bu_tree *header, const bu_node *root, bool *b64_is_listed,
                                   bulla_error *err)
{
    const bu_node *list;
    *b64_is_listed = false;
    BU_TRY(bu_node_optional(header, root, "crit", BU_NODE_ARRAY, &list, err));
    if (list != NULL && bu_node_count(list) == 0)
        return bu_node_fail(header, list, err, BULLA_E_EMPTY, "an empty list of extensions");
    BU_EACH_CHILD(name, list) {
        BU_TRY(bu_node_need(header, name, BU_NODE_STRING, err));
        if (!bu_bytes_is(bu_node_text(name), "b64") || *b64_is_listed ||
            bu_node_get(root, "b64") == NULL)
            return bu_expected(err,
                               bu_node_fail(header, name, err, BULLA_E_UNSUPPORTED_FEATURE,
                                            "a critical extension that is not known"),
                               BULLA_LIT("b64"), bu_node_text(name));
        *b64_is_listed = true;
    }
    return BU_OK;
}

/* RFC 7797 section 6: "b64" must be listed as critical. */
static bulla_status judge_plain(const bu_tree *header, const bu_node *root, bool is_listed,
                                bool *out, bulla_error *err)
{
    const bu_node *b64;
    BU_TRY(bu_node_optional(header, root, "b64", BU_NODE_BOOL, &b64, err));
    if (b64 != NULL && !is_listed)
        return bu_node_fail(header, b64, err, BULLA_E_UNSUPPORTED_FEATURE,
                            "\"b64\" that is not listed as critical");
    *out = b64 != NULL && !bu_node_is_true(b64);
    return BU_OK;
}

static bulla_status read_names(const bu_tree *tree, const bu_node *header, bu_jws_signature *out,
                               bulla_error *err)
{
    const bu_node *keyid, *jwk, *type;
    BU_TRY(bu_node_optional(tree, header, "kid", BU_NODE_STRING, &keyid, err));
    BU_TRY(bu_node_optional(tree, header, "jwk", BU_NODE_TABLE, &jwk, err));
    BU_TRY(bu_node_optional(tree, header, "cty", BU_NODE_STRING, &type, err));
    if (type == NULL)
        BU_TRY(bu_node_optional(tree, header, "typ", BU_NODE_STRING, &type, err));
    if (keyid != NULL)
        out->jose.keyid = bu_node_text(keyid);
    if (jwk != NULL)
        out->jose.jwk = jwk;
    if (type != NULL)
        out->type = bu_node_text(type);
    return BU_OK;
}

static bulla_status read_protected(bu_jws_signature *s, bu_arena *arena, bulla_error *err)
{
    bulla_bytes text;
    const bu_node *algorithm;
    bool is_listed;
    BU_TRY(bu_within(err, decode(s->protected, arena, &text, err), "protected"));
    BU_TRY(bu_json_load(text, "protected header", &s->header, err));
    const bu_node *root = bu_tree_root(s->header);
    BU_TRY(bu_node_need(s->header, root, BU_NODE_TABLE, err));
    BU_TRY(bu_node_field(s->header, root, "alg", BU_NODE_STRING, &algorithm, err));
    s->jose.algorithm = bu_node_text(algorithm);
    BU_TRY(bu_jose_algorithm_known(s->jose.algorithm, err));
    BU_TRY(judge_critical(s->header, root, &is_listed, err));
    BU_TRY(judge_plain(s->header, root, is_listed, &s->is_plain, err));
    return read_names(s->header, root, s, err);
}

/* RFC 7515 section 7.2.1: names "MUST be disjoint". What decides how is checked must be signed. */
static bulla_status read_unprotected(const bu_tree *document, const bu_node *header,
                                     bu_jws_signature *s, bulla_error *err)
{
    static const char *const decisive[] = { "alg", "crit", "b64" };
    BU_EACH_CHILD(field, header) {
        if (bu_node_get_bytes(bu_tree_root(s->header), bu_node_key(field)) != NULL)
            return bu_node_fail(document, field, err, BULLA_E_DUPLICATE_KEY,
                                "a name in both headers");
        for (size_t i = 0; i < sizeof decisive / sizeof decisive[0]; i++)
            if (bu_bytes_is(bu_node_key(field), decisive[i]))
                return bu_node_fail(document, field, err, BULLA_E_UNSUPPORTED_FEATURE,
                                    "\"%s\" in a header that is not signed", decisive[i]);
    }
    bulla_bytes type = s->type;
    BU_TRY(read_names(document, header, s, err));
    s->type = type;
    return BU_OK;
}

static bulla_status start(size_t count, bu_arena *arena, bu_jws *out, bulla_error *err)
{
    if (count > BU_LIMIT_SIGNATURES)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "%zu signatures are over the limit of %u",
                       count, BU_LIMIT_SIGNATURES);
    out->signatures = bu_arena_get_array(arena, count, sizeof *out->signatures);
    if (out->signatures == NULL)
        return bu_no_memory(err);
    out->count = count;
    return BU_OK;
}

static bulla_status read_compact(bulla_bytes text, bu_arena *arena, bu_jws *out, bulla_error *err)
{
    compact parts;
    if (!split(text, &parts))
        return bu_fail(err, BULLA_E_BAD_SYNTAX, "not three parts with a dot between");
    BU_TRY(start(1, arena, out, err));
    bu_jws_signature *s = &out->signatures[0];
    s->protected = parts.header;
    BU_TRY(read_protected(s, arena, err));
    if (parts.payload.len > 0)
        out->encoded = parts.payload;
    return bu_within(err, decode(parts.signature, arena, &s->jose.value, err), "signature");
}

static bulla_status read_signature(const bu_tree *document, const bu_node *node, bu_arena *arena,
                                   bu_jws_signature *out, bulla_error *err)
{
    const bu_node *protected, *header, *value;
    BU_TRY(bu_node_need(document, node, BU_NODE_TABLE, err));
    BU_TRY(bu_node_field(document, node, "protected", BU_NODE_STRING, &protected, err));
    BU_TRY(bu_node_optional(document, node, "header", BU_NODE_TABLE, &header, err));
    BU_TRY(bu_node_field(document, node, "signature", BU_NODE_STRING, &value, err));
    out->protected = bu_node_text(protected);
    BU_TRY(read_protected(out, arena, err));
    BU_TRY(read_unprotected(document, header, out, err));
    return bu_within(err, decode(bu_node_text(value), arena, &out->jose.value, err), "signature");
}

static bulla_status read_general(const bu_tree *document, const bu_node *list, bu_arena *arena,
                                 bu_jws *out, bulla_error *err)
{
    size_t i = 0;
    if (bu_node_count(list) == 0)
        return bu_node_fail(document, list, err, BULLA_E_EMPTY, "no signatures");
    BU_TRY(start(bu_node_count(list), arena, out, err));
    BU_EACH_CHILD(node, list) {
        BU_TRY(bu_within(err, read_signature(document, node, arena, &out->signatures[i], err),
                         "signature %zu", i + 1));
        i++;
    }
    return BU_OK;
}

static bulla_status read_json(bulla_bytes text, const char *file, bu_arena *arena, bu_jws *out,
                              bulla_error *err)
{
    const bu_node *payload, *list;
    BU_TRY(bu_json_load(text, file, &out->document, err));
    const bu_node *root = bu_tree_root(out->document);
    BU_TRY(bu_node_need(out->document, root, BU_NODE_TABLE, err));
    BU_TRY(bu_node_optional(out->document, root, "payload", BU_NODE_STRING, &payload, err));
    BU_TRY(bu_node_optional(out->document, root, "signatures", BU_NODE_ARRAY, &list, err));
    out->encoded = bu_node_text(payload);
    if (payload != NULL && out->encoded.len == 0)
        out->encoded = BULLA_LIT("");
    if (list != NULL && bu_node_get(root, "signature") != NULL)
        return bu_node_fail(out->document, list, err, BULLA_E_AMBIGUOUS_BUNDLE,
                            "both \"signature\" and \"signatures\"");
    if (list != NULL)
        return read_general(out->document, list, arena, out, err);
    BU_TRY(start(1, arena, out, err));
    return read_signature(out->document, root, arena, &out->signatures[0], err);
}

/* RFC 7797 section 3: "b64" has one value for all signatures. */
static bulla_status read_payload(bu_jws *jws, bu_arena *arena, bulla_error *err)
{
    bool is_plain = jws->signatures[0].is_plain;
    for (size_t i = 1; i < jws->count; i++)
        if (jws->signatures[i].is_plain != is_plain)
            return bu_fail(err, BULLA_E_AMBIGUOUS_BUNDLE,
                           "the payload is encoded for one signature and not for another");
    if (jws->encoded.ptr == NULL)
        return BU_OK;
    if (!is_plain)
        return bu_within(err, decode(jws->encoded, arena, &jws->payload, err), "payload");
    jws->payload = jws->encoded;
    return BU_OK;
}

static bulla_status parse(bulla_bytes text, const char *file, bu_arena *arena, bu_jws *out,
                          bulla_error *err)
{
    if (text.len > BU_LIMIT_METADATA_BYTES)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "a JWS of %zu bytes", text.len);
    if (bu_bytes_starts(bu_bytes_trim(text), "{"))
        BU_TRY(read_json(text, file, arena, out, err));
    else
        BU_TRY(read_compact(without_end(text), arena, out, err));
    return read_payload(out, arena, err);
}

bulla_status bu_jws_parse(bulla_bytes text, const char *file, bu_arena *arena, bu_jws *out,
                          bulla_error *err)
{
    BU_CLEAR(bu_jws) jws = { 0 };
    bulla_bytes kept = bu_arena_copy(arena, text);
    if (kept.ptr == NULL && text.len > 0)
        return bu_no_memory(err);
    BU_TRY(bu_in_file(err, parse(kept, file, arena, &jws, err), file));
    *out = jws;
    jws = (bu_jws){ 0 };
    return BU_OK;
}

/* RFC 7515 section 5.1: ASCII(BASE64URL(header)) || '.' || BASE64URL(payload) */
static bulla_status check_one(const bu_jws *jws, const bu_jws_signature *s, bulla_bytes message,
                              bu_jose_tally *tally, bulla_error *err)
{
    BU_CLEAR(bu_buf) input = { 0 };
    bu_buf_add(&input, s->protected);
    bu_buf_add_byte(&input, '.');
    if (jws->payload.ptr != NULL)
        bu_buf_add(&input, jws->encoded);
    else if (s->is_plain)
        bu_buf_add(&input, message);
    else
        bu_base64url_encode(message, &input);
    if (input.broken)
        return bu_no_memory(err);
    return bu_jose_try(&s->jose, bu_buf_bytes(&input), tally, err);
}

bulla_status bu_jws_check(const bu_jws *jws, bulla_bytes message, bu_jose_tally *tally,
                          bulla_error *err)
{
    for (size_t i = 0; i < jws->count; i++)
        BU_TRY(check_one(jws, &jws->signatures[i], message, tally, err));
    return bu_jose_judge(tally, err);
}
