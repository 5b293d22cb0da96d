/* SPDX-License-Identifier: MIT */
/*
 * bulla_trust_lint() and bulla_trust_simulate(): a store and a policy → what
 * was found → a page.
 */
#include "bulla/weakness.h"

#include "base/limits.h"
#include "io/file.h"
#include "report/weakness.h"

#define POLICY "bulla.policy.toml" /* as the store pins it */

static bulla_status load_policy(const bulla_weighing *weighing, bu_policy **out, bulla_error *err)
{
    BU_CLEAR(bu_buf) text = { 0 };
    const bu_pin *pinned = bu_pins_find(&weighing->trust->pins, BULLA_LIT(POLICY));
    if (weighing->policy == NULL && pinned != NULL)
        return bu_policy_parse(pinned->bytes, POLICY, out, err);
    if (weighing->policy == NULL)
        return bu_policy_builtin(out, err);
    BU_TRY(bu_as(err, bu_file_slurp(NULL, weighing->policy, BU_LIMIT_METADATA_BYTES, &text, err),
                 BULLA_EXIT_CONFIG));
    return bu_policy_parse(bu_buf_bytes(&text), weighing->policy, out, err);
}

bulla_status bulla_trust_lint(const bulla_weighing *weighing, const char *format, bulla_buffer *out,
                              bulla_exit *verdict, bulla_error *err)
{
    BU_AUTO(bu_policy) policy = NULL;
    BU_AUTO(bu_arena) arena = bu_arena_new();
    BU_CLEAR(bu_buf) page = { 0 };
    bu_lint_report report;
    if (arena == NULL)
        return bu_no_memory(err);
    BU_TRY(load_policy(weighing, &policy, err));
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
    BU_TRY(load_policy(weighing, &policy, err));
    const bu_scene scene = { weighing->trust, policy, weighing->now };
    BU_TRY(bu_simulate(&scene, taken, arena, &simulation, err));
    BU_TRY(bu_simulation_write(&scene, &simulation, format, &page, err));
    *verdict = bu_simulation_exit(&simulation);
    return bu_buf_take(&page, out, err);
}
