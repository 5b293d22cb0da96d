/* SPDX-License-Identifier: MIT */
/*
 * Which proofs have to be gathered for one component: what policy asks of
 * evidence, so that no archive is walked for a rule that wants a digest.
 */
#ifndef BU_MODEL_NEEDS_H
#define BU_MODEL_NEEDS_H

#include "bulla/fact.h"

typedef struct bu_needs {
    bool proofs[BULLA_PROOF_COUNT];
} bu_needs;

#endif
