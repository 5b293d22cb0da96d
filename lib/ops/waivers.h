/* SPDX-License-Identifier: MIT */
/*
 * Waivers in a run of bulla_verify(): read once the policy is known, held against each judgement,
 * and settled at the end.
 */
#ifndef BU_OPS_WAIVERS_H
#define BU_OPS_WAIVERS_H

#include "policy/waive.h"
#include "report/result.h"

/** Read the waivers that the options name into the result. Fails as bu_waivers_load(). */
BULLA_MUST_USE bulla_status bu_run_load_waivers(const bulla_verify_options *options,
                                                const bu_waiver_terms *terms,
                                                const char *environment, bulla_result *result,
                                                bulla_error *err);

/**
 * Hold every judgement against them; what was refused is trouble of the run. Fails with no-memory.
 */
BULLA_MUST_USE bulla_status bu_run_waive(const bu_waiver_terms *terms, bulla_result *result,
                                         bulla_error *err);

#endif
