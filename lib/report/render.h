/* SPDX-License-Identifier: MIT */
/*
 * What the renderers share. Each is a pure function from a result to bytes;
 * trouble with memory is remembered by the buffer.
 */
#ifndef BU_REPORT_RENDER_H
#define BU_REPORT_RENDER_H

#include "base/buf.h"
#include "report/result.h"
#include "syntax/json_writer.h"

#define BULLA_RENDERER(name)                                                                       \
    void bu_render_##name(const bulla_result *result, const bulla_render_options *options,         \
                          bu_buf *out);
#include "report/renderers.def"
#undef BULLA_RENDERER

/** Append what was found out as `bulla.input/1`. */
void bu_json_input(const bulla_result *result, bu_buf *out);

/** Append a text as bu_escape() does. NULL is empty. */
void bu_add_foreign(bu_buf *out, const char *text);

/** The same as a string of JSON, a field or an item (`key` NULL). NULL: none. */
void bu_put_foreign(bu_json_writer *json, const char *key, const char *text);

/** Append a text that should be escaped already; one that is not is escaped now. NULL is empty. */
void bu_add_shown(bu_buf *out, const char *text);

/** What to do about a finding. Never NULL. */
static inline const char *bu_next_of(const bulla_finding *finding)
{
    return finding->next != NULL ? finding->next : bulla_code_next(finding->code);
}

/** Append the gates of a result, each as a table for people. */
void bu_add_gates(const bulla_result *result, bu_buf *out);

/** Append "sha256:HEX". */
void bu_add_digest(bu_buf *out, const bulla_digest *digest);

#endif
