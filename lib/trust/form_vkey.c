/* SPDX-License-Identifier: MIT */
/*
 * Verifier keys of signed notes (C2SP signed-note), one a line: an anchor each. Its hint is the
 * key's hash and its type.
 */
#include "signature/note.h"
#include "syntax/text.h"
#include "trust/anchor.h"

#define HASH_DIGITS 8

static bool is_hex(bulla_bytes text)
{
    for (size_t i = 0; i < text.len; i++)
        if (strchr("0123456789abcdefABCDEF", text.ptr[i]) == NULL || text.ptr[i] == '\0')
            return false;
    return true;
}

/* NAME+8 hex digits+ */
static bool is_vkey(bulla_bytes text)
{
    size_t plus = bu_bytes_find(bu_bytes_first(text, bu_bytes_find(text, '\n')), '+');
    bulla_bytes rest = bu_bytes_from(text, plus + 1);
    return plus > 0 && bu_bytes_find(rest, '+') == HASH_DIGITS &&
           is_hex(bu_bytes_first(rest, HASH_DIGITS));
}

static bulla_status add(const bu_vkey *vkey, bu_key *key, bu_anchors *anchors, bulla_error *err)
{
    bu_anchor *anchor = NULL;
    uint8_t hint[BU_NOTE_HASH_BYTES + 1];
    BU_TRY(bu_anchors_add_key(anchors, bu_form_vkey.id, key, &anchor, err));
    memcpy(hint, vkey->hash, sizeof vkey->hash);
    hint[BU_NOTE_HASH_BYTES] = (uint8_t)vkey->type;
    anchor->name = bu_arena_text(anchors->arena, vkey->name);
    anchor->hint = bu_arena_copy(anchors->arena, (bulla_bytes){ hint, sizeof hint });
    anchor->who = anchor->name;
    return anchor->name == NULL || anchor->hint.ptr == NULL ? bu_no_memory(err) : BU_OK;
}

static bulla_status read_line(const bu_text *text, bu_anchors *anchors, bulla_error *err)
{
    bu_vkey vkey;
    bu_key *key = NULL;
    bulla_status status = bu_vkey_parse(text->line, &vkey, &key, err);
    if (bulla_ok(status))
        status = add(&vkey, key, anchors, err);
    if (bulla_ok(status))
        return status;
    (void)bu_at_offset(err, status, BU_OFFSET_NONE);
    return bu_at(err, status, text->number, 1);
}

static bulla_status read_vkeys(bulla_bytes all, const char *file, bu_anchors *anchors,
                               bulla_error *err)
{
    (void)file;
    bu_text text = bu_text_of(all);
    for (bool more = true; more;) {
        BU_TRY(bu_text_next(&text, &more, err));
        if (more && text.line.len > 0)
            BU_TRY(read_line(&text, anchors, err));
    }
    return BU_OK;
}

const bu_anchor_form bu_form_vkey = {
    .id = "vkey",
    .title = "verifier keys of signed notes",
    .is = is_vkey,
    .read = read_vkeys,
};
