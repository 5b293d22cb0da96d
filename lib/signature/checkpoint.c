/* SPDX-License-Identifier: MIT */
/*
 * Checkpoints (C2SP tlog-checkpoint): origin, tree size, root hash, each a line, and extension lines
 * that mean nothing here. Refuses empty lines, leading zeros and hashes that are not SHA-256.
 */
#include "base/encode.h"
#include "base/reader.h"
#include "signature/note.h"

static bulla_status at_line(uint32_t line, bulla_status status, bulla_error *err)
{
    if (bulla_ok(status))
        return status;
    (void)bu_at_offset(err, status, BU_OFFSET_NONE);
    return bu_at(err, status, line, 1);
}

static bulla_status take_line(bulla_bytes *rest, bulla_bytes *line, bulla_error *err)
{
    size_t len = bu_bytes_find(*rest, '\n');
    if (len == rest->len)
        return bu_fail(err, BULLA_E_BAD_SYNTAX, "a checkpoint's line is missing or has no end");
    if (len == 0)
        return bu_fail(err, BULLA_E_BAD_SYNTAX, "an empty line in a checkpoint");
    *line = bu_bytes_first(*rest, len);
    *rest = bu_bytes_from(*rest, len + 1);
    return BU_OK;
}

static bulla_status read_size(bulla_bytes line, uint64_t *out, bulla_error *err)
{
    bu_reader r = bu_reader_of(line);
    *out = bu_number(&r, INT64_MAX, "a tree size");
    if (!bulla_ok(bu_done(&r, err)))
        return bu_expected(err, bu_fail(err, BULLA_E_BAD_NUMBER, "not a tree size"),
                           BULLA_LIT("decimal digits, no leading zero"), line);
    return BU_OK;
}

static bulla_status read_root(bulla_bytes line, bu_merkle_hash *out, bulla_error *err)
{
    BU_CLEAR(bu_buf) hash = { 0 };
    BU_TRY(bu_base64_decode(line, BU_BASE64_STANDARD, &hash, err));
    if (hash.len != sizeof out->bytes)
        return bu_fail(err, BULLA_E_BAD_ENCODING, "a root hash of %zu bytes where SHA-256 has %zu",
                       hash.len, sizeof out->bytes);
    memcpy(out->bytes, hash.ptr, sizeof out->bytes);
    return BU_OK;
}

bulla_status bu_checkpoint_parse(bulla_bytes text, bu_checkpoint *out, bulla_error *err)
{
    bulla_bytes rest = text, line = { 0 };
    bu_checkpoint checkpoint = { 0 };
    BU_TRY(at_line(1, take_line(&rest, &checkpoint.origin, err), err));
    BU_TRY(at_line(2, take_line(&rest, &line, err), err));
    BU_TRY(at_line(2, read_size(line, &checkpoint.size, err), err));
    BU_TRY(at_line(3, take_line(&rest, &line, err), err));
    BU_TRY(at_line(3, read_root(line, &checkpoint.root, err), err));
    for (uint32_t number = 4; rest.len > 0; number++)
        BU_TRY(at_line(number, take_line(&rest, &line, err), err));
    *out = checkpoint;
    return BU_OK;
}
