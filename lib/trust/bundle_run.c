/* SPDX-License-Identifier: MIT */
/*
 * The evidence of a bundle: log entries and time stamps. All of it must hold, be it more than was
 * needed: a time is an upper bound only as long as none contradicts it.
 */
#include "trust/bundle_run.h"

#include "base/time.h"

static bulla_status add_time(bu_bundle_run *r, int64_t time)
{
    char text[BU_TIME_TEXT];
    if (time > r->check->now && time - r->check->now > BU_CLOCK_SKEW_SECONDS)
        return bu_expected(r->err, bu_fail(r->err, BULLA_E_BAD_TIME, "signed in the future"),
                           (bulla_bytes){ 0 }, bu_bytes_of(bu_time_format(time, text)));
    r->times[r->time_count++] = time;
    return BU_OK;
}

/* Subject first: a log may only be heard on what is being verified. */
static bulla_status check_entry(bu_bundle_run *r, size_t i)
{
    const bu_log_entry *entry = &r->bundle->entries[i];
    int64_t time;
    BU_TRY(bu_rekor_is_about(entry, &r->about, r->check->arena, r->err));
    BU_TRY(bu_rekor_check(entry, r->root, r->check->arena, &r->logs[i], &time, r->err));
    return time == INT64_MIN ? BU_OK : add_time(r, time);
}

static bulla_status check_entries(bu_bundle_run *r)
{
    for (size_t i = 0; i < r->bundle->entry_count; i++)
        BU_TRY(bu_within(r->err, check_entry(r, i), "log entry %zu", i + 1));
    return BU_OK;
}

static bulla_status check_timestamp(bu_bundle_run *r, bulla_bytes stamp)
{
    int64_t time;
    BU_TRY(bu_timestamp_check(stamp, r->bundle->signature, r->root->tsas, r->root->tsa_count, &time,
                              r->err));
    return add_time(r, time);
}

static bulla_status check_timestamps(bu_bundle_run *r)
{
    for (size_t i = 0; i < r->bundle->timestamp_count; i++)
        BU_TRY(bu_within(r->err, check_timestamp(r, r->bundle->timestamps[i]), "time stamp %zu",
                         i + 1));
    return BU_OK;
}

/* Version 2 of the log states no time of its own: one that closed before the signature was made
 * cannot hold it. */
static bulla_status check_logs_open(const bu_bundle_run *r)
{
    for (size_t i = 0; i < r->bundle->entry_count; i++)
        for (size_t t = 0; t < r->time_count; t++)
            if (r->times[t] > r->logs[i]->until)
                return bu_fail(r->err, BULLA_E_BAD_TIME, "the log %s was closed by then",
                               r->logs[i]->origin);
    return BU_OK;
}

bulla_status bu_bundle_check_evidence(bu_bundle_run *r)
{
    r->time_count = 0;
    BU_TRY(check_entries(r));
    BU_TRY(check_timestamps(r));
    return check_logs_open(r);
}

bool bu_bundle_in_time(const bu_bundle_run *r, const bu_anchor *anchor)
{
    for (size_t i = 0; i < r->time_count; i++)
        if (r->times[i] < anchor->from || r->times[i] > anchor->until)
            return false;
    return r->time_count > 0 || (r->check->now >= anchor->from && r->check->now <= anchor->until);
}

/* Another instance may know better than one that does not know the log or the authority. */
static bool is_stranger(bulla_status status)
{
    return status.code == BULLA_E_UNTRUSTED_KEY || status.code == BULLA_E_UNTRUSTED_CHAIN;
}

bulla_status bu_bundle_try_roots(bu_bundle_run *r, bulla_status (*verify)(bu_bundle_run *run))
{
    bulla_error why = { 0 };
    bulla_error *err = r->err;
    bulla_status worst = bu_fail(&why, BULLA_E_UNTRUSTED_CHAIN, "no Sigstore instance is trusted");
    (void)bu_next(&why, worst, "give its trusted_root.json, or pin it in the trust store");
    for (r->root = r->check->anchors->sigstore; r->root != NULL; r->root = r->root->next) {
        bulla_error now = { 0 };
        r->err = &now;
        bulla_status status = verify(r);
        r->err = err;
        if (bulla_ok(status))
            return status;
        if (is_stranger(worst)) {
            worst = status;
            why = now;
        }
    }
    if (err != NULL)
        *err = why;
    return worst;
}
