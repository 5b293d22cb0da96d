/* SPDX-License-Identifier: MIT */
/*
 * A folder as the shelf of trusted TUF metadata. Each file is replaced whole,
 * so that a kill at any moment leaves the old or the new one.
 */
#include "base/limits.h"
#include "trust/tuf_client.h"

static bulla_status path_of(const char *folder, const char *name, bu_buf *out, bulla_error *err)
{
    bu_buf_add_format(out, "%s/%s", folder, name);
    return out->broken ? bu_no_memory(err) : BU_OK;
}

static bulla_status load(void *context, const char *name, bu_buf *out, bulla_error *err)
{
    BU_CLEAR(bu_buf) path = { 0 };
    BU_TRY(path_of(context, name, &path, err));
    return bu_file_slurp(NULL, (const char *)path.ptr, BU_LIMIT_METADATA_BYTES, out, err);
}

static bulla_status save(void *context, const char *name, bulla_bytes content, bulla_error *err)
{
    BU_CLEAR(bu_buf) path = { 0 };
    BU_TRY(path_of(context, name, &path, err));
    return bu_file_replace((const char *)path.ptr, content, 0644, err);
}

static bulla_status drop(void *context, const char *name, bulla_error *err)
{
    BU_CLEAR(bu_buf) path = { 0 };
    BU_TRY(path_of(context, name, &path, err));
    return bu_file_remove((const char *)path.ptr, err);
}

bu_tuf_shelf bu_tuf_folder_shelf(const char *folder)
{
    return (bu_tuf_shelf){ load, save, drop, (void *)(uintptr_t)folder };
}
