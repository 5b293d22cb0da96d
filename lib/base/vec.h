/* SPDX-License-Identifier: MIT */
/*
 * A typed growing array without macros that hide control flow: the caller
 * names pointer, count and capacity, bu_vec_grow() makes room for one more.
 */
#ifndef BU_BASE_VEC_H
#define BU_BASE_VEC_H

#include "base/error.h"

/**
 * Make room for one more element of `size` bytes behind `count` of them.
 * @param items  address of the array pointer (malloc'ed or NULL).
 * Fails with no-memory; the array is then unchanged.
 */
BULLA_MUST_USE bulla_status bu_vec_grow(void *items, size_t count, size_t *cap, size_t size,
                                        bulla_error *err);

#endif
