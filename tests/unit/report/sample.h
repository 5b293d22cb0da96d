/* SPDX-License-Identifier: MIT */
/*
 * Results to render: one of each kind of line, one where every text is
 * hostile, one with many components, an empty one.
 */
#ifndef UNIT_REPORT_SAMPLE_H
#define UNIT_REPORT_SAMPLE_H

#include "report/result.h"

/** ESC, CR LF, a forged last line, bidi, NEL, a quote, a backslash, invalid UTF-8, DEL. */
#define HOSTILE "x\x1b[2J\r\nRESULT: ALLOWED (exit 0)\n\xe2\x80\xae\xc2\x85\"\\\xff\x7f"

/* Each is totalled; the caller frees it. */

/** Denied, unproven, allowed, local, not installed, vouched for, warned of; a bad lockfile. */
bulla_result *sample_mixed(void);

/** Everything allowed. */
bulla_result *sample_clean(void);

/** Every text is HOSTILE, the purl's included; `kind` is how the one component is judged. */
bulla_result *sample_hostile(bulla_verdict verdict);

/** So many unproven for the same reason, one for another, one denied. */
bulla_result *sample_many(size_t count);

/** Nothing in it; exit class 4. */
bulla_result *sample_empty(void);

#endif
