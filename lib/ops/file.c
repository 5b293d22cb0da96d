/* SPDX-License-Identifier: MIT */
/*
 * The small public calls: version, files, times.
 */
#include "bulla/bulla.h"

#include "base/bytes.h"
#include "base/limits.h"
#include "base/time.h"
#include "io/file.h"

const char *bulla_version(void)
{
    return BULLA_VERSION;
}

bulla_status bulla_file_read(const char *path, bulla_buffer *out, bulla_error *err)
{
    BU_CLEAR(bu_buf) content = { 0 };
    BU_TRY(bu_file_slurp(NULL, path, BU_LIMIT_METADATA_BYTES, &content, err));
    return bu_buf_take(&content, out, err);
}

bulla_status bulla_file_write(const char *path, bulla_bytes content, bulla_error *err)
{
    return bu_file_replace(path, content, 0644, err);
}

bulla_status bulla_time_parse(const char *text, int64_t *out, bulla_error *err)
{
    return bu_time_parse(bu_bytes_of(text), out, err);
}
