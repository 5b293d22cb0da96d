/* SPDX-License-Identifier: MIT */
/*
 * The door to libarchive: the few functions that are used, opened at first
 * use. Only its tar and raw readers are ever enabled, and one filter at a time.
 */
#ifndef BU_ARCHIVE_LIBARCHIVE_H
#define BU_ARCHIVE_LIBARCHIVE_H

#include <archive.h>
#include <archive_entry.h>

#include "base/error.h"

/* Every function by its real prototype, without its "archive_" prefix. */
#define BU_LIBARCHIVE_FUNCTIONS(ROW)                                                               \
    ROW(read_new)                                                                                  \
    ROW(read_free)                                                                                 \
    ROW(read_support_format_tar)                                                                   \
    ROW(read_support_format_raw)                                                                   \
    ROW(read_support_filter_xz)                                                                    \
    ROW(read_support_filter_zstd)                                                                  \
    ROW(read_support_filter_lz4)                                                                   \
    ROW(read_open)                                                                                 \
    ROW(read_next_header)                                                                          \
    ROW(read_header_position)                                                                      \
    ROW(read_data)                                                                                 \
    ROW(filter_count)                                                                              \
    ROW(error_string)                                                                              \
    ROW(entry_pathname)                                                                            \
    ROW(entry_filetype)                                                                            \
    ROW(entry_size)                                                                                \
    ROW(entry_symlink)                                                                             \
    ROW(entry_hardlink)

typedef struct bu_libarchive {
#define ROW(name) __typeof__(archive_##name) *name;
    BU_LIBARCHIVE_FUNCTIONS(ROW)
#undef ROW
} bu_libarchive;

/** The functions, for the life of the process. Fails with unreadable when it is not installed. */
BULLA_MUST_USE bulla_status bu_libarchive_open(const bu_libarchive **out, bulla_error *err);

#endif
