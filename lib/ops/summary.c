/* SPDX-License-Identifier: MIT */
/*
 * A result that others can trust: what bulla verified, signed by whoever vouches for the verifier.
 */
#include "attest/predicate.h"
#include "base/limits.h"
#include "bulla/bulla.h"
#include "io/file.h"
#include "ops/seal.h"
#include "ops/subjects.h"
#include "report/record.h"

/* Take over a URI that was given by hand, where one was. */
static bulla_status take_uri(const char *what, const char *text, bulla_bytes *out, bulla_error *err)
{
    bulla_bytes uri = bu_bytes_of(text);
    if (text == NULL)
        return BU_OK;
    *out = uri;
    if (bu_bytes_equal(bu_predicate_type_of(uri), uri) && uri.len > 0)
        return BU_OK;
    return bu_expected(err, bu_fail(err, BULLA_E_USAGE, "the %s is named by a URI", what),
                       BULLA_LIT("https://verifier.example/v1"), uri);
}

static bulla_status complete(const bulla_summary_request *request, bool is_vsa, bu_summary *summary,
                             bulla_error *err)
{
    if (request->verifier == NULL)
        return bu_fail(err, BULLA_E_USAGE, "who verified is to be named: --verifier URI");
    summary->version = bu_bytes_of(bulla_version());
    BU_TRY(take_uri("verifier", request->verifier, &summary->verifier, err));
    BU_TRY(take_uri("resource", request->resource, &summary->resource, err));
    BU_TRY(take_uri("policy", request->policy, &summary->policy, err));
    if (is_vsa && summary->resource.len == 0)
        return bu_fail(err, BULLA_E_USAGE,
                       "of several files, what they are is to be named: --resource URI");
    if (is_vsa || summary->passed)
        return BU_OK;
    return bu_fail(err, BULLA_E_BAD_STATUS,
                   "the result does not allow: a simple result can only say what passed");
}

bulla_status bulla_attest_result(const bulla_secret_key *key, const bulla_sign_options *options,
                                 const bulla_summary_request *request, const char *const *files,
                                 bulla_buffer *out, bulla_error *err)
{
    BU_CLEAR(bu_subjects) self = { 0 };
    BU_CLEAR(bu_buf) text = { 0 };
    BU_CLEAR(bu_buf) predicate = { 0 };
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bu_summary summary;
    bool is_vsa = strcmp(request->type, "vsa") == 0;
    if (arena == NULL)
        return bu_no_memory(err);
    if (!is_vsa && strcmp(request->type, "svr") != 0)
        return bu_expected(err, bu_fail(err, BULLA_E_USAGE, "a result is summed up as one of two"),
                           BULLA_LIT("vsa or svr"), bu_bytes_of(request->type));
    BU_TRY(bu_seal_options_check(options, err));
    BU_TRY(bu_subjects_start(&self, err));
    BU_TRY(bu_subjects_add_files(&self, files, err));
    BU_TRY(bu_file_slurp(NULL, request->result, BU_LIMIT_DOCUMENT_BYTES, &text, err));
    BU_TRY(bu_record_summarize(bu_buf_bytes(&text), request->result, self.items, self.count, arena,
                               &summary, err));
    BU_TRY(complete(request, is_vsa, &summary, err));
    (is_vsa ? bu_summary_write : bu_svr_write)(&summary, &predicate);
    if (predicate.broken)
        return bu_no_memory(err);
    return bu_subjects_seal(&self, key, options,
                            bu_bytes_of(is_vsa ? BU_PREDICATE_VSA : BU_PREDICATE_SVR),
                            bu_buf_bytes(&predicate), out, err);
}
