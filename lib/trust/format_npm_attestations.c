/* SPDX-License-Identifier: MIT */
/*
 * Attestations as npm's registry and GitHub's API answer them: {"attestations": [{"bundle": …}]}.
 * Each bundle is verified for itself. What npm has of a package must name it: the subject a purl
 * with a SHA-512 digest, and the registry's own statement (npm's publish attestation v0.1), which
 * only a key of the registry may sign, must name the same package.
 */
#include "attest/statement.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "model/purl.h"
#include "trust/bundle.h"
#include "trust/json_look.h"
#include "trust/npm.h"

#define PUBLISH "https://github.com/npm/attestation/tree/main/specs/publish/v0.1"

static bool is_attestations(bulla_bytes content)
{
    return bu_json_looks_to_have(content, "attestations") ||
           bu_json_looks_to_have(content, "bundle");
}

/* A value as text of its own. */
static bulla_status write_value(const bu_json *json, bu_arena *arena, bulla_bytes *out,
                                bulla_error *err)
{
    BU_CLEAR(bu_buf) text = { 0 };
    BU_TRY(bu_json_write(json, BU_JSON_COMPACT, &text, err));
    *out = bu_arena_copy(arena, bu_buf_bytes(&text));
    return out->ptr == NULL ? bu_no_memory(err) : BU_OK;
}

static bulla_status add_document(bulla_bytes document, bu_buf *out, bulla_error *err)
{
    bu_buf_add(out, (bulla_bytes){ (const uint8_t *)&document, sizeof document });
    return out->broken ? bu_no_memory(err) : BU_OK;
}

static bulla_status split_list(const bu_json *list, bu_arena *arena, bu_buf *out, bulla_error *err)
{
    size_t count = bu_json_count(list);
    if (count == 0)
        return bu_fail(err, BULLA_E_EMPTY, "no attestations");
    if (count > BU_LIMIT_ENVELOPES)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "more than %u attestations",
                       BU_LIMIT_ENVELOPES);
    for (size_t i = 0; i < count; i++) {
        bulla_bytes document;
        const bu_json *item = bu_json_at(list, i);
        if (!bu_json_is_object(item) || !bu_json_is_object(bu_json_get(item, "bundle")))
            return bu_fail(err, BULLA_E_MISSING_FIELD, "attestations[%zu] has no \"bundle\"", i);
        BU_TRY(write_value(item, arena, &document, err));
        BU_TRY(add_document(document, out, err));
    }
    return BU_OK;
}

static bulla_status split_attestations(const bu_check *check, bu_buf *out, bulla_error *err)
{
    BU_AUTO(bu_json) json = NULL;
    const bu_json *list;
    if (!bu_json_looks_to_have(check->content, "attestations"))
        return add_document(check->content, out, err);
    BU_TRY(bu_json_parse(check->content, check->file, &json, err));
    BU_TRY(bu_json_need_array(json, "attestations", check->file, &list, err));
    return bu_in_file(err, split_list(list, check->arena, out, err), check->file);
}

/* ---- One attestation ---- */

typedef struct attestation {
    bool is_npm;      /* it states a predicate type beside the bundle */
    bulla_bytes type; /* that; in the arena */
    bu_bundle bundle;
} attestation;

static bulla_status read_attestation(bulla_bytes content, const char *file, bu_arena *arena,
                                     attestation *out, bulla_error *err)
{
    BU_AUTO(bu_json) json = NULL;
    const bu_json *bundle;
    bulla_bytes type = { 0 }, text;
    BU_TRY(bu_json_parse(content, file, &json, err));
    BU_TRY(bu_json_need_object(json, "bundle", file, &bundle, err));
    out->is_npm = bu_json_get(json, "predicateType") != NULL;
    if (out->is_npm)
        BU_TRY(bu_json_need_text(json, "predicateType", file, &type, err));
    BU_TRY(write_value(bundle, arena, &text, err));
    out->type = bu_arena_copy(arena, type);
    if (type.len > 0 && out->type.ptr == NULL)
        return bu_no_memory(err);
    return bu_bundle_parse(text, file, arena, &out->bundle, err);
}

static bulla_status not_about(const char *what, bulla_bytes expected, bulla_bytes got,
                              bulla_error *err)
{
    return bu_expected(err, bu_fail(err, BULLA_E_SUBJECT_MISMATCH, "%s", what), expected, got);
}

/* "pkg:npm/%40scope/name@version", with the digest that npm's clients check. */
static bulla_status read_subject(const bu_statement *statement, bu_arena *arena, const char **out,
                                 bulla_error *err)
{
    bu_purl purl = { 0 };
    const bu_subject *subject = &statement->subjects[0];
    if (statement->count != 1)
        return bu_fail(err, BULLA_E_SUBJECT_MISMATCH, "%zu subjects where npm has one",
                       statement->count);
    if (bulla_digest_set_get(&subject->digests, BULLA_ALG_SHA512) == NULL)
        return bu_fail(err, BULLA_E_MISSING_HASH, "the subject has no SHA-512 digest");
    BU_TRY(bu_within(err, bu_purl_parse(subject->name, arena, &purl, err), "subject"));
    if (!bu_bytes_is(purl.type, "npm") || purl.version.len == 0 || purl.qualifier_count > 0 ||
        purl.subpath.len > 0)
        return not_about("the subject is no version of an npm package",
                         BULLA_LIT("pkg:npm/NAME@VERSION"), subject->name, err);
    return bu_purl_text(&purl, arena, out, err);
}

/* The registry states name and version a second time. */
static bulla_status check_publish(const bu_statement *statement, const char *file, bu_arena *arena,
                                  const char *package, bulla_error *err)
{
    BU_AUTO(bu_json) json = NULL;
    bulla_bytes name, version;
    const char *stated;
    BU_TRY(bu_json_parse(statement->predicate, file, &json, err));
    BU_TRY(bu_json_need_text(json, "name", file, &name, err));
    BU_TRY(bu_json_need_text(json, "version", file, &version, err));
    BU_TRY(bu_npm_package(name, version, arena, &stated, err));
    return strcmp(stated, package) == 0
               ? BU_OK
               : not_about("the registry states another package than its subject",
                           bu_bytes_of(package), bu_bytes_of(stated), err);
}

/* A key that the registry has for another use vouches for nothing here. */
static bulla_status keep_registry_keys(const bu_check *check, bu_vouched *out, bulla_error *err)
{
    for (size_t i = 0; i < check->anchors->count; i++)
        out->by[i] &= bu_npm_is_key(&check->anchors->items[i], "npm:attestations");
    return bu_vouched_any(out, check->anchors)
               ? BU_OK
               : bu_fail(err, BULLA_E_UNTRUSTED_KEY, "signed by no key of the registry");
}

static bulla_status check_registry(const attestation *a, const bu_statement *statement,
                                   const bu_check *check, bu_vouched *out, bulla_error *err)
{
    if (a->bundle.certificate_count > 0)
        return bu_fail(err, BULLA_E_IDENTITY_MISMATCH,
                       "only a key of the registry may say what the registry published");
    BU_TRY(keep_registry_keys(check, out, err));
    BU_TRY(check_publish(statement, check->file, check->arena, out->package, err));
    out->is_registry = true;
    return BU_OK;
}

static bulla_status check_statement(const attestation *a, const bu_check *check, bu_vouched *out,
                                    bulla_error *err)
{
    bu_statement statement = { 0 };
    if (!bu_bytes_is(out->payload_type, BU_PAYLOAD_TYPE_INTOTO))
        return bu_expected(err, bu_fail(err, BULLA_E_BAD_TYPE, "no in-toto statement is signed"),
                           BULLA_LIT(BU_PAYLOAD_TYPE_INTOTO), out->payload_type);
    BU_TRY(bu_statement_parse(out->payload, check->file, check->arena, &statement, err));
    bool is_publish = bu_bytes_is(statement.predicate_type, PUBLISH);
    if (a->is_npm && !bu_bytes_equal(a->type, statement.predicate_type))
        return bu_expected(err,
                           bu_fail(err, BULLA_E_AMBIGUOUS_BUNDLE,
                                   "another predicate type is stated than the one that is signed"),
                           a->type, statement.predicate_type);
    if (a->is_npm || is_publish)
        BU_TRY(read_subject(&statement, check->arena, &out->package, err));
    return is_publish ? check_registry(a, &statement, check, out, err) : BU_OK;
}

static bulla_status verify_attestation(const bu_check *check, bu_vouched *out, bulla_error *err)
{
    attestation a = { 0 };
    BU_TRY(read_attestation(check->content, check->file, check->arena, &a, err));
    BU_TRY(bu_bundle_verify(&a.bundle, check, out, err));
    return bu_in_file(err, check_statement(&a, check, out, err), check->file);
}

static bulla_status describe_one(bulla_bytes content, const char *file, bu_description *out,
                                 bulla_error *err)
{
    attestation a = { 0 };
    BU_TRY(read_attestation(content, file, out->arena, &a, err));
    return bu_bundle_describe(&a.bundle, out, err);
}

static bulla_status describe_attestations(bulla_bytes content, const char *file,
                                          bu_description *out, bulla_error *err)
{
    BU_CLEAR(bu_buf) list = { 0 };
    const bu_check check = { .content = content, .file = file, .arena = out->arena };
    BU_TRY(split_attestations(&check, &list, err));
    const bulla_bytes *documents = (const bulla_bytes *)(const void *)list.ptr;
    for (size_t i = 0; i < list.len / sizeof *documents; i++)
        BU_TRY(describe_one(documents[i], file, out, err));
    return BU_OK;
}

const bu_format bu_format_npm_attestations = {
    .id = "npm-attestations",
    .title = "attestations of a registry",
    .endings = (const char *const[]){ ".attestations.json", NULL },
    .is = is_attestations,
    .split = split_attestations,
    .verify = verify_attestation,
    .describe = describe_attestations,
};
