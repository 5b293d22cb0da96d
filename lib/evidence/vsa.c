/* SPDX-License-Identifier: MIT */
/*
 * Signature and subject were verified before (steps 1 and 2 of "How to verify"); the other five
 * are here, in their order.
 */
#include "evidence/vsa.h"

#include "base/glob.h"
#include "base/limits.h"

/* What does not count says nothing: neither for the component nor against it. */
static bulla_status says_nothing(bulla_error *err, bulla_status status)
{
    return bu_as(err, status, BULLA_EXIT_UNPROVEN);
}

static bool any_matches(const char *const *globs, bulla_bytes name)
{
    for (; *globs != NULL; globs++)
        if (bu_glob_match(bu_bytes_of(*globs), name))
            return true;
    return false;
}

/*
 * Step 4: "Verify that the verifier matches the public key (or equivalent)". An entry is a pair of
 * the two; several may speak of one pair, for other resources.
 */
static bool is_pair(const bu_verifier *verifier, const bu_summary *summary, const char *role)
{
    return role != NULL && strcmp(verifier->role, role) == 0 &&
           bu_bytes_is(summary->verifier, verifier->id);
}

/* Without qualifiers and subpath: what they say is no other package. */
static bulla_bytes package_of(bulla_bytes purl)
{
    size_t end = bu_bytes_find(purl, '?'), fragment = bu_bytes_find(purl, '#');
    return bu_bytes_first(purl, end < fragment ? end : fragment);
}

/*
 * Step 5: "Verify that the value for resourceUri in the VSA matches the expected value". A package
 * of a lockfile is known by its name: a summary that names a package must name this one.
 */
static bool is_resource(const bu_verifier *verifier, const bu_summary *summary,
                        const bulla_component *component)
{
    if (!any_matches(verifier->resources, summary->resource))
        return false;
    bool by_hand = component->origin == BULLA_ORIGIN_ARTIFACT;
    return by_hand || !bu_bytes_starts(summary->resource, "pkg:") ||
           bu_bytes_equal(package_of(summary->resource), package_of(bu_bytes_of(component->purl)));
}

static bulla_status need_verifier(const bu_summary *summary, const bu_summary_use *use,
                                  bulla_error *err)
{
    const bu_verifier *known = NULL;
    for (size_t i = 0; i < use->verifiers->count; i++) {
        const bu_verifier *verifier = &use->verifiers->items[i];
        if (!is_pair(verifier, summary, use->role))
            continue;
        known = verifier;
        if (is_resource(verifier, summary, use->component))
            return BU_OK;
    }
    bulla_status status =
        known != NULL
            ? bu_fail(err, BULLA_E_SUBJECT_MISMATCH, "is a summary about another resource")
            : bu_fail(err, BULLA_E_IDENTITY_MISMATCH,
                      "the policy believes no such verifier with this signer");
    status = bu_expected(err, status, bu_bytes_of(known == NULL ? NULL : known->resources[0]),
                         known != NULL ? summary->resource : summary->verifier);
    return says_nothing(err, status);
}

/* Step 7: "Verify that verifiedLevels contains the expected value." */
static bulla_status check_levels(const bu_summary *summary, const bu_verifier *verifier,
                                 bulla_error *err)
{
    for (const char *const *level = verifier->levels; *level != NULL; level++) {
        if (bu_summary_reaches(summary, bu_bytes_of(*level)))
            continue;
        bulla_status status =
            bu_fail(err, BULLA_E_THRESHOLD, "the summary does not reach a level that is needed");
        bulla_bytes first =
            summary->level_count > 0 ? summary->levels[0] : BULLA_LIT("no level at all");
        return says_nothing(err, bu_expected(err, status, bu_bytes_of(*level), first));
    }
    return BU_OK;
}

static bulla_status check_time(const bu_summary *summary, const bu_verifier *verifier, int64_t now,
                               bulla_error *err)
{
    if (summary->has_time && summary->time > now + BU_CLOCK_SKEW_SECONDS)
        return says_nothing(err, bu_fail(err, BULLA_E_BAD_TIME, "was verified in the future"));
    if (verifier->max_age == INT64_MAX ||
        (summary->has_time && now - summary->time <= verifier->max_age))
        return BU_OK;
    return says_nothing(err, bu_fail(err, BULLA_E_EXPIRED, "%s",
                                     summary->has_time
                                         ? "what was verified is older than the policy allows"
                                         : "does not say when it was verified"));
}

/* Every entry that is about it must be met, in whatever order they stand. */
static bulla_status check_terms(const bu_summary *summary, const bu_summary_use *use,
                                bulla_error *err)
{
    for (size_t i = 0; i < use->verifiers->count; i++) {
        const bu_verifier *verifier = &use->verifiers->items[i];
        if (!is_pair(verifier, summary, use->role) ||
            !is_resource(verifier, summary, use->component))
            continue;
        BU_TRY(check_levels(summary, verifier, err));
        BU_TRY(check_time(summary, verifier, use->now, err));
    }
    return BU_OK;
}

/* Step 6: "Verify that the value for verificationResult is PASSED." */
static bulla_status judge(const bu_summary *summary, const bu_summary_use *use, bulla_error *err)
{
    bulla_error why = { 0 };
    bulla_status status = need_verifier(summary, use, &why);
    if (!summary->passed) {
        bulla_status failed = bu_fail(err, BULLA_E_BAD_STATUS, "says that verification failed");
        (void)bu_expected(err, failed, BULLA_LIT("PASSED"), BULLA_LIT("FAILED"));
        return bulla_ok(status) ? failed : says_nothing(err, failed);
    }
    if (!bulla_ok(status)) {
        *err = why;
        return status;
    }
    return check_terms(summary, use, err);
}

static bulla_status describe(const bu_summary *summary, bu_arena *arena, const bulla_summary **out,
                             bulla_error *err)
{
    bulla_summary *made = bu_arena_get(arena, sizeof *made);
    const char **levels = bu_arena_get_array(arena, summary->level_count + 1, sizeof *levels);
    if (made == NULL || levels == NULL)
        return bu_no_memory(err);
    for (size_t i = 0; i < summary->level_count; i++) {
        levels[i] = bu_arena_text(arena, summary->levels[i]);
        if (levels[i] == NULL)
            return bu_no_memory(err);
    }
    *made = (bulla_summary){ .verifier = bu_arena_text(arena, summary->verifier),
                             .resource = bu_arena_text(arena, summary->resource),
                             .levels = levels,
                             .has_time = summary->has_time,
                             .time = summary->time };
    if (made->verifier == NULL || made->resource == NULL)
        return bu_no_memory(err);
    *out = made;
    return BU_OK;
}

bulla_status bu_summary_judge(const bu_statement *statement, const bu_summary_use *use,
                              bu_arena *arena, bool *failed, const bulla_summary **out,
                              bulla_error *err)
{
    bu_summary summary;
    BU_TRY(bu_summary_read(statement, use->file, arena, &summary, err)); /* step 3 */
    *failed = !summary.passed;
    BU_TRY(describe(&summary, arena, out, err));
    return bu_in_file(err, judge(&summary, use, err), use->file);
}
