/* SPDX-License-Identifier: MIT */
/*
 * Who vouches for a note and for the tree of a checkpoint. Only verifier keys count: a bare key has
 * no name, and a name is half of what a signature line is by.
 */
#include "trust/tlog.h"

#include "base/encode.h"
#include "base/limits.h"

/* The verifier keys among the anchors, and which anchor each is. */
typedef struct signers {
    bu_vkey *items;
    size_t *anchors;
    bool *signed_by;
    size_t count;
} signers;

static bulla_status signers_of(const bu_check *check, signers *out, bulla_error *err)
{
    const bu_anchors *anchors = check->anchors;
    out->items = bu_arena_get_array(check->arena, anchors->count, sizeof *out->items);
    out->anchors = bu_arena_get_array(check->arena, anchors->count, sizeof *out->anchors);
    out->signed_by = bu_arena_get_array(check->arena, anchors->count, sizeof *out->signed_by);
    if (out->items == NULL || out->anchors == NULL || out->signed_by == NULL)
        return bu_no_memory(err);
    for (size_t i = 0; i < anchors->count; i++) {
        const bu_anchor *anchor = &anchors->items[i];
        if (anchor->key == NULL || strcmp(anchor->form, bu_form_vkey.id) != 0)
            continue;
        bu_vkey *vkey = &out->items[out->count];
        *vkey = (bu_vkey){ .name = bu_bytes_of(anchor->name),
                           .type = anchor->hint.ptr[BU_NOTE_HASH_BYTES],
                           .key = anchor->key };
        memcpy(vkey->hash, anchor->hint.ptr, sizeof vkey->hash);
        out->anchors[out->count++] = i;
    }
    return BU_OK;
}

/* When all cosigners whose keys are trusted had seen it. */
static bulla_status find_time(const bu_note *note, const signers *set, int64_t now, bu_vouched *out,
                              bulla_error *err)
{
    for (size_t i = 0; i < set->count; i++) {
        int64_t time;
        if (!set->signed_by[i] || !bu_note_cosigned_at(note, &set->items[i], &time))
            continue;
        if (time > now && time - now > BU_CLOCK_SKEW_SECONDS)
            return bu_fail(err, BULLA_E_BAD_TIME, "cosigned in the future");
        out->time = out->has_time && out->time > time ? out->time : time;
        out->has_time = true;
    }
    return BU_OK;
}

bulla_status bu_note_vouch(const bu_note *note, const bu_check *check, bu_vouched *out,
                           bulla_error *err)
{
    signers set = { 0 };
    BU_TRY(bu_vouched_start(check, out, err));
    BU_TRY(signers_of(check, &set, err));
    BU_TRY(bu_note_check(note, set.items, set.count, set.signed_by, err));
    BU_TRY(find_time(note, &set, check->now, out, err));
    for (size_t i = 0; i < set.count; i++) {
        const bu_anchor *anchor = &check->anchors->items[set.anchors[i]];
        int64_t time = out->has_time ? out->time : check->now;
        (void)bu_note_cosigned_at(note, &set.items[i], &time);
        out->by[set.anchors[i]] = set.signed_by[i] && time >= anchor->from && time <= anchor->until;
    }
    if (bu_vouched_any(out, check->anchors))
        return BU_OK;
    return bu_fail(err, BULLA_E_EXPIRED, "signed outside of the time in which the key is valid");
}

static bool is_by(const bu_anchor *anchor, bulla_bytes name)
{
    return anchor->name != NULL && bu_bytes_is(name, anchor->name);
}

bulla_status bu_checkpoint_vouch(const bu_note *note, const char *name, const bu_check *check,
                                 bu_checkpoint *checkpoint, bu_vouched *out, bulla_error *err)
{
    bool any = false;
    BU_TRY(bu_checkpoint_parse(note->text, checkpoint, err));
    BU_TRY(bu_note_vouch(note, check, out, err));
    bulla_bytes log = name == NULL ? checkpoint->origin : bu_bytes_of(name);
    for (size_t i = 0; i < check->anchors->count; i++)
        any = any || (out->by[i] && is_by(&check->anchors->items[i], log));
    if (any)
        return BU_OK;
    for (size_t i = 0; i < check->anchors->count; i++)
        out->by[i] = false;
    return bu_expected(err,
                       bu_fail(err, BULLA_E_IDENTITY_MISMATCH,
                               "no trusted key of the log itself signed the checkpoint"),
                       log, note->signatures[0].name);
}

bulla_status bu_checkpoint_holds(const bu_checkpoint *checkpoint, const bu_merkle_hash *leaf,
                                 uint64_t index, const bu_proof *proof, bulla_error *err)
{
    bu_merkle_hash root;
    BU_TRY(
        bu_merkle_root_of(leaf, index, checkpoint->size, proof->hashes, proof->count, &root, err));
    if (bu_merkle_equal(&root, &checkpoint->root))
        return BU_OK;
    BU_CLEAR(bu_buf) want = { 0 };
    BU_CLEAR(bu_buf) got = { 0 };
    bu_hex_encode((bulla_bytes){ checkpoint->root.bytes, BU_MERKLE_BYTES }, &want);
    bu_hex_encode((bulla_bytes){ root.bytes, BU_MERKLE_BYTES }, &got);
    return bu_expected(
        err, bu_fail(err, BULLA_E_LOG_MISMATCH, "the log's tree does not hold this at that place"),
        bu_buf_bytes(&want), bu_buf_bytes(&got));
}

static bulla_status describe_tree(const bu_checkpoint *checkpoint, bu_description *out,
                                  bulla_error *err)
{
    BU_CLEAR(bu_buf) size = { 0 };
    BU_CLEAR(bu_buf) root = { 0 };
    bu_buf_add_format(&size, "%llu", (unsigned long long)checkpoint->size);
    bu_hex_encode((bulla_bytes){ checkpoint->root.bytes, BU_MERKLE_BYTES }, &root);
    if (size.broken || root.broken)
        return bu_no_memory(err);
    BU_TRY(bu_describe(out, "log", checkpoint->origin, err));
    BU_TRY(bu_describe(out, "tree size", bu_buf_bytes(&size), err));
    return bu_describe(out, "root hash", bu_buf_bytes(&root), err);
}

bulla_status bu_note_describe(const bu_note *note, bu_description *out, bulla_error *err)
{
    bulla_error why;
    bu_checkpoint checkpoint;
    if (bulla_ok(bu_checkpoint_parse(note->text, &checkpoint, &why)))
        BU_TRY(describe_tree(&checkpoint, out, err));
    for (size_t i = 0; i < note->count; i++)
        BU_TRY(bu_describe(out, "signer", note->signatures[i].name, err));
    return BU_OK;
}
