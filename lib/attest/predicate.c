/* SPDX-License-Identifier: MIT */
/*
 * The table of predicate types and what each asks of a document: CycloneDX
 * JSON, SPDX 2 and 3 JSON, SLSA provenance v1, summaries of verifications.
 */
#include "attest/predicate.h"

#include "attest/decision.h"
#include "attest/vsa.h"
#include "bulla/sign.h"

typedef struct predicate {
    const char *name, *type;
    bool is_subject;
    /* NULL: what people state, which has a table of its own */
    bulla_status (*judge)(const bu_json *document, const char *file, bulla_error *err);
} predicate;

/* A document says itself what it is: a text field with a fixed value, or a fixed beginning. */
static bulla_status need_mark(const bu_json *document, const char *key, const char *start,
                              bool is_whole, const char *file, bulla_error *err)
{
    bulla_bytes text = { 0 };
    (void)bu_json_text(bu_json_get(document, key), &text);
    if (is_whole ? bu_bytes_is(text, start) : bu_bytes_starts(text, start))
        return BU_OK;
    bulla_status status = bu_fail(err, BULLA_E_BAD_TYPE, "\"%s\" is not \"%s\"", key, start);
    return bu_in_file(err, bu_expected(err, status, bu_bytes_of(start), text), file);
}

static bulla_status judge_cyclonedx(const bu_json *document, const char *file, bulla_error *err)
{
    return need_mark(document, "bomFormat", "CycloneDX", true, file, err);
}

static bulla_status judge_spdx2(const bu_json *document, const char *file, bulla_error *err)
{
    return need_mark(document, "spdxVersion", "SPDX-2.", false, file, err);
}

static bulla_status judge_spdx3(const bu_json *document, const char *file, bulla_error *err)
{
    return need_mark(document, "@context", "https://spdx.org/rdf/3.", false, file, err);
}

static bulla_status need_filled(const bu_json *object, const char *key, const char *file,
                                bulla_error *err)
{
    bulla_bytes text;
    BU_TRY(bu_json_need_text(object, key, file, &text, err));
    if (text.len > 0)
        return BU_OK;
    return bu_in_file(err, bu_fail(err, BULLA_E_MISSING_FIELD, "\"%s\" is empty", key), file);
}

static bulla_status judge_definition(const bu_json *definition, const char *file, bulla_error *err)
{
    const bu_json *parameters;
    BU_TRY(need_filled(definition, "buildType", file, err));
    return bu_json_need_object(definition, "externalParameters", file, &parameters, err);
}

static bulla_status judge_run(const bu_json *details, const char *file, bulla_error *err)
{
    const bu_json *builder;
    BU_TRY(bu_json_need_object(details, "builder", file, &builder, err));
    return bu_within(err, need_filled(builder, "id", file, err), "builder");
}

/* SLSA provenance v1: what is required of a build at level 1. */
static bulla_status judge_slsa(const bu_json *document, const char *file, bulla_error *err)
{
    const bu_json *definition, *details;
    BU_TRY(bu_json_need_object(document, "buildDefinition", file, &definition, err));
    BU_TRY(bu_within(err, judge_definition(definition, file, err), "buildDefinition"));
    BU_TRY(bu_json_need_object(document, "runDetails", file, &details, err));
    return bu_within(err, judge_run(details, file, err), "runDetails");
}

/* What it is about is found by verifying, never given by hand. */
static bulla_status judge_waiver(const bu_json *document, const char *file, bulla_error *err)
{
    (void)document, (void)file;
    return bu_next(err, bu_fail(err, BULLA_E_BAD_TYPE, "a waiver is not attested"),
                   "bulla waive propose makes one");
}

static bulla_status need_verifier(const bu_json *document, const char *file, bulla_error *err)
{
    const bu_json *verifier;
    BU_TRY(bu_json_need_object(document, "verifier", file, &verifier, err));
    return bu_within(err, need_filled(verifier, "id", file, err), "verifier");
}

static bulla_status judge_vsa(const bu_json *document, const char *file, bulla_error *err)
{
    const bu_json *policy, *levels;
    BU_TRY(need_verifier(document, file, err));
    BU_TRY(need_filled(document, "resourceUri", file, err));
    BU_TRY(bu_json_need_object(document, "policy", file, &policy, err));
    BU_TRY(bu_within(err, need_filled(policy, "uri", file, err), "policy"));
    BU_TRY(need_filled(document, "verificationResult", file, err));
    return bu_json_need_array(document, "verifiedLevels", file, &levels, err);
}

static bulla_status judge_svr(const bu_json *document, const char *file, bulla_error *err)
{
    const bu_json *properties;
    BU_TRY(need_verifier(document, file, err));
    BU_TRY(need_filled(document, "timeCreated", file, err));
    return bu_json_need_array(document, "properties", file, &properties, err);
}

static bulla_status judge_any(const bu_json *document, const char *file, bulla_error *err)
{
    (void)document, (void)file, (void)err;
    return BU_OK;
}

static const predicate predicates[] = {
#define BU_DECISION(name, needed, allowed, reasons, longest)                                       \
    { name, "urn:bulla:" name ":v1", false, NULL },
#include "attest/decisions.def"
#undef BU_DECISION
#define BU_PREDICATE(name, type, is_subject, judge) { name, type, is_subject, judge },
#include "attest/predicates.def"
#undef BU_PREDICATE
};

#define PREDICATE_COUNT (sizeof predicates / sizeof predicates[0])

/* RFC 3986: scheme ":" and something behind it, of characters that a URI may have. */
static bool is_uri(bulla_bytes text)
{
    size_t colon = bu_bytes_find(text, ':');
    if (colon == 0 || colon + 1 >= text.len)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.ptr[i];
        bool letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
        bool in_scheme =
            letter || (i > 0 && ((c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.'));
        if (i < colon ? !in_scheme : c <= ' ' || c >= 0x7f || strchr("\"<>\\^`{|}", c) != NULL)
            return false;
    }
    return true;
}

bulla_bytes bu_predicate_type_of(bulla_bytes name)
{
    for (size_t i = 0; i < PREDICATE_COUNT; i++)
        if (bu_bytes_is(name, predicates[i].name))
            return bu_bytes_of(predicates[i].type);
    return is_uri(name) ? name : (bulla_bytes){ 0 };
}

/* The type itself, or a version of it: "https://spdx.dev/Document/v2.3". */
static bool is_of_row(bulla_bytes type, const predicate *row)
{
    return bu_bytes_starts(type, row->type) &&
           (type.len == strlen(row->type) ||
            bu_bytes_starts(bu_bytes_from(type, strlen(row->type)), "/v"));
}

bool bu_predicate_is(bulla_bytes type, bulla_bytes name)
{
    for (size_t i = 0; i < PREDICATE_COUNT; i++)
        if (bu_bytes_is(name, predicates[i].name) && is_of_row(type, &predicates[i]))
            return true;
    return type.len > 0 && bu_bytes_equal(type, name);
}

static bulla_status judge_as(const predicate *row, const bu_json *document, const char *file,
                             bulla_error *err)
{
    if (row->judge != NULL)
        return row->judge(document, file, err);
    return bu_in_file(err, bu_decision_judge(bu_bytes_of(row->type), document, err), file);
}

/* The one row of that name that the document is of; NULL when no row has the name. */
static bulla_status choose_row(bulla_bytes name, const bu_json *document, const char *file,
                               const predicate **out, bulla_error *err)
{
    bulla_status status = BU_OK;
    size_t refused = 0;
    *out = NULL;
    for (size_t i = 0; i < PREDICATE_COUNT; i++) {
        const predicate *row = &predicates[i];
        if (!bu_bytes_is(name, row->name) && !bu_bytes_is(name, row->type))
            continue;
        status = judge_as(row, document, file, err);
        if (!bulla_ok(status)) {
            refused++;
            continue;
        }
        if (*out != NULL)
            return bu_fail(err, BULLA_E_AMBIGUOUS_BUNDLE, "the document is both %s and %s",
                           (*out)->type, row->type);
        *out = row;
    }
    if (*out != NULL || refused == 0)
        return BU_OK;
    return refused == 1 ? status
                        : bu_fail(err, BULLA_E_BAD_TYPE, "neither CycloneDX nor SPDX, as JSON");
}

bulla_status bu_predicate_choose(bulla_bytes name, const bu_json *document, const char *file,
                                 bu_predicate_choice *out, bulla_error *err)
{
    bulla_bytes type = bu_predicate_type_of(name);
    const predicate *row;
    if (type.len == 0)
        return bu_expected(err, bu_fail(err, BULLA_E_USAGE, "no such predicate type"),
                           BULLA_LIT("sbom, slsa, vsa, svr, signature or a URI"), name);
    if (!bu_json_is_object(document))
        return bu_in_file(err, bu_fail(err, BULLA_E_TYPE_MISMATCH, "a predicate is a JSON object"),
                          file);
    BU_TRY(bu_in_file(err, choose_row(name, document, file, &row, err), file));
    *out = (bu_predicate_choice){
        .type = row != NULL ? bu_bytes_of(row->type) : type,
        .is_subject = row != NULL && row->is_subject,
    };
    return BU_OK;
}
