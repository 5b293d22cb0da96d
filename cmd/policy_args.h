/* SPDX-License-Identifier: MIT */
/*
 * What the commands about policies have in common: which policy, which store.
 */
#ifndef BU_CMD_POLICY_ARGS_H
#define BU_CMD_POLICY_ARGS_H

#include "command.h"

typedef struct bu_policy_args {
    bu_words files; /* the policy first */
    const char *trust, *gate;
    bool no_trust, built_in;
    bu_moment at;
} bu_policy_args;

/**
 * The request that the arguments stand for: the policy that is named, which the store need not pin,
 * else the project's, else the nearest. `*trust` holds the store. Fails as stores and folders are
 * refused.
 */
BULLA_MUST_USE bulla_status bu_policy_request(bu_cli *cli, const bu_policy_args *args,
                                              bulla_trust **trust, bulla_policy_options *out,
                                              bulla_error *err);

#endif
