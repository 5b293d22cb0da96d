/* SPDX-License-Identifier: MIT */
/*
 * Signed notes: what is read can be written again and says the same; nobody has signed it for who
 * knows no key. Targets: bu_note_parse, bu_checkpoint_parse, bu_vkey_parse.
 */
#include "fuzz.h"

#include "base/encode.h"
#include "base/limits.h"
#include "signature/note.h"

static void write_again(const bu_note *note, bu_buf *out)
{
    bu_buf_add(out, note->text);
    bu_buf_add_byte(out, '\n');
    for (size_t i = 0; i < note->count; i++) {
        BU_CLEAR(bu_buf) bytes = { 0 };
        const bu_note_signature *signature = &note->signatures[i];
        bu_buf_add(&bytes, (bulla_bytes){ signature->hash, sizeof signature->hash });
        bu_buf_add(&bytes, signature->signature);
        bu_buf_add_text(out, "\xE2\x80\x94 ");
        bu_buf_add(out, signature->name);
        bu_buf_add_byte(out, ' ');
        bu_base64_encode(bu_buf_bytes(&bytes), out);
        bu_buf_add_byte(out, '\n');
    }
}

static void check_checkpoint(bulla_bytes text)
{
    bu_checkpoint checkpoint;
    bulla_error err = { 0 };
    bulla_status status = bu_checkpoint_parse(text, &checkpoint, &err);
    if (bulla_ok(status))
        FUZZ_CHECK(checkpoint.origin.len > 0 && checkpoint.size <= INT64_MAX);
    else
        fuzz_check_refusal(status, &err, text.len);
}

static void check_vkey(bulla_bytes text)
{
    BU_AUTO(bu_key) key = NULL;
    bu_vkey vkey;
    bulla_error err = { 0 };
    bulla_status status = bu_vkey_parse(text, &vkey, &key, &err);
    if (bulla_ok(status))
        FUZZ_CHECK(vkey.key == key && vkey.name.ptr == text.ptr && vkey.name.len > 0);
    else
        FUZZ_CHECK(key == NULL && err.text[0] != '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    BU_AUTO(bu_arena) arena = bu_arena_new();
    BU_CLEAR(bu_buf) again = { 0 };
    bu_note note = { 0 };
    bulla_error err = { 0 };
    bulla_bytes text = fuzz_copy(data, size);
    check_vkey(text);
    bulla_status status = bu_note_parse(text, "note", arena, &note, &err);
    if (bulla_ok(status)) {
        write_again(&note, &again);
        FUZZ_CHECK(bu_bytes_equal(bu_buf_bytes(&again), text));
        FUZZ_CHECK(note.count >= 1 && note.count <= BU_LIMIT_NOTE_SIGNERS);
        status = bu_note_check(&note, NULL, 0, NULL, &err);
        FUZZ_CHECK(status.code == BULLA_E_UNTRUSTED_KEY);
        check_checkpoint(note.text);
    } else {
        fuzz_check_refusal(status, &err, size);
    }
    fuzz_free(text);
    return 0;
}
