/* SPDX-License-Identifier: MIT */
/*
 * SLSA Verification Summary v1 (specification 1.2) and Simple Verification Result v0.2. Unknown
 * fields are passed over, as their parsing rules ask; what is known is strict, and a summary that
 * says two things at once is refused.
 */
#include "attest/vsa.h"

#include "base/limits.h"
#include "base/time.h"
#include "base/utf8.h"
#include "digest/digest.h"
#include "syntax/json_writer.h"

#define SLSA_VERSION "1.2"
#define UNEVALUATED  (-1)

/* One summary on its way from JSON. */
typedef struct reading {
    bu_arena *arena;
    const char *file;
} reading;

/* Texts are shown, and compared with what a policy asks for: nothing in them may hide. */
static bulla_status keep(const reading *r, const char *what, bulla_bytes text, bulla_bytes *out,
                         bulla_error *err)
{
    size_t at;
    if (text.len == 0)
        return bu_fail(err, BULLA_E_MISSING_FIELD, "\"%s\" is empty", what);
    if (text.len > BU_LIMIT_NAME_BYTES)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "\"%s\" has more than %u bytes", what,
                       BU_LIMIT_NAME_BYTES);
    if (bu_utf8_hides(text, &at))
        return bu_fail(err, BULLA_E_CONTROL_CHARACTER,
                       "\"%s\" has a character that does not show, at byte %zu", what, at);
    *out = bu_arena_copy(r->arena, text);
    return out->ptr == NULL ? bu_no_memory(err) : BU_OK;
}

static bulla_status keep_field(const reading *r, const bu_json *object, const char *key,
                               bulla_bytes *out, bulla_error *err)
{
    bulla_bytes text;
    BU_TRY(bu_json_need_text(object, key, r->file, &text, err));
    return keep(r, key, text, out, err);
}

static bulla_status read_digest(void *context, bulla_bytes key, const bu_json *value,
                                bulla_error *err)
{
    bulla_digest_set *digests = context;
    bulla_bytes hex;
    bulla_digest digest;
    if (!bu_json_text(value, &hex))
        return bu_fail(err, BULLA_E_TYPE_MISMATCH, "a digest is a string");
    bulla_alg alg = bu_alg_of(key);
    if (alg == BULLA_ALG_NONE || !bu_bytes_is(key, bulla_alg_name(alg)))
        return BU_OK;
    BU_TRY(bu_within(err, bu_digest_from_hex(alg, hex, &digest, err), "%s", bulla_alg_name(alg)));
    return bu_digest_set_add(digests, &digest, err);
}

static bulla_status read_digests(const reading *r, const bu_json *object, bulla_digest_set *out,
                                 bulla_error *err)
{
    const bu_json *digest;
    BU_TRY(bu_json_need_object(object, "digest", r->file, &digest, err));
    return bu_json_each(digest, read_digest, out, err);
}

/* "The entry MUST contain a `uri` … and SHOULD contain a `digest`" */
static bulla_status read_policy(const reading *r, const bu_json *json, bu_summary *out,
                                bulla_error *err)
{
    const bu_json *policy;
    BU_TRY(bu_json_need_object(json, "policy", r->file, &policy, err));
    BU_TRY(bu_within(err, keep_field(r, policy, "uri", &out->policy, err), "policy"));
    if (bu_json_is_null(bu_json_get(policy, "digest")))
        return BU_OK;
    return bu_within(err, read_digests(r, policy, &out->policy_digests, err), "policy");
}

static bulla_status read_time(const reading *r, const bu_json *json, bu_summary *out,
                              bulla_error *err)
{
    bulla_bytes text;
    if (bu_json_is_null(bu_json_get(json, "timeVerified")))
        return BU_OK;
    BU_TRY(bu_json_need_text(json, "timeVerified", r->file, &text, err));
    out->has_time = true;
    return bu_within(err, bu_time_parse(text, &out->time, err), "timeVerified");
}

/* "SLSA_BUILD_LEVEL_3" → "BUILD" and 3; false for all that is no level of a track. */
static bool track_of(bulla_bytes level, bulla_bytes *track, int *number)
{
    static const char mark[] = "_LEVEL_";
    if (!bu_level_is_reserved(level))
        return false;
    bulla_bytes rest = bu_bytes_from(level, strlen("SLSA_"));
    const uint8_t *at = rest.len == 0 ? NULL : memmem(rest.ptr, rest.len, mark, strlen(mark));
    if (at == NULL || at == rest.ptr)
        return false;
    *track = bu_bytes_first(rest, (size_t)(at - rest.ptr));
    bulla_bytes tail = bu_bytes_from(rest, track->len + strlen(mark));
    *number =
        tail.len == 1 && tail.ptr[0] >= '0' && tail.ptr[0] <= '9' ? tail.ptr[0] - '0' : UNEVALUATED;
    return *number != UNEVALUATED || bu_bytes_is(tail, "UNEVALUATED");
}

bool bu_level_is_known(bulla_bytes level)
{
    bulla_bytes track;
    int number;
    return !bu_level_is_reserved(level) || track_of(level, &track, &number);
}

/* "Users MUST NOT include more than one level per SLSA track." */
static bulla_status check_track(const bulla_bytes *levels, size_t count, bulla_error *err)
{
    bulla_bytes track, other;
    int number;
    if (!track_of(levels[count], &track, &number))
        return BU_OK;
    for (size_t i = 0; i < count; i++)
        if (track_of(levels[i], &other, &number) && bu_bytes_equal(track, other))
            return bu_fail(err, BULLA_E_AMBIGUOUS_BUNDLE, "two levels of one track");
    return BU_OK;
}

static bulla_status read_levels(const reading *r, const bu_json *json, bu_summary *out,
                                bulla_error *err)
{
    const bu_json *list;
    bulla_bytes text;
    BU_TRY(bu_json_need_array(json, "verifiedLevels", r->file, &list, err));
    size_t count = bu_json_count(list);
    if (count > BU_LIMIT_LEVELS)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "more than %u levels", BU_LIMIT_LEVELS);
    bulla_bytes *levels = bu_arena_get_array(r->arena, count, sizeof *levels);
    if (levels == NULL)
        return bu_no_memory(err);
    for (size_t i = 0; i < count; i++) {
        if (!bu_json_text(bu_json_at(list, i), &text))
            return bu_fail(err, BULLA_E_TYPE_MISMATCH, "a level is a string");
        BU_TRY(keep(r, "verifiedLevels", text, &levels[i], err));
        BU_TRY(check_track(levels, i, err));
        if (out->passed && bu_bytes_is(levels[i], "FAILED"))
            return bu_fail(err, BULLA_E_AMBIGUOUS_BUNDLE, "PASSED, with a level that says FAILED");
    }
    out->levels = levels;
    out->level_count = count;
    return BU_OK;
}

static bulla_status read_outcome(const reading *r, const bu_json *json, bu_summary *out,
                                 bulla_error *err)
{
    bulla_bytes text;
    BU_TRY(bu_json_need_text(json, "verificationResult", r->file, &text, err));
    out->passed = bu_bytes_is(text, "PASSED");
    if (out->passed || bu_bytes_is(text, "FAILED"))
        return BU_OK;
    bulla_status status =
        bu_fail(err, BULLA_E_BAD_STATUS, "\"verificationResult\" is no known result");
    return bu_expected(err, status, BULLA_LIT("PASSED or FAILED"), text);
}

static bulla_status read_summary(const reading *r, const bu_json *json, bu_summary *out,
                                 bulla_error *err)
{
    const bu_json *verifier;
    BU_TRY(bu_json_need_object(json, "verifier", r->file, &verifier, err));
    BU_TRY(bu_within(err, keep_field(r, verifier, "id", &out->verifier, err), "verifier"));
    BU_TRY(keep_field(r, json, "resourceUri", &out->resource, err));
    BU_TRY(read_policy(r, json, out, err));
    BU_TRY(read_time(r, json, out, err));
    BU_TRY(read_outcome(r, json, out, err));
    return read_levels(r, json, out, err);
}

bulla_status bu_summary_read(const bu_statement *statement, const char *file, bu_arena *arena,
                             bu_summary *out, bulla_error *err)
{
    BU_AUTO(bu_json) predicate = NULL;
    const reading r = { arena, file };
    bu_summary summary = { 0 };
    if (!bu_is_summary(statement->predicate_type)) {
        bulla_status status = bu_fail(err, BULLA_E_BAD_TYPE, "no verification summary");
        (void)bu_expected(err, status, BULLA_LIT(BU_PREDICATE_VSA), statement->predicate_type);
        return bu_in_file(err, status, file);
    }
    if (statement->predicate.len == 0)
        return bu_in_file(
            err, bu_fail(err, BULLA_E_MISSING_FIELD, "a statement without \"predicate\""), file);
    BU_TRY(bu_json_parse(statement->predicate, file, &predicate, err));
    BU_TRY(bu_in_file(err, read_summary(&r, predicate, &summary, err), file));
    *out = summary;
    return BU_OK;
}

bool bu_summary_reaches(const bu_summary *summary, bulla_bytes level)
{
    bulla_bytes wanted_track, track;
    int wanted = UNEVALUATED, number;
    bool is_level = track_of(level, &wanted_track, &wanted) && wanted != UNEVALUATED;
    for (size_t i = 0; i < summary->level_count; i++) {
        if (bu_bytes_equal(summary->levels[i], level))
            return true;
        if (is_level && track_of(summary->levels[i], &track, &number) &&
            bu_bytes_equal(track, wanted_track) && number >= wanted)
            return true;
    }
    return false;
}

const char *bu_build_level_name(size_t level)
{
    static const char *const names[BU_BUILD_LEVELS] = { "SLSA_BUILD_LEVEL_UNEVALUATED",
                                                        "SLSA_BUILD_LEVEL_1", "SLSA_BUILD_LEVEL_2",
                                                        "SLSA_BUILD_LEVEL_3" };
    return names[level < BU_BUILD_LEVELS ? level : 0];
}

/* Writing */

static void put_text(bu_json_writer *w, const char *key, const char *text)
{
    bu_json_put_string(w, key, bu_bytes_of(text));
}

static void put_digests(bu_json_writer *w, const bulla_digest_set *digests)
{
    char hex[BULLA_DIGEST_HEX_MAX];
    if (digests->count == 0)
        return;
    bu_json_begin(w, "digest", '{');
    for (uint32_t i = 0; i < digests->count; i++)
        put_text(w, bulla_alg_name(digests->items[i].alg),
                 bulla_digest_hex(&digests->items[i], hex));
    bu_json_end(w, '}');
}

static void put_policy(bu_json_writer *w, const char *key, const bu_summary *summary)
{
    bu_json_begin(w, key, '{');
    bu_json_put_string(w, "uri", summary->policy);
    put_digests(w, &summary->policy_digests);
    bu_json_end(w, '}');
}

static void put_time(bu_json_writer *w, const char *key, const bu_summary *summary)
{
    char text[BU_TIME_TEXT];
    if (summary->has_time)
        put_text(w, key, bu_time_format(summary->time, text));
}

static void put_levels(bu_json_writer *w, const char *key, const bu_summary *summary)
{
    bu_json_begin(w, key, '[');
    for (size_t i = 0; i < summary->level_count; i++)
        bu_json_put_string(w, NULL, summary->levels[i]);
    bu_json_end(w, ']');
}

static void put_inputs(bu_json_writer *w, const bu_summary *summary)
{
    bu_json_begin(w, "inputAttestations", '[');
    for (size_t i = 0; i < summary->input_count; i++) {
        bu_json_begin(w, NULL, '{');
        put_digests(w, &summary->inputs[i]);
        bu_json_end(w, '}');
    }
    bu_json_end(w, ']');
}

/* "an unset or null dependencyLevels means that the verifier makes no claims" */
static void put_dependencies(bu_json_writer *w, const bu_summary *summary)
{
    if (!summary->counts_dependencies)
        return;
    bu_json_begin(w, "dependencyLevels", '{');
    for (size_t i = BU_BUILD_LEVELS; i-- > 0;)
        if (summary->dependencies[i] > 0)
            bu_json_put_integer(w, bu_build_level_name(i), (int64_t)summary->dependencies[i]);
    bu_json_end(w, '}');
}

static void put_verifier(bu_json_writer *w, const bu_summary *summary)
{
    bu_json_begin(w, "verifier", '{');
    bu_json_put_string(w, "id", summary->verifier);
    if (summary->version.len > 0) {
        bu_json_begin(w, "version", '{');
        bu_json_put_string(w, "bulla", summary->version);
        bu_json_end(w, '}');
    }
    bu_json_end(w, '}');
}

void bu_summary_write(const bu_summary *summary, bu_buf *out)
{
    bu_json_writer w = bu_json_writer_of(out, BU_JSON_ONE_LINE);
    bu_json_begin(&w, NULL, '{');
    put_verifier(&w, summary);
    put_time(&w, "timeVerified", summary);
    bu_json_put_string(&w, "resourceUri", summary->resource);
    put_policy(&w, "policy", summary);
    put_inputs(&w, summary);
    put_text(&w, "verificationResult", summary->passed ? "PASSED" : "FAILED");
    put_levels(&w, "verifiedLevels", summary);
    put_dependencies(&w, summary);
    put_text(&w, "slsaVersion", SLSA_VERSION);
    bu_json_end(&w, '}');
}

void bu_svr_write(const bu_summary *summary, bu_buf *out)
{
    bu_json_writer w = bu_json_writer_of(out, BU_JSON_ONE_LINE);
    bu_json_begin(&w, NULL, '{');
    bu_json_begin(&w, "verifier", '{');
    bu_json_put_string(&w, "id", summary->verifier);
    bu_json_begin(&w, "policies", '[');
    put_policy(&w, NULL, summary);
    bu_json_end(&w, ']');
    bu_json_end(&w, '}');
    put_time(&w, "timeCreated", summary);
    put_levels(&w, "properties", summary);
    bu_json_end(&w, '}');
}
