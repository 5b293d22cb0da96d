/* SPDX-License-Identifier: MIT */
/*
 * Hash1: SHA-256 of a line a file, "<hex of its SHA-256>  <name>\n".
 */
#include "digest/dirhash.h"

#include "base/bytes.h"
#include "base/encode.h"
#include "digest/hasher.h"

static bulla_status add_file(bu_hasher *hasher, const bu_dirhash_file *file, bu_buf *line,
                             bulla_error *err)
{
    if (bu_bytes_find(file->name, '\n') < file->name.len)
        return bu_fail(err, BULLA_E_BAD_NAME, "a file name with a line break");
    line->len = 0;
    bu_hex_encode((bulla_bytes){ file->sha256, sizeof file->sha256 }, line);
    bu_buf_add_text(line, "  ");
    bu_buf_add(line, file->name);
    bu_buf_add_byte(line, '\n');
    return line->broken ? bu_no_memory(err) : bu_hasher_add(hasher, bu_buf_bytes(line), err);
}

bulla_status bu_dirhash_of(const bu_dirhash_file *const *files, size_t count, bulla_digest *out,
                           bulla_error *err)
{
    BU_AUTO(bu_hasher) hasher = NULL;
    BU_CLEAR(bu_buf) line = { 0 };
    bulla_digest_set set;
    BU_TRY(bu_hasher_new(&hasher, err));
    BU_TRY(bu_hasher_start(hasher, BU_ALGS(BULLA_ALG_SHA256), err));
    for (size_t i = 0; i < count; i++)
        BU_TRY(add_file(hasher, files[i], &line, err));
    BU_TRY(bu_hasher_finish(hasher, &set, err));
    *out = set.items[0];
    out->alg = BULLA_ALG_H1;
    return BU_OK;
}
