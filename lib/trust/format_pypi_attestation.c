/* SPDX-License-Identifier: MIT */
/*
 * Attestations of Python distributions (PEP 740): one, or the index's provenance object that holds
 * several. An attestation is a Sigstore bundle in other words, and is verified as that. Its one
 * subject is a wheel or sdist by its name. What the index says of the publisher is signed by nobody
 * and is passed over.
 */
#include "attest/statement.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "ecosystem/pypi.h"
#include "model/purl.h"
#include "syntax/json_writer.h"
#include "trust/bundle.h"
#include "trust/json_look.h"
#include "version/orders.h"

#define BUNDLE_TYPE "application/vnd.dev.sigstore.bundle.v0.3+json"

static bool is_attestation(bulla_bytes content)
{
    return bu_json_looks_to_have(content, "verification_material") ||
           bu_json_looks_to_have(content, "attestation_bundles");
}

/* PEP 740: "The attestation object's version, which is always 1." */
static bulla_status need_version(const bu_json *json, const char *file, bulla_error *err)
{
    int64_t version;
    BU_TRY(bu_json_need_integer(json, "version", file, &version, err));
    return version == 1 ? BU_OK
                        : bu_fail(err, BULLA_E_UNSUPPORTED_VERSION, "version %lld, not 1",
                                  (long long)version);
}

/* ---- A provenance object: several attestations ---- */

static bulla_status add_attestation(const bu_json *json, bu_arena *arena, bu_buf *out,
                                    bulla_error *err)
{
    BU_CLEAR(bu_buf) text = { 0 };
    if (out->len / sizeof(bulla_bytes) >= BU_LIMIT_ENVELOPES)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "more than %u attestations",
                       BU_LIMIT_ENVELOPES);
    if (!bu_json_is_object(json))
        return bu_fail(err, BULLA_E_TYPE_MISMATCH, "an attestation is an object");
    BU_TRY(bu_json_write(json, BU_JSON_COMPACT, &text, err));
    bulla_bytes document = bu_arena_copy(arena, bu_buf_bytes(&text));
    bu_buf_add(out, (bulla_bytes){ (const uint8_t *)&document, sizeof document });
    return document.ptr == NULL || out->broken ? bu_no_memory(err) : BU_OK;
}

static bulla_status split_bundles(const bu_json *json, const bu_check *check, bu_buf *out,
                                  bulla_error *err)
{
    const bu_json *bundles, *list;
    BU_TRY(need_version(json, check->file, err));
    BU_TRY(bu_json_need_array(json, "attestation_bundles", check->file, &bundles, err));
    for (size_t i = 0; i < bu_json_count(bundles); i++) {
        BU_TRY(bu_json_need_array(bu_json_at(bundles, i), "attestations", check->file, &list, err));
        for (size_t k = 0; k < bu_json_count(list); k++)
            BU_TRY(add_attestation(bu_json_at(list, k), check->arena, out, err));
    }
    return out->len > 0 ? BU_OK : bu_fail(err, BULLA_E_EMPTY, "no attestations");
}

static bulla_status split_provenance(const bu_check *check, bu_buf *out, bulla_error *err)
{
    BU_AUTO(bu_json) json = NULL;
    if (bu_json_looks_to_have(check->content, "attestation_bundles")) {
        BU_TRY(bu_json_parse(check->content, check->file, &json, err));
        return bu_in_file(err, split_bundles(json, check, out, err), check->file);
    }
    bu_buf_add(out, (bulla_bytes){ (const uint8_t *)&check->content, sizeof check->content });
    return out->broken ? bu_no_memory(err) : BU_OK;
}

/* ---- One attestation, as a bundle ---- */

/* What an attestation holds; borrowed from its JSON. */
typedef struct pep740 {
    bulla_bytes certificate, statement, signature;
    const bu_json *entries;
} pep740;

static bulla_status read_parts(const bu_json *json, const char *file, pep740 *out, bulla_error *err)
{
    const bu_json *material, *envelope;
    BU_TRY(need_version(json, file, err));
    BU_TRY(bu_json_need_object(json, "verification_material", file, &material, err));
    BU_TRY(bu_json_need_text(material, "certificate", file, &out->certificate, err));
    BU_TRY(bu_json_need_array(material, "transparency_entries", file, &out->entries, err));
    BU_TRY(bu_json_need_object(json, "envelope", file, &envelope, err));
    BU_TRY(bu_json_need_text(envelope, "statement", file, &out->statement, err));
    return bu_json_need_text(envelope, "signature", file, &out->signature, err);
}

static void write_bundle(const pep740 *parts, bulla_bytes entries, bu_buf *out)
{
    bu_json_writer w = bu_json_writer_of(out, BU_JSON_ONE_LINE);
    bu_json_begin(&w, NULL, '{');
    bu_json_put_string(&w, "mediaType", BULLA_LIT(BUNDLE_TYPE));
    bu_json_begin(&w, "verificationMaterial", '{');
    bu_json_begin(&w, "certificate", '{');
    bu_json_put_string(&w, "rawBytes", parts->certificate);
    bu_json_end(&w, '}');
    bu_json_put_raw(&w, "tlogEntries", entries);
    bu_json_end(&w, '}');
    bu_json_begin(&w, "dsseEnvelope", '{');
    bu_json_put_string(&w, "payload", parts->statement);
    bu_json_put_string(&w, "payloadType", BULLA_LIT(BU_PAYLOAD_TYPE_INTOTO));
    bu_json_begin(&w, "signatures", '[');
    bu_json_begin(&w, NULL, '{');
    bu_json_put_string(&w, "sig", parts->signature);
    bu_json_end(&w, '}');
    bu_json_end(&w, ']');
    bu_json_end(&w, '}');
    bu_json_end(&w, '}');
}

static bulla_status parse_attestation(bulla_bytes content, const char *file, bu_arena *arena,
                                      bu_bundle *out, bulla_error *err)
{
    BU_AUTO(bu_json) json = NULL;
    BU_CLEAR(bu_buf) entries = { 0 }, text = { 0 };
    pep740 parts = { 0 };
    BU_TRY(bu_json_parse(content, file, &json, err));
    BU_TRY(bu_in_file(err, read_parts(json, file, &parts, err), file));
    BU_TRY(bu_json_write(parts.entries, BU_JSON_COMPACT, &entries, err));
    write_bundle(&parts, bu_buf_bytes(&entries), &text);
    if (text.broken)
        return bu_no_memory(err);
    return bu_bundle_parse(bu_buf_bytes(&text), file, arena, out, err);
}

/* ---- Its subject ---- */

/* A distribution by its file name, as installers compare them. */
typedef struct distribution {
    bulla_bytes name;    /* PEP 503 */
    const char *version; /* PEP 440 */
    bulla_bytes rest;    /* of the file name, behind the version: tags, ending */
} distribution;

static bool distribution_of(bulla_bytes filename, bulla_bytes *name, bulla_bytes *version)
{
    return bu_pypi_is_archive(filename) && bu_pypi_file_says(filename, name, version);
}

static bulla_status read_distribution(bulla_bytes filename, bu_arena *arena, distribution *out,
                                      bulla_error *err)
{
    bulla_bytes version;
    BU_CLEAR(bu_buf) text = { 0 };
    if (!distribution_of(filename, &out->name, &version))
        return bu_expected(
            err, bu_fail(err, BULLA_E_BAD_NAME, "the subject is no distribution of Python"),
            BULLA_LIT("a wheel or sdist"), filename);
    out->rest = bu_bytes_from(filename, (size_t)(version.ptr - filename.ptr) + version.len);
    BU_TRY(bu_pypi_normalize(arena, &out->name, err));
    if (!bu_pypi_write(version, &text))
        return bu_fail(err, BULLA_E_BAD_NAME, "no version of a Python package");
    out->version = bu_arena_text(arena, bu_buf_bytes(&text));
    return text.broken || out->version == NULL ? bu_no_memory(err) : BU_OK;
}

/* A file that was given another kind of name is told by its digest alone. */
static bulla_status check_name(const distribution *subject, const bu_message *message,
                               bu_arena *arena, bulla_error *err)
{
    bulla_bytes filename = bu_bytes_of(message == NULL ? NULL : message->name), name, version;
    distribution file = { 0 };
    if (!distribution_of(filename, &name, &version))
        return BU_OK;
    BU_TRY(read_distribution(filename, arena, &file, err));
    bool same_version =
        bu_order_pypi(bu_bytes_of(file.version), bu_bytes_of(subject->version)) == 0;
    if (bu_bytes_equal(file.name, subject->name) && same_version &&
        bu_bytes_equal(file.rest, subject->rest))
        return BU_OK;
    return bu_expected(err, bu_fail(err, BULLA_E_SUBJECT_MISMATCH, "signed as another file"),
                       filename, subject->name);
}

static bulla_status check_subject(const bu_check *check, bu_vouched *out, bulla_error *err)
{
    bu_statement statement = { 0 };
    distribution subject = { 0 };
    BU_TRY(bu_statement_parse(out->payload, check->file, check->arena, &statement, err));
    if (statement.count != 1)
        return bu_fail(err, BULLA_E_SUBJECT_MISMATCH, "%zu subjects where PyPI has one",
                       statement.count);
    BU_TRY(read_distribution(statement.subjects[0].name, check->arena, &subject, err));
    BU_TRY(check_name(&subject, check->message, check->arena, err));
    bu_purl purl = { .type = BULLA_LIT("pypi"),
                     .name = subject.name,
                     .version = bu_bytes_of(subject.version) };
    return bu_purl_text(&purl, check->arena, &out->package, err);
}

static bulla_status verify_attestation(const bu_check *check, bu_vouched *out, bulla_error *err)
{
    bu_bundle bundle = { 0 };
    BU_TRY(parse_attestation(check->content, check->file, check->arena, &bundle, err));
    BU_TRY(bu_bundle_verify(&bundle, check, out, err));
    return bu_in_file(err, check_subject(check, out, err), check->file);
}

static bulla_status describe_one(bulla_bytes content, const char *file, bu_description *out,
                                 bulla_error *err)
{
    bu_bundle bundle = { 0 };
    BU_TRY(parse_attestation(content, file, out->arena, &bundle, err));
    return bu_bundle_describe(&bundle, out, err);
}

static bulla_status describe_attestation(bulla_bytes content, const char *file, bu_description *out,
                                         bulla_error *err)
{
    BU_CLEAR(bu_buf) list = { 0 };
    const bu_check check = { .content = content, .file = file, .arena = out->arena };
    BU_TRY(split_provenance(&check, &list, err));
    const bulla_bytes *documents = (const bulla_bytes *)(const void *)list.ptr;
    for (size_t i = 0; i < list.len / sizeof *documents; i++)
        BU_TRY(describe_one(documents[i], file, out, err));
    return BU_OK;
}

const bu_format bu_format_pypi_attestation = {
    .id = "pypi-attestation",
    .title = "attestation of a Python distribution",
    .endings = (const char *const[]){ ".publish.attestation", ".attestation", NULL },
    .is = is_attestation,
    .split = split_provenance,
    .verify = verify_attestation,
    .describe = describe_attestation,
};
