/* SPDX-License-Identifier: MIT */
/*
 * Answers of Go's checksum database: "ID", the lines of go.sum, an empty line, a signed tree. A tree
 * head alone proves nothing of a record: the tiles must lead from the one to the other.
 */
#include "trust/sumdb.h"

#include "base/limits.h"
#include "base/reader.h"
#include "ecosystem/gomod.h"

/* Move the place of an error in a part of the answer to where it is in the whole. */
static bulla_status shift(bulla_status status, uint32_t lines, size_t bytes, bulla_error *err)
{
    if (bulla_ok(status) || err == NULL || err->line == 0)
        return status;
    if (err->offset != BU_OFFSET_NONE)
        (void)bu_at_offset(err, status, err->offset + bytes);
    return bu_at(err, status, err->line + lines, err->column);
}

static bulla_status read_id(bulla_bytes line, uint64_t *out, bulla_error *err)
{
    bu_reader r = bu_reader_of(line);
    *out = bu_number(&r, INT64_MAX, "a record's number");
    if (bulla_ok(bu_done(&r, err)))
        return BU_OK;
    return bu_at(err, bu_fail(err, BULLA_E_BAD_NUMBER, "not a record's number"), 1, 1);
}

static bulla_status read_lines(size_t start, bu_sumdb_record *out, bulla_error *err)
{
    BU_CLEAR(bu_go_sum) sum = { 0 };
    BU_TRY(shift(bu_go_sum_parse(&sum, out->text, err), 1, start, err));
    if (sum.count == 0)
        return bu_fail(err, BULLA_E_MISSING_HASH, "the record has no line for a module's zip");
    if (sum.count > 1)
        return bu_fail(err, BULLA_E_AMBIGUOUS_HASH, "the record has lines for %zu zips", sum.count);
    out->module = sum.lines[0].path;
    out->version = sum.lines[0].version;
    out->zip = sum.lines[0].h1;
    return BU_OK;
}

/* Where the first empty line is; the answer has its lines before it, and the tree behind. */
static size_t find_blank(bulla_bytes all)
{
    const uint8_t *hit = memmem(all.ptr, all.len, "\n\n", 2);
    return hit == NULL ? all.len : (size_t)(hit - all.ptr) + 1;
}

static uint32_t count_lines(bulla_bytes text)
{
    uint32_t count = 0;
    for (size_t i = 0; i < text.len; i++)
        count += text.ptr[i] == '\n';
    return count;
}

static bulla_status read_answer(bulla_bytes all, const char *file, bu_arena *arena,
                                bu_sumdb_record *out, bulla_error *err)
{
    size_t blank = find_blank(all), first = bu_bytes_find(all, '\n') + 1;
    if (blank == all.len || first > blank)
        return bu_fail(err, BULLA_E_TRUNCATED, "ends before its signed tree");
    out->text = bu_bytes_from(bu_bytes_first(all, blank), first);
    BU_TRY(read_id(bu_bytes_first(all, first - 1), &out->id, err));
    BU_TRY(read_lines(first, out, err));
    bulla_status status =
        bu_note_parse(bu_bytes_from(all, blank + 1), file, arena, &out->tree, err);
    return shift(status, count_lines(bu_bytes_first(all, blank)) + 1, blank + 1, err);
}

bulla_status bu_sumdb_read(bulla_bytes answer, const char *file, bu_arena *arena,
                           bu_sumdb_record *out, bulla_error *err)
{
    bu_sumdb_record record = { 0 };
    if (answer.len > BU_LIMIT_METADATA_BYTES)
        return bu_in_file(
            err, bu_fail(err, BULLA_E_RESOURCE_LIMIT, "an answer of %zu bytes", answer.len), file);
    bulla_bytes all = bu_arena_copy(arena, answer);
    if (all.ptr == NULL && answer.len > 0)
        return bu_no_memory(err);
    BU_TRY(bu_in_file(err, read_answer(all, file, arena, &record, err), file));
    *out = record;
    return BU_OK;
}

bulla_status bu_sumdb_holds(const bu_sumdb_record *record, const bu_checkpoint *checkpoint,
                            const bu_tiles *tiles, bulla_error *err)
{
    bu_merkle_hash leaf;
    bu_proof proof = { .count = 0 };
    BU_TRY(bu_merkle_leaf(record->text, &leaf, err));
    if (tiles == NULL && checkpoint->size > 1)
        return bu_next(err,
                       bu_fail(err, BULLA_E_MISSING_FILE,
                               "no tiles to prove that the database holds the record"),
                       "keep cache/download/sumdb of Go's module cache beside the archives");
    if (checkpoint->size > 1)
        BU_TRY(bu_tiles_prove_leaf(tiles, record->id, checkpoint->size, &proof, err));
    return bu_checkpoint_holds(checkpoint, &leaf, record->id, &proof, err);
}
