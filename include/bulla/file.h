/* SPDX-License-Identifier: MIT */
/*
 * Reading and writing the files that commands name: bounded, regular files
 * only, written whole or not at all.
 */
#ifndef BULLA_FILE_H
#define BULLA_FILE_H

#include "bytes.h"
#include "error.h"

BULLA_BEGIN

/** Read a regular file of at most 16 MiB. Fails with missing-file, unreadable, special-file, resource-limit. */
BULLA_API BULLA_MUST_USE bulla_status bulla_file_read(const char *path, bulla_buffer *out,
                                                      bulla_error *err);

/** Write a file whole or not at all (mode 0644 less the umask). Fails with write-error. */
BULLA_API BULLA_MUST_USE bulla_status bulla_file_write(const char *path, bulla_bytes content,
                                                       bulla_error *err);

/** Time as RFC 3339 to Unix seconds. Fails with bad-time. */
BULLA_API BULLA_MUST_USE bulla_status bulla_time_parse(const char *text, int64_t *out,
                                                       bulla_error *err);

BULLA_END

#endif
