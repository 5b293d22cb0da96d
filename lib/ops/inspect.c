/* SPDX-License-Identifier: MIT */
/*
 * bulla_inspect(): a file → what it claims.
 */
#include "bulla/inspect.h"

#include "report/inspect.h"

bulla_status bulla_inspect(const char *path, const char *format, bulla_buffer *out,
                           bulla_error *err)
{
    BU_CLEAR(bu_inspection) in = { 0 };
    BU_CLEAR(bu_buf) page = { 0 };
    BU_TRY(bu_inspect(path, &in, err));
    BU_TRY(bu_inspection_render(&in, format, &page, err));
    return bu_buf_take(&page, out, err);
}
