/* SPDX-License-Identifier: MIT */
/*
 * Signed notes (C2SP signed-note), checkpoints among them: a text that verifier keys signed. A note
 * carries what it signs, so beside a file it proves nothing.
 */
#include "trust/tlog.h"

#define SIGNATURES "\n\n\xE2\x80\x94 "

static bool is_note(bulla_bytes content)
{
    return content.len > 0 &&
           memmem(content.ptr, content.len, SIGNATURES, sizeof SIGNATURES - 1) != NULL;
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
    .verify = verify_note,
    .describe = describe_note,
};
