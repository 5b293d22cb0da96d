/* SPDX-License-Identifier: MIT */
/*
 * A public key of minisign or of signify, which write the same; minisign's also without its comment,
 * as its option -P takes it. An anchor knows which it is: see format_signify.c.
 */
#include "signature/signify.h"
#include "trust/anchor.h"

#define BARE_START      "RW" /* base64 of "Ed" */
#define BARE_CHARACTERS 56
#define MINISIGN        BU_SIGNIFY_UNTRUSTED "minisign "

static bool is_bare(bulla_bytes text)
{
    return bu_bytes_starts(text, BARE_START) && bu_bytes_find(text, '\n') == BARE_CHARACTERS;
}

static bool is_signify(bulla_bytes text)
{
    return bu_bytes_starts(text, BU_SIGNIFY_UNTRUSTED) || is_bare(text);
}

static bulla_status read_signify(bulla_bytes text, const char *file, bu_anchors *anchors,
                                 bulla_error *err)
{
    uint8_t number[BU_KEY_NUMBER_BYTES];
    bu_key *key = NULL;
    bu_anchor *anchor = NULL;
    (void)file;
    BU_TRY(bu_signify_public_read(text, &key, number, err));
    bool is_minisign = is_bare(text) || bu_bytes_starts(text, MINISIGN);
    BU_TRY(bu_anchors_add_key(anchors, is_minisign ? "minisign" : "signify", key, &anchor, err));
    anchor->hint = bu_arena_copy(anchors->arena, (bulla_bytes){ number, sizeof number });
    return anchor->hint.ptr == NULL ? bu_no_memory(err) : BU_OK;
}

const bu_anchor_form bu_form_signify = {
    .id = "signify",
    .title = "public key of minisign or signify",
    .is = is_signify,
    .read = read_signify,
};
