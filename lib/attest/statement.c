/* SPDX-License-Identifier: MIT */
/*
 * in-toto Statement v1 (specification v1.1; v0.1 is read too). A subject is
 * found by its digests alone. Unknown fields and digest algorithms are passed
 * over, as the specification's parsing rules ask; all else is strict.
 */
#include "attest/statement.h"

#include "base/limits.h"
#include "digest/digest.h"
#include "syntax/json_writer.h"

#define TYPE_V1  "https://in-toto.io/Statement/v1"
#define TYPE_V01 "https://in-toto.io/Statement/v0.1"

static bulla_status read_type(const bu_json *json, const char *name, bulla_error *err)
{
    bulla_bytes type;
    BU_TRY(bu_json_need_text(json, "_type", name, &type, err));
    if (bu_bytes_is(type, TYPE_V1) || bu_bytes_is(type, TYPE_V01))
        return BU_OK;
    bulla_status status =
        bu_fail(err, BULLA_E_UNSUPPORTED_VERSION, "\"_type\" is no known statement");
    return bu_expected(err, status, BULLA_LIT(TYPE_V1), type);
}

/* Names are exact: "consumers … MUST ignore unrecognized or unaccepted algorithms". */
static bulla_status read_digest(void *context, bulla_bytes key, const bu_json *value,
                                bulla_error *err)
{
    bulla_digest_set *digests = context;
    bulla_bytes hex;
    if (!bu_json_text(value, &hex))
        return bu_fail(err, BULLA_E_TYPE_MISMATCH, "a digest is a string");
    bulla_alg alg = bu_alg_of(key);
    if (alg == BULLA_ALG_NONE || !bu_bytes_is(key, bulla_alg_name(alg)))
        return BU_OK;
    bulla_digest digest;
    BU_TRY(bu_within(err, bu_digest_from_hex(alg, hex, &digest, err), "%s", bulla_alg_name(alg)));
    return bu_digest_set_add(digests, &digest, err);
}

static bulla_status read_subject(const bu_json *json, const char *name, bu_arena *arena,
                                 bu_subject *out, bulla_error *err)
{
    const bu_json *digest;
    if (!bu_json_is_object(json))
        return bu_fail(err, BULLA_E_TYPE_MISMATCH, "a subject is an object");
    const bu_json *label = bu_json_get(json, "name");
    if (label != NULL && !bu_json_text(label, &out->name))
        return bu_fail(err, BULLA_E_TYPE_MISMATCH, "a subject's \"name\" is a string");
    out->name = bu_arena_copy(arena, out->name);
    if (out->name.len > 0 && out->name.ptr == NULL)
        return bu_no_memory(err);
    BU_TRY(bu_json_need_object(json, "digest", name, &digest, err));
    BU_TRY(bu_json_each(digest, read_digest, &out->digests, err));
    if (out->digests.count == 0)
        return bu_fail(err, BULLA_E_MISSING_HASH, "no digest of a known algorithm");
    return BU_OK;
}

static bulla_status read_subjects(const bu_json *json, const char *name, bu_arena *arena,
                                  bu_statement *out, bulla_error *err)
{
    const bu_json *list;
    BU_TRY(bu_json_need_array(json, "subject", name, &list, err));
    out->count = bu_json_count(list);
    if (out->count == 0)
        return bu_fail(err, BULLA_E_EMPTY, "a statement about nothing: \"subject\" is empty");
    if (out->count > BU_LIMIT_SUBJECTS)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "more than %u subjects", BU_LIMIT_SUBJECTS);
    out->subjects = bu_arena_get_array(arena, out->count, sizeof *out->subjects);
    if (out->subjects == NULL)
        return bu_no_memory(err);
    for (size_t i = 0; i < out->count; i++)
        BU_TRY(bu_within(err,
                         read_subject(bu_json_at(list, i), name, arena, &out->subjects[i], err),
                         "subject[%zu]", i));
    return BU_OK;
}

static bulla_status read_predicate(const bu_json *json, const char *name, bu_arena *arena,
                                   bu_statement *out, bulla_error *err)
{
    bulla_bytes type;
    BU_TRY(bu_json_need_text(json, "predicateType", name, &type, err));
    if (type.len == 0)
        return bu_fail(err, BULLA_E_MISSING_FIELD, "\"predicateType\" is empty");
    out->predicate_type = bu_arena_copy(arena, type);
    const bu_json *predicate = bu_json_get(json, "predicate");
    BU_CLEAR(bu_buf) text = { 0 };
    bool is_there =
        !bu_json_is_null(predicate); /* PyPI's statements say null where they mean none */
    if (is_there && !bu_json_is_object(predicate))
        return bu_fail(err, BULLA_E_TYPE_MISMATCH, "\"predicate\" is not an object");
    if (is_there)
        BU_TRY(bu_json_write(predicate, BU_JSON_COMPACT, &text, err));
    out->predicate = bu_arena_copy(arena, bu_buf_bytes(&text));
    if (out->predicate_type.ptr == NULL || (text.len > 0 && out->predicate.ptr == NULL))
        return bu_no_memory(err);
    return BU_OK;
}

static bulla_status read_statement(const bu_json *json, const char *name, bu_arena *arena,
                                   bu_statement *out, bulla_error *err)
{
    if (!bu_json_is_object(json))
        return bu_fail(err, BULLA_E_TYPE_MISMATCH, "a statement is a JSON object");
    BU_TRY(read_type(json, name, err));
    BU_TRY(read_subjects(json, name, arena, out, err));
    return read_predicate(json, name, arena, out, err);
}

bulla_status bu_statement_parse(bulla_bytes payload, const char *name, bu_arena *arena,
                                bu_statement *out, bulla_error *err)
{
    BU_AUTO(bu_json) json = NULL;
    BU_TRY(bu_json_parse(payload, name, &json, err));
    bu_statement statement = { 0 };
    BU_TRY(bu_in_file(err, read_statement(json, name, arena, &statement, err), name));
    *out = statement;
    return BU_OK;
}

static void write_subject(bu_json_writer *writer, const bu_subject *subject)
{
    bu_json_begin(writer, NULL, '{');
    if (subject->name.len > 0)
        bu_json_put_string(writer, "name", subject->name);
    bu_json_begin(writer, "digest", '{');
    for (uint32_t i = 0; i < subject->digests.count; i++) {
        const bulla_digest *digest = &subject->digests.items[i];
        char hex[BULLA_DIGEST_HEX_MAX];
        bu_json_put_string(writer, bulla_alg_name(digest->alg),
                           bu_bytes_of(bulla_digest_hex(digest, hex)));
    }
    bu_json_end(writer, '}');
    bu_json_end(writer, '}');
}

/* The predicate is read and written anew: what is signed is compact and was seen to be valid. */
static bulla_status write_predicate(bu_json_writer *writer, bulla_bytes predicate, bulla_error *err)
{
    if (predicate.len == 0)
        return BU_OK;
    BU_AUTO(bu_json) json = NULL;
    BU_CLEAR(bu_buf) compact = { 0 };
    BU_TRY(bu_json_parse(predicate, "predicate", &json, err));
    BU_TRY(bu_json_write(json, BU_JSON_COMPACT, &compact, err));
    bu_json_put_raw(writer, "predicate", bu_buf_bytes(&compact));
    return BU_OK;
}

bulla_status bu_statement_write(const bu_statement *statement, bu_buf *out, bulla_error *err)
{
    bu_json_writer writer = bu_json_writer_of(out, BU_JSON_ONE_LINE);
    bu_json_begin(&writer, NULL, '{');
    bu_json_put_string(&writer, "_type", BULLA_LIT(TYPE_V1));
    bu_json_begin(&writer, "subject", '[');
    for (size_t i = 0; i < statement->count; i++)
        write_subject(&writer, &statement->subjects[i]);
    bu_json_end(&writer, ']');
    bu_json_put_string(&writer, "predicateType", statement->predicate_type);
    BU_TRY(write_predicate(&writer, statement->predicate, err));
    bu_json_end(&writer, '}');
    return out->broken ? bu_no_memory(err) : BU_OK;
}

/* The specification lets any accepted algorithm match; bulla lets no shared one disagree. */
static bool is_same_thing(const bulla_digest_set *a, const bulla_digest_set *b)
{
    bool strong = false;
    for (uint32_t i = 0; i < a->count; i++) {
        const bulla_digest *other = bulla_digest_set_get(b, a->items[i].alg);
        if (other == NULL)
            continue;
        if (!bulla_digest_equal(&a->items[i], other))
            return false;
        strong |= bulla_alg_is_strong(other->alg);
    }
    return strong;
}

bool bu_statement_is_about(const bu_statement *statement, const bulla_digest_set *digests)
{
    for (size_t i = 0; i < statement->count; i++)
        if (is_same_thing(&statement->subjects[i].digests, digests))
            return true;
    return false;
}
