/* SPDX-License-Identifier: MIT */
/*
 * Proposals as files. Reading judges the form alone; amendment.h says what one
 * would make of a store, and whether that is signed.
 */
#include "trust/proposal.h"

#include "base/bytes.h"
#include "base/encode.h"
#include "base/limits.h"
#include "digest/hasher.h"

#define SCHEMA "bulla.trust-proposal/1"

void bu_proposal_clear(bu_proposal *proposal)
{
    bu_json_free(proposal->root);
    bu_json_free(proposal->targets);
    bu_pins_clear(&proposal->files);
    bu_arena_free(proposal->arena);
    *proposal = (bu_proposal){ 0 };
}

bulla_status bu_proposal_start(bu_proposal *out, bulla_error *err)
{
    bu_arena *arena = bu_arena_new();
    if (arena == NULL)
        return bu_no_memory(err);
    *out = (bu_proposal){ .arena = arena, .files.arena = arena };
    return BU_OK;
}

/* Signatures. */

static bulla_status keyid_of(const bu_json *row, bulla_bytes *out, bulla_error *err)
{
    if (bu_json_text(bu_json_get(row, "keyid"), out))
        return BU_OK;
    return bu_fail(err, BULLA_E_MISSING_FIELD, "a signature without its keyid");
}

/* Put a row at its place, unless its key has one. */
static bulla_status insert(bu_json *document, const bu_json *row, bulla_error *err)
{
    BU_AUTO(bu_json) rows = bu_json_array();
    const bu_json *old = bu_json_get(document, "signatures");
    bulla_bytes id, other;
    bool placed = false;
    BU_TRY(keyid_of(row, &id, err));
    for (size_t i = 0; i < bu_json_count(old); i++) {
        BU_TRY(keyid_of(bu_json_at(old, i), &other, err));
        int order = bu_bytes_compare(other, id);
        if (order == 0)
            return BU_OK;
        if (order > 0 && !placed)
            BU_TRY(bu_json_append(rows, bu_json_copy(row), err));
        placed = placed || order > 0;
        BU_TRY(bu_json_append(rows, bu_json_copy(bu_json_at(old, i)), err));
    }
    if (!placed)
        BU_TRY(bu_json_append(rows, bu_json_copy(row), err));
    return bu_json_set(document, "signatures", BU_STEAL(rows), err);
}

bulla_status bu_proposal_document(bu_json *body, bu_json **out, bulla_error *err)
{
    BU_AUTO(bu_json) taken = body;
    BU_AUTO(bu_json) document = bu_json_object();
    BU_TRY(bu_json_set(document, "signed", BU_STEAL(taken), err));
    BU_TRY(bu_json_set(document, "signatures", bu_json_array(), err));
    *out = BU_STEAL(document);
    return BU_OK;
}

bulla_status bu_proposal_sign(bu_json *document, const bu_secret_key *key, bulla_error *err)
{
    BU_CLEAR(bu_buf) message = { 0 };
    BU_AUTO(bu_json) rows = bu_json_array();
    BU_TRY(bu_json_write(bu_json_get(document, "signed"), BU_JSON_CANONICAL, &message, err));
    BU_TRY(bu_metadata_sign(key, bu_buf_bytes(&message), rows, err));
    return insert(document, bu_json_at(rows, 0), err);
}

/* Both are there and say the same, or neither is. */
static bulla_status unite(bu_json *into, const bu_json *copy, bulla_error *err)
{
    BU_CLEAR(bu_buf) ours = { 0 };
    BU_CLEAR(bu_buf) theirs = { 0 };
    if (into != NULL)
        BU_TRY(bu_json_write(bu_json_get(into, "signed"), BU_JSON_CANONICAL, &ours, err));
    if (copy != NULL)
        BU_TRY(bu_json_write(bu_json_get(copy, "signed"), BU_JSON_CANONICAL, &theirs, err));
    if (!bu_bytes_equal(bu_buf_bytes(&ours), bu_buf_bytes(&theirs)))
        return bu_next(err,
                       bu_fail(err, BULLA_E_SUBJECT_MISMATCH,
                               "proposes something else than the "
                               "first file does"),
                       "give copies of one proposal together; sign others by themselves");
    const bu_json *rows = copy == NULL ? NULL : bu_json_get(copy, "signatures");
    for (size_t i = 0; i < bu_json_count(rows); i++)
        BU_TRY(insert(into, bu_json_at(rows, i), err));
    return BU_OK;
}

bulla_status bu_proposal_unite(bu_proposal *into, const bu_proposal *copy, bulla_error *err)
{
    BU_TRY(unite(into->root, copy->root, err));
    return unite(into->targets, copy->targets, err);
}

/* Reading. */

/* One metadata document, its rows brought in order. */
static bulla_status read_document(const bu_json *value, const char *name, bu_json **out,
                                  bulla_error *err)
{
    const bu_json *body, *rows;
    BU_AUTO(bu_json) document = NULL;
    BU_TRY(bu_json_need_object(value, "signed", name, &body, err));
    BU_TRY(bu_json_need_array(value, "signatures", name, &rows, err));
    if (bu_json_count(rows) > BU_LIMIT_SIGNATURES) /* each is held against all before it */
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "more than %u signatures", BU_LIMIT_SIGNATURES);
    BU_TRY(bu_proposal_document(bu_json_copy(body), &document, err));
    for (size_t i = 0; i < bu_json_count(rows); i++)
        BU_TRY(insert(document, bu_json_at(rows, i), err));
    *out = BU_STEAL(document);
    return BU_OK;
}

static bulla_status read_file(void *context, bulla_bytes name, const bu_json *value,
                              bulla_error *err)
{
    bu_proposal *proposal = context;
    BU_CLEAR(bu_buf) bytes = { 0 };
    bulla_bytes text;
    if (!bu_json_text(value, &text))
        return bu_fail(err, BULLA_E_TYPE_MISMATCH, "files: not a string");
    BU_TRY(bu_within(err, bu_base64_decode(text, BU_BASE64_STANDARD, &bytes, err), "files"));
    return bu_pins_put(&proposal->files, name, bu_buf_bytes(&bytes), err);
}

static bulla_status need_schema(const bu_json *json, const char *name, bulla_error *err)
{
    bulla_bytes schema;
    BU_TRY(bu_json_need_text(json, "schema", name, &schema, err));
    if (bu_bytes_is(schema, SCHEMA))
        return BU_OK;
    return bu_expected(err, bu_fail(err, BULLA_E_UNSUPPORTED_VERSION, "no proposal"),
                       BULLA_LIT(SCHEMA), schema);
}

static bulla_status read_store(const bu_json *json, const char *name, bu_proposal *out,
                               bulla_error *err)
{
    bulla_bytes hex;
    out->is_first = bu_json_get(json, "store") == NULL;
    if (out->is_first)
        return BU_OK;
    BU_TRY(bu_json_need_text(json, "store", name, &hex, err));
    return bu_digest_from_hex(BULLA_ALG_SHA256, hex, &out->store, err);
}

static bulla_status read_json(const bu_json *json, const char *name, bu_proposal *out,
                              bulla_error *err)
{
    static const char *const fields[] = { "schema", "store", "root", "targets", "files", NULL };
    const bu_json *root, *targets, *files;
    BU_TRY(need_schema(json, name, err));
    BU_TRY(bu_json_only(json, fields, err));
    BU_TRY(read_store(json, name, out, err));
    BU_TRY(bu_json_need_object(json, "targets", name, &targets, err));
    BU_TRY(read_document(targets, name, &out->targets, err));
    if (bu_json_get(json, "root") != NULL) {
        BU_TRY(bu_json_need_object(json, "root", name, &root, err));
        BU_TRY(read_document(root, name, &out->root, err));
    }
    BU_TRY(bu_json_need_object(json, "files", name, &files, err));
    return bu_json_each(files, read_file, out, err);
}

bulla_status bu_proposal_read(bulla_bytes text, const char *name, bu_proposal *out,
                              bulla_error *err)
{
    BU_AUTO(bu_json) json = NULL;
    BU_CLEAR(bu_proposal) proposal = { 0 };
    BU_TRY(bu_proposal_start(&proposal, err));
    BU_TRY(bu_in_file(err, bu_json_parse(text, name, &json, err), name));
    BU_TRY(bu_in_file(err, read_json(json, name, &proposal, err), name));
    *out = proposal;
    proposal = (bu_proposal){ 0 };
    return BU_OK;
}

/* Writing. */

static bulla_status write_files(const bu_pins *files, bu_json *json, bulla_error *err)
{
    BU_AUTO(bu_json) object = bu_json_object();
    for (size_t i = 0; i < files->count; i++) {
        BU_CLEAR(bu_buf) text = { 0 };
        bu_base64_encode(files->items[i].bytes, &text);
        if (text.broken)
            return bu_no_memory(err);
        BU_TRY(bu_json_set(object, files->items[i].name, bu_json_string(bu_buf_bytes(&text)), err));
    }
    return bu_json_set(json, "files", BU_STEAL(object), err);
}

bulla_status bu_proposal_write(const bu_proposal *proposal, bu_buf *out, bulla_error *err)
{
    BU_AUTO(bu_json) json = bu_json_object();
    char hex[BULLA_DIGEST_HEX_MAX];
    BU_TRY(bu_json_set(json, "schema", bu_json_string(BULLA_LIT(SCHEMA)), err));
    if (!proposal->is_first) {
        bulla_digest_hex(&proposal->store, hex);
        BU_TRY(bu_json_set(json, "store", bu_json_string(bu_bytes_of(hex)), err));
    }
    if (proposal->root != NULL)
        BU_TRY(bu_json_set(json, "root", bu_json_copy(proposal->root), err));
    BU_TRY(bu_json_set(json, "targets", bu_json_copy(proposal->targets), err));
    BU_TRY(write_files(&proposal->files, json, err));
    return bu_json_write(json, BU_JSON_PRETTY, out, err);
}
