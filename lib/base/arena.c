/* SPDX-License-Identifier: MIT */
/*
 * The arena: a chain of blocks that grow with use, so that small graphs stay
 * small and large ones need few blocks.
 */
#include "base/arena.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#define FIRST_BLOCK (4u << 10)
#define MAX_BLOCK   (1u << 20)

typedef struct block {
    struct block *next;
    size_t used, cap;
    max_align_t data[];
} block;

struct bu_arena {
    block *blocks; /* newest first; all but the newest are full */
    size_t next_cap;
};

bu_arena *bu_arena_new(void)
{
    bu_arena *arena = calloc(1, sizeof *arena);
    if (arena != NULL)
        arena->next_cap = FIRST_BLOCK;
    return arena;
}

void bu_arena_free(bu_arena *arena)
{
    if (arena == NULL)
        return;
    for (block *b = arena->blocks; b != NULL;) {
        block *next = b->next;
        free(b);
        b = next;
    }
    free(arena);
}

static block *add_block(bu_arena *arena, size_t cap)
{
    size_t size;
    if (__builtin_add_overflow(sizeof(block), cap, &size))
        return NULL;
    block *b = calloc(1, size);
    if (b == NULL)
        return NULL;
    b->cap = cap;
    b->next = arena->blocks;
    arena->blocks = b;
    return b;
}

/* A large piece gets a block of its own behind the newest, whose room stays in use. */
static void *get_large(bu_arena *arena, size_t size)
{
    block *newest = arena->blocks;
    block *b = add_block(arena, size);
    if (b == NULL)
        return NULL;
    if (newest != NULL) {
        arena->blocks = newest;
        b->next = newest->next;
        newest->next = b;
    }
    b->used = size;
    return b->data;
}

/* `size` zeroed bytes at a multiple of `align`, which is a power of two. */
static void *get_aligned(bu_arena *arena, size_t size, size_t align)
{
    block *b = arena->blocks;
    size_t start = b == NULL ? 0 : (b->used + align - 1) & ~(align - 1);
    if (b == NULL || start > b->cap || b->cap - start < size) {
        if (size > arena->next_cap / 4)
            return get_large(arena, size);
        b = add_block(arena, arena->next_cap);
        if (b == NULL)
            return NULL;
        if (arena->next_cap < MAX_BLOCK)
            arena->next_cap *= 2;
        start = 0;
    }
    b->used = start + size;
    return (uint8_t *)b->data + start;
}

void *bu_arena_get(bu_arena *arena, size_t size)
{
    return get_aligned(arena, size, _Alignof(max_align_t));
}

void *bu_arena_get_array(bu_arena *arena, size_t count, size_t size)
{
    size_t bytes;
    return __builtin_mul_overflow(count, size, &bytes) ? NULL : bu_arena_get(arena, bytes);
}

char *bu_arena_text(bu_arena *arena, bulla_bytes bytes)
{
    size_t size;
    if (__builtin_add_overflow(bytes.len, 1, &size))
        return NULL;
    char *text = get_aligned(arena, size, 1);
    if (text != NULL && bytes.len > 0)
        memcpy(text, bytes.ptr, bytes.len);
    return text;
}

char *bu_arena_format(bu_arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *text = len < 0 ? NULL : get_aligned(arena, (size_t)len + 1, 1);
    if (text == NULL)
        return NULL;
    va_start(args, format);
    (void)vsnprintf(text, (size_t)len + 1, format, args);
    va_end(args);
    return text;
}

bulla_bytes bu_arena_copy(bu_arena *arena, bulla_bytes bytes)
{
    return (bulla_bytes){ (const uint8_t *)bu_arena_text(arena, bytes), bytes.len };
}

void bu_arena_reset(bu_arena *arena)
{
    block *newest = arena->blocks;
    if (newest == NULL)
        return;
    for (block *b = newest->next; b != NULL;) {
        block *next = b->next;
        free(b);
        b = next;
    }
    newest->next = NULL;
    memset(newest->data, 0, newest->used);
    newest->used = 0;
}

void bu_arena_adopt(bu_arena *arena, bu_arena *from)
{
    block **newest = &arena->blocks;
    if (*newest != NULL)
        newest = &(*newest)->next; /* the newest of `arena` still has room */
    while (*newest != NULL)
        newest = &(*newest)->next;
    *newest = from->blocks;
    free(from);
}
