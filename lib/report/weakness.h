/* SPDX-License-Identifier: MIT */
/*
 * What was found in a store, for people and programs: `bulla.trust-lint/1` and
 * `bulla.trust-simulate/1` (doc/schema/). Same findings, same bytes.
 */
#ifndef BU_REPORT_WEAKNESS_H
#define BU_REPORT_WEAKNESS_H

#include "base/buf.h"
#include "policy/trust_lint.h"
#include "syntax/json_writer.h"

/** DENIED when there is an error, else ALLOWED: warnings do not change it. */
bulla_exit bu_lint_exit(const bu_lint_report *report);

/** Append findings as "text" or "json". Fails with usage (another format), no-memory. */
BULLA_MUST_USE bulla_status bu_lint_write(const bu_scene *scene, const bu_lint_report *report,
                                          const char *format, bu_buf *out, bulla_error *err);

/** Append attempts as "text" or "json": of single ones, those that bring something down. */
BULLA_MUST_USE bulla_status bu_simulation_write(const bu_scene *scene,
                                                const bu_simulation *simulation, const char *format,
                                                bu_buf *out, bulla_error *err);

/** What both begin with: the schema, the answer, and by what it came about. */
BULLA_MUST_USE bulla_status bu_weakness_begin(const bu_scene *scene, const char *schema,
                                              const char *result, bulla_exit exit,
                                              bu_json_writer *out, bulla_error *err);

/** The format is neither "text" nor "json". Fails with usage. */
BULLA_MUST_USE bulla_status bu_weakness_format(const char *format, bool *is_json, bulla_error *err);

#endif
