/* SPDX-License-Identifier: MIT */
/*
 * Open Policy Agent, REST API, "Get a Document (with Input)": 200 with `result`, without it when
 * the document is undefined; `decision_id`, and `provenance` where that was asked for. A bare
 * `true` is refused but for /allow: at the end of another path it may mean the opposite.
 */
#include "policy/opa.h"

#include "base/limits.h"
#include "base/vec.h"
#include "syntax/json.h"

typedef struct reading {
    const char *url;
    bu_arena *arena;
    bu_opa_answer *out;
} reading;

static bulla_status keep(const reading *r, bulla_bytes text, bulla_bytes *out, bulla_error *err)
{
    *out = bu_arena_copy(r->arena, text);
    return text.len > 0 && out->ptr == NULL ? bu_no_memory(err) : BU_OK;
}

static bulla_status odd_shape(const char *what, bulla_error *err)
{
    return bu_fail(err, BULLA_E_TYPE_MISMATCH, "%s is not of a shape that is known", what);
}

/* A text that may be absent. */
static bulla_status optional_text(const reading *r, const bu_json *object, const char *key,
                                  bulla_bytes *out, bulla_error *err)
{
    bulla_bytes text = { 0 };
    const bu_json *value = bu_json_get(object, key);
    if (value != NULL && !bu_json_text(value, &text))
        return odd_shape(key, err);
    return keep(r, text, out, err);
}

static bulla_status read_denial(const reading *r, const bu_json *entry, bu_denial *out,
                                bulla_error *err)
{
    bulla_bytes text;
    if (bu_json_text(entry, &text))
        return keep(r, text, &out->reason, err);
    if (!bu_json_is_object(entry))
        return odd_shape("a denial", err);
    BU_TRY(optional_text(r, entry, "purl", &out->purl, err));
    BU_TRY(optional_text(r, entry, "reason", &out->reason, err));
    return out->reason.len > 0 ? BU_OK : optional_text(r, entry, "msg", &out->reason, err);
}

static bulla_status read_denials(const reading *r, const bu_json *list, bulla_error *err)
{
    size_t count = bu_json_count(list);
    if (!bu_json_is_array(list))
        return odd_shape("\"deny\"", err);
    if (count > BU_LIMIT_DENIALS)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "%zu denials; at most %u are read", count,
                       BU_LIMIT_DENIALS);
    r->out->denials = bu_arena_get_array(r->arena, count, sizeof *r->out->denials);
    if (r->out->denials == NULL)
        return bu_no_memory(err);
    for (size_t i = 0; i < count; i++)
        BU_TRY(bu_within(err, read_denial(r, bu_json_at(list, i), &r->out->denials[i], err),
                         "denial %zu", i + 1));
    r->out->count = count;
    return BU_OK;
}

static bool ends_in_allow(const char *url)
{
    return bu_bytes_ends(bu_bytes_of(url), "/allow");
}

static bulla_status read_result(const reading *r, const bu_json *result, bulla_error *err)
{
    bool is_flag = bu_json_is_bool(result);
    if (result == NULL)
        return bu_fail(err, BULLA_E_MISSING_FIELD, "the decision is undefined: no \"result\"");
    if (is_flag && !ends_in_allow(r->url))
        return bu_fail(err, BULLA_E_TYPE_MISMATCH,
                       "true or false alone is a decision only of a path that ends in /allow");
    if (is_flag) {
        r->out->allows = bu_json_is_true(result);
        return BU_OK;
    }
    if (bu_json_is_array(result)) {
        r->out->allows = true;
        return read_denials(r, result, err);
    }
    const bu_json *allow = bu_json_get(result, "allow");
    if (!bu_json_is_object(result) || !bu_json_is_bool(allow))
        return odd_shape("\"result\"", err);
    r->out->allows = bu_json_is_true(allow);
    return read_denials(r, bu_json_get(result, "deny"), err);
}

typedef struct revisions {
    const reading *reading;
    const char **items;
    size_t count;
} revisions;

static bulla_status add_revision(void *context, bulla_bytes name, const bu_json *bundle,
                                 bulla_error *err)
{
    revisions *list = context;
    bulla_bytes revision;
    if (list->count == BU_LIMIT_REVISIONS ||
        !bu_json_text(bu_json_get(bundle, "revision"), &revision))
        return BU_OK;
    const char *text =
        bu_arena_format(list->reading->arena, "%.*s%s%.*s", (int)name.len, (const char *)name.ptr,
                        name.len > 0 ? " " : "", (int)revision.len, (const char *)revision.ptr);
    if (text == NULL)
        return bu_no_memory(err);
    list->items[list->count++] = text;
    return BU_OK;
}

/* Only shown: an engine without bundles has none. */
static bulla_status read_revisions(const reading *r, const bu_json *provenance, bulla_error *err)
{
    revisions list = { .reading = r };
    list.items = bu_arena_get_array(r->arena, BU_LIMIT_REVISIONS + 1, sizeof *list.items);
    if (list.items == NULL)
        return bu_no_memory(err);
    const bu_json *bundles = bu_json_get(provenance, "bundles");
    BU_TRY(add_revision(&list, (bulla_bytes){ 0 }, provenance, err)); /* one bundle, of old */
    if (bu_json_is_object(bundles))
        BU_TRY(bu_json_each(bundles, add_revision, &list, err));
    r->out->revisions = list.items;
    return BU_OK;
}

static bulla_status read_answer(const reading *r, const bu_json *json, bulla_error *err)
{
    if (!bu_json_is_object(json))
        return odd_shape("the answer", err);
    if (bu_json_get(json, "errors") != NULL || bu_json_get(json, "code") != NULL)
        return bu_fail(err, BULLA_E_BAD_STATUS, "the answer says that it failed");
    BU_TRY(optional_text(r, json, "decision_id", &r->out->decision_id, err));
    BU_TRY(read_revisions(r, bu_json_get(json, "provenance"), err));
    return read_result(r, bu_json_get(json, "result"), err);
}

bulla_status bu_opa_read(bulla_bytes json, const char *url, bu_arena *arena, bu_opa_answer *out,
                         bulla_error *err)
{
    BU_AUTO(bu_json) answer = NULL;
    bu_opa_answer read = { 0 };
    const reading r = { url, arena, &read };
    BU_TRY(bu_json_parse(json, url, &answer, err));
    BU_TRY(bu_in_file(err, read_answer(&r, answer, err), url));
    *out = read;
    return BU_OK;
}
