/* SPDX-License-Identifier: MIT */
/*
 * Answers of Go's checksum database beside a module's zip: the h1 of the zip is in the record, the
 * record is in the tree (by the tiles of the module cache), and a pinned key signed the tree.
 */
#include "base/encode.h"
#include "model/purl.h"
#include "trust/sumdb.h"

/* A number, a line end, and what only a lookup's answer has. */
static bool is_answer(bulla_bytes content)
{
    size_t digits = 0;
    while (digits < content.len && content.ptr[digits] >= '0' && content.ptr[digits] <= '9')
        digits++;
    return digits > 0 && digits < content.len && content.ptr[digits] == '\n' &&
           bu_bytes_has(content, "\n\n" BU_SUMDB_ORIGIN "\n");
}

static void show_h1(const bulla_digest *digest, bu_buf *out)
{
    bu_buf_add_text(out, "h1:");
    bu_base64_encode((bulla_bytes){ digest->bytes, digest->len }, out);
}

static bulla_status same_zip(const bu_sumdb_record *record, const bu_message *message,
                             bulla_error *err)
{
    bulla_digest h1;
    BU_CLEAR(bu_buf) want = { 0 };
    BU_CLEAR(bu_buf) got = { 0 };
    BU_TRY(bu_message_digest(message, BULLA_ALG_H1, &h1, err));
    if (bulla_digest_equal(&h1, &record->zip))
        return BU_OK;
    show_h1(&record->zip, &want);
    show_h1(&h1, &got);
    return bu_expected(
        err,
        bu_fail(err, BULLA_E_SUBJECT_MISMATCH, "the database has another digest for this module"),
        bu_buf_bytes(&want), bu_buf_bytes(&got));
}

static bulla_status name_package(const bu_sumdb_record *record, bu_arena *arena, const char **out,
                                 bulla_error *err)
{
    const char *module = bu_arena_text(arena, record->module);
    const char *version = bu_arena_text(arena, record->version);
    if (module == NULL || version == NULL)
        return bu_no_memory(err);
    return bu_purl_make("golang", NULL, module, version, NULL, arena, out, err);
}

/* The tree is signed by a name that is not its origin: whoever is pinned is the database. */
static bulla_status check_tree(const bu_sumdb_record *record, const bu_check *check,
                               bu_checkpoint *checkpoint, bu_vouched *out, bulla_error *err)
{
    BU_TRY(bu_checkpoint_parse(record->tree.text, checkpoint, err));
    if (!bu_bytes_is(checkpoint->origin, BU_SUMDB_ORIGIN))
        return bu_expected(err, bu_fail(err, BULLA_E_LOG_MISMATCH, "the tree of another log"),
                           BULLA_LIT(BU_SUMDB_ORIGIN), checkpoint->origin);
    return bu_note_vouch(&record->tree, check, out, err);
}

static bulla_status verify(const bu_check *check, bu_vouched *out, bulla_error *err)
{
    bu_sumdb_record record;
    bu_checkpoint checkpoint;
    BU_TRY(bu_sumdb_read(check->content, check->file, check->arena, &record, err));
    BU_TRY(check_tree(&record, check, &checkpoint, out, err));
    BU_TRY(bu_sumdb_holds(&record, &checkpoint, check->tiles, err));
    BU_TRY(name_package(&record, check->arena, &out->package, err));
    if (check->message != NULL)
        return same_zip(&record, check->message, err);
    out->payload = record.text;
    out->payload_type = BULLA_LIT("text/plain");
    return BU_OK;
}

static bulla_status verify_answer(const bu_check *check, bu_vouched *out, bulla_error *err)
{
    return bu_in_file(err, verify(check, out, err), check->file);
}

static bulla_status describe_answer(bulla_bytes content, const char *file, bu_description *out,
                                    bulla_error *err)
{
    bu_sumdb_record record;
    BU_CLEAR(bu_buf) id = { 0 };
    BU_CLEAR(bu_buf) h1 = { 0 };
    BU_TRY(bu_sumdb_read(content, file, out->arena, &record, err));
    bu_buf_add_format(&id, "%llu", (unsigned long long)record.id);
    show_h1(&record.zip, &h1);
    if (id.broken || h1.broken)
        return bu_no_memory(err);
    BU_TRY(bu_describe(out, "module", record.module, err));
    BU_TRY(bu_describe(out, "version", record.version, err));
    BU_TRY(bu_describe(out, "subject", bu_buf_bytes(&h1), err));
    BU_TRY(bu_describe(out, "log index", bu_buf_bytes(&id), err));
    return bu_note_describe(&record.tree, out, err);
}

const bu_format bu_format_go_sumdb = {
    .id = "go_sumdb",
    .title = "answer of Go's checksum database",
    .endings = (const char *const[]){ ".sumdb", NULL },
    .is = is_answer,
    .carries = is_answer,
    .verify = verify_answer,
    .describe = describe_answer,
};
