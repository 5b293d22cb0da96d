/* SPDX-License-Identifier: MIT */
/*
 * bulla_trust_lint() and bulla_trust_simulate(): a store and a policy → what
 * was found → a page.
 */
#include "bulla/weakness.h"

#include "ops/policy_load.h"
#include "report/weakness.h"

bulla_status bulla_trust_lint(const bulla_weighing *weighing, const char *format, bulla_buffer *out,
                              bulla_exit *verdict, bulla_error *err)
{
    BU_AUTO(bu_policy) policy = NULL;
    BU_AUTO(bu_arena) arena = bu_arena_new();
    BU_CLEAR(bu_buf) page = { 0 };
    bu_lint_report report;
    if (arena == NULL)
        return bu_no_memory(err);
    BU_TRY(bu_policy_look(weighing->policy, weighing->is_draft, weighing->trust, &policy, err));
    const bu_scene scene = { weighing->trust, policy, weighing->now };
    BU_TRY(bu_lint_trust(&scene, arena, &report, err));
    BU_TRY(bu_lint_write(&scene, &report, format, &page, err));
    *verdict = bu_lint_exit(&report);
    return bu_buf_take(&page, out, err);
}

bulla_status bulla_trust_simulate(const bulla_weighing *weighing, const char *const *taken,
                                  const char *format, bulla_buffer *out, bulla_exit *verdict,
                                  bulla_error *err)
{
    BU_AUTO(bu_policy) policy = NULL;
    BU_AUTO(bu_arena) arena = bu_arena_new();
    BU_CLEAR(bu_buf) page = { 0 };
    bu_simulation simulation;
    if (arena == NULL)
        return bu_no_memory(err);
    BU_TRY(bu_policy_look(weighing->policy, weighing->is_draft, weighing->trust, &policy, err));
    const bu_scene scene = { weighing->trust, policy, weighing->now };
    BU_TRY(bu_simulate(&scene, taken, arena, &simulation, err));
    BU_TRY(bu_simulation_write(&scene, &simulation, format, &page, err));
    *verdict = bu_simulation_exit(&simulation);
    return bu_buf_take(&page, out, err);
}
