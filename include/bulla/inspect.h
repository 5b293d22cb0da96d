/* SPDX-License-Identifier: MIT */
/*
 * Inspect: what a file is and claims, without a word on whether it is true.
 */
#ifndef BULLA_INSPECT_H
#define BULLA_INSPECT_H

#include "bytes.h"
#include "error.h"

BULLA_BEGIN

/**
 * Say what a file of signatures, attestations, keys or certificates is and claims, or what signs a
 * package from within. Nothing is verified.
 * @param format  "text" or "json" (`bulla.inspect/1`, doc/schema/inspect.json).
 * Fails with format-mismatch (nothing that signs), usage (no such format), and as the file is
 * malformed.
 */
BULLA_API BULLA_MUST_USE bulla_status bulla_inspect(const char *path, const char *format,
                                                    bulla_buffer *out, bulla_error *err);

BULLA_END

#endif
