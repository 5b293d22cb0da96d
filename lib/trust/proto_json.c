/* SPDX-License-Identifier: MIT */
/*
 * Protocol buffers as JSON, read strictly.
 */
#include "trust/proto_json.h"

#include "base/bytes.h"
#include "base/encode.h"
#include "base/reader.h"

typedef struct known {
    const char *const *fields;
} known;

static bulla_status refuse_unknown(void *context, bulla_bytes key, const bu_json *value,
                                   bulla_error *err)
{
    (void)value;
    const known *k = context;
    for (const char *const *field = k->fields; *field != NULL; field++)
        if (bu_bytes_is(key, *field))
            return BU_OK;
    return bu_expected(
        err, bu_fail(err, BULLA_E_UNSUPPORTED_FEATURE, "a field that such a message does not have"),
        (bulla_bytes){ 0 }, key);
}

bulla_status bu_proto_only(const bu_proto *p, const bu_json *value, const char *const *fields)
{
    known k = { fields };
    if (!bu_json_is_object(value))
        return bu_fail(p->err, BULLA_E_TYPE_MISMATCH, "not an object");
    return bu_json_each(value, refuse_unknown, &k, p->err);
}

static const bu_json *field_of(const bu_json *object, const char *key)
{
    const bu_json *value = bu_json_get(object, key);
    return bu_json_is_null(value) ? NULL : value;
}

bulla_status bu_proto_message(const bu_proto *p, const bu_json *object, const char *key,
                              const char *const *fields, const bu_json **out)
{
    *out = field_of(object, key);
    return *out == NULL ? BU_OK : bu_within(p->err, bu_proto_only(p, *out, fields), "%s", key);
}

bulla_status bu_proto_list(const bu_proto *p, const bu_json *object, const char *key, size_t limit,
                           const bu_json **out)
{
    *out = field_of(object, key);
    if (*out == NULL)
        return BU_OK;
    if (!bu_json_is_array(*out))
        return bu_fail(p->err, BULLA_E_TYPE_MISMATCH, "\"%s\" is not an array", key);
    if (bu_json_count(*out) > limit)
        return bu_fail(p->err, BULLA_E_RESOURCE_LIMIT, "%zu %s are over the limit of %zu",
                       bu_json_count(*out), key, limit);
    return BU_OK;
}

/* The text of a field as it lies in the document. */
static bulla_status peek_text(const bu_proto *p, const bu_json *value, const char *key,
                              bulla_bytes *out)
{
    *out = (bulla_bytes){ 0 };
    if (value != NULL && !bu_json_text(value, out))
        return bu_fail(p->err, BULLA_E_TYPE_MISMATCH, "\"%s\" is not a string", key);
    return BU_OK;
}

static bulla_status keep(const bu_proto *p, bulla_bytes bytes, bulla_bytes *out)
{
    *out = bu_arena_copy(p->arena, bytes);
    return bytes.len > 0 && out->ptr == NULL ? bu_no_memory(p->err) : BU_OK;
}

bulla_status bu_proto_text(const bu_proto *p, const bu_json *object, const char *key,
                           bulla_bytes *out)
{
    bulla_bytes text;
    BU_TRY(peek_text(p, field_of(object, key), key, &text));
    return keep(p, text, out);
}

static bulla_status decode(const bu_proto *p, const bu_json *value, const char *key,
                           bulla_bytes *out)
{
    bulla_bytes text;
    BU_CLEAR(bu_buf) bytes = { 0 };
    BU_TRY(peek_text(p, value, key, &text));
    bulla_status status = bu_base64_decode(text, BU_BASE64_STANDARD, &bytes, p->err);
    if (!bulla_ok(status)) /* the offset is one of the field, not of the document */
        return bu_at_offset(p->err, bu_within(p->err, status, "%s", key), BU_OFFSET_NONE);
    return keep(p, bu_buf_bytes(&bytes), out);
}

bulla_status bu_proto_bytes(const bu_proto *p, const bu_json *object, const char *key,
                            bulla_bytes *out)
{
    return decode(p, field_of(object, key), key, out);
}

bulla_status bu_proto_item(const bu_proto *p, const bu_json *list, size_t index, bulla_bytes *out)
{
    return decode(p, bu_json_at(list, index), "item", out);
}

static const struct {
    const char *name;
    bulla_alg alg;
} hashes[] = {
    { "SHA2_256", BULLA_ALG_SHA256 },
    { "SHA2_384", BULLA_ALG_SHA384 },
    { "SHA2_512", BULLA_ALG_SHA512 },
};

bulla_status bu_proto_digest(const bu_proto *p, const bu_json *object, bulla_digest *out)
{
    bulla_bytes name, bytes;
    bulla_digest digest = { 0 };
    BU_TRY(peek_text(p, field_of(object, "algorithm"), "algorithm", &name));
    BU_TRY(bu_proto_bytes(p, object, "digest", &bytes));
    for (size_t i = 0; i < sizeof hashes / sizeof hashes[0]; i++)
        if (bu_bytes_is(name, hashes[i].name))
            digest.alg = hashes[i].alg;
    if (digest.alg == BULLA_ALG_NONE)
        return bu_expected(p->err, bu_fail(p->err, BULLA_E_UNSUPPORTED_HASH, "an unknown hash"),
                           BULLA_LIT("SHA2_256, SHA2_384 or SHA2_512"), name);
    digest.len = bulla_alg_size(digest.alg);
    if (bytes.len != digest.len)
        return bu_fail(p->err, BULLA_E_BAD_ENCODING, "a %s digest of %zu bytes",
                       bulla_alg_name(digest.alg), bytes.len);
    memcpy(digest.bytes, bytes.ptr, bytes.len);
    *out = digest;
    return BU_OK;
}

bulla_status bu_proto_count(const bu_proto *p, const bu_json *object, const char *key,
                            uint64_t *out)
{
    const bu_json *value = field_of(object, key);
    bulla_bytes text = { 0 };
    int64_t number = 0;
    *out = 0;
    if (value == NULL)
        return BU_OK;
    if (bu_json_text(value, &text)) {
        bu_reader r = bu_reader_of(text);
        *out = bu_number(&r, INT64_MAX, "a number that is not negative");
        if (bulla_ok(bu_done(&r, NULL)))
            return BU_OK;
        return bu_expected(p->err, bu_fail(p->err, BULLA_E_BAD_NUMBER, "\"%s\" is no number", key),
                           BULLA_LIT("0 to 2^63-1"), text);
    }
    BU_TRY(bu_json_need_integer(object, key, "", &number, p->err));
    if (number < 0)
        return bu_fail(p->err, BULLA_E_BAD_NUMBER, "\"%s\" is negative", key);
    *out = (uint64_t)number;
    return BU_OK;
}

bulla_status bu_proto_bytes_list(const bu_proto *p, const bu_json *object, const char *key,
                                 size_t limit, const char *const *fields, bulla_bytes **out,
                                 size_t *count)
{
    const bu_json *list;
    BU_TRY(bu_proto_list(p, object, key, limit, &list));
    if (list == NULL)
        return BU_OK;
    *count = bu_json_count(list);
    *out = bu_arena_get_array(p->arena, *count, sizeof **out);
    if (*out == NULL)
        return bu_no_memory(p->err);
    for (size_t i = 0; i < *count; i++) {
        const bu_json *item = bu_json_at(list, i);
        bulla_bytes *bytes = &(*out)[i];
        BU_TRY(bu_within(p->err, bu_proto_only(p, item, fields), "%s", key));
        BU_TRY(bu_within(p->err, bu_proto_bytes(p, item, fields[0], bytes), "%s", key));
        BU_TRY(bu_within(p->err, bu_proto_need(p, bytes->len > 0, fields[0]), "%s", key));
    }
    return BU_OK;
}

bulla_status bu_proto_need(const bu_proto *p, bool is_there, const char *key)
{
    return is_there ? BU_OK : bu_fail(p->err, BULLA_E_MISSING_FIELD, "\"%s\" is missing", key);
}
