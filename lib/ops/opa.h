/* SPDX-License-Identifier: MIT */
/*
 * Asking another policy engine about a result: it can only add denials.
 */
#ifndef BU_OPS_OPA_H
#define BU_OPS_OPA_H

#include "bulla/verify.h"
#include "report/result.h"

/**
 * Ask about a result that was judged and totalled, and apply what is denied; it has to be totalled
 * again. When nothing that permits is answered, that is trouble of the run, of exit class DENIED.
 * Fails with no-memory.
 */
BULLA_MUST_USE bulla_status bu_opa_decide(const bulla_decider *decider, bulla_result *result,
                                          bulla_error *err);

#endif
