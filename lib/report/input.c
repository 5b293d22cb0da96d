/* SPDX-License-Identifier: MIT */
/*
 * What was found out, for other policy engines: `bulla.input/1`, doc/schema/input.json. Where one
 * was asked, it is the very text that it was asked with: what it denied is not in it.
 */
#include "report/render.h"

void bu_render_input(const bulla_result *result, const bulla_render_options *options, bu_buf *out)
{
    (void)options;
    if (result->opa != NULL)
        bu_buf_add(out, bu_buf_bytes(&result->opa->input));
    else
        bu_json_input(result, out);
}
