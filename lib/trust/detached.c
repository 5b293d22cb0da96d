/* SPDX-License-Identifier: MIT */
/*
 * Detached signatures by bare keys: every anchor that the signature may be by is tried, and counts
 * while it is valid. There is no trusted time in them, so what counts is the time of the check.
 */
#include "trust/detached.h"

#include "base/encode.h"

/* How far the search has come. */
typedef struct search {
    size_t tried;
    bool is_told;      /* `why` is of a key that was named */
    bulla_status last; /* of `why` */
    bulla_error why;
} search;

static void tell(search *found, bool is_named, bulla_status status, const bulla_error *why)
{
    if (found->is_told && !is_named)
        return;
    found->is_told = is_named;
    found->last = status;
    found->why = *why;
}

static void try_one(const bu_check *check, const bu_detached *detached, size_t i, search *found,
                    bu_vouched *out)
{
    bulla_error why = { 0 };
    const bu_anchor *anchor = &check->anchors->items[i];
    bu_named named = detached->names(detached, anchor);
    if (named == BU_NAMED_OTHER)
        return;
    found->tried++;
    bulla_status status = detached->verify(detached, anchor->key, &why);
    out->wrong[i] = !bulla_ok(status) && named == BU_NAMED;
    if (bulla_ok(status) && (check->now < anchor->from || check->now > anchor->until))
        status = bu_fail(&why, BULLA_E_EXPIRED, "signed by a key that is not valid at this time");
    out->by[i] = bulla_ok(status);
    if (!bulla_ok(status))
        tell(found, named == BU_NAMED || status.code == BULLA_E_EXPIRED, status, &why);
}

bulla_status bu_detached_vouch(const bu_check *check, const bu_detached *detached, bu_vouched *out,
                               bulla_error *err)
{
    search found = { .last = BU_OK };
    BU_TRY(bu_vouched_start(check, out, err));
    for (size_t i = 0; i < check->anchors->count; i++)
        if (check->anchors->items[i].key != NULL)
            try_one(check, detached, i, &found, out);
    if (bu_vouched_any(out, check->anchors))
        return BU_OK;
    if (!found.is_told && found.tried != 1)
        return bu_expected(err,
                           bu_fail(err, BULLA_E_UNTRUSTED_KEY, "signed by no key that is trusted"),
                           (bulla_bytes){ 0 }, detached->hint);
    if (err != NULL)
        *err = found.why;
    return found.last;
}

bu_named bu_named_by_number(const bu_anchor *anchor, bulla_bytes number)
{
    if (bu_key_kind(anchor->key) != BULLA_KEY_ED25519)
        return BU_NAMED_OTHER;
    if (strcmp(anchor->form, "minisign") != 0 && strcmp(anchor->form, "signify") != 0)
        return BU_NAMED_NONE;
    return bu_bytes_equal(anchor->hint, number) ? BU_NAMED : BU_NAMED_OTHER;
}

bulla_status bu_number_text(bulla_bytes number, bu_arena *arena, bulla_bytes *out, bulla_error *err)
{
    BU_CLEAR(bu_buf) hex = { 0 };
    bu_hex_encode(number, &hex);
    *out = hex.broken ? (bulla_bytes){ 0 } : bu_arena_copy(arena, bu_buf_bytes(&hex));
    return out->ptr == NULL ? bu_no_memory(err) : BU_OK;
}
