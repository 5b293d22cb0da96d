/* SPDX-License-Identifier: MIT */
/*
 * Proofs that a file is in a transparency log (C2SP tlog-proof). The log's entry is the file itself:
 * the leaf is SHA-256 over a zero byte and the file's bytes. The extra data is not authenticated
 * and not used.
 */
#include "base/encode.h"
#include "base/limits.h"
#include "base/reader.h"
#include "trust/tlog.h"

#define FIRST_LINE "c2sp.org/tlog-proof@v1\n"

static bool is_proof(bulla_bytes content)
{
    return bu_bytes_starts(content, FIRST_LINE);
}

typedef struct parsed {
    bulla_bytes extra; /* as base64 */
    uint64_t index;
    bu_proof proof;
    bu_note note;
} parsed;

typedef struct lines {
    bulla_bytes all, rest, line;
    uint32_t number;
} lines;

static bulla_status refuse(const lines *l, bulla_status status, bulla_error *err)
{
    (void)bu_at_offset(err, status, (uint64_t)(l->line.ptr - l->all.ptr));
    return bu_at(err, status, l->number, 1);
}

static bulla_status next_line(lines *l, bulla_error *err)
{
    size_t len = bu_bytes_find(l->rest, '\n');
    l->line = bu_bytes_first(l->rest, len);
    l->number++;
    if (len == l->rest.len)
        return bu_at(err, bu_fail(err, BULLA_E_TRUNCATED, "ends before its checkpoint"), l->number,
                     1);
    l->rest = bu_bytes_from(l->rest, len + 1);
    return BU_OK;
}

static bulla_status read_base64(const lines *l, bulla_bytes text, bu_buf *out, bulla_error *err)
{
    bulla_status status = bu_base64_decode(text, BU_BASE64_STANDARD, out, err);
    return bulla_ok(status) ? status : refuse(l, status, err);
}

static bulla_status read_index(const lines *l, uint64_t *out, bulla_error *err)
{
    bu_reader r = bu_reader_of(l->line);
    bu_expect(&r, BULLA_LIT("index "), "\"index\" and a space");
    *out = bu_number(&r, INT64_MAX, "the entry's index");
    bulla_status status = bu_done(&r, err);
    return bulla_ok(status) ? status : refuse(l, status, err);
}

static bulla_status read_hash(const lines *l, bu_proof *proof, bulla_error *err)
{
    BU_CLEAR(bu_buf) hash = { 0 };
    if (proof->count == BU_PROOF_MAX)
        return refuse(l, bu_fail(err, BULLA_E_RESOURCE_LIMIT, "no proof has so many hashes"), err);
    BU_TRY(read_base64(l, l->line, &hash, err));
    if (hash.len != BU_MERKLE_BYTES)
        return refuse(l, bu_fail(err, BULLA_E_BAD_ENCODING, "not a SHA-256 hash"), err);
    memcpy(proof->hashes[proof->count++].bytes, hash.ptr, BU_MERKLE_BYTES);
    return BU_OK;
}

static bulla_status read_proof(lines *l, parsed *out, bulla_error *err)
{
    BU_CLEAR(bu_buf) extra = { 0 };
    BU_TRY(next_line(l, err));
    if (!bu_bytes_is(l->line, "c2sp.org/tlog-proof@v1"))
        return refuse(l, bu_fail(err, BULLA_E_UNSUPPORTED_VERSION, "not a tlog-proof@v1"), err);
    BU_TRY(next_line(l, err));
    if (bu_bytes_starts(l->line, "extra ")) {
        out->extra = bu_bytes_from(l->line, strlen("extra "));
        BU_TRY(read_base64(l, out->extra, &extra, err));
        BU_TRY(next_line(l, err));
    }
    BU_TRY(read_index(l, &out->index, err));
    BU_TRY(next_line(l, err));
    for (; l->line.len > 0;) {
        BU_TRY(read_hash(l, &out->proof, err));
        BU_TRY(next_line(l, err));
    }
    return BU_OK;
}

static bulla_status parse(bulla_bytes content, const char *file, bu_arena *arena, parsed *out,
                          bulla_error *err)
{
    lines l = { .all = content, .rest = content };
    if (content.len > BU_LIMIT_METADATA_BYTES)
        return bu_fail(err, BULLA_E_RESOURCE_LIMIT, "a proof of %zu bytes", content.len);
    BU_TRY(bu_in_file(err, read_proof(&l, out, err), file));
    bulla_status status = bu_note_parse(l.rest, file, arena, &out->note, err);
    if (bulla_ok(status) || err == NULL || err->line == 0)
        return status;
    (void)bu_at_offset(err, status, err->offset + (uint64_t)(content.len - l.rest.len));
    return bu_at(err, status, err->line + l.number, err->column);
}

static bulla_status check_leaf(const parsed *p, const bu_checkpoint *checkpoint,
                               const bu_message *message, bulla_error *err)
{
    BU_CLEAR(bu_buf) entry = { 0 };
    bu_merkle_hash leaf;
    BU_TRY(bu_message_read(message, &entry, err));
    BU_TRY(bu_merkle_leaf(bu_buf_bytes(&entry), &leaf, err));
    return bu_checkpoint_holds(checkpoint, &leaf, p->index, &p->proof, err);
}

static bulla_status verify_proof(const bu_check *check, bu_vouched *out, bulla_error *err)
{
    parsed p = { 0 };
    bu_checkpoint checkpoint;
    if (check->message == NULL)
        return bu_fail(err, BULLA_E_FORMAT_MISMATCH, "carries nothing that is signed");
    BU_TRY(parse(check->content, check->file, check->arena, &p, err));
    BU_TRY(bu_in_file(err, bu_checkpoint_vouch(&p.note, NULL, check, &checkpoint, out, err),
                      check->file));
    return bu_in_file(err, check_leaf(&p, &checkpoint, check->message, err), check->file);
}

static bulla_status describe_proof(bulla_bytes content, const char *file, bu_description *out,
                                   bulla_error *err)
{
    parsed p = { 0 };
    BU_CLEAR(bu_buf) index = { 0 };
    BU_TRY(parse(content, file, out->arena, &p, err));
    bu_buf_add_format(&index, "%llu", (unsigned long long)p.index);
    if (index.broken)
        return bu_no_memory(err);
    BU_TRY(bu_describe(out, "log index", bu_buf_bytes(&index), err));
    if (p.extra.len > 0)
        BU_TRY(bu_describe(out, "extra data", p.extra, err));
    return bu_note_describe(&p.note, out, err);
}

const bu_format bu_format_tlog_proof = {
    .id = "tlog_proof",
    .title = "proof of a transparency log",
    .endings = (const char *const[]){ ".tlog-proof", NULL },
    .is = is_proof,
    .verify = verify_proof,
    .describe = describe_proof,
};
