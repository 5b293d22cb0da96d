/* SPDX-License-Identifier: MIT */
/*
 * Memory that lives and dies together. Parsed graphs and trees put all they
 * have into one arena.
 */
#ifndef BU_BASE_ARENA_H
#define BU_BASE_ARENA_H

#include "base/bytes.h"
#include "base/cleanup.h"

typedef struct bu_arena bu_arena;

/** A new arena, or NULL. */
bu_arena *bu_arena_new(void);
void bu_arena_free(bu_arena *arena);
BU_DEFINE_AUTO(bu_arena)

/** `size` zeroed bytes, aligned for any type, or NULL. A size of 0 gives a valid pointer. */
void *bu_arena_get(bu_arena *arena, size_t size);

/** `count` zeroed elements, or NULL also when the product overflows. */
void *bu_arena_get_array(bu_arena *arena, size_t count, size_t size);

/** A NUL-terminated copy, or NULL. */
char *bu_arena_text(bu_arena *arena, bulla_bytes bytes);

/** A formatted, NUL-terminated string, or NULL. */
BULLA_PRINTF(2, 3) char *bu_arena_format(bu_arena *arena, const char *format, ...);

/** A copy of the bytes; a NULL pointer with len > 0 means no memory. */
bulla_bytes bu_arena_copy(bu_arena *arena, bulla_bytes bytes);

/** Forget all that was handed out; the newest block stays, for what comes next. */
void bu_arena_reset(bu_arena *arena);

/** Take over all that `from` handed out, so that it lives as long as `arena`; `from` is freed. */
void bu_arena_adopt(bu_arena *arena, bu_arena *from);

#endif
