/* SPDX-License-Identifier: MIT */
/*
 * Names that TUF metadata gives to roles and targets. They are foreign: what becomes of one is a
 * part of a URL or one file name, never a path.
 */
#ifndef BU_TRUST_TUF_NAME_H
#define BU_TRUST_TUF_NAME_H

#include "base/buf.h"
#include "digest/digest.h"

/** Append a name as one segment of a URL: all but A-Z a-z 0-9 - . _ ~ percent-encoded (RFC 3986). */
void bu_tuf_quote(bulla_bytes name, bu_buf *out);

/**
 * Append a name as one file name, `suffix` behind it: percent-encoded as above, and a leading dot
 * too. Fails with bad-name (empty, or too long for a file name), no-memory.
 */
BULLA_MUST_USE bulla_status bu_tuf_file_name(bulla_bytes name, const char *suffix, bu_buf *out,
                                             bulla_error *err);

/**
 * Append a target's path as it stands in a URL, its last part behind "HASH." unless `digest` is NULL
 * (TUF 5.7.3). It is a path-relative-URL string: what is percent-encoded already stays.
 * Fails with bad-name (empty, absolute, with a part that is empty, "." or "..").
 */
BULLA_MUST_USE bulla_status bu_tuf_target_path(bulla_bytes name, const bulla_digest *digest,
                                               bu_buf *out, bulla_error *err);

/**
 * True when a PATHPATTERN is that of the target (TUF 4.5): part by part between slashes, `*` any
 * run, `?` one character, [abc], [a-c] and [!a] one of a set.
 */
bool bu_tuf_pattern_match(bulla_bytes pattern, bulla_bytes target);

#endif
