/* SPDX-License-Identifier: MIT */
/*
 * Signed notes (C2SP signed-note), checkpoints among them: a text that verifier keys signed. A note
 * carries what it signs, so beside a file it proves nothing.
 */
#include "trust/tlog.h"

#define DASH "\xE2\x80\x94 "

/* All lines behind the last empty one are signature lines, by their look. */
static bool is_note(bulla_bytes content)
{
    size_t at = content.len;
    while (at > 1 && (content.ptr[at - 1] != '\n' || content.ptr[at - 2] != '\n'))
        at--;
    bulla_bytes rest = bu_bytes_from(content, at);
    bool is_signed = at > 1 && rest.len > 0;
    while (is_signed && rest.len > 0) {
        is_signed = bu_bytes_starts(rest, DASH);
        rest = bu_bytes_from(rest, bu_bytes_find(rest, '\n') + 1);
    }
    return is_signed;
}

/* A text may end in a dash and a name for other reasons. */
static bool is_whole(bulla_bytes content)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    bu_note note;
    bulla_error why;
    return arena != NULL && is_note(content) &&
           bulla_ok(bu_note_parse(content, "", arena, &note, &why));
}

static bulla_status verify_note(const bu_check *check, bu_vouched *out, bulla_error *err)
{
    bu_note note;
    if (check->message != NULL)
        return bu_fail(err, BULLA_E_FORMAT_MISMATCH,
                       "a signed note speaks of its own text, not of a file");
    BU_TRY(bu_note_parse(check->content, check->file, check->arena, &note, err));
    BU_TRY(bu_in_file(err, bu_note_vouch(&note, check, out, err), check->file));
    out->payload = note.text;
    out->payload_type = BULLA_LIT("text/plain");
    return BU_OK;
}

static bulla_status describe_note(bulla_bytes content, const char *file, bu_description *out,
                                  bulla_error *err)
{
    bu_note note;
    BU_TRY(bu_note_parse(content, file, out->arena, &note, err));
    return bu_note_describe(&note, out, err);
}

const bu_format bu_format_note = {
    .id = "note",
    .title = "signed note",
    .endings = (const char *const[]){ ".note", NULL },
    .is = is_note,
    .carries = is_whole,
    .verify = verify_note,
    .describe = describe_note,
};
