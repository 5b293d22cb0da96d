/* SPDX-License-Identifier: MIT */
/*
 * The wrapped allocators.
 */
#include "alloc_fail.h"

#include <stdatomic.h>
#include <stdint.h>
#include <string.h>

static atomic_bool armed, hit;
static atomic_size_t countdown;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
char *__wrap_strdup(const char *text);

void alloc_fail_at(size_t n)
{
    atomic_store(&countdown, n);
    atomic_store(&hit, false);
    atomic_store(&armed, true);
}

bool alloc_fail_off(void)
{
    atomic_store(&armed, false);
    return atomic_load(&hit);
}

static bool fails(void)
{
    if (!atomic_load(&armed) || atomic_load(&hit) || atomic_fetch_sub(&countdown, 1) != 0)
        return false;
    atomic_store(&hit, true);
    return true;
}

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    return fails() ? NULL : __real_realloc(old, size);
}

char *__wrap_strdup(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = __wrap_malloc(size);
    return copy == NULL ? NULL : memcpy(copy, text, size);
}
