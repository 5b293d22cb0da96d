/* SPDX-License-Identifier: MIT */
/*
 * Bare keys: each counts in its own time, and without a trusted one that is now.
 */
#include "trust/bare_keys.h"

bulla_status bu_bare_keys_of(const bu_check *check, bu_bare_keys *out, bulla_error *err)
{
    const bu_anchors *anchors = check->anchors;
    *out = (bu_bare_keys){ 0 };
    out->items = bu_arena_get_array(check->arena, anchors->count, sizeof *out->items);
    out->anchors = bu_arena_get_array(check->arena, anchors->count, sizeof *out->anchors);
    out->signed_by = bu_arena_get_array(check->arena, anchors->count, sizeof *out->signed_by);
    out->broken_by = bu_arena_get_array(check->arena, anchors->count, sizeof *out->broken_by);
    if (out->items == NULL || out->anchors == NULL || out->signed_by == NULL ||
        out->broken_by == NULL)
        return bu_no_memory(err);
    for (size_t i = 0; i < anchors->count; i++) {
        if (anchors->items[i].key == NULL)
            continue;
        out->items[out->count] = anchors->items[i].key;
        out->anchors[out->count++] = i;
    }
    return BU_OK;
}

bulla_status bu_bare_keys_vouch(const bu_bare_keys *keys, const bu_check *check, bu_vouched *out,
                                bulla_error *err)
{
    BU_TRY(bu_vouched_start(check, out, err));
    for (size_t i = 0; i < keys->count; i++) {
        const bu_anchor *anchor = &check->anchors->items[keys->anchors[i]];
        out->by[keys->anchors[i]] =
            keys->signed_by[i] && check->now >= anchor->from && check->now <= anchor->until;
        out->wrong[keys->anchors[i]] = keys->broken_by[i];
    }
    if (bu_vouched_any(out, check->anchors))
        return BU_OK;
    return bu_fail(err, BULLA_E_EXPIRED, "signed by a key that does not count at this time");
}
