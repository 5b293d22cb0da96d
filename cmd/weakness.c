/* SPDX-License-Identifier: MIT */
/*
 * Looking for weak places: which store, which policy, which forms.
 */
#include "weakness.h"

typedef struct looking {
    bulla_weighing weighing;
    bu_weakness_look *look;
    const void *args;
    bulla_exit *verdict;
} looking;

static bulla_status look(const void *subject, const char *format, bulla_buffer *out,
                         bulla_error *err)
{
    const looking *l = subject;
    return l->look(&l->weighing, l->args, format, out, l->verdict, err);
}

bulla_status bu_weakness_run(bu_cli *cli, const bu_weakness_args *common, bu_weakness_look *how,
                             const void *args, bulla_error *err)
{
    const bu_words none = { 0 };
    const char *policy;
    BU_AUTO(bulla_trust) trust = NULL;
    BU_CLEAR(bu_project) project = { 0 };
    BU_TRY(bu_project_find(cli, ".", &none, &none, &project, err));
    BU_TRY(bu_policy_find(cli, common->policy, &project, ".", &policy, err));
    BU_TRY(bu_trust_need(cli, common->trust, &common->at, &trust, err));
    const looking l = { .weighing = { trust, policy, common->policy != NULL,
                                      bu_now(cli, &common->at) },
                        .look = how,
                        .args = args,
                        .verdict = &cli->exit };
    return bu_pages_write(&common->outputs, look, &l, err);
}
