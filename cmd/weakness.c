/* SPDX-License-Identifier: MIT */
/*
 * Looking for weak places: which store, which policy, which forms.
 */
#include "weakness.h"

bulla_status bu_weakness_run(bu_cli *cli, const bu_weakness_args *common, bu_weakness_look *look,
                             const void *args, bulla_error *err)
{
    static const bu_output standard = { "text", NULL };
    const bu_words none = { 0 };
    const char *policy = NULL;
    const bu_outputs *outputs = &common->outputs;
    int64_t now = common->at.given ? common->at.value : bu_clock();
    BU_AUTO(bulla_trust) trust = NULL;
    BU_CLEAR(bu_project) project = { 0 };
    BU_TRY(bu_outputs_check(outputs, err));
    BU_TRY(bu_project_find(cli, ".", &none, &none, &project, err));
    BU_TRY(bu_default(cli, common->policy != NULL ? common->policy : project.policy, ".",
                      "bulla.policy.toml", &policy, err));
    BU_TRY(bu_trust_need(cli, common->trust, &common->at, &trust, err));
    const bulla_weighing weighing = { trust, policy, now };
    for (size_t i = 0; i < outputs->count || i == 0; i++) {
        const bu_output *output = outputs->count > 0 ? &outputs->items[i] : &standard;
        BU_CLEAR(bulla_buffer) page = { 0 };
        BU_TRY(look(&weighing, args, output->format, &page, &cli->exit, err));
        BU_TRY(bu_cli_write(output->file, bu_buffer_bytes(&page), err));
    }
    return BU_OK;
}
