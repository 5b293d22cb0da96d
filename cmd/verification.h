/* SPDX-License-Identifier: MIT */
/*
 * What the commands share that verify: options, defaults and the nearest files make one request.
 */
#ifndef BU_CMD_VERIFICATION_H
#define BU_CMD_VERIFICATION_H

#include "verify_args.h"

/** A request, and what it borrows from. */
typedef struct bu_verification {
    bulla_verify_options request;
    const char *start; /* where the search for defaults begins */
    bulla_trust *trust;
    bu_project project;
} bu_verification;

/**
 * What is looked at, by when and by whose word: without a policy, a record or waivers. `out` must
 * stay where it is. Fails with usage, and as projects and trust stores do.
 */
BULLA_MUST_USE bulla_status bu_verification_look(bu_cli *cli, const bu_verify_args *args,
                                                 bu_verification *out, bulla_error *err);
/** The same, with the policy. */
BULLA_MUST_USE bulla_status bu_verification_judge(bu_cli *cli, const bu_verify_args *args,
                                                  bu_verification *out, bulla_error *err);
/** The same, with record and waivers, too. */
BULLA_MUST_USE bulla_status bu_verification_begin(bu_cli *cli, const bu_verify_args *args,
                                                  bu_verification *out, bulla_error *err);
void bu_verification_clear(bu_verification *verification);
BU_DEFINE_CLEAR(bu_verification)

#endif
