/* SPDX-License-Identifier: MIT */
/*
 * One question, one answer. No answer, a late one and one that cannot be read are all the same:
 * denied. Nothing in an answer can make a verdict better.
 */
#include "ops/opa.h"

#include "base/limits.h"
#include "digest/hasher.h"
#include "policy/opa.h"
#include "report/render.h"

#define REASON_BYTES 200 /* of a foreign text that is shown */

static const char next[] = "ask the owner of that policy; bulla verify --emit-input FILE shows "
                           "what it was asked";

/* Why the run is denied, or one component of it. */
static void explain(bulla_error *why, const char *url, bulla_bytes reason)
{
    bulla_bytes shown = bu_bytes_first(reason, REASON_BYTES);
    bulla_status status =
        bu_fail(why, BULLA_E_BAD_STATUS, "denied by the policy that was asked%s%.*s%s",
                shown.len > 0 ? ": " : "", (int)shown.len, (const char *)shown.ptr,
                shown.len < reason.len ? "..." : "");
    (void)bu_next(why, bu_in_file(why, status, url), next);
}

/* Judgements are in order of purl; of several with one purl, the first. */
static size_t find(const bulla_result *result, bulla_bytes purl)
{
    size_t low = 0, high = result->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        bulla_bytes name = bu_bytes_of(result->judgements[middle].component->purl);
        if (bu_bytes_compare(name, purl) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_named(const bulla_result *result, size_t index, bulla_bytes purl)
{
    return index < result->count && bu_bytes_is(purl, result->judgements[index].component->purl);
}

static bulla_status deny_component(bulla_result *result, bulla_judgement *judgement,
                                   const bulla_error *why, bulla_error *err)
{
    bulla_finding *reasons =
        bu_arena_get_array(result->arena, judgement->reason_count + 1, sizeof *reasons);
    if (reasons == NULL)
        return bu_no_memory(err);
    if (judgement->reason_count > 0)
        memcpy(reasons, judgement->reasons, judgement->reason_count * sizeof *reasons);
    BU_TRY(bu_finding_of(why, result->arena, &reasons[judgement->reason_count], err));
    if (judgement->verdict == BULLA_ALLOWED || judgement->verdict == BULLA_WAIVED)
        judgement->rule = "opa";
    judgement->reasons = reasons;
    judgement->reason_count++;
    judgement->verdict = BULLA_DENIED;
    judgement->exit = bulla_exit_worse(judgement->exit, BULLA_EXIT_DENIED);
    return BU_OK;
}

/* What names no component that is here is about all of it: a denial is never lost. */
static bulla_status apply(bulla_result *result, const bu_denial *denial, bulla_error *err)
{
    bulla_error why = { 0 };
    explain(&why, result->opa->url, denial->reason);
    size_t i = find(result, denial->purl);
    if (denial->purl.len == 0 || !is_named(result, i, denial->purl))
        return bu_findings_add(&result->troubles, &why, result->arena, err);
    for (; is_named(result, i, denial->purl); i++)
        BU_TRY(deny_component(result, &result->judgements[i], &why, err));
    return BU_OK;
}

static bulla_status apply_all(bulla_result *result, const bu_opa_answer *answer, bulla_error *err)
{
    for (size_t i = 0; i < answer->count; i++)
        BU_TRY(apply(result, &answer->denials[i], err));
    if (answer->allows || answer->count > 0)
        return BU_OK;
    return apply(result, &(bu_denial){ 0 }, err);
}

/* Who decided, as far as the answer says. */
static bulla_status record(bulla_result *result, const bu_opa_answer *answer, bulla_error *err)
{
    bu_asked *opa = result->opa;
    opa->denials = answer->count;
    if (answer->decision_id.len > 0) {
        opa->decision_id = bu_arena_text(result->arena, answer->decision_id);
        if (opa->decision_id == NULL)
            return bu_no_memory(err);
    }
    for (const char *const *text = answer->revisions; *text != NULL; text++)
        BU_TRY(bu_result_add_text(result, &opa->revisions, *text, err));
    return BU_OK;
}

/* {"input": …}; what is asked is kept as it was. */
static bulla_status question(bulla_result *result, bu_asked *opa, bu_buf *out, bulla_error *err)
{
    bu_render_input(result, NULL, &opa->input);
    result->opa = opa;
    bu_buf_add_text(out, "{\"input\": ");
    bu_buf_add(out, bu_buf_bytes(&opa->input));
    bu_buf_add_text(out, "}\n");
    return opa->input.broken || out->broken ? bu_no_memory(err) : BU_OK;
}

static bulla_status ask(const bulla_decider *decider, bulla_result *result, bu_buf *text,
                        bu_opa_answer *answer, bulla_error *err)
{
    bulla_buffer response = { 0 };
    bulla_status status = decider->ask(decider->context, bu_buf_bytes(text), &response, err);
    const bulla_bytes bytes = { response.ptr, response.len };
    if (bulla_ok(status) && bytes.len > BU_LIMIT_ANSWER_BYTES)
        status = bu_fail(err, BULLA_E_RESOURCE_LIMIT, "the answer has more than %u bytes",
                         BU_LIMIT_ANSWER_BYTES);
    if (bulla_ok(status))
        status = bu_digest_of(BULLA_ALG_SHA256, bytes, &result->opa->answer, err);
    if (bulla_ok(status))
        status = bu_opa_read(bytes, decider->url, result->arena, answer, err);
    bulla_buffer_free(&response);
    return status;
}

/* Named by where it was asked, not by the program that asked. */
static bulla_status refuse(bulla_result *result, bulla_status status, bulla_error *why,
                           bulla_error *err)
{
    why->file[0] = '\0';
    status = bu_within(why, status, "no permission by the policy that was asked");
    status = bu_in_file(why, bu_as(why, status, BULLA_EXIT_DENIED), result->opa->url);
    (void)bu_next(why, status, next);
    return bu_findings_add(&result->troubles, why, result->arena, err);
}

bulla_status bu_opa_decide(const bulla_decider *decider, bulla_result *result, bulla_error *err)
{
    BU_CLEAR(bu_buf) text = { 0 };
    bu_opa_answer answer = { 0 };
    bulla_error why = { 0 };
    bu_asked *opa = bu_arena_get(result->arena, sizeof *opa);
    if (opa == NULL)
        return bu_no_memory(err);
    opa->url = bu_arena_text(result->arena, bu_bytes_of(decider->url));
    if (opa->url == NULL)
        return bu_no_memory(err);
    BU_TRY(question(result, opa, &text, err));
    bulla_status status = ask(decider, result, &text, &answer, &why);
    if (status.code == BULLA_E_NO_MEMORY)
        return bu_no_memory(err);
    if (!bulla_ok(status))
        return refuse(result, status, &why, err);
    BU_TRY(record(result, &answer, err));
    return apply_all(result, &answer, err);
}
