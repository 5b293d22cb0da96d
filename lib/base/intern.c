/* SPDX-License-Identifier: MIT */
/*
 * Open addressing over a list of keys; the list itself is the answer.
 */
#include "base/intern.h"

#include <sodium.h>

#include "base/secret.h"
#include "base/vec.h"

#define FIRST_SLOTS 64u

_Static_assert(sizeof((bu_intern *)0)->secret == crypto_shorthash_KEYBYTES + sizeof(uint64_t),
               "a key for the bytes, and a multiplier for the space");

void bu_intern_clear(bu_intern *intern)
{
    free(intern->items);
    free(intern->slots);
    *intern = (bu_intern){ 0 };
}

static size_t hash(const bu_intern *intern, size_t space, bulla_bytes key)
{
    uint64_t value, multiplier;
    (void)crypto_shorthash((uint8_t *)&value, key.ptr, key.len, intern->secret);
    memcpy(&multiplier, intern->secret + crypto_shorthash_KEYBYTES, sizeof multiplier);
    value ^= (uint64_t)space * 0x9E3779B97F4A7C15u;
    value = (value ^ value >> 32) * (multiplier | 1);
    return (size_t)(value ^ value >> 29);
}

/* The slot that holds the key, or the free one where it belongs. */
static size_t slot_of(const bu_intern *intern, size_t space, bulla_bytes key)
{
    size_t mask = intern->slot_count - 1;
    size_t at = hash(intern, space, key) & mask;
    while (intern->slots[at] != 0) {
        const bu_interned *item = &intern->items[intern->slots[at] - 1];
        if (item->space == space && bu_bytes_equal(item->key, key))
            break;
        at = (at + 1) & mask;
    }
    return at;
}

static bulla_status start(bu_intern *intern, bulla_error *err)
{
    BU_TRY(bu_sodium_ready(err));
    bu_random(intern->secret, sizeof intern->secret);
    return BU_OK;
}

/* At most half of the slots are in use, so that a search ends soon. */
static bulla_status grow(bu_intern *intern, bulla_error *err)
{
    if (intern->count < intern->slot_count / 2)
        return BU_OK;
    if (intern->count > UINT32_MAX / 4)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "too many names");
    if (intern->slot_count == 0)
        BU_TRY(start(intern, err));
    size_t count = intern->slot_count == 0 ? FIRST_SLOTS : intern->slot_count * 2;
    uint32_t *slots = calloc(count, sizeof *slots);
    if (slots == NULL)
        return bu_no_memory(err);
    free(intern->slots);
    intern->slots = slots;
    intern->slot_count = count;
    for (size_t i = 0; i < intern->count; i++)
        slots[slot_of(intern, intern->items[i].space, intern->items[i].key)] = (uint32_t)i + 1;
    return BU_OK;
}

bulla_status bu_intern_add(bu_intern *intern, size_t space, bulla_bytes key, size_t *out,
                           bulla_error *err)
{
    BU_TRY(grow(intern, err));
    size_t slot = slot_of(intern, space, key);
    if (intern->slots[slot] == 0) {
        BU_TRY(
            bu_vec_grow(&intern->items, intern->count, &intern->cap, sizeof *intern->items, err));
        intern->items[intern->count++] = (bu_interned){ space, key };
        intern->slots[slot] = (uint32_t)intern->count;
    }
    *out = intern->slots[slot] - 1;
    return BU_OK;
}

size_t bu_intern_find(const bu_intern *intern, size_t space, bulla_bytes key)
{
    if (intern->count == 0)
        return BU_INTERN_NONE;
    uint32_t slot = intern->slots[slot_of(intern, space, key)];
    return slot == 0 ? BU_INTERN_NONE : slot - 1;
}
