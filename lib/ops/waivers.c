/* SPDX-License-Identifier: MIT */
/*
 * Waivers in a run. Without a trust store nobody can have agreed to one, and the result says so.
 */
#include "ops/waivers.h"

bulla_status bu_run_load_waivers(const bulla_verify_options *options, const bu_waiver_terms *terms,
                                 const char *environment, bulla_result *result, bulla_error *err)
{
    if (options->waivers == NULL || options->waivers[0] == NULL)
        return BU_OK;
    if (options->trust == NULL)
        return bu_result_add_text(result, &result->warnings,
                                  "waivers are not looked at: no trust store says who may waive",
                                  err);
    return bu_waivers_load(options->waivers, options->trust, terms, environment, options->now,
                           &result->waivers, err);
}

bulla_status bu_run_waive(const bu_waiver_terms *terms, bulla_result *result, bulla_error *err)
{
    bu_waivers *waivers = &result->waivers;
    for (size_t i = 0; i < result->count; i++)
        BU_TRY(bu_policy_waive(terms, waivers, &result->judgements[i], result->arena, err));
    bu_waivers_settle(waivers);
    for (size_t i = 0; i < waivers->count; i++) {
        bulla_error error;
        if (waivers->items[i].shown.state != BULLA_WAIVER_REFUSED)
            continue;
        (void)bu_finding_raise(&waivers->items[i].shown.finding, &error);
        BU_TRY(bu_findings_add(&result->troubles, &error, result->arena, err));
    }
    return BU_OK;
}
