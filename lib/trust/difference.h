/* SPDX-License-Identifier: MIT */
/*
 * How one state of a store differs from another, in lines for people who are
 * asked to sign the change.
 */
#ifndef BU_TRUST_DIFFERENCE_H
#define BU_TRUST_DIFFERENCE_H

#include "trust/owners.h"

/** A state of a store; both NULL: there is none yet. */
typedef struct bu_state {
    const bulla_trust *trust;
    const bu_root *root;
} bu_state;

/**
 * Append a line for each thing that is added, removed or changed. What lets something count that
 * did not count before (a lower threshold, an exclusion that goes, a longer validity, a wider
 * right, a key without proof, two who counted as one) says WEAKENS.
 */
void bu_difference_write(bu_state old, bu_state next, bu_buf *out);

#endif
