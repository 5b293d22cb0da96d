/* SPDX-License-Identifier: MIT */
/*
 * Open addressing over a list of keys; the list itself is the answer.
 */
#include "base/intern.h"

#include <sodium.h>

#include "base/secret.h"
#include "base/vec.h"

#define FIRST_SLOTS 64u

/* The hash stands beside the number, so that only what is most likely the key is looked at. */
struct bu_intern_slot {
    uint32_t taken; /* number + 1; 0 is free */
    uint32_t hash;
};

_Static_assert(sizeof((bu_intern *)0)->secret == crypto_shorthash_KEYBYTES + sizeof(uint64_t),
               "a key for the bytes, and a multiplier for the space");

void bu_intern_clear(bu_intern *intern)
{
    free(intern->items);
    free(intern->slots);
    *intern = (bu_intern){ 0 };
}

static uint32_t hash(const bu_intern *intern, size_t space, bulla_bytes key)
{
    uint64_t value, multiplier;
    (void)crypto_shorthash((uint8_t *)&value, key.ptr, key.len, intern->secret);
    memcpy(&multiplier, intern->secret + crypto_shorthash_KEYBYTES, sizeof multiplier);
    value ^= (uint64_t)space * 0x9E3779B97F4A7C15u;
    value = (value ^ value >> 32) * (multiplier | 1);
    return (uint32_t)(value ^ value >> 29);
}

/* The slot that holds the key, or the free one where it belongs. */
static struct bu_intern_slot *slot_of(const bu_intern *intern, size_t space, bulla_bytes key,
                                      uint32_t hashed)
{
    size_t mask = intern->slot_count - 1;
    for (size_t at = hashed & mask;; at = (at + 1) & mask) {
        struct bu_intern_slot *slot = &intern->slots[at];
        if (slot->taken == 0)
            return slot;
        const bu_interned *item = &intern->items[slot->taken - 1];
        if (slot->hash == hashed && item->space == space && bu_bytes_equal(item->key, key))
            return slot;
    }
}

static bulla_status start(bu_intern *intern, bulla_error *err)
{
    BU_TRY(bu_sodium_ready(err));
    bu_random(intern->secret, sizeof intern->secret);
    return BU_OK;
}

static void move_slots(const struct bu_intern_slot *from, size_t count, bu_intern *to)
{
    size_t mask = to->slot_count - 1;
    for (size_t i = 0; i < count; i++) {
        size_t at = from[i].hash & mask;
        if (from[i].taken == 0)
            continue;
        while (to->slots[at].taken != 0)
            at = (at + 1) & mask;
        to->slots[at] = from[i];
    }
}

/* At most half of the slots are in use, so that a search ends soon. */
static bulla_status grow(bu_intern *intern, bulla_error *err)
{
    struct bu_intern_slot *old = intern->slots;
    size_t old_count = intern->slot_count;
    if (intern->count < old_count / 2)
        return BU_OK;
    if (intern->count > UINT32_MAX / 4)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "too many names");
    if (old_count == 0)
        BU_TRY(start(intern, err));
    size_t count = old_count == 0 ? FIRST_SLOTS : old_count * 2;
    struct bu_intern_slot *slots = calloc(count, sizeof *slots);
    if (slots == NULL)
        return bu_no_memory(err);
    intern->slots = slots;
    intern->slot_count = count;
    move_slots(old, old_count, intern);
    free(old);
    return BU_OK;
}

bulla_status bu_intern_add(bu_intern *intern, size_t space, bulla_bytes key, size_t *out,
                           bulla_error *err)
{
    BU_TRY(grow(intern, err));
    uint32_t hashed = hash(intern, space, key);
    struct bu_intern_slot *slot = slot_of(intern, space, key, hashed);
    if (slot->taken == 0) {
        BU_TRY(
            bu_vec_grow(&intern->items, intern->count, &intern->cap, sizeof *intern->items, err));
        intern->items[intern->count++] = (bu_interned){ space, key };
        *slot = (struct bu_intern_slot){ (uint32_t)intern->count, hashed };
    }
    *out = slot->taken - 1;
    return BU_OK;
}

size_t bu_intern_find(const bu_intern *intern, size_t space, bulla_bytes key)
{
    if (intern->count == 0)
        return BU_INTERN_NONE;
    uint32_t taken = slot_of(intern, space, key, hash(intern, space, key))->taken;
    return taken == 0 ? BU_INTERN_NONE : taken - 1;
}
