/* SPDX-License-Identifier: MIT */
/*
 * bulla verify: is everything what was pinned, and vouched for?
 */
#include "verification.h"

static bulla_status run(bu_cli *cli, const void *values, bulla_error *err)
{
    const bu_verify_args *a = values;
    BU_CLEAR(bu_verification) verification = { 0 };
    bu_opa opa;
    const bulla_vouchers vouchers = { a->keys.items, a->identity, a->issuer, a->trusted_root };
    const int64_t now = bu_now(cli, &a->at);
    if (bu_outputs_find(&a->outputs, "payload") != NULL)
        return bu_payload_write(&a->paths, &vouchers, a->tiles, now, &a->outputs, err);
    BU_TRY(bu_verification_begin(cli, a, &verification, err));
    BU_TRY(bu_opa_begin(cli, &a->opa, &opa, err));
    verification.request.decider = opa.decider.url == NULL ? NULL : &opa.decider;
    const bulla_render_options look = { .verbose = a->verbose, .color = !a->no_color };
    return bu_verify_write(cli, &verification.request, &a->outputs, a->emit_input, a->quiet, &look,
                           err);
}

const bu_command bu_cmd_verify = {
    .name = "verify",
    .summary = "check dependencies, Debian packages, signed artifacts",
    .about = "Check that everything that goes into a product is exactly what was pinned, and who "
             "vouched for it: the dependencies of a checkout, Debian packages, or artifacts with "
             "the sidecars beside them. Never uses the network, but to ask --opa.",
    .operands = "[PATH]...",
    .most = SIZE_MAX,
    .options = bu_verify_options,
    .args_size = sizeof(bu_verify_args),
    .run = run,
};
