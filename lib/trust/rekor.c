/* SPDX-License-Identifier: MIT */
/*
 * What a Rekor log signed about an entry: the signed entry timestamp (version 1), the checkpoint
 * that an inclusion proof leads to (both versions). A checkpoint counts by the log's own signature
 * alone; those of witnesses and of other keys are passed over.
 */
#include "trust/rekor.h"

#include <inttypes.h>

#include "base/bytes.h"
#include "base/encode.h"
#include "base/time.h"
#include "signature/note.h"

static const bu_tlog *find_log(const bu_sigstore_root *root, bulla_bytes id)
{
    for (size_t i = 0; i < root->tlog_count; i++)
        if (bu_bytes_equal(root->tlogs[i].id, id))
            return &root->tlogs[i];
    return NULL;
}

/* Rekor's LogEntry without its verification part, as RFC 8785 writes it: fields in order of name. */
static void write_promised(const bu_log_entry *entry, bu_buf *out)
{
    bu_buf_add_text(out, "{\"body\":\"");
    bu_base64_encode(entry->body, out);
    bu_buf_add_format(out, "\",\"integratedTime\":%" PRId64 ",\"logID\":\"",
                      entry->integrated_time);
    bu_hex_encode(entry->log_id, out);
    bu_buf_add_format(out, "\",\"logIndex\":%" PRIu64 "}", entry->log_index);
}

static bulla_status judge_time(const bu_tlog *log, int64_t time, bulla_error *err)
{
    char text[BU_TIME_TEXT];
    if (time >= log->from && time <= log->until)
        return BU_OK;
    return bu_expected(err,
                       bu_fail(err, BULLA_E_BAD_TIME, "the log %s did not count then", log->origin),
                       (bulla_bytes){ 0 }, bu_bytes_of(bu_time_format(time, text)));
}

static bulla_status check_promise(const bu_log_entry *entry, const bu_tlog *log, int64_t *time,
                                  bulla_error *err)
{
    BU_CLEAR(bu_buf) promised = { 0 };
    write_promised(entry, &promised);
    if (promised.broken)
        return bu_no_memory(err);
    bulla_status status = bu_verify(log->key, bu_algorithm_of_key(log->key),
                                    bu_buf_bytes(&promised), entry->set, err);
    BU_TRY(bu_within(err, status, "signed entry timestamp"));
    BU_TRY(judge_time(log, entry->integrated_time, err));
    *time = entry->integrated_time;
    return BU_OK;
}

/* A log of version 1 is called as its host and the number of its tree. */
static bool is_origin(bulla_bytes origin, const bu_tlog *log)
{
    size_t len = strlen(log->origin);
    return bu_bytes_starts(origin, log->origin) &&
           (origin.len == len || bu_bytes_starts(bu_bytes_from(origin, len), " - "));
}

static bulla_status check_checkpoint(const bu_log_entry *entry, const bu_tlog *log, bu_arena *arena,
                                     bulla_error *err)
{
    bu_note note;
    bu_checkpoint checkpoint;
    bool has_signed;
    bu_vkey vkey = {
        .name = bu_bytes_of(log->origin),
        .type = bu_key_kind(log->key) == BULLA_KEY_ED25519 ? BU_NOTE_ED25519 : BU_NOTE_ECDSA,
        .key = log->key,
    };
    memcpy(vkey.hash, log->hash, sizeof vkey.hash);
    BU_TRY(bu_note_parse(entry->checkpoint, "checkpoint", arena, &note, err));
    BU_TRY(bu_in_file(err, bu_note_check(&note, &vkey, 1, &has_signed, err), "checkpoint"));
    BU_TRY(bu_in_file(err, bu_checkpoint_parse(note.text, &checkpoint, err), "checkpoint"));
    if (!is_origin(checkpoint.origin, log))
        return bu_expected(err, bu_fail(err, BULLA_E_LOG_MISMATCH, "a checkpoint of another log"),
                           bu_bytes_of(log->origin), checkpoint.origin);
    bulla_bytes root = { checkpoint.root.bytes, BU_MERKLE_BYTES };
    if (checkpoint.size != entry->tree_size || !bu_bytes_equal(root, entry->root))
        return bu_fail(err, BULLA_E_LOG_MISMATCH, "the checkpoint is of another tree");
    return BU_OK;
}

static bulla_status check_proof(const bu_log_entry *entry, bulla_error *err)
{
    bu_merkle_hash leaf, root;
    BU_TRY(bu_merkle_leaf(entry->body, &leaf, err));
    BU_TRY(bu_within(err,
                     bu_merkle_root_of(&leaf, entry->proof_index, entry->tree_size, entry->hashes,
                                       entry->hash_count, &root, err),
                     "inclusion proof"));
    if (!bu_bytes_equal((bulla_bytes){ root.bytes, BU_MERKLE_BYTES }, entry->root))
        return bu_fail(err, BULLA_E_LOG_MISMATCH, "the inclusion proof leads to another root");
    return BU_OK;
}

bulla_status bu_rekor_check(const bu_log_entry *entry, const bu_sigstore_root *root,
                            bu_arena *arena, const bu_tlog **out, int64_t *time, bulla_error *err)
{
    BU_CLEAR(bu_buf) id = { 0 };
    const bu_tlog *log = find_log(root, entry->log_id);
    *time = INT64_MIN;
    bu_hex_encode(entry->log_id, &id);
    if (log == NULL)
        return bu_expected(err, bu_fail(err, BULLA_E_UNTRUSTED_KEY, "an entry of an unknown log"),
                           (bulla_bytes){ 0 }, bu_buf_bytes(&id));
    if (entry->has_proof)
        BU_TRY(check_proof(entry, err));
    if (entry->checkpoint.len > 0)
        BU_TRY(check_checkpoint(entry, log, arena, err));
    if (entry->set.len > 0)
        BU_TRY(check_promise(entry, log, time, err));
    if (entry->set.len == 0 && entry->checkpoint.len == 0)
        return bu_fail(err, BULLA_E_LOG_MISMATCH, "the log signed nothing of this entry");
    *out = log;
    return BU_OK;
}
