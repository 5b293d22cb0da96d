/* SPDX-License-Identifier: MIT */
/*
 * Allocation failures, injected: the linker sends malloc, calloc, realloc and
 * strdup of bulla's own code through here (--wrap), and one of them finds no
 * memory. Libraries that are loaded, not linked, keep their own.
 *
 *   for (size_t n = 0;; n++) {
 *       alloc_fail_at(n);
 *       bulla_status status = parse(…);
 *       bool was_hit = alloc_fail_off();
 *       if (!was_hit) { unit_ok(status, err); break; }
 *       unit_fails(status, BULLA_E_NO_MEMORY, err);
 *   }
 */
#ifndef UNIT_ALLOC_FAIL_H
#define UNIT_ALLOC_FAIL_H

#include <stdbool.h>
#include <stddef.h>

/** From now on the n-th allocation (counted from 0) of this process fails, once. */
void alloc_fail_at(size_t n);

/** Stop; true when the failure was injected. */
bool alloc_fail_off(void);

#endif
